"""What the pages of the statistics of supervision share: their tabs, year and purpose, sections with chart and table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from qualipolis.city.core.policy import city_wide
from qualipolis.city.supervise.models import Purpose
from qualipolis.city.supervise.statistics import lists as fact_lists
from qualipolis.city.supervise.statistics import rates
from qualipolis.city.supervise.statistics.estimates import Estimate
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.assess.frame import address, exports
from qualipolis.faces.desk.shares import cell
from qualipolis.faces.desk.templatetags.desk import span

STAGE = "supervise"
TABS = (
    ("supervise_stats", pgettext_lazy("statistics", "City")),
    ("supervise_stats_domains", gettext_lazy("By domain")),
    ("supervise_stats_towns", gettext_lazy("Towns against the city")),
    ("supervise_stats_items", gettext_lazy("Nonconforming items")),
    ("supervise_stats_risk", gettext_lazy("Targeted sampling")),
    ("supervise_stats_follow", gettext_lazy("Refusals and follow-up")),
    ("supervise_stats_revisions", gettext_lazy("Revised results")),
    ("supervise_stats_effects", gettext_lazy("Laboratories and inspectors")),
)
FLAGS = {
    "reliable": ("ok", gettext_lazy("reliable")),
    "caution": ("warn", gettext_lazy("with caution")),
    "unreliable": ("bad", gettext_lazy("not reliable")),
    "none": ("idle", gettext_lazy("none")),
}


@dataclass(frozen=True)
class Section:
    """One card: a chart with its key and table twin, or a table alone, or words; ``words`` are paragraphs below."""

    title: str
    table: parts.Table | None = None
    chart: Any = ""
    note: str = ""
    key: Any = ""
    words: Sequence[str] = ()
    empty: parts.Empty | None = None
    twin: str = ""


def show(
    request: HttpRequest, current: str, context: dict[str, Any], exported: tuple[str, int] | None = None
) -> HttpResponse:
    """Answer with a page of the statistics; ``exported`` is the list of the page and its number of rows."""
    menu = exports(exported[0], request.GET.urlencode(), exported[1]) if exported and exported[1] else []
    here = str(context.get("heading", ""))
    rates_page = reverse("desk:supervise_stats")
    way = [(_("Pass rates"), "")] if current == "supervise_stats" else [(_("Pass rates"), rates_page), (here, "")]
    shared = {
        "stage": STAGE,
        "crumbs": way,
        "tabs": tabs(request, current),
        "exports": menu,
        "may_import": _may_import(request),
    }
    return render(request, "supervise/stats.html", shared | context)


def _may_import(request: HttpRequest) -> bool:
    return city_wide(request.user, ("planner",))


def tabs(request: HttpRequest, current: str) -> list[parts.Segment]:
    """Return the pages that this person may open; year and purpose go along."""
    kept = {key: request.GET[key] for key in ("year", "purpose") if key in request.GET}
    query = "&".join(f"{key}={value}" for key, value in kept.items() if value.isalnum() or value == "follow_up")
    found = []
    for name, words in TABS:
        if name == "supervise_stats_effects" and not city_wide(request.user, fact_lists.OVERSEERS):
            continue
        url = reverse(f"desk:{name}") + (f"?{query}" if query else "")
        found.append(parts.Segment(str(words), url, name == current))
    return found


def years(request: HttpRequest) -> list[parts.Segment]:
    """Return the counted years as choices."""
    here = fact_lists.year_of(request.GET)
    return [parts.Segment(str(one), address(request, year=str(one)), one == here) for one in rates.years()[-8:]]


def purposes(request: HttpRequest, *, leave_out: Sequence[str] = ()) -> list[parts.Segment]:
    """Return the purposes as choices: never one rate over several."""
    here = fact_lists.purpose_of(request.GET)
    return [
        parts.Segment(str(one.label), address(request, purpose=one.value), one.value == here)
        for one in Purpose
        if one.value not in leave_out
    ]


def nothing() -> parts.Empty:
    """Return why there is nothing yet, and the next step."""
    why = _("A batch counts when its result is final. Older results can be taken in from a table.")
    return parts.Empty(_("No batch is counted yet"), why, STAGE)


def rate(value: float | None) -> str | None:
    """Return a share in per cent with two digits; None stays None."""
    return cell(value, 2)


def between(low: float | None, high: float | None) -> str | None:
    """Return an interval in per cent."""
    return None if low is None or high is None else span(rate(low), rate(high))


def points(value: float) -> str:
    """Return a difference in percentage points, with its sign."""
    return f"{'+' if value >= 0 else '−'}{abs(100 * value):.2f}"


def flag_words(one: Estimate) -> str:
    """Return how far an estimate can be trusted, with the reasons."""
    word = str(FLAGS[one.flag][1])
    return f"{word}: {_('; ').join(_(reason) for reason in one.reasons)}" if one.reasons else word


def estimate_columns() -> list[parts.Column]:
    """Return the columns of a table of estimates."""
    return [
        parts.Column("n", _("Counted batches"), numeric=True),
        parts.Column("failed", _("Nonconforming"), numeric=True),
        parts.Column("rate", _("Pass rate"), numeric=True, unit="%"),
        parts.Column("interval", _("95 % interval"), unit="%"),
        parts.Column("deff", _("Design effect"), numeric=True),
        parts.Column("flag", _("Reliability")),
    ]


def estimate_cells(one: Estimate | None) -> dict[str, Any]:
    """Return the cells of one estimate."""
    if one is None:
        return {}
    return {
        "n": one.n,
        "failed": one.failed,
        "rate": rate(one.estimate),
        "interval": between(one.low, one.high),
        "deff": None if one.deff is None else f"{one.deff:.2f}",
        "flag": flag_words(one),
    }


def lowest(values: Sequence[float | None], room: float = 1.0) -> float:
    """Return where a scale of rates begins, in per cent."""
    known = [100 * value for value in values if value is not None]
    return max(0.0, min(known) - room) if known else 0.0


PURPOSE_NOTE = gettext_lazy("Rates of different purposes answer different questions and are never put together.")
