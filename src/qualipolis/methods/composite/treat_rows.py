"""The treatment of rows of numbers: the test, winsorising, the transform (the kernel of :class:`.treat.Treat`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.composite.data import Floats
from qualipolis.methods.composite.moments import distinct_counts, skew_kurtosis
from qualipolis.methods.composite.transforms import REFERENCE, transformed, unfit

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Moments = tuple[Floats, Floats]


@dataclass(frozen=True)
class Recipe:
    """How to treat a column; the parameters of :class:`.treat.Treat`, with the thresholds of winsorising filled in.

    >>> Recipe().first, Recipe().transform
    ('winsorise', 'log')
    """

    winmax: int = 5
    skew: float = 2.0
    kurt: float = 3.5
    transform: str = "log"
    first: str = "winsorise"
    combine: bool = False
    force: bool = False
    winsor_skew: float = 2.0
    winsor_kurt: float = 3.5
    count: str = "points"
    power: float | str = "auto"
    compat: str = ""


@dataclass(frozen=True, eq=False)
class Treated:
    """Treated rows and what happened: moments before, after the first treatment and after the transform.

    ``chosen``: rows that the first treatment was applied to; ``first``: the rows after it; ``winsorised``: values that
    it moved; ``transformed``: rows that went on to the transform; ``few``: rows that fail the test with fewer than three
    different values, left as they are; ``unfit``: rows whose transform has no logarithm to give; ``failing``: rows that
    fail the test in the end.
    """

    rows: Floats
    before: Moments
    chosen: Bools
    first: Floats
    winsorised: Ints
    after: Moments
    transformed: Bools
    last: Moments
    failed: Bools
    few: Bools
    unfit: Bools
    failing: Bools


def treat_rows(rows: Floats, winmax: int, skew: float, kurt: float, transform: str, **more: Any) -> Treated:
    """Treat each row of (m, units) by one recipe, the same thresholds for the test and for winsorising.

    >>> treat_rows(np.array([[1.0, 2.0, 3.0, 4.0, 50.0]]), 5, 2.0, 3.5, "log").rows.tolist()
    [[1.0, 2.0, 3.0, 4.0, 4.0]]
    """
    return treat_by(rows, Recipe(winmax, skew, kurt, transform, **{"winsor_skew": skew, "winsor_kurt": kurt} | more))


def treat_by(rows: Floats, recipe: Recipe) -> Treated:
    """Treat each row of (m, units) by one recipe.

    >>> row = np.array([[1.0, 2.0, 3.0, 4.0, 10.0]])
    >>> treat_by(row, Recipe(winmax=3, force=True)).rows.tolist()
    [[2.0, 2.0, 3.0, 3.0, 3.0]]
    """
    before = skew_kurtosis(rows)
    failed = fails(before, recipe.skew, recipe.kurt)
    enough = distinct_counts(rows) > 2
    chosen = (failed | recipe.force) & enough & ~np.isnan(before[1])
    first, after, bad = _first(rows, before, chosen, recipe)
    still = chosen & fails(after, recipe.skew, recipe.kurt)
    out, last, again = first, after, np.zeros_like(still)
    if recipe.transform != "none" and still.any():
        again = still
        out, last = first.copy(), (after[0].copy(), after[1].copy())
        base = (first if recipe.combine else rows)[still]
        bad[still] |= unfit(base, recipe.transform, recipe.compat)
        out[still] = transformed(base, recipe.transform, recipe.power, recipe.compat)
        last[0][still], last[1][still] = skew_kurtosis(out[still])
    moved = (first != rows).sum(axis=-1) - np.isnan(rows).sum(axis=-1) if recipe.first == "winsorise" else 0
    counts: Ints = np.where(chosen, moved, 0)
    failing = fails(last, recipe.skew, recipe.kurt)
    return Treated(out, before, chosen, first, counts, after, again, last, failed, failed & ~enough, bad, failing)


def fails(moments: Moments, skew: float, kurt: float) -> Bools:
    """Return which rows fail the test: \\|skew\\| >= ``skew`` and kurtosis >= ``kurt``; what cannot be told passes.

    >>> fails((np.array([3.0, 3.0, np.nan]), np.array([9.0, 1.0, 9.0])), 2.0, 3.5).tolist()
    [True, False, False]
    """
    out: Bools = (np.abs(moments[0]) >= skew) & (moments[1] >= kurt)
    return out


def _first(rows: Floats, before: Moments, chosen: Bools, recipe: Recipe) -> tuple[Floats, Moments, Bools]:
    bad = np.zeros_like(chosen)
    if recipe.first == "winsorise":
        return *_winsorise(rows, before, chosen, recipe), bad
    out, after = rows.copy(), (before[0].copy(), before[1].copy())
    if recipe.first != "none" and chosen.any():
        bad[chosen] = unfit(rows[chosen], recipe.first, recipe.compat)
        out[chosen] = transformed(rows[chosen], recipe.first, recipe.power, recipe.compat)
        after[0][chosen], after[1][chosen] = skew_kurtosis(out[chosen])
    return out, after, bad


def _winsorise(rows: Floats, before: Moments, chosen: Bools, recipe: Recipe) -> tuple[Floats, Moments]:
    """Set the most extreme value of each row, with its ties, to the next one until the row passes or has had enough.

    A row is never made constant: with two different values left it stays as it is. COINr 1.1.14 goes on, stops with an
    error and hands the column back untreated; so does ``compat``, which also takes the row out of ``chosen``.
    """
    out, after = rows.copy(), (before[0].copy(), before[1].copy())

    def needs(moments: Moments) -> Bools:
        out: Bools = recipe.force | fails(moments, recipe.winsor_skew, recipe.winsor_kurt)
        return out

    active = np.flatnonzero(chosen & needs(before)) if recipe.winmax else np.arange(0)
    rounds = 0
    while active.size:
        sign = np.where(after[0][active] < 0, -1.0, 1.0)[:, None]
        part = out[active] * sign
        top = np.nanmax(part, axis=1, keepdims=True)
        second = np.max(part, axis=1, keepdims=True, initial=-np.inf, where=part < top)
        part = np.where(part == top, second, part) * sign
        out[active] = part
        moments = skew_kurtosis(part)
        after[0][active], after[1][active] = moments
        rounds += 1
        moved = ((part != rows[active]) & ~np.isnan(part)).sum(axis=1) if recipe.count == "points" else rounds
        goes_on, two_left = (moved < recipe.winmax) & needs(moments), distinct_counts(part) <= 2
        if recipe.compat == REFERENCE:
            back = active[goes_on & two_left]
            chosen[back], out[back] = False, rows[back]
            after[0][back], after[1][back] = before[0][back], before[1][back]
        active = active[goes_on & ~two_left]
    return out, after
