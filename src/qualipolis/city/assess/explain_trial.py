"""What if: other values of one town, tried through the whole calculation. Nothing is stored and nothing official moves."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from qualipolis.city.assess.analysis_basis import Floats
from qualipolis.city.assess.book import NodeFacts
from qualipolis.city.assess.explain import FEW_UNITS, Case
from qualipolis.city.assess.inputs import Z95
from qualipolis.city.assess.ranking import Z90
from qualipolis.city.assess.scoring import node_errors
from qualipolis.city.measure.models import Indicator
from qualipolis.methods.composite import CompositeResult, DataNoise
from qualipolis.methods.composite.comparison import what_if
from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.sampling.proportion import wilson_many

LARGEST = 1e15


@dataclass(frozen=True)
class Change:
    """One indicator with another value; a ratio with the parts it was computed from (``split``: as they were given)."""

    code: str
    value: float
    numerator: float | None = None
    denominator: float | None = None
    split: bool = False


@dataclass(frozen=True)
class NodeMove:
    """A node before and after."""

    node: NodeFacts
    before: float | None
    after: float | None


@dataclass(frozen=True)
class Trial:
    """What the changes would do: score with the interval of counting, rank with the interval of the simulation."""

    changes: tuple[Change, ...]
    score: float
    low: float
    high: float
    rank: int
    units: int
    ranks: tuple[float, float] | None
    n: int
    beyond: bool | None
    nodes: tuple[NodeMove, ...]


def kinds(case: Case) -> dict[str, str]:
    """Return the kind of figure of every indicator that counted."""
    made = case.release.assessment
    rows = Indicator.objects.filter(set=made.set_id or made.round.set_id).order_by("position", "code")
    return {code: kind for code, kind in rows.values_list("code", "kind") if code in case.read.columns}


def changes_of(case: Case, said: Mapping[str, str], known: Mapping[str, str]) -> tuple[list[Change], list[Problem]]:
    """Read ``v.CODE``, ``n.CODE`` and ``d.CODE``; what equals the official value is no change."""
    found, wrong = [], []
    for code, kind in known.items():
        typed = {part: said.get(f"{part}.{code}", "").strip() for part in "vnd"}
        if not any(typed.values()):
            continue
        try:
            made = _change(case, code, kind == Indicator.Kind.RATIO.value, typed)
        except InputError as error:
            wrong += error.problems
            continue
        if made is not None:
            found.append(made)
    return found, wrong


def _change(case: Case, code: str, ratio: bool, typed: Mapping[str, str]) -> Change | None:
    fact = case.read.nodes[code]
    now = {part: case.read.value(part, case.unit, code) for part in ("value", "numerator", "denominator")}
    if typed["n"] or typed["d"]:
        above = _number(typed["n"], f"n.{code}") if typed["n"] else now["numerator"]
        below = _number(typed["d"], f"d.{code}") if typed["d"] else now["denominator"]
        problems = list(_ratio_problems(fact, above, below))
        if problems or above is None or below is None:
            raise InputError(problems)
        return (
            None
            if _same(above, now["numerator"]) and _same(below, now["denominator"])
            else Change(code, fact.factor * above / below, above, below, True)
        )
    value = _number(typed["v"], f"v.{code}")
    if fact.proportion and not 0 <= value <= fact.factor:
        params = {"name": str(fact.name), "most": f"{fact.factor:g}"}
        text = msg("%(name)s lies between 0 and %(most)s.")
        raise InputError([Problem("out_of_bounds", text, params=params, place=f"v.{code}")])
    if _same(value, now["value"]):
        return None
    below = now["denominator"] if ratio else None
    return Change(code, value, None if below is None else value * below / fact.factor, below)


def _same(value: float, now: float | None) -> bool:
    return now is not None and math.isclose(value, now, rel_tol=1e-9, abs_tol=1e-12)


def _number(text: str, place: str) -> float:
    plain = unicodedata.normalize("NFKC", text).replace(",", "").replace(" ", "").replace("−", "-").removesuffix("%")
    try:
        value = float(plain)
    except ValueError:
        value = math.nan
    if not abs(value) < LARGEST:
        what, remedy = msg("“%(text)s” is not a number."), msg("Write it in figures, such as 97.5.")
        raise InputError([Problem("not_a_number", what, remedy, {"text": text[:40]}, place=place)])
    return value


def _ratio_problems(fact: NodeFacts, above: float | None, below: float | None) -> Iterator[Problem]:
    params = {"name": str(fact.name)}
    if above is None or below is None:
        text = msg("%(name)s needs its numerator and its denominator.")
        yield Problem("incomplete", text, params=params, place=f"n.{fact.code}")
        return
    if not below > 0:
        text = msg("The denominator of %(name)s is above 0.")
        yield Problem("no_denominator", text, params=params, place=f"d.{fact.code}")
    if fact.proportion and not 0 <= above <= below:
        text = msg("The numerator of %(name)s lies between 0 and its denominator.")
        yield Problem("out_of_bounds", text, params=params, place=f"n.{fact.code}")


def trial(case: Case, changes: list[Change]) -> Trial:
    """Return what the changes would do, everything computed again for all units.

    Raises
    ------
    InputError
        a mean cannot be taken of the values
    """
    made = what_if(case.base.result, case.unit, {one.code: one.value for one in changes})
    errors = _errors(case, changes)
    row, at = made.units.index(case.unit), made.framework.index(case.root)
    score = float(made.score(case.root)[row])
    reach = Z90 * float(node_errors(made, errors)[row, at])
    rank = int(made.ranks(case.root)[row])
    ranks, n = _rank_interval(case, made, errors, row)
    nodes = [fact for fact in case.read.nodes.values() if fact.level >= 2 and fact.code in made.framework.codes]
    moves = tuple(
        NodeMove(fact, case.read.at("score", case.unit, fact.code), _plain(made.score(fact.code)[row]))
        for fact in nodes
    )
    low, high = max(0.0, score - reach), min(100.0, score + reach)
    return Trial(tuple(changes), score, low, high, rank, len(made.units), ranks, n, case.beyond(rank), moves)


def _plain(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def _errors(case: Case, changes: list[Change]) -> Floats:
    """The standard errors of counting, with those of the changed proportions computed anew from their cases."""
    data = case.base.result.data
    errors = case.base.errors.copy()
    row = data.units.index(case.unit)
    for one in changes:
        fact, column = case.read.nodes[one.code], data.codes.index(one.code)
        errors[row, column] = 0.0
        if fact.proportion and one.numerator is not None and one.denominator:
            low, high = wilson_many(np.array([one.numerator]), np.array([one.denominator]))
            errors[row, column] = float(np.nan_to_num(fact.factor * (high - low) / (2 * Z95))[0])
    return errors


def _rank_interval(
    case: Case, made: CompositeResult, errors: Floats, row: int
) -> tuple[tuple[float, float] | None, int]:
    """The interval under the same draws as the release; for very many units it is left out, since it must come at once."""
    if len(case.read.cards) > FEW_UNITS:
        return None, 0
    kept = tuple(DataNoise(errors, one.observed) if isinstance(one, DataNoise) else one for one in case.base.factors)
    drawn = made.uncertainty(case.replicates, case.release.assessment.seed, kept, nodes=(case.root,))
    low, high = drawn.rank_quantiles[0, 0, row], drawn.rank_quantiles[2, 0, row]
    return (float(low), float(high)), drawn.n
