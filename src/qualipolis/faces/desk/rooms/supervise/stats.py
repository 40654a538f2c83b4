"""Statistics of supervision: the city over six years, what counts and what does not, and the domains of a year."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qualipolis.city.core.policy import page
from qualipolis.city.core.roles import INSIDE
from qualipolis.city.supervise.models import Purpose
from qualipolis.city.supervise.statistics import estimates, figures_domains, figures_series, rates
from qualipolis.city.supervise.statistics import lists as fact_lists
from qualipolis.city.supervise.statistics.figures_series import Series, YearFigure
from qualipolis.faces.desk import charts, parts
from qualipolis.faces.desk.rooms.assess.frame import address
from qualipolis.faces.desk.rooms.supervise.stats_frame import (
    PURPOSE_NOTE,
    Section,
    between,
    estimate_cells,
    estimate_columns,
    lowest,
    nothing,
    points,
    purposes,
    rate,
    show,
    years,
)
from qualipolis.faces.desk.templatetags.desk import span

MOST_DRAWN = 40


@page(*INSIDE)
@require_safe
def stats(request: HttpRequest) -> HttpResponse:
    """The rate of one purpose year by year, and what is behind the last year."""
    purpose = fact_lists.purpose_of(request.GET)
    found = figures_series.series(purpose, fact_lists.year_of(request.GET))
    context = {
        "heading": _("Pass rates of supervision sampling"),
        "lead": lead(found),
        "provisional": bool(found.last and found.last.rate.parts.provisional),
        "purposes": purposes(request),
        "years": years(request),
        "sections": [series_section(found), _inside(found), _every_purpose(request)] if found.years else [],
        "empty": None if found.years else nothing(),
        "differences": rates.differences(found.last.year) if found.last else [],
    }
    return show(request, "supervise_stats", context, ("supervise-years", len(found.years)))


def lead(found: Series) -> str:
    """Return the last year in one sentence, with its interval and what kind of figure it is."""
    last = found.last
    if last is None or last.estimate is None:
        return str(PURPOSE_NOTE)
    said = {
        "year": last.year,
        "rate": rate(last.estimate.estimate),
        "interval": between(last.estimate.low, last.estimate.high) or "—",
        "n": last.estimate.n,
        "purpose": Purpose(found.purpose).label,
    }
    return _kind_of_rate(last.estimate) % said + _doubt(last.estimate)


def _kind_of_rate(one: estimates.Estimate) -> str:
    if one.weighted:
        return _(
            "%(year)s: %(rate)s%% of the market (95%% interval %(interval)s%%), estimated from %(n)s random batches."
        )
    return _("%(year)s, %(purpose)s: no nonconformity in %(rate)s%% of %(n)s batches (95%% interval %(interval)s%%). This describes the batches, not the market.")  # fmt: skip


def _doubt(one: estimates.Estimate) -> str:
    return " " + _("Not reliable: too few batches.") if one.flag == "unreliable" else ""


def series_section(found: Series) -> Section:
    """Return the years as a chart with its table."""
    drawn = [
        charts.YearRate(
            str(one.year), *(None if v is None else round(100 * v, 2) for v in _ends(one)),
            one.rate.parts.provisional, bool(one.estimate and one.estimate.weighted),
        )
        for one in found.years
    ]  # fmt: skip
    words = [f"{one.year} {rate(one.estimate.estimate)}%" for one in found.years if one.estimate]
    label = _("Pass rate by year with 95%% intervals: %(values)s") % {"values": _(", ").join(words)}
    notes = [_trend(found), _kinds(found)]
    return Section(
        _("Year by year"), _years_table(found), charts.rate_series(drawn, label=label), _("each year with its own 95 % interval"),
        key=charts.marker_key([("estimate", _("estimate with its interval; a ring: provisional; a square: unweighted share"))]),
        words=[one for one in notes if one], twin="series",
    )  # fmt: skip


def _ends(one: YearFigure) -> tuple[float | None, float | None, float | None]:
    found = one.estimate
    return (found.estimate, found.low, found.high) if found else (None, None, None)


def _years_table(found: Series) -> parts.Table:
    columns = [
        parts.Column("year", _("Year"), title=True),
        *estimate_columns(),
        parts.Column("change", _("Change"), unit=_("percentage points")),
        parts.Column("out", _("Left out"), numeric=True),
        parts.Column("open", _("Still open"), numeric=True),
    ]
    rows = [
        {
            "year": one.year,
            **estimate_cells(one.estimate),
            "change": change_words(one),
            "out": len(one.rate.parts.excluded),
            "open": len(one.rate.parts.open),
        }
        for one in found.years
    ]
    return parts.Table(_("Pass rate by year"), columns, rows)


def change_words(one: YearFigure) -> str | None:
    """Return the change since the year before with its interval, and whether chance alone may explain it."""
    if not one.comparable:
        return _("not comparable: one of the two years is unweighted")
    if one.change is None:
        return None
    ends = span(points(one.change.low), points(one.change.high))
    word = _("beyond chance") if one.change.clear else _("chance may explain it")
    return f"{points(one.change.difference)} ({ends}) · {word}"


def _trend(found: Series) -> str:
    if found.trend is None:
        return ""
    said = {"slope": points(found.trend.slope), "interval": span(points(found.trend.low), points(found.trend.high))}
    if found.trend.clear:
        return _("Over these years the rate moved by %(slope)s points a year (95%% interval %(interval)s).") % said
    return (
        _("Over these years no trend can be told from chance: %(slope)s points a year (95%% interval %(interval)s).")
        % said
    )


def _kinds(found: Series) -> str:
    last = found.last
    if last is None or last.estimate is None:
        return ""
    if not last.estimate.weighted:
        return _("Unweighted: for some batches nobody knows the probability of being drawn, so this is a share of batches with the exact binomial interval.") if found.purpose == "random" else ""  # fmt: skip
    if last.covered is not None and last.covered < 1:
        return _("The strata with a counted batch hold %(share)s%% of the units of the frame; of the others nothing is said.") % {"share": f"{100 * last.covered:.1f}"}  # fmt: skip
    return ""


def _inside(found: Series) -> Section:
    """What counts in the last year, and every reason why the rest does not."""
    last = found.last
    assert last is not None
    made = last.rate
    columns = [parts.Column("why", _("What"), title=True), parts.Column("rows", _("Batches"), numeric=True),
               parts.Column("effect", _("Effect"))]  # fmt: skip
    rows: list[dict[str, Any]] = [
        {"why": _("final: no nonconformity found in the inspected sample"), "rows": made.parts.passed, "effect": _("numerator and denominator")},
        {"why": _("final: nonconforming"), "rows": made.parts.failed, "effect": _("denominator only")},
    ]  # fmt: skip
    rows += [
        {"why": _(one.why), "rows": one.rows, "effect": _("left out; may still enter") if one.open else _("left out")}
        for one in made.reasons
    ]
    note = (
        _("provisional: %(n)s batches are still open") % {"n": len(made.parts.open)} if made.parts.provisional else ""
    )
    title = _("What counts in %(year)s") % {"year": last.year}
    return Section(title, parts.Table(title, columns, rows), note=note)


def _every_purpose(request: HttpRequest) -> Section:
    year = fact_lists.year_of(request.GET)
    found = rates.rows(years=[year])
    columns = [
        parts.Column("purpose", _("Purpose"), title=True),
        *estimate_columns(),
        parts.Column("kind", _("Speaks for")),
    ]
    rows = []
    for one in Purpose:
        made = estimates.market(found, one.value, year)
        if made.whole is not None:
            kind = _("the market") if made.weighted else _("these batches only")
            rows.append(
                {
                    "purpose": one.label,
                    **estimate_cells(made.whole),
                    "kind": kind,
                    "url": address(request, purpose=one.value),
                }
            )
    title = _("Each purpose by itself, %(year)s") % {"year": year}
    return Section(title, parts.Table(title, columns, rows, links="url"), words=[str(PURPOSE_NOTE)])


@page(*INSIDE)
@require_safe
def domains(request: HttpRequest) -> HttpResponse:
    """The rate by cluster, town, product class or place of sampling."""
    kind, purpose, year = (
        fact_lists.kind_of(request.GET),
        fact_lists.purpose_of(request.GET),
        fact_lists.year_of(request.GET),
    )
    found = figures_domains.domains(kind, year, purpose)
    kinds = [
        parts.Segment(str(words), address(request, by=name), name == kind) for name, words in fact_lists.KINDS.items()
    ]
    context = {
        "heading": _("Pass rate by domain, %(year)s") % {"year": year},
        "lead": _(
            "Few batches make wide intervals; the partly pooled figure beside draws small domains towards the others."
        ),
        "purposes": purposes(request),
        "years": years(request),
        "kinds": kinds,
        "sections": [domains_section(found, capfirst(fact_lists.KINDS[kind]))] if found.rows else [],
        "empty": None if found.rows else nothing(),
    }
    return show(request, "supervise_stats_domains", context, ("supervise-domains", len(found.rows)))


def domains_section(found: figures_domains.Domains, title: str) -> Section:
    """Return the domains as intervals on one scale, with their table."""
    rows = sorted(found.rows, key=lambda one: one.direct.estimate)
    shown = [one for one in rows if one.direct.low is not None and one.direct.high is not None][:MOST_DRAWN]
    low = lowest([one.direct.low for one in shown])
    drawing = charts.forest(
        [(one.name, *(round(100 * v, 2) for v in (one.direct.estimate, one.direct.low, one.direct.high))) for one in shown],  # type: ignore[misc,arg-type]
        label=_("Pass rate of %(n)s domains with 95%% intervals, the lowest first") % {"n": len(shown)},
        low=low, high=100.0, unit="%", city=round(100 * found.whole.estimate, 2) if found.whole else None,
    )  # fmt: skip
    words = [_("dashed: the whole city"), _("Partly pooled: a beta-binomial model over all domains; its own weight says how much of the figure is the domain's own.")]  # fmt: skip
    if not found.market.weighted:
        words.append(_("Unweighted shares of the batches with exact binomial intervals."))
    return Section(
        title, _domains_table(found, title), drawing, _("95 % intervals, the lowest first"), words=words, twin="domains"
    )


def _domains_table(found: figures_domains.Domains, title: str) -> parts.Table:
    columns = [
        parts.Column("name", _("Domain"), title=True),
        *estimate_columns(),
        parts.Column("pooled", _("Partly pooled"), numeric=True, unit="%"),
        parts.Column("own", _("Own weight"), numeric=True),
    ]
    rows = [
        {
            "name": one.name,
            **estimate_cells(one.direct),
            "pooled": rate(one.pooled.estimate) if one.pooled else None,
            "own": f"{one.pooled.own:.0%}" if one.pooled else None,
        }
        for one in found.rows
    ]
    return parts.Table(title, columns, rows, zebra=len(rows) > 12)
