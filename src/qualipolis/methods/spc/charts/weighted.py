"""Charts that remember: the exponentially weighted moving average and the cumulative sum, for small shifts.

EWMA: zᵢ = λ xᵢ + (1 − λ) zᵢ₋₁, z₀ = CL, with limits CL ± k σ̂ √(λ/(2−λ) (1 − (1−λ)²ⁱ)/n).
CUSUM, in sigmas of the plotted mean, with reference value K and decision interval H:

    C⁺ᵢ = max(0, C⁺ᵢ₋₁ + zᵢ − K)        C⁻ᵢ = max(0, C⁻ᵢ₋₁ − zᵢ − K),        signal above H,

both started at a head start (fast initial response) or at 0. A missing point leaves the sums as they were.

Source: S. W. Roberts (1959), Technometrics 1, 239-250; E. S. Page (1954), Biometrika 41, 100-115; J. M. Lucas and
R. B. Crosier (1982), "Fast initial response for CUSUM quality-control schemes", Technometrics 24, 199-205.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.spc.charts.individuals import individuals_chart
from qualipolis.methods.spc.charts.result import Bools, ControlChart, Floats, series
from qualipolis.methods.spc.charts.variables import xbar_chart

if TYPE_CHECKING:
    import polars as pl


def _base(data: ArrayLike, *, subgroups: bool, **known: object) -> ControlChart:
    """Return the Shewhart chart whose points are accumulated."""
    kept = {name: value for name, value in known.items() if value is not None}
    return (xbar_chart if subgroups else individuals_chart)(data, **kept)  # type: ignore[arg-type]


def ewma_chart(
    data: ArrayLike,
    *,
    weight: float = 0.2,
    sigmas: float = 3.0,
    steady: bool = False,
    subgroups: bool = False,
    sigma: str | None = None,
    center: ArrayLike | None = None,
    std: ArrayLike | None = None,
    calibration: ArrayLike | None = None,
) -> ControlChart:
    """Return the chart of the exponentially weighted moving average.

    Parameters
    ----------
    data : (..., m) individual values, or (..., m, n) with ``subgroups``
    weight : λ, the weight of the newest point
    sigmas : width of the limits; 2.7 to 3 for usual λ
    steady : use the limits of the steady state from the first point on
    sigma, center, std, calibration : as for :func:`individuals_chart` or :func:`xbar_chart`

    >>> chart = ewma_chart([1.0, 2.0, 3.0], weight=0.5, center=2.0, std=1.0)
    >>> chart.values.tolist()
    [1.5, 1.75, 2.375]
    """
    if not 0 < weight <= 1:
        raise InputError([Problem("bad_weight", msg("The weight lies above 0 and at most at 1."), place="weight")])
    base = _base(data, subgroups=subgroups, sigma=sigma, center=center, std=std, calibration=calibration)
    x, line, each = base.values, base.center, base.sigma
    found = _smoothed(x, line[..., 0], weight)
    power = np.arange(1, x.shape[-1] + 1)
    growth = 1.0 if steady else 1 - (1 - weight) ** (2 * power)
    spread = each * np.sqrt(weight / (2 - weight) * growth)
    words = dict(base.conventions) | {"weight": weight, "sigmas": sigmas, "steady": steady}
    low, high = line - sigmas * spread, line + sigmas * spread
    return ControlChart("EWMA", found, line, low, high, spread, base.size, base.process_sigma, base.calibration, words)


def _smoothed(x: Floats, start: Floats, weight: float) -> Floats:
    from scipy.signal import lfilter

    if not np.isnan(x.sum()):
        state = np.broadcast_to(np.asarray((1 - weight) * start)[..., None], (*x.shape[:-1], 1))
        found, _rest = lfilter([weight], [1.0, weight - 1], x, axis=-1, zi=state)
        return np.asarray(found)
    found, last = np.empty(x.shape), np.asarray(start, dtype=np.float64)
    for i in range(x.shape[-1]):
        at = x[..., i]
        last = np.where(np.isnan(at), last, weight * at + (1 - weight) * last)
        found[..., i] = last
    return found


@dataclass(frozen=True, eq=False)
class CusumChart:
    """Upper and lower cumulative sums in sigmas of the plotted point, (..., m), the limit H and what signals.

    ``since`` counts the points since each sum was last 0: the shift is thought to have begun there.
    """

    upper: Floats
    lower: Floats
    reference: float
    decision: float
    since_upper: np.ndarray
    since_lower: np.ndarray
    base: ControlChart

    @property
    def beyond(self) -> Bools:
        """Points at which a sum is above the decision interval."""
        found: Bools = (self.upper > self.decision) | (self.lower > self.decision)
        return found

    def to_frame(self) -> pl.DataFrame:
        """Return one row for each point of a single chart: upper, lower, since_upper, since_lower, beyond."""
        import polars as pl

        parts = {"upper": self.upper, "lower": self.lower, "since_upper": self.since_upper}
        parts |= {"since_lower": self.since_lower, "beyond": self.beyond}
        return pl.DataFrame(parts).with_row_index("point", offset=1)


def cusum_chart(
    data: ArrayLike,
    *,
    reference: float = 0.5,
    decision: float = 5.0,
    head_start: float = 0.0,
    subgroups: bool = False,
    sigma: str | None = None,
    center: ArrayLike | None = None,
    std: ArrayLike | None = None,
    calibration: ArrayLike | None = None,
) -> CusumChart:
    """Return the two-sided cumulative sum chart.

    Parameters
    ----------
    data : (..., m) individual values, or (..., m, n) with ``subgroups``
    reference : K, half the shift to be found quickly, in sigmas of the plotted point
    decision : H, the sum that signals
    head_start : value both sums start from; H/2 is usual for a fast initial response
    sigma, center, std, calibration : as for :func:`individuals_chart` or :func:`xbar_chart`

    >>> chart = cusum_chart([1.0, 2.0, 3.0], center=0.0, std=1.0, decision=4)
    >>> chart.upper.tolist(), chart.beyond.tolist()
    ([0.5, 2.0, 4.5], [False, False, True])
    """
    if reference < 0 or decision <= 0 or not 0 <= head_start < decision:
        what = msg("Reference and head start are not below 0, and the decision interval is above them.")
        raise InputError([Problem("bad_cusum", what, place="decision")])
    base = _base(data, subgroups=subgroups, sigma=sigma, center=center, std=std, calibration=calibration)
    z = series(base.z)
    (up, since_up), (down, since_down) = (_sums(sign * z, reference, head_start) for sign in (1, -1))
    return CusumChart(up, down, reference, decision, since_up, since_down, base)


def _sums(z: Floats, reference: float, head_start: float) -> tuple[Floats, np.ndarray]:
    """Return max(0, previous + z − K) and how many points ago it was 0, for whole series at once.

    Without a head start the sum is S − min(S before), S the running sum of z − K; a head start h is a first step of h.
    """
    steps = np.where(np.isnan(z), 0.0, z - reference)
    total = np.cumsum(steps, axis=-1) + head_start
    lowest = np.minimum(np.minimum.accumulate(total, axis=-1), 0.0)
    found = total - lowest
    position = np.arange(1, z.shape[-1] + 1)
    last_zero = np.maximum.accumulate(np.where(found <= 0, position, 0), axis=-1)
    return found, position - last_zero
