"""Attribute plans of one or more samples: probability of acceptance, average sample number, risks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qualipolis.methods.problems import Problem, msg, refuse
from qualipolis.methods.sampling.acceptance.checks import Floats, distribution_problems, qualities, whole

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class AttributePlan:
    """Take ``n[0]`` units; accept at ``ac[0]`` nonconforming or fewer, do not accept at ``re[0]`` or more, else go on.

    Counts are cumulative, and the last stage decides: its rejection number is its acceptance number plus one.
    """

    n: tuple[int, ...]
    ac: tuple[int, ...]
    re: tuple[int, ...]

    def __post_init__(self) -> None:
        refuse(_plan_problems(self))

    @classmethod
    def single(cls, n: int, c: int) -> AttributePlan:
        """Return the plan that accepts at ``c`` nonconforming or fewer among ``n``.

        >>> print(AttributePlan.single(80, 2))
        n = 80, Ac = 2, Re = 3
        """
        return cls((n,), (c,), (c + 1,))

    @property
    def stages(self) -> int:
        """Number of samples that may be taken."""
        return len(self.n)

    @property
    def cumulative(self) -> tuple[int, ...]:
        """Units inspected when each stage is over."""
        return tuple(int(total) for total in np.cumsum(self.n))

    def __str__(self) -> str:
        rows = zip(self.n, self.ac, self.re, strict=True)
        return "; then ".join(f"n = {n}, Ac = {ac}, Re = {re}" for n, ac, re in rows)


@dataclass(frozen=True, eq=False)
class OcCurve:
    """Probability of acceptance ``pa`` at each quality ``p``, with average sample number ``asn``."""

    p: Floats
    pa: Floats
    asn: Floats
    distribution: str
    lot_size: int | None = None

    def to_frame(self) -> pl.DataFrame:
        """Return a table with the columns ``p``, ``pa``, ``asn``."""
        import polars as pl

        return pl.DataFrame({"p": self.p, "pa": self.pa, "asn": self.asn})

    def __str__(self) -> str:
        return f"OC curve, {self.distribution}: {self.p.size} points"


@dataclass(frozen=True, eq=False)
class Stages:
    """Probability of acceptance and of rejection at each stage (rows) for each quality (columns)."""

    accept: Floats
    reject: Floats


def oc_curve(plan: AttributePlan, p: ArrayLike, distribution: str = "binomial", lot_size: int | None = None) -> OcCurve:
    """Return the operating characteristic of ``plan`` at the qualities ``p``.

    With one sample ``Pa(p) = P(X ≤ Ac)``; with more, stage by stage ``P(decided here | not decided before)``, X being
    binomial (n, p), Poisson (np) or hypergeometric (lot, D, n).

    Parameters
    ----------
    plan : single, double or multiple
    p : fractions nonconforming, 0 to 1; nonconformities per unit for ``"poisson"``. A lot has a whole number D of
        nonconforming units, so with ``"hypergeometric"`` p is taken to the nearest D / lot and returned so
    distribution : ``"binomial"`` (a process), ``"hypergeometric"`` (one lot, without replacement) or ``"poisson"``
    lot_size : needed for the hypergeometric

    Raises
    ------
    InputError
        unknown distribution, no lot size, lot smaller than the samples, p out of range

    References
    ----------
    ISO 2859-1:1999; Schilling & Neubauer (2017), Acceptance Sampling in Quality Control, ch. 5-6.

    >>> oc_curve(AttributePlan.single(80, 2), [0.01, 0.065]).pa.round(4).tolist()
    [0.9534, 0.1009]
    """
    refuse(distribution_problems(distribution, lot_size, plan.cumulative[-1]))
    levels = qualities(p, distribution)
    if distribution == "hypergeometric" and lot_size is not None:
        levels = np.round(levels * lot_size) / lot_size
    found = stage_probabilities(plan, levels, distribution, lot_size)
    decided = found.accept + found.reject
    asn = np.asarray(np.array(plan.cumulative, dtype=np.float64) @ decided)
    return OcCurve(levels, np.clip(found.accept.sum(axis=0), 0.0, 1.0), asn, distribution, lot_size)


def stage_probabilities(plan: AttributePlan, p: Floats, distribution: str, lot_size: int | None) -> Stages:
    """Return where ``plan`` decides: rows are stages, columns the qualities ``p``."""
    if plan.stages == 1:
        below = at_most(plan.ac[0], plan.n[0], p, distribution, lot_size)
        return Stages(below[None], 1 - below[None])
    accept, reject = np.zeros((plan.stages, p.size)), np.zeros((plan.stages, p.size))
    open_counts: dict[int, Floats] = {0: np.ones(p.size)}
    before = 0
    for stage, (n, ac, re) in enumerate(zip(plan.n, plan.ac, plan.re, strict=True)):
        following: dict[int, Floats] = {}
        for count, chance in open_counts.items():
            so_far = (count, before)
            low = at_most(ac - count, n, p, distribution, lot_size, so_far)
            high = at_most(re - 1 - count, n, p, distribution, lot_size, so_far)
            accept[stage] += chance * low
            reject[stage] += chance * (1 - high)
            for total in range(max(ac + 1, count), re):
                part = exactly(total - count, n, p, distribution, lot_size, so_far)
                following[total] = following.get(total, np.zeros(p.size)) + chance * part
        open_counts, before = following, before + n
    return Stages(accept, reject)


def at_most(
    c: int, n: int, p: Floats, distribution: str, lot_size: int | None, so_far: tuple[int, int] = (0, 0)
) -> Floats:
    """Return P(X ≤ c) among ``n`` more units after ``so_far`` = (found, inspected)."""
    from scipy import special, stats

    if c < 0:
        return np.zeros(p.size)
    if distribution == "binomial":
        return np.asarray(special.bdtr(min(c, n), n, p), dtype=np.float64)
    if distribution == "poisson":
        return np.asarray(special.pdtr(c, n * p), dtype=np.float64)
    lot, bad, sound = _left(p, lot_size, so_far)
    return np.asarray(np.where(sound, stats.hypergeom.cdf(c, lot, bad, n), 0.0), dtype=np.float64)


def exactly(
    k: int, n: int, p: Floats, distribution: str, lot_size: int | None, so_far: tuple[int, int] = (0, 0)
) -> Floats:
    """Return P(X = k) among ``n`` more units after ``so_far`` = (found, inspected)."""
    from scipy import stats

    if distribution == "binomial":
        return np.asarray(stats.binom.pmf(k, n, p), dtype=np.float64)
    if distribution == "poisson":
        return np.asarray(stats.poisson.pmf(k, n * p), dtype=np.float64)
    lot, bad, sound = _left(p, lot_size, so_far)
    return np.asarray(np.where(sound, stats.hypergeom.pmf(k, lot, bad, n), 0.0), dtype=np.float64)


def _left(p: Floats, lot_size: int | None, so_far: tuple[int, int]) -> tuple[int, Floats, NDArray[np.bool_]]:
    """Units left in the lot, nonconforming ones among them, and where what was found is possible at all."""
    lot = int(lot_size or 0)
    left, bad = lot - so_far[1], np.round(p * lot) - so_far[0]
    return left, np.clip(bad, 0, left), (bad >= 0) & (bad <= left)


def quality_at(plan: AttributePlan, pa: float, distribution: str = "binomial") -> float:
    """Return the quality at which ``plan`` accepts with probability ``pa``.

    The root of ``Pa(p) = pa``; Pa falls from 1 to 0 as p rises. ``pa = 0.95`` gives the producer's, ``pa = 0.10`` the
    consumer's risk quality.

    Raises
    ------
    InputError
        pa not between 0 and 1, a distribution without a continuous p, or a plan that accepts everything

    >>> p = AttributePlan.single(80, 2)
    >>> round(quality_at(p, 0.95), 5), round(quality_at(p, 0.10), 5)
    (0.0103, 0.06516)
    """
    from scipy.optimize import brentq

    from qualipolis.methods.sampling.acceptance.checks import between, one_of

    refuse(between(pa, "pa") + one_of(distribution, ("binomial", "poisson"), "distribution"))

    def gap(level: float) -> float:
        return float(oc_curve(plan, [level], distribution).pa[0]) - pa

    if distribution == "binomial" and gap(1.0) > 0:
        what = msg("A plan that accepts with every unit nonconforming has no such quality.")
        refuse([Problem("accepts_all", what, msg("Choose a smaller acceptance number."), place="ac")])
    high = 1.0
    while distribution == "poisson" and gap(high) > 0:
        high *= 2
    return float(brentq(gap, 0.0, high, xtol=1e-15, rtol=1e-14))


@dataclass(frozen=True)
class Assessment:
    """What a plan does at two points: the risk of each side, and whether both wishes are met."""

    pa_producer: float
    pa_consumer: float
    producer_risk: float
    consumer_risk: float
    met: bool


def assess_plan(
    plan: AttributePlan,
    producer: tuple[float, float],
    consumer: tuple[float, float],
    distribution: str = "binomial",
    lot_size: int | None = None,
) -> Assessment:
    """Return the risks of ``plan`` at two points (quality, wished probability of acceptance).

    The producer's risk is ``1 - Pa(p1)``, the consumer's ``Pa(p2)``; both are met if ``Pa(p1) ≥ producer[1]`` and
    ``Pa(p2) ≤ consumer[1]``.

    >>> assess_plan(AttributePlan.single(80, 2), (0.01, 0.95), (0.065, 0.10)).met
    False
    """
    curve = oc_curve(plan, [producer[0], consumer[0]], distribution, lot_size)
    first, second = float(curve.pa[0]), float(curve.pa[1])
    return Assessment(first, second, 1 - first, second, first >= producer[1] and second <= consumer[1])


def _plan_problems(plan: AttributePlan) -> list[Problem]:
    lengths = {len(plan.n), len(plan.ac), len(plan.re)}
    if len(lengths) != 1 or not plan.n:
        what = msg("A plan needs a sample size, an acceptance and a rejection number for each stage.")
        return [Problem("uneven_plan", what, msg("Give three lists of equal length."), place="n, ac, re")]
    problems = [p for k, n in enumerate(plan.n) for p in whole(n, f"n[{k}]", least=1)]
    problems += [
        p for k, ac in enumerate(plan.ac) for p in whole(ac, f"ac[{k}]", least=-1 if k + 1 < len(plan.n) else 0)
    ]
    problems += [p for k, re in enumerate(plan.re) for p in whole(re, f"re[{k}]", least=1)]
    return problems or _order_problems(plan.ac, plan.re)


def _order_problems(ac: Sequence[int], re: Sequence[int]) -> list[Problem]:
    problems = []
    for k, (low, high) in enumerate(zip(ac, re, strict=True)):
        if high <= low:
            what = msg("The rejection number %(re)s is not above the acceptance number %(ac)s.")
            problems.append(Problem("crossed", what, "", {"ac": low, "re": high}, f"re[{k}]"))
    if not problems and re[-1] != ac[-1] + 1:
        what = msg("The last stage leaves the lot undecided between %(ac)s and %(re)s.")
        remedy = msg("Its rejection number is its acceptance number plus one.")
        problems.append(Problem("undecided", what, remedy, {"ac": ac[-1], "re": re[-1]}, f"re[{len(re) - 1}]"))
    if any(a > b for a, b in pairwise(ac)):
        what = msg("The acceptance numbers fall from one stage to the next.")
        problems.append(Problem("falling", what, msg("They count all samples so far."), place="ac"))
    return problems
