"""Expected cases of each area when age, trade or size of firm differ between areas."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qualipolis.methods.problems import Problem, msg, refuse


def expected_cases(cases: ArrayLike, population: ArrayLike) -> NDArray[np.float64]:
    """Return the cases expected in each area if every stratum had the rate of the whole map.

    Indirect standardisation: ``e_i = Σ_j n_ij r_j`` with ``r_j = Σ_i c_ij / Σ_i n_ij``; the sum of ``e`` is the sum of
    ``cases``. Source: N. E. Breslow, N. E. Day (1987), Statistical Methods in Cancer Research II, IARC, section 2.3.

    Parameters
    ----------
    cases, population : areas by strata, none negative or missing

    Raises
    ------
    InputError
        tables of different shapes, a number missing or below 0, cases in a stratum without population

    >>> expected_cases([[1, 4], [3, 2]], [[100, 50], [100, 150]]).tolist()
    [3.5, 6.5]
    """
    counts, people = np.array(cases, dtype=np.float64), np.array(population, dtype=np.float64)
    if counts.ndim != 2 or counts.shape != people.shape:
        what = msg("Cases and population must be two tables of areas by strata with the same shape.")
        refuse([Problem("wrong_shape", what, place="population")])
    what = msg("A number is missing or below 0.")
    refuse(
        Problem("bad_size", what, place=name)
        for name, table in (("cases", counts), ("population", people))
        if not np.all(np.isfinite(table) & (table >= 0))
    )
    seen, held = counts.sum(axis=0), people.sum(axis=0)
    what = msg("Stratum %(number)s has cases and no population.")
    refuse(
        Problem("nothing_expected", what, params={"number": int(j) + 1}, place="population")
        for j in np.flatnonzero((held == 0) & (seen > 0))
    )
    return np.asarray(people @ np.divide(seen, held, out=np.zeros_like(seen), where=held > 0))
