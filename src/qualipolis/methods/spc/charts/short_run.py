"""Charts of short runs: many parts, few values of each, one chart for all.

Deviations from nominal (DNOM), for parts that scatter alike: d = x − nominal of the part, charted as values or means,

    d̄ ± k σ̂/√n.

Standardised, for parts that do not: Z = (x − x̄_part)/σ̂_part (times √n for a mean), charted at 0 ± k, with the moving
range |Zᵢ − Zᵢ₋₁| at d2 ± k d3. σ̂ comes from moving ranges of values of the same part, in its own order:

    "part"      each part its own;
    "pooled"    one σ for all, which makes it a DNOM chart in units of σ;
    "relative"  σ grows with the value: logarithms are charted, with one σ for all.

Source: D. C. Montgomery (2013), *Introduction to Statistical Quality Control*, 7th ed., section 10.1; D. R. Bothe (1989),
"A powerful new control chart for job shops", ASQC Quality Congress Transactions; N. R. Farnum (1992), "Control charts
for short runs: nonconstant process and measurement error", Journal of Quality Technology 24, 138-144.
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
from qualipolis.methods.spc.charts.variables import Subgroups, range_chart, within_sigma
from qualipolis.methods.spc.constants import d2, d3, range_quantile

PartSigma = Literal["part", "pooled", "relative"]


@dataclass(frozen=True)
class PartEstimate:
    """What a part is held against: ``center`` and ``sigma`` of a single value, from ``points`` of the calibration."""

    center: float
    sigma: float
    points: int


@dataclass(frozen=True, eq=False, repr=False)
class ShortRunChart(ControlChart):
    """A chart over several parts: the part behind each point, and what each part is held against."""

    parts: tuple[Any, ...] = ()
    estimates: Mapping[Any, PartEstimate] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class _Runs:
    """Checked input: values (m, n) or (m,), the plotted value of each point, part codes and names."""

    x: Floats
    plotted: Floats
    sizes: Floats
    code: np.ndarray
    names: tuple[Any, ...]
    used: Bools

    def of(self, number: int) -> Bools:
        """Points of the calibration made from a part and measured."""
        found: Bools = (self.code == number) & self.used & ~np.isnan(self.plotted)
        return found


def _runs(data: ArrayLike, part: Sequence[Any], calibration: ArrayLike | None) -> _Runs:
    x = np.asarray(data, dtype=np.float64)
    grouped = x.ndim == 2
    groups = Subgroups(x) if grouped else None
    plotted = groups.means() if groups else series(x)
    labels = list(part)
    wrong = []
    if plotted.ndim != 1:
        wrong.append(
            Problem("bad_shape", msg("Give single values in the order of time, or one row for each subgroup."))
        )
    elif len(labels) != len(plotted):
        what = msg("There are %(parts)s names of parts for %(points)s points.")
        wrong.append(Problem("part_shape", what, "", {"parts": len(labels), "points": len(plotted)}, "part"))
    if wrong:
        raise InputError(wrong)
    names = tuple(dict.fromkeys(labels))
    code = np.array([names.index(label) for label in labels])
    sizes = groups.sizes.astype(np.float64) if groups else np.ones(len(plotted))
    return _Runs(x, plotted, sizes, code, names, calibrated(len(plotted), calibration))


def nominal_chart(
    data: ArrayLike,
    part: Sequence[Any],
    nominal: Mapping[Any, float],
    *,
    center: float | None = None,
    std: float | None = None,
    sigmas: float = 3.0,
    confidence: float | None = None,
    calibration: ArrayLike | None = None,
) -> ShortRunChart:
    """Return the chart of deviations from nominal (DNOM): right where all parts scatter alike.

    Parameters
    ----------
    data : (m,) values in the order of time, or (m, n) subgroups of one part each; NaN is not measured
    part : m names, the part behind each point
    nominal : nominal value of each part; a part's own long-run mean may stand for it where a bias is known and accepted
    center, std : known mean deviation and standard deviation (a frozen phase); estimated unless given
    sigmas, confidence : width of the limits, as a multiple or as a probability
    calibration : points that estimates come from, a mask or positions from 0

    Raises
    ------
    InputError
        A part without nominal value, names that do not match the points, no part with two values.

    >>> chart = nominal_chart([10.1, 9.9, 20.2, 20.0], ["a", "a", "b", "b"], {"a": 10, "b": 20})
    >>> [round(float(v), 4) for v in (chart.values[2], chart.center[0], chart.upper[0])]
    [0.2, 0.05, 0.5817]
    """
    runs = _runs(data, part, calibration)
    if missing := [name for name in runs.names if not np.isfinite(nominal.get(name, np.nan))]:
        what = msg("Part %(part)s has no nominal value.")
        raise InputError([Problem("no_nominal", what, "", {"part": name}, "nominal") for name in missing])
    target = np.array([float(nominal[name]) for name in runs.names])[runs.code]
    away = _Runs(
        runs.x - (target[:, None] if runs.x.ndim == 2 else target), runs.plotted - target, runs.sizes, runs.code,
        runs.names, runs.used,
    )  # fmt: skip
    spread = float(std) if std is not None else _pooled(away)
    weight = np.where(runs.used & ~np.isnan(away.plotted), away.sizes, 0.0)
    middle = float(np.nansum(away.plotted * weight) / weight.sum()) if center is None else float(center)
    limits = Limits(sigmas, confidence)
    each = spread / np.sqrt(np.where(away.sizes > 0, away.sizes, np.nan))
    line = np.array([middle])
    words: dict[str, object] = {"sigma": "given" if std is not None else "pooled", "ranges": "same part"}
    words |= {"center": "given" if center is not None else "mean", "differs": DIFFERS} | limits.words()
    return ShortRunChart(
        "DNOM", away.plotted, line, line - limits.width * each, line + limits.width * each, each, away.sizes,
        np.asarray(spread), runs.used, words, tuple(part), _estimates(away, spread),
    )  # fmt: skip


DIFFERS = msg(
    "Moving ranges are taken between values of the same part; Minitab does so by parts, printed examples often take them"
    " across changes of part too, which widens the limits where parts sit differently."
)


def _estimates(runs: _Runs, spread: float) -> dict[Any, PartEstimate]:
    found = {}
    for number, name in enumerate(runs.names):
        mine = runs.plotted[runs.of(number)]
        found[name] = PartEstimate(float(mine.mean()) if len(mine) else float("nan"), spread, len(mine))
    return found


def _ranges(runs: _Runs, number: int, values: Floats) -> Floats:
    """Return moving ranges of two of one part, in its own order."""
    mine = values[runs.of(number)]
    return moving_ranges(mine)[1:] if len(mine) > 1 else np.zeros(0)


def _pooled(runs: _Runs, values: Floats | None = None) -> float:
    """Return one σ for all parts, from ranges within subgroups or moving ranges within parts."""
    if runs.x.ndim == 2:
        return float(within_sigma(Subgroups(runs.x), "rbar", runs.used))
    shown = runs.plotted if values is None else values
    ranges = np.concatenate([_ranges(runs, number, shown) for number in range(len(runs.names))])
    if not len(ranges) or not ranges.any():
        what = msg("No part has two different values that set the limits: there is no spread to judge.")
        raise InputError([Problem("no_spread", what, place="data")])
    return float(ranges.mean() / d2(2))


def standardised_chart(
    data: ArrayLike,
    part: Sequence[Any],
    *,
    sigma: PartSigma = "part",
    center: Mapping[Any, float] | None = None,
    std: Mapping[Any, float] | None = None,
    sigmas: float = 3.0,
    confidence: float | None = None,
    calibration: ArrayLike | None = None,
) -> ShortRunChart:
    """Return the chart of standardised values (Z), in standard deviations of the part of each point.

    Parameters
    ----------
    data : (m,) values in the order of time, or (m, n) subgroups of one part each; NaN is not measured
    part : m names, the part behind each point
    sigma : how σ of a part is estimated: ``"part"``, ``"pooled"`` or ``"relative"`` (single values above 0 only)
    center, std : known mean and standard deviation of each part (of logarithms with ``"relative"``); they replace
        estimates part by part, so that a new part can be charted from its first value
    sigmas, confidence, calibration : as for :func:`nominal_chart`

    Raises
    ------
    InputError
        A part with fewer than two values and nothing known, values not above 0 with ``"relative"``.

    >>> chart = standardised_chart([10, 12, 10, 100, 120, 100], list("aaabbb"))
    >>> [round(float(z), 4) for z in chart.values]
    [-0.3761, 0.7523, -0.3761, -0.3761, 0.7523, -0.3761]
    """
    runs, found = _standard(data, part, sigma, center or {}, std or {}, calibration)
    scale = np.array([found[name].sigma for name in runs.names])[runs.code]
    middle = np.array([found[name].center for name in runs.names])[runs.code]
    shown = np.log(runs.plotted) if sigma == "relative" else runs.plotted
    limits = Limits(sigmas, confidence)
    return ShortRunChart(
        "Z", (shown - middle) / scale * np.sqrt(runs.sizes), np.zeros(1), np.full(1, -limits.width),
        np.full(1, limits.width), np.ones(1), runs.sizes, np.ones(()), runs.used,
        _words(sigma, center, std) | limits.words(), tuple(part), found,
    )  # fmt: skip


def _words(sigma: str, center: object, std: object) -> dict[str, object]:
    return {
        "sigma": "given" if std else sigma,
        "center": "given" if center else "mean of the part",
        "ranges": "same part",
        "differs": DIFFERS,
    }


def standardised_range_chart(
    data: ArrayLike,
    part: Sequence[Any],
    *,
    sigma: PartSigma = "part",
    center: Mapping[Any, float] | None = None,
    std: Mapping[Any, float] | None = None,
    sigmas: float = 3.0,
    confidence: float | None = None,
    calibration: ArrayLike | None = None,
) -> ShortRunChart:
    """Return the chart that goes with :func:`standardised_chart`: moving ranges of Z, or ranges R/σ of subgroups.

    >>> chart = standardised_range_chart([10, 12, 10, 100, 120, 100], list("aaabbb"))
    >>> round(float(chart.upper[0]), 4), round(float(chart.values[1]), 4)
    (3.6859, 1.1284)
    """
    runs, found = _standard(data, part, sigma, center or {}, std or {}, calibration)
    scale = np.array([found[name].sigma for name in runs.names])[runs.code]
    words = _words(sigma, center, std) | Limits(sigmas, confidence).words()
    if runs.x.ndim == 2:
        made = range_chart(runs.x / scale[:, None], std=1.0, sigmas=sigmas, confidence=confidence)
        return ShortRunChart(
            "R/σ", made.values, made.center, made.lower, made.upper, made.sigma, made.size, np.ones(()), runs.used,
            words, tuple(part), found,
        )  # fmt: skip
    z = standardised_chart(data, part, sigma=sigma, center=center, std=std, calibration=calibration).values
    limits = Limits(sigmas, confidence)
    lower, upper = max(0.0, d2(2) - sigmas * d3(2)), d2(2) + sigmas * d3(2)
    if confidence is not None:
        lower, upper = (range_quantile(p, 2) for p in (limits.tail, 1 - limits.tail))
    return ShortRunChart(
        "MR of Z", moving_ranges(z), np.full(1, d2(2)), np.full(1, lower), np.full(1, upper), np.full(1, d3(2)), None,
        np.ones(()), runs.used, words, tuple(part), found,
    )  # fmt: skip


def _standard(
    data: ArrayLike,
    part: Sequence[Any],
    sigma: PartSigma,
    center: Mapping[Any, float],
    std: Mapping[Any, float],
    calibration: ArrayLike | None,
) -> tuple[_Runs, dict[Any, PartEstimate]]:
    runs = _runs(data, part, calibration)
    wrong = _standard_problems(runs, sigma, std)
    if wrong:
        raise InputError(wrong)
    shown = np.log(runs.plotted) if sigma == "relative" else runs.plotted
    shared = _pooled(runs, shown) if sigma != "part" and not set(runs.names) <= set(std) else None
    found, few = {}, []
    for number, name in enumerate(runs.names):
        mine, weight = shown[runs.of(number)], runs.sizes[runs.of(number)]
        middle = float(center[name]) if name in center else float(mine @ weight / weight.sum()) if len(mine) else np.nan
        spread = float(std[name]) if name in std else _own(runs, number, shown) if shared is None else shared
        if not (np.isfinite(middle) and spread > 0):
            what = msg("Part %(part)s has too few different values that set the limits, and nothing is known of it.")
            remedy = msg("Give its mean and standard deviation, or pool the spread of all parts.")
            few.append(Problem("few_of_part", what, remedy, {"part": name}, "part"))
        found[name] = PartEstimate(middle, spread, len(mine))
    if few:
        raise InputError(few)
    return runs, found


def _standard_problems(runs: _Runs, sigma: str, std: Mapping[Any, float]) -> list[Problem]:
    wrong = []
    if sigma not in get_args(PartSigma):
        what, remedy = msg("There is no estimate of sigma called %(name)s."), msg("Choose one of: %(known)s.")
        params = {"name": sigma, "known": ", ".join(get_args(PartSigma))}
        wrong.append(Problem("unknown_sigma", what, remedy, params, "sigma"))
    if not all(value > 0 for value in std.values()):
        wrong.append(Problem("bad_std", msg("The standard deviation is above 0."), place="std"))
    if sigma == "relative" and (runs.x.ndim == 2 or np.nanmin(runs.x) <= 0):
        what = msg("A spread that grows with the value needs single values above 0.")
        wrong.append(Problem("not_positive", what, place="data"))
    return wrong


def _own(runs: _Runs, number: int, values: Floats) -> float:
    """Return σ of one part; NaN where it has no two values."""
    if runs.x.ndim == 2:
        mine = runs.of(number) & (runs.sizes >= 2)
        return float(within_sigma(Subgroups(runs.x), "rbar", mine)) if mine.any() else float("nan")
    ranges = _ranges(runs, number, values)
    return float(ranges.mean() / d2(2)) if len(ranges) else float("nan")
