"""How sure the change since last year is: both years under the same draws of weights and methods."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from qualipolis.city.assess.analysis_basis import Basis, Floats, basis
from qualipolis.city.assess.explain import FEW_UNITS, Case
from qualipolis.city.assess.models import Release
from qualipolis.city.assess.ranking import Z90
from qualipolis.methods.composite import Alternatives
from qualipolis.methods.composite.sensitivity.draws import Draws, random_draws
from qualipolis.methods.composite.sensitivity.replicates import evaluate
from qualipolis.methods.problems import InputError

ENDS = (0.05, 0.95)


@dataclass(frozen=True)
class ChangeError:
    """The 90 % intervals of the change of score and of rank (below zero: up), over ``n`` simulations of both years.

    With ``n`` of 0 nothing was simulated: the interval of the score is that of the counts alone, ranks have none.
    """

    n: int
    low: float
    high: float
    rank_low: float | None = None
    rank_high: float | None = None
    chance_up: float | None = None

    @property
    def within(self) -> bool:
        """Whether a score that did not change at all lies in the interval."""
        return self.low <= 0 <= self.high

    @property
    def rank_within(self) -> bool:
        """Whether a rank that did not change at all lies in the interval."""
        return self.rank_low is not None and self.rank_high is not None and self.rank_low <= 0 <= self.rank_high


def year_error(case: Case) -> ChangeError | None:
    """Return how sure the change is, or nothing when the years cannot be drawn together (another method, no year before)."""
    if case.before is None:
        return None
    if len(case.read.cards) > FEW_UNITS:
        return _of_counts(case)
    seed = case.release.assessment.seed
    found = _moves(_key(case.release), _key(case.before), case.replicates, seed)
    if found is None or case.unit not in found[0]:
        return None
    at = found[0].index(case.unit)
    scores, ranks = found[1][:, at], found[2][:, at]
    known = ~np.isnan(scores)
    if not known.any():
        return None
    ends = [*np.quantile(scores[known], ENDS), *np.quantile(ranks[known], ENDS)]
    low, high, rank_low, rank_high = (float(end) for end in ends)
    return ChangeError(int(known.sum()), low, high, rank_low, rank_high, float((scores[known] > 0).mean()))


def _of_counts(case: Case) -> ChangeError | None:
    """Return the interval from counting, which comes at once however many units there are."""
    if case.earlier is None or case.score is None:
        return None
    before = case.earlier.at("score", case.unit, case.earlier.root)
    if before is None:
        return None
    errors = (book.at("standard_error", case.unit, book.root) or 0.0 for book in (case.read, case.earlier))
    reach, moved = Z90 * math.hypot(*errors), case.score - before
    return ChangeError(0, moved - reach, moved + reach)


def _key(release: Release) -> tuple[int, str]:
    return release.pk, release.release_hash


Moves = tuple[tuple[str, ...], Floats, Floats]


@lru_cache(maxsize=4)
def _moves(now: tuple[int, str], then: tuple[int, str], n: int, seed: int) -> Moves | None:
    """Return the units of both years and, in each simulation, the change of score and of rank."""
    releases = Release.objects.select_related("assessment__round__set").in_bulk([now[0], then[0]])
    ours, theirs = (basis(releases[pk].assessment) for pk, _hash in (now, then))
    if [_kind(f) for f in ours.factors] != [_kind(f) for f in theirs.factors]:
        return None
    try:
        after = _replicates(ours, n, seed, None)
        before = _replicates(theirs, n, seed, ours)
    except InputError:
        return None
    units = tuple(unit for unit in ours.result.units if unit in set(theirs.result.units))
    here = [ours.result.units.index(unit) for unit in units]
    there = [theirs.result.units.index(unit) for unit in units]
    return units, after[0][:, here] - before[0][:, there], after[1][:, here] - before[1][:, there]


def _kind(factor: object) -> tuple[str, object]:
    address = factor.address if isinstance(factor, Alternatives) else ""
    return type(factor).__name__, (address, factor.count if isinstance(factor, Alternatives) else 0)


def _replicates(base: Basis, n: int, seed: int, like: Basis | None) -> tuple[Floats, Floats]:
    """Return scores on the official scale and ranks of every simulation; counting errors of two years are independent.

    Weights and methods are drawn as for ``like``, node by node, where both trees have the node.
    """
    factors, result, node = base.factors, base.result, (base.root,)
    draws = random_draws(factors, n, seed, result.framework)
    if like is not None:
        draws = _aligned(draws, random_draws(like.factors, n, seed, like.result.framework), base, like)
    noise = seed if like is None else seed + 1
    drawn = evaluate(result, factors, draws, node, noise)
    official = _official(base)
    fixed = {at: np.full(n, official[at], dtype=np.int64) for at in official}
    same_scale = evaluate(result, factors, replace(draws, levels={**draws.levels, **fixed}), node, noise)
    ranks = np.where(drawn.ranks[:, 0] == 0, np.nan, drawn.ranks[:, 0].astype(np.float64))
    return same_scale.scores[:, 0], ranks


def _aligned(draws: Draws, other: Draws, base: Basis, like: Basis) -> Draws:
    ours, theirs = base.result.framework.codes, like.result.framework.codes
    pairs = [(ours.index(code), theirs.index(code)) for code in ours if code in theirs]
    to, come = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    noise = {}
    for at, columns in draws.noise.items():
        noise[at] = columns.copy()
        noise[at][:, to] = other.noise[at][:, come]
    return replace(draws, noise=noise, levels=other.levels)


def _official(base: Basis) -> dict[int, int]:
    """Return which alternative of the scale is the official one: scores of two years are compared on that alone."""
    method = next((getattr(s, "method", "") for s in base.result.pipeline.steps if s.step == "normalise"), "")
    found = {}
    for at, factor in enumerate(base.factors):
        if isinstance(factor, Alternatives) and factor.address == "normalise":
            hits = [k for k, step in enumerate(factor.values) if _method(step) == method]
            if hits:
                found[at] = hits[0]
    return found


def _method(step: object) -> str:
    return str(step.get("method", "")) if isinstance(step, dict) else str(getattr(step, "method", ""))
