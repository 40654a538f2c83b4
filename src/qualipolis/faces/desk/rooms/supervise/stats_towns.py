"""Towns against the city in a funnel; the items that fail; targeted sampling, apart from every market estimate."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from qualipolis.city.core.policy import page
from qualipolis.city.core.roles import INSIDE
from qualipolis.city.supervise.statistics import figures_domains, figures_items, figures_series
from qualipolis.city.supervise.statistics import lists as fact_lists
from qualipolis.city.supervise.statistics.figures_domains import INNER, OUTER, Funnel
from qualipolis.city.supervise.statistics.figures_items import Items
from qualipolis.faces.desk import charts, parts
from qualipolis.faces.desk.rooms.supervise.stats import series_section
from qualipolis.faces.desk.rooms.supervise.stats_frame import Section, between, nothing, purposes, rate, show, years

MOST_ITEMS = 15
TARGETED = ("random",)


@page(*INSIDE)
@require_safe
def towns(request: HttpRequest) -> HttpResponse:
    """The funnel of the towns."""
    purpose, year = fact_lists.purpose_of(request.GET), fact_lists.year_of(request.GET)
    found = figures_domains.funnel(year, purpose)
    context = {
        "heading": _("Towns against the city, %(year)s") % {"year": year},
        "lead": funnel_words(found) if found else "",
        "purposes": purposes(request),
        "years": years(request),
        "sections": [funnel_section(found)] if found else [],
        "empty": None if found else nothing(),
    }
    return show(request, "supervise_stats_towns", context, ("supervise-funnel", len(found.spots) if found else 0))


def funnel_words(found: Funnel) -> str:
    """Return who lies outside, without a verdict: outside is a reason to look, not a finding."""
    out = figures_domains.outside(found)
    far = [spot.name for spot in out if spot.outside == 2]
    near = [spot.name for spot in out if spot.outside == 1]
    words = []
    if far:
        words.append(_("Outside the 99.8 %% limits: %(names)s.") % {"names": _(", ").join(far)})
    if near:
        words.append(_("Outside the 95 %% limits only: %(names)s.") % {"names": _(", ").join(near)})
    if not out:
        words.append(_("No town lies outside the limits: chance alone may explain all differences between towns."))
    said = {"n": len(found.spots), "expected": f"{found.expected:.1f}"}
    words.append(_("Of %(n)s towns chance alone puts up to %(expected)s outside the 95 %% limits. To lie outside is a reason to look, not a verdict.") % said)  # fmt: skip
    return " ".join(words)


def funnel_section(found: Funnel, linked: bool = True) -> Section:
    """Return the funnel with its table."""
    limits = {
        level: charts.Limits(cases, [100 * v for v in low], [100 * v for v in high])
        for level, (cases, low, high) in figures_domains.curves(found).items()
    }
    base = reverse("desk:supervise_stats_domains") if linked else ""
    spots = [
        charts.Spot(
            one.name, one.n, round(100 * one.share, 2), one.outside, f"{base}?by=town&year={found.year}" if base else ""
        )
        for one in found.spots
    ]
    label = _("Share without nonconformity of %(n)s towns against their numbers of batches, with the limits of chance round the city's %(rate)s%%.") % {"n": len(spots), "rate": rate(found.share)}  # fmt: skip
    drawing = charts.funnel(
        spots, 100 * found.share, limits[INNER], limits[OUTER], label=label, x_name=_("counted batches"),
        y_name=_("share without nonconformity"),
    )  # fmt: skip
    key = charts.marker_key(
        [(1, _("inside the limits")), (2, _("outside the 95 % limits")), (4, _("outside the 99.8 % limits"))]
    )
    words = [_("Red: exact 95 % limits; grey: exact 99.8 % limits; dashed: all counted batches together. Towns differ in what they make, so a place outside may have its reason there.")]  # fmt: skip
    note = _("plain shares of batches, so that the binomial limits hold")
    return Section(_("Funnel of the towns"), _funnel_table(found), drawing, note, key, words, twin="funnel")


def _funnel_table(found: Funnel) -> parts.Table:
    columns = [
        parts.Column("name", _("Town"), title=True),
        parts.Column("n", _("Counted batches"), numeric=True),
        parts.Column("rate", _("Share without nonconformity"), numeric=True, unit="%"),
        parts.Column("inner", _("95 % limits"), unit="%"),
        parts.Column("outer", _("99.8 % limits"), unit="%"),
        parts.Column("place", _("Place")),
    ]
    words = {0: _("inside"), 1: _("outside the 95 % limits"), 2: _("outside the 99.8 % limits")}
    rows = [
        {
            "name": one.name, "n": one.n, "rate": rate(one.share), "inner": between(one.low, one.high),
            "outer": between(one.outer_low, one.outer_high), "place": words[one.outside],
        }
        for one in found.spots
    ]  # fmt: skip
    return parts.Table(_("Towns and the limits of chance"), columns, rows, zebra=len(rows) > 12)


@page(*INSIDE)
@require_safe
def items(request: HttpRequest) -> HttpResponse:
    """The items in which batches failed."""
    purpose, year = fact_lists.purpose_of(request.GET), fact_lists.year_of(request.GET)
    found = figures_items.items([year], purpose)
    lead = ngettext(
        "%(n)s nonconforming batch, %(items)s failed items: a batch may fail in several.",
        "%(n)s nonconforming batches, %(items)s failed items: a batch may fail in several.", found.batches,
    ) % {"n": found.batches, "items": found.failures}  # fmt: skip
    context = {
        "heading": _("Nonconforming items, %(year)s") % {"year": year},
        "lead": lead,
        "purposes": purposes(request),
        "years": years(request),
        "sections": [items_section(found)] if found.rows else [],
        "empty": None if found.rows else _no_items(found),
    }
    return show(request, "supervise_stats_items", context, ("supervise-items", len(found.rows)))


def _no_items(found: Items) -> parts.Empty:
    if found.batches:
        return parts.Empty(
            _("No failed item is on record"), _("The nonconforming batches came without their items."), "supervise"
        )
    return parts.Empty(_("No nonconforming batch"), _("No counted batch of this choice is nonconforming."), "supervise")


def items_section(found: Items) -> Section:
    """Return the Pareto of the items with its table."""
    heaps = [charts.Heap(one.name, one.failed, strong=one.safety) for one in found.rows[:MOST_ITEMS]]
    rest = sum(one.failed for one in found.rows[MOST_ITEMS:])
    if rest:
        heaps.append(charts.Heap(_("all other items"), rest))
    first = next((k for k, one in enumerate(found.rows, 1) if one.added >= 0.8), len(found.rows))
    label = ngettext(
        "%(n)s item makes up 80%% of the failed items.", "%(n)s items make up 80%% of the failed items.", first
    ) % {"n": first}
    words = [label, _("Dark bars with bold names: safety items. Line: shares added up.")]
    if found.without:
        words.append(_("%(n)s nonconforming batches have no item on record.") % {"n": found.without})
    columns = [
        parts.Column("name", _("Item"), title=True),
        parts.Column("failed", _("Batches nonconforming in it"), numeric=True),
        parts.Column("tested", _("Batches with it on record"), numeric=True),
        parts.Column("share", _("Share of all"), numeric=True, unit="%"),
        parts.Column("added", _("Added up"), numeric=True, unit="%"),
        parts.Column("safety", _("Safety item")),
    ]
    rows = [
        {
            "name": one.name, "failed": one.failed, "tested": one.tested, "share": f"{100 * one.share:.1f}",
            "added": f"{100 * one.added:.1f}", "safety": _("yes") if one.safety else _("no"),
        }
        for one in found.rows
    ]  # fmt: skip
    table = parts.Table(_("Nonconforming items"), columns, rows)
    return Section(_("What fails most"), table, charts.pareto(heaps, label=label), words=words, twin="items")


@page(*INSIDE)
@require_safe
def targeted(request: HttpRequest) -> HttpResponse:
    """Rates of targeted sampling: how often the search hits, no estimate of the market."""
    wanted = fact_lists.purpose_of(request.GET)
    purpose = wanted if wanted not in TARGETED else "risk"
    found = figures_series.series(purpose, fact_lists.year_of(request.GET))
    last = found.last
    lead = _("Where trouble is looked for, trouble is found: these rates say how well the search hits, nothing of the market. They are never set beside or into the market's estimate.")  # fmt: skip
    if last and last.estimate:
        said = {"year": last.year, "failed": last.estimate.failed, "n": last.estimate.n,
                "rate": rate(1 - last.estimate.estimate)}  # fmt: skip
        lead = _("%(year)s: %(failed)s of %(n)s targeted batches were nonconforming (%(rate)s%%).") % said + " " + lead
    segments = purposes(request, leave_out=TARGETED)
    chosen = [parts.Segment(one.label, one.url, f"purpose={purpose}" in one.url) for one in segments]
    context = {
        "heading": _("Targeted sampling"),
        "lead": lead,
        "purposes": chosen,
        "years": years(request),
        "sections": [series_section(found)] if found.years else [],
        "empty": None if found.years else nothing(),
    }
    return show(request, "supervise_stats_risk", context)
