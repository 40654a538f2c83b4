"""What the pages that explain a town's result share: whose they are, their tabs, the finding in one sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from qualipolis.city.assess import explain_lists, lists, page_queries
from qualipolis.city.assess.explain import Case, case, require_explainable
from qualipolis.city.assess.explain_error import ChangeError, year_error
from qualipolis.city.assess.models import Release
from qualipolis.city.registry.models import Unit
from qualipolis.faces.desk import charts, parts
from qualipolis.faces.desk.rooms.assess.frame import (
    badge,
    chosen,
    exports,
    nothing_published,
    whole,
    written,
    year_switch,
)
from qualipolis.faces.desk.rooms.assess.words import chinese
from qualipolis.faces.desk.templatetags.desk import span
from qualipolis.methods.problems import InputError

LISTS = explain_lists  # declares the lists of these pages
FORMS = (("why", "town_why"), ("levers", "town_levers"), ("trial", "town_trial"), ("peers", "town_peers"), ("brief", "town_brief"))  # fmt: skip


@dataclass(frozen=True, eq=False)
class Explained:
    """The case of a page, with what every page of it shows."""

    case: Case
    unit: Unit
    year: int
    context: dict[str, Any]

    @property
    def tail(self) -> str:
        """What names the case in the address of a list."""
        return urlencode({"unit": self.case.unit, "year": self.year})

    def exports(self, name: str, rows: int, more: str = "") -> list[parts.Export]:
        """Return the export menu of one of the lists."""
        return exports(name, f"{self.tail}{'&' if more else ''}{more}", rows)


def explained(request: HttpRequest, code: str, current: str) -> Explained | HttpResponse:
    """Return the case of a town for who may read it, or the page that says why there is none."""
    unit = Unit.objects.filter(code=code).first()
    if unit is None:
        raise Http404
    require_explainable(request.user, unit)
    release, found = chosen(request)
    if release is None:
        return render(request, "assess/nothing.html", nothing_published())
    try:
        made = case(release, code)
    except InputError as error:
        return _unreadable(request, release, [problem.text(_) for problem in error.problems])
    if made is None:
        raise Http404(_("This unit has no score in that year."))
    year = page_queries.year_of(release)
    return Explained(made, unit, year, _frame(request, made, year, release, found, current))


def _frame(
    request: HttpRequest, made: Case, year: int, release: Release, found: list[Release], current: str
) -> dict[str, Any]:
    return {
        "stage": "assess",
        "year": year,
        "before": page_queries.year_of(made.before) if made.before else None,
        "code": made.unit,
        "card": made.card,
        "peer_group": lists.peer_word(made.card.peer_group),
        "peers_are_all": made.peers_are_all,
        "badge": badge(release),
        "years": year_switch(request, release, found),
        "tabs": tabs(made.unit, year, current),
        "score": written(made.score),
        "rank": rank_text(made),
        "units": len(made.read.cards),
        "interval": interval_words(made),
    }


def _unreadable(request: HttpRequest, release: Release, why: list[str]) -> HttpResponse:
    empty = parts.Empty(
        _("The explanation cannot be computed"), " ".join(why), "assess", _("To the release"),
        reverse("desk:release", args=[release.number]),
    )  # fmt: skip
    return render(
        request,
        "assess/nothing.html",
        {"stage": "assess", "heading": _("The explanation cannot be computed"), "empty": empty},
    )


def tabs(code: str, year: int, current: str) -> list[parts.Segment]:
    """Return the pages of a town: its result, and its explanation."""
    words = {
        "why": _("Why this rank"),
        "levers": _("What moves it"),
        "trial": _("What if"),
        "peers": pgettext("town", "Peers"),
        "brief": _("On one page"),
    }
    first = parts.Segment(pgettext("town", "Result"), f"{reverse('desk:town', args=[code])}?year={year}", not current)
    return [
        first,
        *(
            parts.Segment(words[key], f"{reverse(f'desk:{name}', args=[code])}?year={year}", key == current)
            for key, name in FORMS
        ),
    ]


def interval_words(made: Case) -> str:
    """Return the published interval of the rank."""
    low, high = made.interval
    return "—" if low is None or high is None else span(whole(low), whole(high))


def indicator_url(code: str, year: int, unit: str) -> str:
    """Return the page of an indicator with the records of the unit."""
    return f"{reverse('desk:indicator', args=[code])}?{urlencode({'year': year, 'unit': unit})}"


# ---------------------------------------------------------------- the finding


def change_is_error(made: Case, error: ChangeError | None, before: int | None) -> bool | None:
    """Whether the change of rank is within error; None where nothing can be said.

    Within error when the simulation of both years says so, or when last year's rank lies in this year's interval.
    """
    inside = made.beyond(before)
    if before is None or (inside is None and error is None):
        return None
    return bool((inside is False) or (error is not None and error.n and error.rank_within))


def rank_text(made: Case) -> str:
    """Return the rank, a tie as a tie."""
    if made.rank is None:
        return "—"
    words = _("%(rank)s (tied)") if made.tied else pgettext("rank", "%(rank)s")
    return words % {"rank": made.rank}


def rank_before(made: Case) -> int | None:
    """Return the rank of the year before."""
    found = made.earlier.at("rank", made.unit, made.earlier.root) if made.earlier else None
    return None if found is None else int(found)


def finding(made: Case, year: int) -> str:
    """Return the finding as a title: rank, and how it moved if it moved by more than the error."""
    before = rank_before(made)
    told: dict[str, Any] = {"name": made.card.name, "rank": rank_text(made), "year": year, "n": len(made.read.cards)}
    if made.rank is None or before is None or made.earlier is None:
        return _("%(name)s: rank %(rank)s of %(n)s in %(year)s") % told
    told |= {"before": made.earlier.year, "places": abs(before - made.rank)}
    if before == made.rank:
        return _("%(name)s: rank %(rank)s in %(year)s, the same as in %(before)s") % told
    if change_is_error(made, year_error(made), before) is not False:
        return _("%(name)s: rank %(rank)s in %(year)s; the change since %(before)s is within error") % told
    if before > made.rank:
        return _("%(name)s: rank %(rank)s in %(year)s, %(places)s up since %(before)s") % told
    return _("%(name)s: rank %(rank)s in %(year)s, %(places)s down since %(before)s") % told


def sentences(*said: str) -> str:
    """Return sentences one after the other, as the language of the page sets them."""
    return ("" if chinese() else " ").join(one for one in said if one)


def listed(names: list[tuple[str, float]]) -> str:
    """Return names with their points as a list in words."""
    return pgettext("list", ", ").join(f"{name} ({charts.signed(points, 2)})" for name, points in names)
