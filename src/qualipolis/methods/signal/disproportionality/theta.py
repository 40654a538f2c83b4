"""The prior of the gamma-Poisson shrinker, learnt from all pairs at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import digamma, expit, gammaln, logit

from qualipolis.methods.problems import Problem, msg, refuse
from qualipolis.methods.signal.disproportionality.tables import Floats

LEAST_PAIRS = 10
BIN, COARSE = 0.005, 0.1
EDGE = 12.0
STARTS = (
    (0.2, 0.1, 2.0, 4.0, 1 / 3),
    (2.0, 4.0, 0.2, 0.1, 2 / 3),
    (0.5, 0.3, 1.0, 1.0, 0.2),
    (3.0, 0.5, 2.0, 2.0, 0.1),
    (10.0, 10.0, 0.5, 0.5, 0.8),
)


@dataclass(frozen=True)
class Theta:
    """The prior of the relative reporting rate: ``P Gamma(α₁, β₁) + (1-P) Gamma(α₂, β₂)`` (shapes and rates).

    ``nll`` is the negative log-likelihood it reaches on ``pairs`` pairs, ``truncated`` whether pairs nobody reported
    were left out of it. ``at_boundary``: the data do not fix all five numbers, the likelihood still rises at the edge
    of what was searched; the numbers themselves mean little then, and EBGM is to be read beside the IC.
    """

    alpha1: float
    beta1: float
    alpha2: float
    beta2: float
    p: float
    nll: float | None = None
    pairs: int = 0
    truncated: bool = True
    at_boundary: bool = False

    def __post_init__(self) -> None:
        shapes = (self.alpha1, self.beta1, self.alpha2, self.beta2)
        if not (all(np.isfinite(x) and x > 0 for x in shapes) and 0 <= self.p <= 1):
            what = msg("The prior needs four numbers above 0 and a share between 0 and 1.")
            refuse(
                [Problem("bad_prior", what, msg("Give alpha1, beta1, alpha2, beta2, p in this order."), place="theta")]
            )

    @property
    def numbers(self) -> tuple[float, float, float, float, float]:
        """α₁, β₁, α₂, β₂, P."""
        return self.alpha1, self.beta1, self.alpha2, self.beta2, self.p


def log_masses(n: Floats, expected: Floats, theta: Theta) -> tuple[Floats, Floats]:
    """Return ``ln f(n; α, β, E) - (what both components share)`` of the two negative binomial components."""
    return tuple(  # type: ignore[return-value]
        _log_mass(n, expected, alpha, beta)
        for alpha, beta in ((theta.alpha1, theta.beta1), (theta.alpha2, theta.beta2))
    )


def _log_mass(n: Floats, e: Floats, alpha: float, beta: float) -> Floats:
    values, place = np.unique(n, return_inverse=True)
    return (gammaln(alpha + values) - gammaln(alpha))[place] - alpha * np.log1p(e / beta) - n * np.log(beta + e)


def negative_log_likelihood(n: Floats, expected: Floats, theta: Theta, *, truncated: bool = True) -> float:
    """Return ``-Σ ln[P f₁(n)/(1-f₁(0)) + (1-P) f₂(n)/(1-f₂(0))]`` over the pairs with n ≥ 1.

    ``truncated`` takes each component given that the pair was reported at all (n ≥ 1), as openEBGM does; without it
    all pairs count, those with n = 0 too, and nothing is divided (PhViD).

    >>> theta = Theta(0.2, 0.1, 2.0, 4.0, 1 / 3)
    >>> round(negative_log_likelihood(np.array([1.0, 3.0]), np.array([0.5, 0.4]), theta), 4)
    3.39
    """
    used = n > 0 if truncated else expected > 0
    likelihood = _Likelihood(n[used], expected[used], np.ones(int(used.sum())), truncated)
    return likelihood.at(np.array(theta.numbers))[0]


class _Likelihood:
    """The negative log-likelihood and its gradient; what depends on n alone is computed once for each distinct n."""

    def __init__(self, n: Floats, expected: Floats, times: Floats, truncated: bool) -> None:
        self.n, self.e, self.times, self.truncated = n, expected, times, truncated
        self.values, self.place = np.unique(n, return_inverse=True)
        shared = np.where(n > 0, n * np.log(np.where(expected > 0, expected, 1.0)), 0.0)
        self.shared = shared - gammaln(self.values + 1)[self.place]

    def at(self, numbers: Floats) -> tuple[float, Floats]:
        """Return the value and its slopes in α₁, β₁, α₂, β₂, P."""
        alpha1, beta1, alpha2, beta2, p = (float(x) for x in numbers)
        log1, by_alpha1, by_beta1 = self._component(alpha1, beta1)
        log2, by_alpha2, by_beta2 = self._component(alpha2, beta2)
        top = np.maximum(log1, log2)
        one, two = np.exp(log1 - top), np.exp(log2 - top)
        mixed = p * one + (1 - p) * two
        value = -float(np.sum(self.times * (np.log(mixed) + top + self.shared)))
        q, rest = self.times * p * one / mixed, self.times * (1 - p) * two / mixed
        # Sums, not dot products: those start threads of the linear algebra library, which wait for each other on a
        # busy machine far longer than the sum takes.
        parts = (q * by_alpha1, q * by_beta1, rest * by_alpha2, rest * by_beta2, self.times * (one - two) / mixed)
        return value, -np.array([np.sum(part) for part in parts])

    def _component(self, alpha: float, beta: float) -> tuple[Floats, Floats, Floats]:
        e, n = self.e, self.n
        fall = -np.log1p(e / beta)
        zero = alpha * fall
        log = (gammaln(alpha + self.values) - gammaln(alpha))[self.place] + zero - n * np.log(beta + e)
        by_alpha = (digamma(alpha + self.values) - digamma(alpha))[self.place] + fall
        fall_by_beta = e / (beta * (beta + e))
        by_beta = alpha * fall_by_beta - n / (beta + e)
        if self.truncated:
            log = log - np.log(-np.expm1(zero))
            lift = -np.exp(zero) / np.expm1(zero)
            by_alpha, by_beta = by_alpha + fall * lift, by_beta + alpha * fall_by_beta * lift
        return log, by_alpha, by_beta


def squash(n: Floats, expected: Floats, width: float = BIN) -> tuple[Floats, Floats, Floats]:
    """Return fewer rows (n, E, how many pairs each stands for): pairs with equal n and E within ``width`` of each other
    (relative) share their mean E (DuMouchel and Pregibon, 2001).

    >>> squash(np.array([1.0, 1.0, 2.0]), np.array([0.5, 0.5, 0.5]))
    (array([1., 2.]), array([0.5, 0.5]), array([2., 1.]))
    """
    cell = np.floor(np.log(np.maximum(expected, 1e-300)) / width)
    order = np.lexsort((cell, n))
    x, y = n[order], cell[order]
    new = np.flatnonzero(np.concatenate([[True], (x[1:] != x[:-1]) | (y[1:] != y[:-1])]))
    times = np.diff(np.append(new, len(x))).astype(np.float64)
    return x[new], np.add.reduceat(expected[order], new) / times, times


def fit_theta(n: Floats, expected: Floats, *, truncated: bool = True, squashed: bool = True) -> Theta:
    """Return the prior with the greatest likelihood (see :func:`negative_log_likelihood`).

    L-BFGS-B with exact slopes in ln α, ln β and logit P: from five starts on rows whose E differ by up to 10 %, then on
    from the best end. ``squashed`` makes this last descent on rows whose E differ by less than 0.5 % instead of on all
    (the likelihood told afterwards is that of all pairs). The first component is the one with the greater mean.

    Parameters
    ----------
    n, expected : (pairs,) counts and expected counts; with ``truncated`` the pairs with n = 0 are not used, without it
        they must be there (:func:`all_cells`)

    Raises
    ------
    InputError
        fewer than ten pairs, none reported more than once, or counts where none is expected

    >>> rng = np.random.default_rng(1)
    >>> e = rng.gamma(1.0, 2.0, 4000)
    >>> found = fit_theta(rng.poisson(e * rng.gamma(2.0, 0.5, 4000)).astype(float), e)
    >>> found.pairs > 2000 and found.nll < 7000
    True
    """
    n, expected = np.asarray(n, dtype=np.float64).ravel(), np.asarray(expected, dtype=np.float64).ravel()
    _check(n, expected, truncated)
    used = n > 0 if truncated else expected > 0
    n, expected = n[used], expected[used]
    whole = _Likelihood(n, expected, np.ones(len(n)), truncated)
    part = _Likelihood(*squash(n, expected), truncated) if squashed else whole
    coarse = _Likelihood(*squash(n, expected, COARSE), truncated)
    ends = [_descend(coarse, _free(start)) for start in STARTS]
    best = _descend(part, min(ends, key=lambda end: end[0])[1])[1]
    numbers = _numbers(best)
    if numbers[2] / numbers[3] > numbers[0] / numbers[1]:
        numbers = np.array([*numbers[2:4], *numbers[:2], 1 - numbers[4]])
    edge = bool(np.any(np.abs(best) > EDGE - 1e-3))
    alpha1, beta1, alpha2, beta2, p = (float(x) for x in numbers)
    return Theta(alpha1, beta1, alpha2, beta2, p, whole.at(numbers)[0], len(n), truncated, edge)


def _numbers(free: Floats) -> Floats:
    return np.append(np.exp(free[:4]), expit(free[4]))


def tells_a_prior(n: Floats, *, truncated: bool = True) -> bool:
    """Return whether these counts tell a prior: at least ten reported pairs, and not each of them once.

    Among pairs that are known because they were reported, counts of 1 alone are the likelier the smaller every rate
    is: the truncated likelihood has no maximum and its end would call all of them unsuspicious.

    >>> tells_a_prior(np.ones(50)), tells_a_prior(np.append(np.ones(9), 2.0))
    (False, True)
    """
    return bool(np.sum(n > 0) >= LEAST_PAIRS and (not truncated or np.max(n) > 1))


def _free(numbers: tuple[float, ...]) -> Floats:
    return np.append(np.log(numbers[:4]), logit(numbers[4]))


def _descend(likelihood: _Likelihood, free: Floats) -> tuple[float, Floats]:
    """Return the value and the place where the descent from ``free`` ends."""

    def fall(free: Floats) -> tuple[float, Floats]:
        numbers = _numbers(free)
        value, slope = likelihood.at(numbers)
        return value, slope * np.append(numbers[:4], numbers[4] * (1 - numbers[4]))

    end = minimize(fall, free, jac=True, method="L-BFGS-B", bounds=[(-EDGE, EDGE)] * 5, options={"maxiter": 500})
    return float(end.fun), np.asarray(end.x, dtype=np.float64)


def _check(n: Floats, expected: Floats, truncated: bool) -> None:
    problems: list[Problem] = []
    if len(n) != len(expected):
        what = msg("There are %(n)s counts and %(expected)s expected counts.")
        params = {"n": len(n), "expected": len(expected)}
        refuse([Problem("unequal_lengths", what, msg("Give one of each for every pair."), params, "expected")])
    if not np.all(np.isfinite(n) & (n >= 0) & np.isfinite(expected) & (expected >= 0)):
        what = msg("Counts and expected counts are 0 or more and never missing.")
        problems.append(Problem("not_a_count", what, place="n"))
    elif np.any((n > 0) & (expected == 0)):
        what = msg("%(count)s pairs were reported though none was expected.")
        params = {"count": int(np.sum((n > 0) & (expected == 0)))}
        remedy = msg("Compute the expected counts from the same reports.")
        problems.append(Problem("none_expected", what, remedy, params, "expected"))
    elif not tells_a_prior(n, truncated=truncated):
        pairs = int(np.sum(n > 0))
        what = msg("%(pairs)s pairs do not tell a prior: %(least)s must be reported, and one of them more than once.")
        remedy = msg("Give a prior learnt from more reports.")
        problems.append(Problem("few_pairs", what, remedy, {"pairs": pairs, "least": LEAST_PAIRS}, "n"))
    refuse(problems)
