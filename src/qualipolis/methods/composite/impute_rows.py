"""Fill a cell from the unit's own other indicators, on a common scale and back (Handbook step 3)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.composite.data import Floats
from qualipolis.methods.composite.framework import Framework, Node
from qualipolis.methods.composite.impute_model import medians, moments_of

Columns = NDArray[np.intp]


def families(framework: Framework, level: int | None) -> list[Columns]:
    """Return the columns of the indicators that stand below the same node of a level; all together without one.

    An indicator whose branch skips the level belongs to the first node above it.

    >>> fw = Framework((Node("a", parent="X"), Node("b", parent="X"), Node("X", level=2, kind="aggregate")))
    >>> [part.tolist() for part in families(fw, 2)]
    [[0, 1]]
    """
    if level is None:
        return [np.arange(len(framework.indicators))]
    found: dict[str, list[int]] = {}
    for position, code in enumerate(framework.indicators):
        node = framework.node(code)
        while node.level < level and node.parent is not None:
            node = framework.node(node.parent)
        found.setdefault(node.code, []).append(position)
    return [np.array(columns) for columns in found.values()]


def predictive_rows(
    values: Floats, together: list[Columns], nodes: list[Node] | None, median: bool = False
) -> tuple[Floats, Floats]:
    r"""Return (units, columns) with each gap filled from its row, and the predictive standard deviation of each cell.

    With ``nodes``, columns first become shares :math:`(dx - \min)/(\max - \min)`, d the direction; the mean or median of
    the row's shares inside its family is turned back. Without, the cells themselves are averaged. The standard deviation
    is that of a column's observed shares around the mean of the row's other shares, :math:`\sqrt{\sum e^2/n}`: how far
    off the method is where the truth is known. A column with one value takes that value.

    >>> two = [Node("a"), Node("b", direction=-1)]
    >>> filled, sd = predictive_rows(np.array([[0.0, 8.0], [10.0, 4.0], [2.5, np.nan]]), [np.array([0, 1])], two)
    >>> filled[2].tolist()
    [2.5, 7.0]
    """
    missing = np.isnan(values)
    low, width = np.zeros(values.shape[1]), np.ones(values.shape[1])
    sign, shares = np.ones(values.shape[1]), values
    if nodes is not None:
        sign = np.array([float(node.direction or 1) for node in nodes])
        shares = values * sign
        for position, node in enumerate(nodes):
            if node.direction == 0:
                shares[:, position] = _outside(node, values[:, position])
        low, high = np.fmin.reduce(shares, axis=0), np.fmax.reduce(shares, axis=0)
        width = high - low
        with np.errstate(invalid="ignore", divide="ignore"):
            shares = np.where(width > 0, (shares - low) / width, np.nan)
    centre, error = _shares(shares, together, median)
    back = np.where(width > 0, centre * width, np.where(np.isnan(centre), np.nan, 0.0)) + low
    return np.where(missing, back * sign, values), np.where(missing, _cells(error * width, missing, centre), 0.0)


def _shares(shares: Floats, together: list[Columns], median: bool) -> tuple[Floats, Floats]:
    """Return the centre of each row inside each family, (units, columns), and each column's error by its row."""
    centre, error = np.full(shares.shape, np.nan), np.full(shares.shape[1], np.nan)
    for columns in together:
        part = shares[:, columns]
        n, mean, _ = moments_of(part.T)
        centre[:, columns] = (medians(part.T) if median else mean)[:, None]
        with np.errstate(invalid="ignore", divide="ignore"):
            others = (np.nan_to_num(n * mean)[:, None] - part) / np.where(n > 1, n - 1, np.nan)[:, None]
            left = part - others
            counts = (~np.isnan(left)).sum(axis=0)
            error[columns] = np.sqrt(np.nansum(left**2, axis=0) / np.where(counts > 1, counts, np.nan))
    return centre, error


def _outside(node: Node, column: Floats) -> Floats:
    assert node.target_low is not None
    assert node.target_high is not None
    return -np.maximum(np.maximum(node.target_low - column, column - node.target_high), 0.0)


def _cells(error: Floats, missing: NDArray[Any], centre: Floats) -> Floats:
    """Return each column's error in its missing cells that could be filled."""
    return np.where(missing & ~np.isnan(centre), error, np.nan)
