"""The quality loop: eight stops, their names, and where each leads.

A room that stands announces itself (usually in its ``AppConfig.ready``)::

    from qualipolis.faces.desk import loop
    loop.announce("assess", "desk:ranking", _("Ranking with intervals"), home=True)
    loop.count_with("assess", lambda user: number_waiting_for(user))

A stop without a home leads to a calm page that says what the stage will hold.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.urls import NoReverseMatch, get_urlconf, resolve, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qualipolis.city.core.policy import may_enter

Words = str | Promise


@dataclass(frozen=True)
class Stage:
    """One stop on the loop."""

    slug: str
    name: Words
    letter: Words
    purpose: Words
    holds: tuple[Words, ...]


STAGES = (
    Stage(
        "measure",
        pgettext_lazy("stage", "Measure"),
        pgettext_lazy("stage letter", "M"),
        _("Collect the indicators, each with its source and its evidence."),
        (_("Indicator sets"), _("Collection rounds"), _("Observations and their evidence")),
    ),
    Stage(
        "supervise",
        pgettext_lazy("stage", "Supervise"),
        pgettext_lazy("stage letter", "S"),
        _("Draw samples that anyone can check, test them, and act on the result."),
        (_("Plans and draws"), _("Samples and tests"), _("Objections and rechecks"), _("Publication")),
    ),
    Stage(
        "listen",
        pgettext_lazy("stage", "Listen"),
        pgettext_lazy("stage letter", "L"),
        _("Hear complaints and reports, and notice early when something is wrong."),
        (_("Complaints and reports"), _("Incidents and recalls"), _("Early-warning signals")),
    ),
    Stage(
        "diagnose",
        pgettext_lazy("stage", "Diagnose"),
        pgettext_lazy("stage letter", "D"),
        _("Treat a product's illness together with the firm that makes it."),
        (_("Product hospital cases"), _("Consultations"), _("Prescriptions and follow-up")),
    ),
    Stage(
        "build",
        pgettext_lazy("stage", "Build up"),
        pgettext_lazy("stage letter", "B"),
        _("Bring measurement, standards, testing and people to those who need them."),
        (_("One-stop NQI service"), _("Quality officers and training"), _("Improvement campaigns")),
    ),
    Stage(
        "govern",
        pgettext_lazy("stage", "Govern"),
        pgettext_lazy("stage letter", "G"),
        _("Share out the tasks, follow them up, and pay for them."),
        (_("Leading group and tasks"), _("Supervision of tasks"), _("Quality funds")),
    ),
    Stage(
        "assess",
        pgettext_lazy("stage", "Assess"),
        pgettext_lazy("stage letter", "A"),
        _("Assess towns and parks, and say how certain each rank is."),
        (_("Ranking with intervals"), _("Profile of each town"), _("Releases and their verification")),
    ),
    Stage(
        "honour",
        pgettext_lazy("stage", "Honour"),
        pgettext_lazy("stage letter", "H"),
        _("Reward what was done well, and check that the promised support arrived."),
        (_("Incentives"), _("Provincial and national assessment"), _("Whether support arrived")),
    ),
)
BY_SLUG = {stage.slug: stage for stage in STAGES}

# a view's namespace or application tells the stage when the view does not
NAMESPACES = {
    "measure": "measure", "supervise": "supervise", "listen": "listen", "hospital": "diagnose", "nqi": "build",
    "talent": "build", "improve": "build", "govern": "govern", "fund": "govern", "assess": "assess", "honour": "honour",
}  # fmt: skip


@dataclass(frozen=True)
class Place:
    """A page that a stage offers today."""

    url_name: str
    label: Words
    home: bool = False
    args: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        """Where it is, or an empty string while it does not exist."""
        return address(self.url_name, *self.args)


_PLACES: dict[str, list[Place]] = {stage.slug: [] for stage in STAGES}
_COUNTS: dict[str, Callable[[Any], int]] = {}


def announce(stage: str, url_name: str, label: Words, *args: str, home: bool = False) -> None:
    """Add a page to a stage (by URL name and arguments); ``home`` makes it the stop's address."""
    place = Place(url_name, label, home, args)
    if (url_name, args) not in {(p.url_name, p.args) for p in _PLACES[stage]}:
        _PLACES[stage].append(place)


def count_with(stage: str, count: Callable[[Any], int]) -> None:
    """Say how many things wait for a person at a stage; asked once for each page."""
    _COUNTS[stage] = count


def address(url_name: str, *args: Any) -> str:
    """Return the URL, or an empty string when no such page exists."""
    try:
        return reverse(url_name, args=args)
    except NoReverseMatch:
        return ""


def open_to(user: Any, url: str) -> bool:
    """Whether the page at ``url`` exists and lets this person in (by the roles its view declares)."""
    roles = _roles_at(url, str(get_urlconf() or settings.ROOT_URLCONF)) if url else ()
    return bool(url) and (roles is None or may_enter(user, roles))


@lru_cache(maxsize=4096)
def _roles_at(url: str, _conf: str) -> tuple[str, ...] | None:
    """The roles that the view at ``url`` declares: each page asks it of some twenty addresses of its frame."""
    found: tuple[str, ...] | None = getattr(resolve(url).func, "access", None)
    return found


def places(stage: str, user: Any = None) -> list[tuple[str, Words]]:
    """The pages of a stage that exist now and are open to ``user``, as (address, label)."""
    found = [(place.address, place.label) for place in _PLACES[stage]]
    return [(url, label) for url, label in found if open_to(user, url)]


# a stage of many rooms shows them on each of its pages; pages of one thing belong to the room of their list
ROOMY = ("supervise",)
BELONGS = {
    "sampling_plan": "sampling_plans", "sampling_line": "sampling_plans", "higher_tasks": "sampling_plans",
    "supervise_stats_power": "sampling_plans", "sampling_rule": "sampling_rules", "sampling_rule_edit": "sampling_rules",
    "task": "tasks", "sample": "tasks", "inspector": "inspectors", "result": "results", "objection": "results",
    "recheck": "results", "lab_report_view": "lab_reports", "handling_case": "handling_list",
    "transfers": "handling_list", "transfer": "handling_list", "penalties": "handling_list", "penalty": "handling_list",
    "meetings": "handling_list", "publication": "publications", "correction": "corrections",
    "firm_result": "firm_results", "firm_objection": "firm_results",
}  # fmt: skip


def room_of(url_name: str) -> str:
    """Return the room (by URL name) that a page of the desk belongs to."""
    if url_name.startswith("lab_") and url_name not in ("lab_reports", "lab_report_view"):
        return "lab"
    if url_name.startswith("supervise_stats") and url_name not in BELONGS:
        return "supervise_stats"
    name = BELONGS.get(url_name, url_name)
    return name if any(place.url_name == f"desk:{name}" for place in _PLACES["supervise"]) else "campaigns"


def rooms(stage: str, user: Any, url_name: str) -> list[tuple[str, Words, bool]]:
    """Return the rooms of a roomy stage that are open to ``user`` as (address, label, whether the page is in it)."""
    if stage not in ROOMY:
        return []
    here = address(f"desk:{room_of(url_name)}")
    return [(url, label, url == here) for url, label in places(stage, user)]


def stop_address(stage: str, user: Any = None) -> str:
    """Where the stop leads: its home when it is open to ``user``, or the calm page of the stage."""
    homes = (place.address for place in _PLACES[stage] if place.home)
    return next((url for url in homes if open_to(user, url)), "") or address("desk:stage", stage) or "#"


def counts(user: Any) -> dict[str, int]:
    """What waits for ``user`` at each stage; zero is left out."""
    if not getattr(user, "is_authenticated", False):
        return {}
    found = {stage: count(user) for stage, count in _COUNTS.items()}
    return {stage: number for stage, number in found.items() if number}


def stage_of(match: Any) -> str:
    """Guess the stage from a resolved URL (its keyword ``stage``, its view's ``stage``, or its namespace)."""
    if match is None:
        return ""
    named = getattr(match.func, "stage", "") or NAMESPACES.get(match.namespace, "")
    slug = match.kwargs.get("slug", "") if match.view_name == "desk:stage" else ""
    return named or (slug if slug in BY_SLUG else "")
