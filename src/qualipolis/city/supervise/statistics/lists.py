"""The lists of the statistics of supervision that can be taken along, with the filters of their pages in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from qualipolis.city.core.listings import Params, listing, table
from qualipolis.city.core.parameters import whole
from qualipolis.city.core.policy import visible
from qualipolis.city.core.roles import INSIDE
from qualipolis.city.supervise.models import Purpose, ResultFact, ResultRevision, SamplingPlan
from qualipolis.city.supervise.statistics import (
    figures_domains,
    figures_effects,
    figures_follow,
    figures_items,
    figures_power,
    figures_series,
    rates,
)
from qualipolis.city.supervise.statistics.estimates import Estimate

N, F, T = pl.Int64, pl.Float64, pl.String
OVERSEERS = ("leader", "planner", "auditor")
KINDS = {
    "cluster": gettext_lazy("by industry cluster"),
    "town": gettext_lazy("by town"),
    "category": gettext_lazy("by product class"),
    "stage": gettext_lazy("by place of sampling"),
}


def year_of(params: Params) -> int:
    """Return the year that is asked for; without, the last one with batches enough to speak of; 0 when there is none."""
    found, wanted = rates.years(), whole(params.get("year"))
    if wanted in found and wanted:
        return wanted
    return rates.told_year() or (found[-1] if found else 0)


def purpose_of(params: Params) -> str:
    """Return the purpose that is asked for, random without."""
    said = params.get("purpose", "")
    return said if said in Purpose.values else str(Purpose.RANDOM)


def kind_of(params: Params) -> str:
    """Return the kind of domains that is asked for, towns without."""
    return params.get("by", "") if params.get("by", "") in KINDS else "town"


def describe(params: Params) -> list[str]:
    """Return year and purpose in words."""
    return [_("year %(year)s") % {"year": year_of(params)}, str(Purpose(purpose_of(params)).label)]


def _by_kind(params: Params) -> list[str]:
    return [*describe(params), str(KINDS[kind_of(params)])]


def _purpose_only(params: Params) -> list[str]:
    return [str(Purpose(purpose_of(params)).label)]


def _year_only(params: Params) -> list[str]:
    return [_("year %(year)s") % {"year": year_of(params)}]


def kind_word(one: Estimate | None) -> str | None:
    """Return what kind of figure an estimate is."""
    if one is None:
        return None
    return _("estimate for the market") if one.weighted else _("share of the batches, unweighted")


def _estimates(rows: Sequence[Estimate | None]) -> dict[Any, tuple[Any, list[Any]]]:
    def every(name: str) -> list[Any]:
        return [getattr(one, name) if one else None for one in rows]

    return {
        _("Counted batches"): (N, every("n")),
        _("Nonconforming batches"): (N, every("failed")),
        _("Pass rate"): (F, every("estimate")),
        _("95 % interval from"): (F, every("low")),
        _("95 % interval to"): (F, every("high")),
        _("Standard error"): (F, every("se")),
        _("Design effect"): (F, every("deff")),
        pgettext("statistics", "Kind of figure"): (T, [kind_word(one) for one in rows]),
        _("Reliability"): (T, every("flag")),
    }


@listing("supervise-years", gettext_lazy("Pass rate by year"), roles=INSIDE, describe=_purpose_only)
def years_frame(actor: Any, params: Params) -> pl.DataFrame:
    """Return the years of a purpose."""
    rows = figures_series.series(purpose_of(params)).years
    return table(
        {
            _("Year"): (N, [one.year for one in rows]),
            **_estimates([one.estimate for one in rows]),
            _("Left out"): (N, [len(one.rate.parts.excluded) for one in rows]),
            _("Still open"): (N, [len(one.rate.parts.open) for one in rows]),
        },
        strict=False,
    )


@listing("supervise-domains", gettext_lazy("Pass rate by domain"), roles=INSIDE, describe=_by_kind)
def domains_frame(actor: Any, params: Params) -> pl.DataFrame:
    """Return the domains of a kind with the pooled estimate beside."""
    rows = figures_domains.domains(kind_of(params), year_of(params), purpose_of(params)).rows
    return table(
        {
            _("Domain"): (T, [one.name for one in rows]),
            **_estimates([one.direct for one in rows]),
            _("Partially pooled"): (F, [one.pooled.estimate if one.pooled else None for one in rows]),
            _("Weight of its own batches"): (F, [one.pooled.own if one.pooled else None for one in rows]),
        },
        strict=False,
    )


@listing("supervise-funnel", gettext_lazy("Towns against the city"), roles=INSIDE, describe=describe)
def funnel_frame(actor: Any, params: Params) -> pl.DataFrame:
    """Return the towns with their limits."""
    found = figures_domains.funnel(year_of(params), purpose_of(params))
    rows = found.spots if found else ()
    words = {0: _("inside"), 1: _("outside the 95 % limits"), 2: _("outside the 99.8 % limits")}
    return table(
        {
            _("Code"): (T, [one.code for one in rows]),
            _("Town"): (T, [one.name for one in rows]),
            _("Counted batches"): (N, [one.n for one in rows]),
            _("Share without nonconformity"): (F, [one.share for one in rows]),
            _("95 % limit, low"): (F, [one.low for one in rows]),
            _("95 % limit, high"): (F, [one.high for one in rows]),
            _("99.8 % limit, low"): (F, [one.outer_low for one in rows]),
            _("99.8 % limit, high"): (F, [one.outer_high for one in rows]),
            _("Place"): (T, [words[one.outside] for one in rows]),
        }
    )


@listing("supervise-items", gettext_lazy("Nonconforming items"), roles=INSIDE, describe=describe)
def items_frame(actor: Any, params: Params) -> pl.DataFrame:
    """Return the items that failed."""
    rows = figures_items.items([year_of(params)], purpose_of(params)).rows
    return table(
        {
            _("Item"): (T, [one.name for one in rows]),
            _("Batches nonconforming in it"): (N, [one.failed for one in rows]),
            _("Batches with it on record"): (N, [one.tested for one in rows]),
            _("Share of all"): (F, [one.share for one in rows]),
            _("Added up"): (F, [one.added for one in rows]),
            _("Safety item"): (T, [_("yes") if one.safety else _("no") for one in rows]),
        }
    )


@listing(
    "supervise-effects", gettext_lazy("Laboratories and inspectors compared"), roles=OVERSEERS, describe=_purpose_only
)
def effects_frame(actor: Any, params: Params) -> pl.DataFrame:
    """Return both kinds of effects."""
    words = {"laboratory": _("laboratory"), "inspector": _("inspector")}
    made = [figures_effects.effects(kind, rates.years()[-3:], purpose_of(params)) for kind in words]
    rows = [(words[found.kind], one) for found in made for one in found.rows]
    return table(
        {
            _("Kind"): (T, [kind for kind, _one in rows]),
            _("Name"): (T, [one.name for _kind, one in rows]),
            _("Counted batches"): (N, [one.n for _kind, one in rows]),
            _("Nonconforming batches"): (N, [one.failed for _kind, one in rows]),
            _("Share"): (F, [one.share for _kind, one in rows]),
            _("Expected from its product classes"): (F, [one.expected for _kind, one in rows]),
            _("Drawn together"): (F, [one.estimate for _kind, one in rows]),
            _("95 % interval from"): (F, [one.low for _kind, one in rows]),
            _("95 % interval to"): (F, [one.high for _kind, one in rows]),
        },
        strict=False,
    )


@listing("supervise-follow", gettext_lazy("Refusals and follow-up by year"), roles=INSIDE)
def follow_frame(actor: Any, params: Params) -> pl.DataFrame:
    """Return refusals and follow-up."""
    rows = figures_follow.follow()
    heads = {
        "refused": (_("Refused"), _("Refused and sampled"), _("Refusal rate")),
        "closed": (_("Closed in time"), _("Orders due"), _("Closure rate")),
        "passed": (_("Reviews passed"), _("Reviews due"), _("Review pass rate")),
    }
    columns: dict[Any, tuple[Any, list[Any]]] = {_("Year"): (N, [one.year for one in rows])}
    for name, (above, below, rate) in heads.items():
        shares = [getattr(one, name).share for one in rows]
        columns |= {
            above: (N, [one.part for one in shares]),
            below: (N, [one.whole for one in shares]),
            rate: (F, [one.rate for one in shares]),
        }
    return table(columns, strict=False)


def _plan(actor: Any, params: Params) -> SamplingPlan | None:
    rows = visible(actor, SamplingPlan.objects.all())
    return rows.filter(pk=whole(params.get("plan")) or 0).first()


@listing("supervise-power", gettext_lazy("What the plan can tell"), roles=INSIDE)
def power_frame(actor: Any, params: Params) -> pl.DataFrame:
    """Return the lines of a plan with their power."""
    plan = _plan(actor, params)
    rows = figures_power.plan_power(plan).lines if plan else ()
    return table(
        {
            _("Product class"): (T, [one.line.category for one in rows]),
            _("Purpose"): (T, [str(one.line.get_purpose_display()) for one in rows]),
            _("Batches"): (N, [one.line.batches for one in rows]),
            _("Expected pass rate"): (F, [one.rate for one in rows]),
            _("Margin of error"): (F, [one.power.margin for one in rows]),
            _("Smallest fall found"): (F, [one.power.difference for one in rows]),
            _("Chance to find one at 5 %"): (F, [one.power.find for one in rows]),
            _("Margin wanted"): (F, [one.margin_wanted for one in rows]),
            _("Batches needed"): (N, [one.power.n_for_margin for one in rows]),
            _("Budget, CNY"): (F, [float(one.line.budget) for one in rows]),
        },
        strict=False,
    )


@listing("supervise-revisions", gettext_lazy("Revised results"), roles=INSIDE)
def revisions_frame(actor: Any, params: Params) -> pl.DataFrame:
    """Return the revisions that the actor sees."""
    rows = list(visible(actor, ResultRevision.objects.select_related("result")))

    def rate(one: ResultRevision, key: str) -> float | None:
        passed, n = one.rates.get(key, (0, 0))
        return passed / n if n else None

    return table(
        {
            _("On"): (pl.Date, [one.on for one in rows]),
            _("Result"): (T, [one.result.number for one in rows]),
            _("Year counted in"): (T, [one.period for one in rows]),
            _("Was"): (T, [standing_word(one.was) for one in rows]),
            _("Is now"): (T, [standing_word(one.now) for one in rows]),
            _("Rate before"): (F, [rate(one, "before") for one in rows]),
            _("Rate after"): (F, [rate(one, "after") for one in rows]),
            _("Why"): (T, [one.reason for one in rows]),
        },
        strict=False,
    )


def standing_word(code: str) -> str:
    """Return how a row stood in the rate, in words."""
    words = {
        "pass": _("no nonconformity found"),
        "fail": pgettext("verdict", "nonconforming"),
        "open": _("not final yet"),
        "out": _("not counted"),
        "voided": _("voided"),
        "": _("not counted"),
    }
    return words.get(code, code)


@listing("supervise-facts", gettext_lazy("Counted batches"), roles=INSIDE, describe=describe)
def facts_frame(actor: Any, params: Params) -> pl.DataFrame:
    """Return the batches that the actor sees."""
    rows = visible(actor, ResultFact.objects.filter(year=year_of(params), purpose=purpose_of(params)))
    rows = list(rows.select_related("unit", "enterprise", "laboratory"))
    return table(
        {
            _("Number"): (T, [one.number for one in rows]),
            _("Sampled on"): (pl.Date, [one.sampled_on for one in rows]),
            _("Town"): (T, [str(one.unit.name) for one in rows]),
            _("Firm"): (T, [str(one.enterprise.name) if one.enterprise else None for one in rows]),
            _("Product class"): (T, [one.category or None for one in rows]),
            _("State"): (T, [standing_word(standing_of(one)) for one in rows]),
            _("Stratum"): (T, [one.stratum or None for one in rows]),
            _("Weight"): (F, [one.weight for one in rows]),
        },
        strict=False,
    )


def standing_of(fact: ResultFact) -> str:
    """Return how a counted row stands."""
    from qualipolis.city.supervise.statistics.facts import standing

    return standing(fact.status, fact.verdict)
