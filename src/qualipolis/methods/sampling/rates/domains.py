"""The pass rate of the market and of every domain of it, from one stratified sample of firms or products."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.sampling.estimation import Estimates, proportion, survey_design

Floats = NDArray[np.float64]
MET = 1e-9


@dataclass(frozen=True, eq=False)
class Rates:
    """Estimates by domain, and what of the population they do not speak of.

    Parameters
    ----------
    estimates : one row for each domain
    weights : (rows,) weights used: given ones, brought in every stratum to the units of its population where known
    scaled : whether they were
    unseen : strata of the population without a counted row, with their units: the estimate says nothing of them
    units : units of the strata that were seen, None where sizes are unknown
    """

    estimates: Estimates
    weights: Floats
    scaled: bool
    unseen: tuple[tuple[str, int], ...] = ()
    units: int | None = None

    @property
    def covered(self) -> float | None:
        """Share of the population's units in strata with a counted row."""
        return None if self.units is None else self.units / (self.units + sum(n for _name, n in self.unseen))


def rate_by_domain(
    passed: ArrayLike,
    strata: Sequence[str],
    weights: ArrayLike,
    *,
    units: Sequence[str] | None = None,
    sizes: Mapping[str, int] | None = None,
    by: Sequence[object] | None = None,
    finite: bool = True,
    level: float = 0.95,
    method: str = "design_exact",
) -> Rates:
    """Estimate the share of passes in the population, and in every domain ``by``, in one call.

    Weights are 1/inclusion probability. Where the number of units of every stratum with a row is known (``sizes``) they
    are scaled in each stratum to that number: units that gave no final result then count as missing at random within
    their stratum. The variance is that of stratified sampling of ``units``; with ``finite`` each stratum whose units
    gave one row each carries Brewer's correction ``1 - 1/w`` (simple random sampling's ``1 - n/N`` where weights are
    equal). A stratum with a single unit is centred at the mean of all units.

    Parameters
    ----------
    passed : (rows,) 1 no nonconformity found, 0 nonconforming
    strata : (rows,) stratum of the draw
    weights : (rows,) above 0
    units : (rows,) primary unit (firm), each row its own unless given
    sizes : units of the population in each stratum
    by : (rows,) domain of each row; None: the whole
    finite : False for questions about the process rather than this year's frame, such as a change between years
    level, method : of the interval, as in :func:`~qualipolis.methods.sampling.estimation.proportion`

    Raises
    ------
    InputError
        no rows, a weight missing or not above 0, columns of different lengths

    References
    ----------
    W. G. Cochran (1977), Sampling Techniques, 5A.9 and 9A; K. Brewer (2002), Combined Survey Sampling Inference, 9.

    >>> found = rate_by_domain([1, 1, 0, 1], ["a", "a", "b", "b"], [1, 1, 1, 1], sizes={"a": 30, "b": 10, "c": 5})
    >>> float(found.estimates.estimate[0]), found.unseen, round(found.covered, 3)
    (0.875, (('c', 5),), 0.889)
    """
    values = np.asarray(passed, dtype=np.float64)
    given = np.asarray(weights, dtype=np.float64)
    names = np.asarray(strata, dtype=object).astype(str)
    keys = np.arange(values.size).astype(str) if units is None else np.asarray(units, dtype=object).astype(str)
    _refuse(values, given, names, keys)
    known = sizes is not None and set(names) <= set(sizes)
    used = _scaled(given, names, sizes) if known and sizes is not None else given
    fractions = _fractions(used, names, keys) if finite and known else None
    design = survey_design(
        used, strata=names, clusters=keys, fpc=fractions, pps="" if fractions is None else "brewer", lonely="adjust"
    )
    domains = None if by is None else np.asarray(by, dtype=object).astype(str)
    made = proportion(design, values, domains, level=level, method=method, name="pass rate")
    if not known or sizes is None:
        return Rates(made, used, False)
    seen = set(names)
    unseen = tuple((name, int(n)) for name, n in sorted(sizes.items()) if name not in seen and n > 0)
    return Rates(made, used, True, unseen, int(sum(sizes[name] for name in seen)))


def _scaled(weights: Floats, strata: NDArray[np.str_], sizes: Mapping[str, int]) -> Floats:
    names, code = np.unique(strata, return_inverse=True)
    total = np.bincount(code, weights)
    wanted = np.array([max(float(sizes[name]), count) for name, count in zip(names, np.bincount(code), strict=True)])
    return np.asarray(weights * (wanted / total)[code])


def _fractions(weights: Floats, strata: NDArray[np.str_], units: NDArray[np.str_]) -> Floats | None:
    """Sampling fraction of each row's unit: 1/weight, next to nothing in strata whose units gave several rows."""
    _names, stratum = np.unique(strata, return_inverse=True)
    pair, count = np.unique(np.stack([stratum.astype(str), units]), axis=1, return_counts=True)
    repeated = set(pair[0][count > 1])
    several = np.isin(stratum.astype(str), list(repeated)) if repeated else np.zeros(weights.size, dtype=bool)
    found = np.where(several, MET, np.clip(1 / weights, MET, 1.0))
    return None if several.all() else np.asarray(found)


def _refuse(passed: Floats, weights: Floats, strata: NDArray[np.str_], units: NDArray[np.str_]) -> None:
    problems = []
    if passed.size == 0:
        what = msg("There is no counted result.")
        problems.append(Problem("no_rows", what, msg("Wait for final results.")))
    if len({passed.size, weights.size, strata.size, units.size}) > 1:
        what = msg("The columns have different lengths.")
        problems.append(Problem("different_lengths", what, msg("Give each row every value.")))
    elif not (np.isfinite(weights).all() and (weights > 0).all()):
        what, remedy = msg("A weight is missing or not above 0."), msg("Without weights there is no market estimate.")
        problems.append(Problem("bad_weights", what, remedy, place="weights"))
    if problems:
        raise InputError(problems)
