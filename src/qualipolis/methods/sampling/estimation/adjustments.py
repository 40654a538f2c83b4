"""What a calibration leaves of a variable: residuals, as the variance after calibration needs them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.sampling.estimation.codes import Floats


class Adjustment(Protocol):
    """A calibration knows which part of a score it has made certain."""

    def residuals(self, scores: Floats) -> Floats:
        """Return weighted ``scores`` (rows, k) less what the calibration knows of them."""


@dataclass(frozen=True)
class Regression:
    """Scores less their weighted regression on the calibration variables (Deville and Särndal 1992).

    Parameters
    ----------
    basis : (rows, r) orthonormal columns of sqrt(weights before) times the calibration variables
    factor : (rows,) g sqrt(weights before), g the ratio of new to old weights; 0 where the new weight is 0
    """

    basis: Floats
    factor: Floats

    def residuals(self, scores: Floats) -> Floats:
        safe = np.where(self.factor == 0, 1.0, self.factor)[:, None]
        scaled = scores / safe
        return np.asarray((scaled - self.basis @ (self.basis.T @ scaled)) * self.factor[:, None])


@dataclass(frozen=True)
class Cellwise:
    """Scores less their mean by cell, weighted as before the adjustment: poststratification.

    Parameters
    ----------
    cell : (rows,) code of the cell
    before, after : (rows,) weights
    """

    cell: NDArray[np.intp]
    before: Floats
    after: Floats

    def residuals(self, scores: Floats) -> Floats:
        safe = np.where(self.after == 0, 1.0, self.after)
        size = int(self.cell.max()) + 1
        whole = np.bincount(self.cell, self.before, size)
        out = np.empty_like(scores)
        for k, column in enumerate(scores.T):
            mean = np.bincount(self.cell, column * self.before / safe, size) / np.where(whole == 0, 1.0, whole)
            out[:, k] = column - mean[self.cell] * self.after
        return out


@dataclass(frozen=True)
class Margins:
    """Scores less their means over every margin in turn, until nothing changes: raking.

    Parameters
    ----------
    margins : one (rows,) code array for each margin
    weights : (rows,) weights after raking, or one array after each margin's own step
    rounds : how often all margins are swept
    """

    margins: tuple[NDArray[np.intp], ...]
    weights: tuple[Floats, ...]
    rounds: int = 10

    def residuals(self, scores: Floats) -> Floats:
        out = scores.copy()
        for _ in range(self.rounds):
            for margin, weights in zip(self.margins, self.weights, strict=True):
                safe = np.where(weights == 0, 1.0, weights)
                count = np.bincount(margin)
                for k in range(out.shape[1]):
                    mean = np.bincount(margin, out[:, k] / safe) / np.maximum(count, 1)
                    out[:, k] -= weights * mean[margin]
        return out
