"""The tables of a town's explanation to take along: ``unit`` and ``year`` name what is explained."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.assess.explain import READERS, Case, case, require_explainable
from qualipolis.city.assess.explain_levers import Reached, levers
from qualipolis.city.assess.explain_notes import efforts
from qualipolis.city.assess.explain_parts import Parts, peer_parts, year_parts
from qualipolis.city.assess.explain_peers import comparable_peers, years_of
from qualipolis.city.assess.explain_trial import changes_of, kinds, trial
from qualipolis.city.assess.lists import frame_of, of_year
from qualipolis.city.core.listings import listing
from qualipolis.city.registry.models import Unit
from qualipolis.methods.problems import InputError, Problem, msg

Params = Mapping[str, str]
NUMBER, WHOLE, TEXT, TRUTH = pl.Float64, pl.Int64, pl.String, pl.Boolean


def _case(actor: Any, params: Params) -> Case:
    unit = Unit.objects.filter(code=params.get("unit", "")).first()
    release = of_year(params)
    if unit is None or release is None:
        raise InputError([_no_case()])
    require_explainable(actor, unit)
    found = case(release, unit.code)
    if found is None:
        raise InputError([_no_case()])
    return found


def _no_case() -> Problem:
    what = msg("There is no score of this unit in that year.")
    return Problem("no_case", what, msg("Open the page of the unit and take the list from there."))


def describe(params: Params) -> list[str]:
    """Return which unit and release a list speaks of, in words."""
    unit, release = Unit.objects.filter(code=params.get("unit", "")).first(), of_year(params)
    told = [unit.name] if unit else []
    if release is not None:
        words = _("release %(number)s (%(hash)s)") % {"number": release.number, "hash": release.release_hash}
        told += [_("year %(year)s") % {"year": release.assessment.round.set.year}, words]
    return told


def _trial_words(params: Params) -> list[str]:
    return [*describe(params), _("trial, nothing official")]


def _parts_frame(parts: Parts | None) -> pl.DataFrame:
    lines = parts.lines if parts else ()
    return frame_of([
        (_("Code"), TEXT, [line.code for line in lines]),
        (_("Indicator"), TEXT, [str(line.node.name) if line.node else line.code for line in lines]),
        (_("Points: other values"), NUMBER, [line.value for line in lines]),
        (_("Points: other goalposts or weights"), NUMBER, [line.rules for line in lines]),
        (_("Points: a value on one side only"), NUMBER, [line.missing for line in lines]),
        (_("Points together"), NUMBER, [line.points for line in lines]),
    ])  # fmt: skip


@listing("town_change", gettext_lazy("What moved the score since the year before"), roles=READERS, describe=describe)
def change_frame(actor: Any, params: Params) -> pl.DataFrame:
    """Return the parts of the change since the year before; they add up to it."""
    return _parts_frame(year_parts(_case(actor, params)))


@listing("town_gap", gettext_lazy("The gap to the peers, indicator by indicator"), roles=READERS, describe=describe)
def gap_frame(actor: Any, params: Params) -> pl.DataFrame:
    """Return the parts of the gap to another unit (``with``), or to the median of the peers in every indicator."""
    found = _case(actor, params)
    other = params.get("with", "")
    return _parts_frame(peer_parts(found, other if other in found.read.rows else ""))


@listing("town_levers", gettext_lazy("What would move the score most"), roles=READERS, describe=describe)
def levers_frame(actor: Any, params: Params) -> pl.DataFrame:
    """Return one line for each indicator, with the effort that the person noted down."""
    found = _case(actor, params)
    lines = levers(found, efforts(actor, found.read, found.unit))
    columns: list[tuple[str, Any, list[Any]]] = [
        (_("Code"), TEXT, [line.code for line in lines]),
        (_("Indicator"), TEXT, [str(line.node.name) for line in lines]),
        (_("Value"), NUMBER, [line.value for line in lines]),
        (_("Cases (n)"), NUMBER, [line.cases for line in lines]),
        (_("One step"), NUMBER, [line.size for line in lines]),
    ]
    for word, field in ((_("step"), "step"), (_("target"), "target"), (_("next better peer"), "next")):
        reached: list[Reached | None] = [getattr(line, field) for line in lines]
        columns += [
            (_("%(goal)s: value") % {"goal": word}, NUMBER, [one.value if one else None for one in reached]),
            (_("%(goal)s: gain in points") % {"goal": word}, NUMBER, [one.gain if one else None for one in reached]),
            (_("%(goal)s: rank") % {"goal": word}, WHOLE, [one.rank if one else None for one in reached]),
        ]
    columns += [
        (_("Already at the target"), TRUTH, [line.done for line in lines]),
        (_("Effort (own note)"), NUMBER, [line.effort for line in lines]),
        (_("Points for one unit of effort"), NUMBER, [line.per_effort for line in lines]),
    ]
    return frame_of(columns)


@listing("town_trial", gettext_lazy("What if: a trial"), roles=READERS, describe=_trial_words)
def trial_frame(actor: Any, params: Params) -> pl.DataFrame:
    """Return every part of the index before and after the changes that the link holds."""
    found = _case(actor, params)
    changes, wrong = changes_of(found, params, kinds(found))
    if wrong:
        raise InputError(wrong)
    nodes = trial(found, changes).nodes
    return frame_of([
        (_("Code"), TEXT, [one.node.code for one in nodes]),
        (_("Part of the index"), TEXT, [str(one.node.name) for one in nodes]),
        (_("Official score"), NUMBER, [one.before for one in nodes]),
        (_("Score in the trial"), NUMBER, [one.after for one in nodes]),
    ])  # fmt: skip


@listing("town_peers", gettext_lazy("Comparable peers"), roles=READERS, describe=describe)
def peers_frame(actor: Any, params: Params) -> pl.DataFrame:
    """Return the peers, those that cannot be told apart first."""
    lines = comparable_peers(actor, _case(actor, params)).lines
    return frame_of([
        (_("Code"), TEXT, [one.unit for one in lines]),
        (_("Unit"), TEXT, [str(one.name) for one in lines]),
        (_("Score"), NUMBER, [one.score for one in lines]),
        (_("Rank"), WHOLE, [one.rank for one in lines]),
        (_("Rank, 90 % best"), NUMBER, [one.p05 for one in lines]),
        (_("Rank, 90 % worst"), NUMBER, [one.p95 for one in lines]),
        (_("Intervals overlap"), TRUTH, [one.overlaps for one in lines]),
        (_("Probability that we are above"), NUMBER, [one.above for one in lines]),
        (_("Cannot be told apart"), TRUTH, [one.comparable for one in lines]),
        (_("Distance of the profiles"), NUMBER, [one.distance for one in lines]),
        (_("Indicators both have"), WHOLE, [one.shared for one in lines]),
        (_("Resident population"), NUMBER, [one.sizes.get("population") for one in lines]),
        (_("Number of firms"), NUMBER, [one.sizes.get("firms") for one in lines]),
    ])  # fmt: skip


@listing("town_years", gettext_lazy("The parts of the index over the years"), roles=READERS, describe=describe)
def years_frame(actor: Any, params: Params) -> pl.DataFrame:
    """Return one line for each part of the index and year."""
    years, nodes = years_of(_case(actor, params))
    lines = [(node, k, year) for node in nodes for k, year in enumerate(years)]
    return frame_of([
        (_("Part of the index"), TEXT, [str(node.name) for node, _k, _year in lines]),
        (_("Year"), WHOLE, [year for _node, _k, year in lines]),
        (_("Score"), NUMBER, [node.scores[k] for node, k, _year in lines]),
        (_("Score, 90 % low"), NUMBER, [node.low[k] for node, k, _year in lines]),
        (_("Score, 90 % high"), NUMBER, [node.high[k] for node, k, _year in lines]),
        (_("Rank"), WHOLE, [node.ranks[k] for node, k, _year in lines]),
    ])  # fmt: skip
