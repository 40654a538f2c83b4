"""Does a gauge read right over its whole range: bias at each master, and how it changes with size.

bias_i = x_i − reference; bias at each master by a t test with its own scatter, or with the scatter of all masters together
(AIAG), and so the mean bias of all. Over all masters, bias = a + b·reference by least squares: linearity = |b|·6σ_process, given in per cent of the
process variation. The joint F test asks whether a = b = 0, which is what "no bias and no linearity" means.

Source: AIAG (2010), *Measurement Systems Analysis*, 4th ed., section III-B.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.problems import Problem, msg, refuse
from qualipolis.methods.spc.charts.result import Floats
from qualipolis.methods.spc.comparison.result import Comparison, confidence_problems, sample_problems
from qualipolis.methods.spc.comparison.two import t_test


@dataclass(frozen=True)
class MasterBias:
    """Bias at one master: its value, the mean read there, the t test of the bias, and its share of the process variation.

    ``bias`` is None where every reading is the same, so that its own scatter tells nothing.
    """

    reference: float
    mean: float
    value: float
    n: int
    bias: Comparison | None
    percent: float | None


@dataclass(frozen=True)
class Linearity:
    """The study: bias at each master, the mean bias, intercept and slope, linearity, and the joint test of no bias.

    ``linearity`` and the percentages are None unless the process variation was given; ``residual`` is the standard
    deviation about the line.
    """

    masters: tuple[MasterBias, ...]
    mean_bias: Comparison
    intercept: Comparison
    slope: Comparison
    residual: float
    r_squared: float
    linearity: float | None
    percent_linearity: float | None
    percent_bias: float | None
    joint_f: float
    joint_p: float
    conventions: Mapping[str, object]

    def bias_at(self, reference: float) -> float:
        """Return the fitted bias at a value."""
        assert self.intercept.effect is not None
        assert self.slope.effect is not None
        return self.intercept.effect.value + self.slope.effect.value * reference


def linearity_study(
    values: ArrayLike,
    references: ArrayLike,
    *,
    process_variation: float | None = None,
    pooled: bool = False,
    confidence: float = 0.95,
) -> Linearity:
    """Return bias and linearity over masters.

    Parameters
    ----------
    values, references : (n,) readings and the value of the master of each; a row with NaN is left out
    process_variation : width of the process (6 σ), for the percentages
    pooled : test the bias at each master with the scatter of all masters together, as AIAG's worked example does

    >>> found = linearity_study([2.1, 2.2, 4.0, 4.1, 5.9, 6.0], [2, 2, 4, 4, 6, 6], process_variation=6)
    >>> print(found.slope.effect, round(found.percent_linearity, 2))
    -0.05 [-0.09251, -0.007495] 5.0
    """
    from scipy.special import fdtrc

    y, x = (np.asarray(v, dtype=np.float64).ravel() for v in (values, references))
    wrong = confidence_problems(confidence)
    if process_variation is not None and not process_variation > 0:
        wrong.append(Problem("not_positive", msg("This is a number above 0."), place="process_variation"))
    if len(x) != len(y):
        wrong.append(Problem("columns", msg("Values and masters are columns of the same length."), place="references"))
    refuse(wrong)
    kept = ~(np.isnan(x) | np.isnan(y))
    x, bias = x[kept], y[kept] - x[kept]
    _refuse(x, bias)
    n, levels = len(x), np.unique(x)
    slope, centre = float((x - x.mean()) @ bias / ((x - x.mean()) @ (x - x.mean()))), float(x.mean())
    intercept = float(bias.mean()) - slope * centre
    left = float(np.sum((bias - intercept - slope * x) ** 2))
    residual, width = sqrt(left / (n - 2)), float(np.sum((x - centre) ** 2))
    f = (float(bias @ bias) - left) / 2 / residual**2 if left > 0 else float("inf")
    error = residual * sqrt(1 / n + centre**2 / width)
    whole = float(np.sum((bias - bias.mean()) ** 2))
    percent = None if process_variation is None else 100 / process_variation
    squares, freedom = _within(x, bias)
    spread = sqrt(squares / freedom) if freedom and squares > 0 else float(bias.std(ddof=1))
    mean = t_test("t", float(bias.mean()), spread / sqrt(n), freedom or n - 1, (n,), confidence)
    return Linearity(
        tuple(_master(x, bias, float(v), pooled, percent, confidence) for v in levels), mean,
        t_test("t", intercept, error, n - 2, (n,), confidence),
        t_test("t", slope, residual / sqrt(width), n - 2, (n,), confidence),
        residual, 1 - left / whole, None if process_variation is None else abs(slope) * process_variation,
        None if percent is None else 100 * abs(slope), None if percent is None else percent * abs(float(bias.mean())),
        f, float(fdtrc(2, n - 2, f)), {"pooled": pooled, "confidence": confidence},
    )  # fmt: skip


def _refuse(x: Floats, bias: Floats) -> None:
    wrong = sample_problems(bias, "values", 4, True)
    if not wrong and len(np.unique(x)) < 2:
        what = msg("Linearity needs at least two masters of different value; five are usual.")
        wrong.append(Problem("few_masters", what, place="references"))
    refuse(wrong)


def _within(x: Floats, bias: Floats) -> tuple[float, int]:
    """Return the sum of squares within masters and its degrees of freedom."""
    levels, code = np.unique(x, return_inverse=True)
    apart = bias - (np.bincount(code, weights=bias) / np.bincount(code))[code]
    return float(apart @ apart), len(x) - len(levels)


def _master(
    x: Floats, bias: Floats, value: float, pooled: bool, percent: float | None, confidence: float
) -> MasterBias:
    own = bias[x == value]
    n, mean = len(own), float(own.mean())
    squares, freedom = float(np.sum((own - mean) ** 2)), n - 1
    if pooled:
        squares, freedom = _within(x, bias)
    test = None
    if freedom > 0 and squares > 0:
        test = t_test("t", mean, sqrt(squares / freedom / n), freedom, (n,), confidence)
    return MasterBias(value, value + mean, mean, n, test, None if percent is None else percent * abs(mean))
