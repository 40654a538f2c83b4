"""What every control chart returns, and what every chart asks of its input."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.spc.rules import Mark, Rule, Signals, judge, rules_of

if TYPE_CHECKING:
    import polars as pl

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class ControlChart:
    """A chart of one characteristic, or of many at once along leading axes.

    Parameters
    ----------
    kind : what is plotted: ``"xbar"``, ``"R"``, ``"S"``, ``"I"``, ``"MR"``, ``"p"`` ...
    values : (..., m) plotted points in the order of time, NaN where a point is missing
    center, lower, upper : (..., m) or (..., 1) centre line and limits of each point
    sigma : (..., m) or (..., 1) standard deviation of a point under control, for the zones of the rules
    size : (m,) or (..., m) values or units behind each point, None where it means nothing
    process_sigma : (...) estimated standard deviation of the process, None for counts
    calibration : (m,) points that centre and limits were computed from
    conventions : every choice that changes a number, by name
    """

    kind: str
    values: Floats
    center: Floats
    lower: Floats
    upper: Floats
    sigma: Floats
    size: NDArray[Any] | None
    process_sigma: Floats | None
    calibration: Bools
    conventions: Mapping[str, object] = field(default_factory=dict)

    @property
    def z(self) -> Floats:
        """Points in sigmas from the centre line, each by its own sigma; NaN where sigma is 0 or nothing was measured."""
        with np.errstate(divide="ignore", invalid="ignore"):
            found: Floats = (self.values - self.center) / np.where(self.sigma > 0, self.sigma, np.nan)
        return found

    @property
    def beyond(self) -> Bools:
        """Points outside the limits."""
        found: Bools = (self.values > self.upper) | (self.values < self.lower)
        return found

    def signals(self, rules: str | Iterable[Rule] = "limits", *, mark: Mark = "completing") -> Signals:
        """Judge the points by rules; a rule for one point beyond the limits uses the limits of the chart themselves."""
        asked = rules_of(rules)
        found = judge(self.z, asked, mark=mark)
        flags = {r.code: self.beyond if _is_limit(r) else found.flags[r.code] for r in asked}
        return Signals(asked, flags)

    def to_frame(self) -> pl.DataFrame:
        """Return one row for each point of a single chart: value, center, lower, upper, sigma, beyond, calibration."""
        import polars as pl

        if self.values.ndim != 1:
            what, remedy = msg("This chart holds many characteristics."), msg("Take one of them first.")
            raise InputError([Problem("many_series", what, remedy, place="chart")])
        columns = {"value": self.values, "center": self.center, "lower": self.lower, "upper": self.upper}
        columns["sigma"] = self.sigma
        m = self.values.shape
        data = {name: np.broadcast_to(column, m) for name, column in columns.items()}
        frame = pl.DataFrame(data).with_row_index("point", offset=1)
        return frame.with_columns(beyond=self.beyond, calibration=np.broadcast_to(self.calibration, m))

    def __repr__(self) -> str:
        if self.values.ndim != 1:
            return f"ControlChart({self.kind}, {'x'.join(map(str, self.values.shape))} points)"
        line = f"ControlChart({self.kind}, {self.values.size} points, centre {float(self.center.ravel()[0]):.6g}"
        return f"{line}, {int(self.beyond.sum())} beyond the limits)"


def _is_limit(rule: Rule) -> bool:
    return rule.kind == "beyond" and rule.window == 1 and rule.zone == 3.0


@dataclass(frozen=True)
class Limits:
    """How limits are set: ``sigmas`` around the centre line, or, with ``confidence``, by probability.

    ``confidence`` is the probability that a point under control lies inside; it replaces ``sigmas``.
    """

    sigmas: float = 3.0
    confidence: float | None = None

    def __post_init__(self) -> None:
        if self.confidence is not None and not 0 < self.confidence < 1:
            what = msg("The confidence lies between 0 and 1, for example 0.9973.")
            raise InputError([Problem("bad_confidence", what, place="confidence")])
        if not 0 < self.sigmas < 100:
            what = msg("The number of sigmas is above 0.")
            raise InputError([Problem("bad_sigmas", what, place="sigmas")])

    @property
    def tail(self) -> float:
        """Probability on each side of probability limits."""
        return (1 - self.confidence) / 2 if self.confidence is not None else 0.0

    @property
    def width(self) -> float:
        """Multiple of sigma for a normal statistic: Φ⁻¹(1 − tail), or ``sigmas``."""
        if self.confidence is None:
            return self.sigmas
        from scipy.special import ndtri

        return float(-ndtri(self.tail))

    def words(self) -> dict[str, object]:
        """Return the convention by name."""
        if self.confidence is None:
            return {"limits": "sigmas", "sigmas": self.sigmas}
        return {"limits": "probability", "confidence": self.confidence}


def series(values: ArrayLike, place: str = "values") -> Floats:
    """Return (..., m) numbers with at least two points; infinite values are refused, NaN is a missing point."""
    found = np.asarray(values, dtype=np.float64)
    wrong = []
    if found.ndim == 0 or found.shape[-1] < 2 or found.size == 0:
        wrong.append(Problem("few_points", msg("A chart needs at least two points."), place=place))
    elif np.isinf(found).any():
        at = int(np.argwhere(np.isinf(found))[0][-1]) + 1
        what = msg("Point %(n)s is not a number.")
        wrong.append(Problem("not_finite", what, msg("Leave it empty when it is missing."), {"n": at}, place))
    if wrong:
        raise InputError(wrong)
    return found


def calibrated(m: int, calibration: ArrayLike | None) -> Bools:
    """Return which points set the limits: all of them unless said otherwise (a mask, or the positions from 0)."""
    if calibration is None:
        return np.ones(m, dtype=bool)
    given = np.asarray(calibration)
    found = np.zeros(m, dtype=bool)
    if given.dtype == bool and given.shape == (m,):
        found = given.copy()
    elif (
        given.ndim == 1
        and np.issubdtype(given.dtype, np.integer)
        and given.size
        and 0 <= given.min() <= given.max() < m
    ):
        found[given] = True
    if not found.any():
        what = msg("The calibration names no point of the series.")
        remedy = msg("Give one true or false for each of the %(m)s points, or their positions from 0.")
        raise InputError([Problem("bad_calibration", what, remedy, {"m": m}, "calibration")])
    return found
