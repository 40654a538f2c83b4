"""The effect of a treatment on the treated, against untreated ones who were like them before."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qualipolis.methods.problems import InputError, Problem, msg

Floats = NDArray[np.float64]
FINE, FAIR = 0.1, 0.25
LEAST_FOR_LINE = 5


@dataclass(frozen=True)
class Balance:
    """One covariate: its mean among the treated, all untreated, the pairs; standardised differences before and after."""

    name: str
    treated: float
    untreated: float
    paired_treated: float
    paired_untreated: float
    before: float
    after: float

    @property
    def verdict(self) -> str:
        """``fine`` up to 0.1 standard deviations, ``fair`` up to 0.25, else ``poor``."""
        size = abs(self.after)
        return "fine" if size <= FINE else "fair" if size <= FAIR else "poor"


@dataclass(frozen=True)
class Matched:
    """The mean difference within pairs, its interval, the pairs as (treated, untreated) places, and their balance.

    ``estimate``, ``low`` and ``high`` are None with fewer than two pairs. ``unmatched`` are the treated that nobody was
    like: the effect is not known for them.
    """

    estimate: float | None
    low: float | None
    high: float | None
    confidence: float
    treated_mean: float | None
    untreated_mean: float | None
    pairs: tuple[tuple[int, int], ...]
    treated: int
    untreated: int
    unmatched: tuple[int, ...]
    balance: tuple[Balance, ...]
    adjusted: bool

    @property
    def balanced(self) -> bool:
        """Whether no covariate differs by more than a quarter of a standard deviation within the pairs."""
        return all(one.verdict != "poor" for one in self.balance)


def matched_difference(
    outcome: ArrayLike,
    treated: ArrayLike,
    near: ArrayLike,
    exact: Sequence[Hashable] | None = None,
    *,
    prefer: Sequence[Hashable] | None = None,
    names: Sequence[str] = (),
    caliper: float = 0.5,
    confidence: float = 0.95,
) -> Matched:
    """Return the mean effect on the treated from optimal one-to-one pairs with untreated ones who were like them.

    Who is treated because of a bad result would mostly have done better the next time without any treatment: a bad
    result is partly bad luck (regression to the mean). A difference before and after counts that as an effect, and a
    difference to all untreated counts the worse start as a harm. Pairs with the same earlier results carry the same
    luck, so it falls out.

    Within each stratum of ``exact`` the pairs minimise the sum of Mahalanobis distances over ``near`` (pooled
    covariance), each untreated one at most once; no pair may differ by more than ``caliper`` pooled standard deviations
    in any covariate, and as many pairs as possible are made; among those, as many as possible share ``prefer``. With at least five pairs per coefficient the difference of
    a pair is adjusted by a line ``μ₀(x)`` through the paired untreated ones: ``dᵢ = (yᵢ - yⱼ) - (μ₀(xᵢ) - μ₀(xⱼ))``.
    The estimate is the mean of ``d`` with the interval ``d̄ ± t · s_d / √m``.

    It holds when, given ``exact`` and ``near``, nothing else decides both the treatment and the outcome. That cannot be
    seen in the data: an unmeasured difference (a keener owner) stays in the estimate.

    Parameters
    ----------
    outcome : (n,) the outcome after, any unit
    treated : (n,) true for the treated
    near : (n, p) covariates known before the treatment, none missing
    exact : for each of the n a key that both of a pair must share; none means one stratum
    prefer : for each of the n a key that both of a pair should share where that costs no pair (near-exact matching)
    names : names of the p covariates, for the table of balance
    caliper : widest difference of a pair in pooled standard deviations
    confidence : of the interval

    Returns
    -------
    Matched
        estimate in the unit of ``outcome``; balance with standardised differences ``(x̄₁ - x̄₀)/s₁``

    Raises
    ------
    InputError
        lengths differ, a value is missing, no treated or no untreated, caliper not above 0

    References
    ----------
    D. B. Rubin (1980), "Bias reduction using Mahalanobis-metric matching", Biometrics 36, 293-298. P. R. Rosenbaum
    (1989), "Optimal matching for observational studies", JASA 84, 1024-1032; (2010), Design of Observational Studies,
    ch. 9 (near-exact matching). A. Abadie and G. W. Imbens (2011),
    "Bias-corrected matching estimators for average treatment effects", JBES 29, 1-11. E. A. Stuart (2010), "Matching
    methods for causal inference", Statistical Science 25, 1-21 (balance: 0.1 and 0.25).

    >>> found = matched_difference([0.9, 0.8, 0.7, 0.75, 0.2], [1, 1, 0, 0, 0], [[1], [2], [1], [2], [9]])
    >>> found.pairs, round(found.estimate, 3), found.unmatched
    (((0, 2), (1, 3)), 0.125, ())
    """
    y, is_treated, x, keys, said = _checked(outcome, treated, near, exact, names, caliper, confidence)
    wish = _keys(prefer, len(y), "prefer")
    pairs = _pairs(x, is_treated, keys, wish, caliper)
    taken = {first for first, _second in pairs}
    unmatched = tuple(int(one) for one in np.flatnonzero(is_treated) if one not in taken)
    differences, adjusted = _differences(y, x, pairs)
    estimate, low, high = _interval(differences, confidence)
    first, second = [i for i, _j in pairs], [j for _i, j in pairs]
    return Matched(
        estimate, low, high, confidence,
        float(y[first].mean()) if pairs else None, float(y[second].mean()) if pairs else None,
        tuple(pairs), int(is_treated.sum()), int((~is_treated).sum()), unmatched,
        _balance(x, is_treated, first, second, said), adjusted,
    )  # fmt: skip


def _checked(
    outcome: ArrayLike,
    treated: ArrayLike,
    near: ArrayLike,
    exact: Sequence[Hashable] | None,
    names: Sequence[str],
    caliper: float,
    confidence: float,
) -> tuple[Floats, NDArray[np.bool_], Floats, list[Hashable], list[str]]:
    y = np.asarray(outcome, dtype=np.float64).ravel()
    is_treated = np.asarray(treated).ravel().astype(bool)
    x = np.asarray(near, dtype=np.float64)
    x = x.reshape(len(x), -1)
    keys = _keys(exact, len(y), "exact")
    wrong = []
    if not len(y) == len(is_treated) == len(x):
        wrong.append(Problem("lengths", msg("Outcome, treatment and covariates are not of the same length.")))
    if not (np.all(np.isfinite(y)) and np.all(np.isfinite(x))):
        wrong.append(Problem("missing", msg("An outcome or a covariate is missing."), place="near"))
    if not is_treated.any() or is_treated.all():
        wrong.append(Problem("one_group", msg("There must be treated and untreated ones."), place="treated"))
    if not caliper > 0:
        wrong.append(Problem("caliper", msg("The caliper must be above 0."), place="caliper"))
    if not 0.5 <= confidence < 1:
        wrong.append(Problem("bad_confidence", msg("The confidence lies between 0.5 and 1."), place="confidence"))
    if names and len(names) != x.shape[1]:
        wrong.append(Problem("names", msg("There are not as many names as covariates."), place="names"))
    if wrong:
        raise InputError(wrong)
    return y, is_treated, x, keys, list(names) or [f"x{n}" for n in range(1, x.shape[1] + 1)]


def _keys(given: Sequence[Hashable] | None, n: int, place: str) -> list[Hashable]:
    """Return one key for each row; without any all are the same."""
    if given is None:
        return [None] * n
    if len(given) != n:
        raise InputError([Problem("lengths", msg("Outcome, treatment and covariates are not of the same length."), place=place)])  # fmt: skip
    return list(given)


def _pairs(
    x: Floats, treated: NDArray[np.bool_], keys: list[Hashable], wish: list[Hashable], caliper: float
) -> list[tuple[int, int]]:
    pooled = _pooled(x, treated)
    spread = np.sqrt(np.diag(pooled))
    inverse = np.linalg.pinv(pooled)
    found: list[tuple[int, int]] = []
    for key in dict.fromkeys(keys):
        here = np.array([one == key for one in keys])
        first, second = np.flatnonzero(here & treated), np.flatnonzero(here & ~treated)
        if len(first) and len(second):
            unlike = np.array([[wish[i] != wish[j] for j in second] for i in first])
            found += _assign(x, first, second, unlike, spread, inverse, caliper)
    return sorted(found)


def _assign(
    x: Floats,
    first: NDArray[np.intp],
    second: NDArray[np.intp],
    unlike: NDArray[np.bool_],
    spread: Floats,
    inverse: Floats,
    caliper: float,
) -> list[tuple[int, int]]:
    """Return the pairs of one stratum: as many as the caliper allows, as few unlike ones, then the smallest distances."""
    from scipy.optimize import linear_sum_assignment

    apart = x[first][:, None, :] - x[second][None, :, :]
    distance = np.sqrt(np.maximum(np.einsum("ijk,kl,ijl->ij", apart, inverse, apart), 0.0))
    forbidden = np.any(np.abs(apart) > caliper * spread + 1e-12, axis=2)
    most = min(distance.shape) + 1
    step = 1.0 + float(distance.max(initial=0.0)) * most
    rows, columns = linear_sum_assignment(np.where(forbidden, step * most * 2, distance + step * unlike))
    return [(int(first[i]), int(second[j])) for i, j in zip(rows, columns, strict=True) if not forbidden[i, j]]


def _pooled(x: Floats, treated: NDArray[np.bool_]) -> Floats:
    """Return the covariance within the two groups, pooled."""
    total, freedom = np.zeros((x.shape[1], x.shape[1])), 0
    for group in (x[treated], x[~treated]):
        centred = group - group.mean(axis=0)
        total += centred.T @ centred
        freedom += len(group) - 1
    return np.asarray(total / max(freedom, 1), dtype=np.float64)


def _differences(y: Floats, x: Floats, pairs: list[tuple[int, int]]) -> tuple[Floats, bool]:
    first, second = [i for i, _j in pairs], [j for _i, j in pairs]
    raw = y[first] - y[second]
    if len(pairs) < LEAST_FOR_LINE * (x.shape[1] + 1):
        return np.asarray(raw, dtype=np.float64), False
    design = np.column_stack([np.ones(len(second)), x[second]])
    line, *_rest = np.linalg.lstsq(design, y[second], rcond=None)
    return np.asarray(raw - (x[first] - x[second]) @ line[1:], dtype=np.float64), True


def _interval(differences: Floats, confidence: float) -> tuple[float | None, float | None, float | None]:
    m = len(differences)
    if m < 2:
        return None, None, None
    from scipy.special import stdtrit

    mean = float(differences.mean())
    half = float(stdtrit(m - 1, (1 + confidence) / 2)) * float(differences.std(ddof=1)) / math.sqrt(m)
    return mean, mean - half, mean + half


def _balance(
    x: Floats, treated: NDArray[np.bool_], first: list[int], second: list[int], names: list[str]
) -> tuple[Balance, ...]:
    found = []
    for column, name in enumerate(names):
        one, other = x[treated, column], x[~treated, column]
        paired, against = x[first, column], x[second, column]
        spread = float(one.std(ddof=1)) if len(one) > 1 else 0.0
        a, b, c, d = (float(values.mean()) if len(values) else math.nan for values in (one, other, paired, against))
        found.append(Balance(name, a, b, c, d, _scaled(a - b, spread), _scaled(c - d, spread)))
    return tuple(found)


def _scaled(difference: float, spread: float) -> float:
    """Return a difference in standard deviations; without spread 0 when there is none, else infinite."""
    if spread > 0:
        return difference / spread
    return 0.0 if difference == 0 else math.copysign(math.inf, difference)
