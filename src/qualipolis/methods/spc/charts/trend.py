"""Charts around a trend, as of tool wear: limits that slope with the line, and when to renew the tool.

    xᵢ or x̄ᵢ charted at a + b tᵢ ± k σ̂/√nᵢ,

(a, b) by weighted least squares over the calibration; with tools that are renewed, t starts again with each tool, the
slope is common, and the level is common or each tool's own. σ̂ for single values is the residual standard deviation
(ν = m − coefficients) or that from moving ranges of the residuals; for subgroups it comes from within them, so that lack
of fit shows as signals. The tool is renewed, at the latest, when the line ± k σ̂ of a single value meets the specification.

Source: D. C. Montgomery (2013), *Introduction to Statistical Quality Control*, 7th ed., section 10.6 (tool wear); B. M.
Mandel (1969), "The regression control chart", Journal of Quality Technology 1, 1-9; ISO 22514-2:2017, time model C3.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.spc.charts.individuals import moving_ranges
from qualipolis.methods.spc.charts.result import Bools, ControlChart, Floats, Limits, calibrated, series
from qualipolis.methods.spc.charts.variables import Subgroups, within_sigma
from qualipolis.methods.spc.constants import d2

TrendSigma = Literal["residual", "mr"]
Level = Literal["common", "tool"]
DIFFERS = msg(
    "Minitab and qcc have no chart with sloped limits; a regression printed there gives wider limits at the ends, for new"
    " points, where these are parallel to the line."
)


@dataclass(frozen=True, eq=False, repr=False)
class TrendChart(ControlChart):
    """A chart around a line: slope for one unit of time with confidence limits and p-value, and the level of each tool."""

    time: Floats | None = None
    slope: float = float("nan")
    slope_limits: tuple[float, float] = (float("nan"), float("nan"))
    slope_p: float = float("nan")
    levels: Mapping[Any, float] = field(default_factory=dict)

    def renew_at(self, limit: float, *, sigmas: float = 3.0, tool: Any = None) -> float:
        """Return the time at which line and ``sigmas`` σ of single values reach a limit; infinite where they never do.

        Parameters
        ----------
        limit : the specification limit that the trend runs towards
        sigmas : distance kept, in standard deviations of a single value
        tool : whose level counts; the first one unless given
        """
        assert self.process_sigma is not None
        level = self.levels[tool] if tool is not None else next(iter(self.levels.values()))
        if self.slope == 0 or (limit - level) * self.slope < 0:
            return float("inf")
        room = abs(limit - level) - sigmas * float(self.process_sigma)
        return max(0.0, room / abs(self.slope))


def trend_chart(
    data: ArrayLike,
    *,
    time: ArrayLike | None = None,
    tool: Sequence[Any] | None = None,
    level: Level = "common",
    sigma: TrendSigma = "residual",
    sigmas: float = 3.0,
    confidence: float | None = None,
    calibration: ArrayLike | None = None,
) -> TrendChart:
    """Return the chart of values or subgroup means around their trend.

    Parameters
    ----------
    data : (m,) values in the order of time, or (m, n) subgroups; NaN is not measured
    time : (m,) running time, pieces made or whatever wears; 0, 1, 2 ... since the tool was renewed unless given
    tool : (m,) the tool behind each point; one unless given
    level : whether every tool starts at one common level or at its own
    sigma : for single values, from all residuals or from their moving ranges
    sigmas, confidence : width of the limits, as a multiple or as a probability
    calibration : points that line and limits come from, a mask or positions from 0

    Raises
    ------
    InputError
        Fewer than three points more than coefficients, no change in time, a tool without points to set its level.

    >>> wear = [10.0, 10.3, 10.4, 10.7, 10.8, 11.1]
    >>> chart = trend_chart(wear)
    >>> round(chart.slope, 3), int(chart.beyond.sum()), round(chart.renew_at(12.0), 1)
    (0.209, 0, 8.6)
    """
    points, size, groups = _points(data)
    used = calibrated(len(points), calibration) & ~np.isnan(points)
    names, code = _tools(tool, len(points))
    t = _times(time, code, len(points))
    _refuse(level, sigma, t, len(points))
    columns = _columns(t, code, len(names) if level == "tool" else 1)
    coefficients, cover, left = _line(points, columns, size, used)
    line = columns @ coefficients
    spread = _spread(points - line, groups, sigma, used, code, left)
    limits = Limits(sigmas, confidence)
    each = spread / np.sqrt(size)
    words: dict[str, object] = {"sigma": "rbar" if groups else sigma, "level": level, "differs": DIFFERS}
    words |= limits.words()
    starts = coefficients[1:] if level == "tool" else np.repeat(coefficients[1:], len(names))
    about, p = _slope(coefficients[0], cover, left)
    return TrendChart(
        "trend", points, line, line - limits.width * each, line + limits.width * each, each, size, np.asarray(spread),
        used, words, t, float(coefficients[0]), about, p, dict(zip(names, starts.tolist(), strict=True)),
    )  # fmt: skip


def _points(data: ArrayLike) -> tuple[Floats, Floats, Subgroups | None]:
    """Return plotted points, the values behind each, and the subgroups if there are any."""
    x = np.asarray(data, dtype=np.float64)
    if x.ndim == 2:
        groups = Subgroups(x)
        return groups.means(), np.where(groups.sizes > 0, groups.sizes, np.nan), groups
    points = series(x, "data")
    if points.ndim != 1:
        what = msg("Give single values in the order of time, or one row for each subgroup.")
        raise InputError([Problem("bad_shape", what, place="data")])
    return points, np.ones(len(points)), None


def _tools(tool: Sequence[Any] | None, m: int) -> tuple[tuple[Any, ...], np.ndarray]:
    labels = [None] * m if tool is None else list(tool)
    if len(labels) != m:
        what = msg("There are %(tools)s names of tools for %(points)s points.")
        raise InputError([Problem("tool_shape", what, "", {"tools": len(labels), "points": m}, "tool")])
    names = tuple(dict.fromkeys(labels))
    return names, np.array([names.index(label) for label in labels])


def _times(time: ArrayLike | None, code: np.ndarray, m: int) -> Floats:
    """Return the given times, or the position of each point among those of its tool."""
    if time is not None:
        return np.asarray(time, dtype=np.float64).ravel()
    found = np.empty(m)
    for number in np.unique(code):
        mine = code == number
        found[mine] = np.arange(mine.sum())
    return found


def _refuse(level: str, sigma: str, t: Floats, m: int) -> None:
    wrong = []
    for name, value, known in (("level", level, get_args(Level)), ("sigma", sigma, get_args(TrendSigma))):
        if value not in known:
            what, remedy = msg("%(name)s is not known here."), msg("Choose one of: %(known)s.")
            wrong.append(Problem("unknown_choice", what, remedy, {"name": value, "known": ", ".join(known)}, name))
    if len(t) != m or not np.isfinite(t).all():
        wrong.append(Problem("time_shape", msg("Each point has a time, and each time is a number."), place="time"))
    if wrong:
        raise InputError(wrong)


def _columns(t: Floats, code: np.ndarray, levels: int) -> Floats:
    """Return the columns of the line: time, and one level for all or one for each tool."""
    starts = np.ones((len(t), 1)) if levels == 1 else np.eye(levels)[code]
    return np.hstack([t[:, None], starts])


def _line(points: Floats, columns: Floats, size: Floats, used: Bools) -> tuple[Floats, Floats, tuple[float, int]]:
    """Return coefficients, (XᵀWX)⁻¹, and the weighted squares left with their degrees of freedom."""
    weight = np.sqrt(np.where(used, size, 0.0))[used]
    x, y = columns[used] * weight[:, None], points[used] * weight
    freedom = len(y) - x.shape[1]
    if freedom < 3 or np.linalg.matrix_rank(x) < x.shape[1]:
        what = msg("A trend needs points at different times, three more than it has levels and slope.")
        remedy = msg("Bring more points, or one level for all tools.")
        raise InputError([Problem("few_points", what, remedy, place="data")])
    inverse = np.linalg.inv(x.T @ x)
    found = np.linalg.lstsq(x, y, rcond=None)[0]
    rest = y - x @ found
    squares = float(rest @ rest)
    rounding = 1e-26 * float(y @ y)
    return np.asarray(found), np.asarray(inverse), (squares if squares > rounding else 0.0, freedom)


def _slope(slope: float, cover: Floats, left: tuple[float, int]) -> tuple[tuple[float, float], float]:
    """Return 95 % limits of the slope and the p-value that it is 0, by the scatter about the line."""
    from scipy.special import stdtr, stdtrit

    squares, freedom = left
    error = float(np.sqrt(squares / freedom * cover[0, 0]))
    half = float(stdtrit(freedom, 0.975)) * error
    p = float(2 * stdtr(freedom, -abs(slope) / error)) if error > 0 else float(slope == 0)
    return (float(slope - half), float(slope + half)), p


def _spread(
    residuals: Floats, groups: Subgroups | None, sigma: str, used: Bools, code: np.ndarray, left: tuple[float, int]
) -> float:
    if groups is not None:
        return float(within_sigma(groups, "rbar", used))
    found = float(np.sqrt(left[0] / left[1]))
    if sigma == "mr":
        parts = [residuals[used & (code == number)] for number in np.unique(code)]
        found = float(np.concatenate([moving_ranges(part)[1:] for part in parts if len(part) > 1]).mean() / d2(2))
    if not found > 0:
        what = msg("All points lie on the line: there is no spread to judge.")
        raise InputError([Problem("no_spread", what, msg("Look at the resolution of the gauge."), place="data")])
    return found
