"""Small cells of a published table withheld, and enough others that nobody computes them from the totals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qualipolis.methods.problems import Problem, msg, refuse

Counts = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Suppressed:
    """A table with its totals in the last row and column; ``shown`` tells which cells may be published.

    ``primary`` cells are too small, ``secondary`` ones are withheld to protect them. ``counts`` holds all of them and
    must not be published as it is.
    """

    counts: Counts
    primary: Mask
    secondary: Mask

    @property
    def shown(self) -> Mask:
        """Cells that may be published."""
        return ~(self.primary | self.secondary)

    def cell(self, row: int, column: int = -1) -> int | None:
        """Return a cell, or None when it is withheld; the last row and the last column are totals."""
        return int(self.counts[row, column]) if self.shown[row, column] else None


def suppress(counts: ArrayLike, minimum: int) -> Suppressed:
    """Return which cells of a one- or two-way table of counts are withheld.

    Primary: counts from 1 to ``minimum - 1`` (nobody is behind a 0). Secondary: while a line of the table with its
    total has exactly one withheld cell, that cell equals the total less the others; the smallest other cell above 0 of
    the line is withheld too (a 0 where there is none above). This protects from differences along lines, the attack that
    readers make; the width of the interval that all lines together leave is not bounded.

    Parameters
    ----------
    counts : (r,) or (r, c) whole numbers from 0 on, without totals; a one-way table becomes one column
    minimum : smallest count of a cell that may be shown, 1 or more

    Raises
    ------
    InputError
        A count is negative or no whole number, the table is empty, or ``minimum`` is below 1.

    Source: Hundepool and others, Statistical Disclosure Control (2012), chapter 4.

    >>> told = suppress([40, 2, 9], 3)
    >>> [told.cell(row) for row in range(4)]
    [40, None, None, 51]
    """
    table = _checked(counts, minimum)
    full = _with_totals(table)
    primary = (full > 0) & (full < minimum)
    hidden = primary.copy()
    for _round in range(full.size + 1):
        alone = _first_alone(hidden)
        if alone is None:
            break
        hidden[_partner(full, hidden, *alone)] = True
    return Suppressed(full, primary, hidden & ~primary)


def _checked(counts: ArrayLike, minimum: int) -> Counts:
    given = np.asarray(counts, dtype=np.float64)
    whole = given.size > 0 and given.ndim in (1, 2) and bool(np.isfinite(given).all())
    fits = whole and bool((given >= 0).all()) and bool((given == np.round(given)).all())
    refuse(
        [
            None if fits else Problem("bad_counts", msg("The table must hold whole numbers from 0 on.")),
            None if minimum >= 1 else Problem("bad_minimum", msg("The smallest count shown is 1 or more.")),
        ]
    )
    table = given.astype(np.int64)
    return table[:, None] if table.ndim == 1 else table


def _with_totals(table: Counts) -> Counts:
    """Return the table with its totals; a single column is its own total and gets none beside it."""
    rows = np.vstack([table, table.sum(axis=0)])
    return rows if table.shape[1] == 1 else np.hstack([rows, rows.sum(axis=1, keepdims=True)])


def _first_alone(hidden: Mask) -> tuple[int, int, int] | None:
    """Return axis, line and place of the first cell that is withheld alone in its line."""
    for axis in (0, 1):
        if hidden.shape[axis] == 1:
            continue
        alone = np.flatnonzero(hidden.sum(axis=axis) == 1)
        if len(alone):
            line = int(alone[0])
            cells = hidden[:, line] if axis == 0 else hidden[line]
            return axis, line, int(np.flatnonzero(cells)[0])
    return None


def _partner(full: Counts, hidden: Mask, axis: int, line: int, place: int) -> tuple[int, int]:
    """Return the cell of the line to withhold as well: the smallest above 0, inner cells before totals."""
    cells = full[:, line] if axis == 0 else full[line]
    order = sorted(
        (one for one in range(len(cells)) if one != place),
        key=lambda one: (cells[one] == 0, one == len(cells) - 1, cells[one], one),
    )
    return (order[0], line) if axis == 0 else (line, order[0])
