"""The pass rates of supervision sampling for everyone: six years, product classes, towns, items, and what was revised."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from qualipolis.city.supervise.models import ResultRevision
from qualipolis.city.supervise.statistics import figures_domains, figures_items, figures_series
from qualipolis.city.supervise.statistics import lists as fact_lists
from qualipolis.city.supervise.statistics.lists import standing_word
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.supervise.stats import domains_section, lead, series_section
from qualipolis.faces.desk.rooms.supervise.stats_frame import Section, years
from qualipolis.faces.desk.rooms.supervise.stats_towns import funnel_section, funnel_words, items_section
from qualipolis.faces.desk.rooms.supervise.stats_work import counts_words
from qualipolis.faces.portal import frame

RANDOM = "random"
SHOWN = 50


@frame.open_page
def statistics(request: HttpRequest) -> HttpResponse:
    """Random sampling only: it alone speaks for the market."""
    year = fact_lists.year_of(request.GET)
    found = figures_series.series(RANDOM, year)
    empty = parts.Empty(
        _("No result is final yet"), _("The pass rate appears here as soon as results are final."), "supervise"
    )
    context = {
        "heading": _("Pass rates of supervision sampling"),
        "lead": lead(found) if found.years else "",
        "provisional": bool(found.last and found.last.rate.parts.provisional),
        "years": years(request),
        "sections": _sections(found, year) if found.years else [],
        "empty": None if found.years else empty,
        "crumbs": [
            frame.home_crumb(),
            (_("Supervision sampling"), reverse("portal:supervision")),
            (_("Pass rates"), ""),
        ],
    }
    return frame.show(request, "supervision_statistics", "supervision", context)


def _sections(found: figures_series.Series, year: int) -> list[Section]:
    made = [series_section(found)]
    classes = figures_domains.domains("category", year, RANDOM)
    if classes.rows:
        made.append(domains_section(classes, _("By product class, %(year)s") % {"year": year}))
    towns = figures_domains.funnel(year, RANDOM)
    if towns is not None:
        section = funnel_section(towns, linked=False)
        made.append(_with_words(section, funnel_words(towns)))
    items = figures_items.items([year], RANDOM)
    if items.rows:
        made.append(items_section(items))
    revised = _revised()
    return [*made, *([revised] if revised else [])]


def _with_words(section: Section, words: str) -> Section:
    return Section(
        section.title,
        section.table,
        section.chart,
        section.note,
        section.key,
        [words, *section.words],
        None,
        section.twin,
    )


def _revised() -> Section | None:
    """What reversals changed, without firm or number: the two rates and the reason's kind."""
    rows = [
        {
            "on": f"{one.on:%Y-%m-%d}", "period": one.period, "was": standing_word(one.was), "now": standing_word(one.now),
            "before": counts_words(one, "before"), "after": counts_words(one, "after"),
        }
        for one in ResultRevision.objects.order_by("-on", "-pk")
        if one.rates.get("purpose") == RANDOM and one.rates.get("changes")
    ][:SHOWN]  # fmt: skip
    if not rows:
        return None
    columns = [
        parts.Column("on", _("On"), title=True),
        parts.Column("period", _("Year counted in"), numeric=True),
        parts.Column("was", _("Was")),
        parts.Column("now", _("Is now")),
        parts.Column("before", _("Rate before"), unit="%"),
        parts.Column("after", _("Rate after"), unit="%"),
    ]
    title = _("Revised results")
    return Section(title, parts.Table(title, columns, rows), words=[_("A result that a recheck reversed is corrected in its own year; what had been told stays here.")])  # fmt: skip
