"""Inclusion probabilities from a size measure, with certainty units taken openly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qualipolis.methods.problems import InputError, Problem, msg

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Inclusion:
    """Inclusion probabilities ``pi`` (N), which units are certain, and the sum of sizes of the others.

    ``total`` is summed from left to right, so that it is the same double in every language.
    """

    pi: Numbers
    certain: Flags
    total: float
    n: int

    @property
    def n_certainty(self) -> int:
        return int(self.certain.sum())

    def __repr__(self) -> str:
        return f"Inclusion(n={self.n}, units={len(self.pi)}, certain={self.n_certainty})"


def inclusion_probabilities(sizes: ArrayLike, n: int) -> Inclusion:
    """Return probabilities proportional to size: ``pi_i = n x_i / sum(x)``.

    A unit whose ``pi`` would reach 1 is taken with certainty and set aside; the rest share the places that are left,
    until none reaches 1. This is the rule of Tillé and of R's ``sampling::inclusionprobabilities``.

    Parameters
    ----------
    sizes : (N,) sizes, any unit, at least 0; a size of 0 is never drawn
    n : number of units to draw, 1 to the number of units with a size above 0

    Raises
    ------
    InputError
        a size that is negative or not a number; n out of range

    References
    ----------
    Y. Tillé (2006), Sampling Algorithms, Springer, section 2.10.

    >>> inclusion_probabilities([1, 2, 3, 4, 100], 3).pi.round(4).tolist()
    [0.2, 0.4, 0.6, 0.8, 1.0]
    >>> inclusion_probabilities([0, 5, 10, 5, 0, 80], 2).pi.tolist()
    [0.0, 0.25, 0.5, 0.25, 0.0, 1.0]
    """
    x = np.asarray(sizes, dtype=np.float64)
    check_sizes(x, n)
    certain, total, places = certainties(x, n)
    flags = np.zeros(len(x), dtype=bool)
    flags[certain] = True
    pi = x * places / total if places else np.zeros(len(x))
    pi[certain] = 1.0
    return Inclusion(pi, flags, total, n)


def certainties(x: Numbers, n: int) -> tuple[NDArray[np.intp], float, int]:
    """Return the places of certain units, the sum of the other sizes, and how many of the others are drawn.

    >>> certain, total, places = certainties(np.array([1.0, 2.0, 3.0, 4.0, 100.0]), 3)
    >>> certain.tolist(), total, places
    ([4], 10.0, 2)
    """
    total, places = left_sum(x), n
    certain = np.empty(0, np.intp)
    if not places or float(x.max()) * places < total:
        return certain, total, places
    rest, where = x, np.arange(len(x))
    while places:
        new = rest * places >= total
        if not new.any():
            break
        certain = np.concatenate([certain, where[new]])
        rest, where = rest[~new], where[~new]
        total, places = left_sum(rest), n - len(certain)
    return np.sort(certain), total, places


def left_sum(x: Numbers) -> float:
    """Return the sum from left to right, each step rounded to a double.

    >>> left_sum(np.array([0.1, 0.2, 0.3])) == 0.1 + 0.2 + 0.3
    True
    """
    return float(np.cumsum(x)[-1]) if len(x) else 0.0


def check_sizes(x: Numbers, n: int) -> None:
    """Raise ``InputError`` with all that is wrong with sizes and n."""
    problems = []
    bad = x.ndim != 1 or bool(len(x) and not (x.min() >= 0 and x.max() < np.inf))
    if bad:
        problems.append(
            Problem(
                "bad_size",
                msg("A size is missing, negative or infinite."),
                msg("Give every unit a size of at least 0."),
                place="size",
            )
        )
    possible = 0 if bad else int((x > 0).sum())
    if not bad and not 0 <= n <= possible:
        problems.append(
            Problem(
                "n_outside",
                msg("%(n)s units cannot be drawn: %(possible)s have a size above 0."),
                msg("Lower n, or give more units a size."),
                {"n": n, "possible": possible},
                place="n",
            )
        )
    if problems:
        raise InputError(problems)


def check_pi(pi: ArrayLike, whole: bool = True) -> Numbers:
    """Return inclusion probabilities as an array; ``InputError`` unless all lie in [0, 1] and sum to a whole number."""
    p = np.asarray(pi, dtype=np.float64)
    total = float(p.sum()) if p.ndim == 1 else float("nan")
    sound = p.ndim == 1 and bool(((p >= 0) & (p <= 1)).all())
    if not sound or (whole and abs(total - round(total)) > 1e-6):
        raise InputError(
            [
                Problem(
                    "bad_pi",
                    msg("The inclusion probabilities do not lie between 0 and 1 with a whole number as their sum."),
                    msg("Compute them with inclusion_probabilities."),
                    {},
                    place="pi",
                )
            ]
        )
    return p
