"""Capability of counted data: share defective, defects per unit, per million, and as Z, with exact limits.

Defective units: p̂ = d/n with the limits of Clopper and Pearson. Defects: DPU = c/n with the limits of Garwood, and DPMO =
10⁶ c/(n · opportunities). Z = −Φ⁻¹(p), where p = 1 − exp(−DPU) is the share of units with a defect; limits of Z are those of
p carried over, so they are exact too. A shift of 1.5 σ is not added unless asked for: it is a habit, not a measurement.

Source: C. J. Clopper and E. S. Pearson (1934), Biometrika 26, 404-413; F. Garwood (1936), Biometrika 28, 437-442; ISO
22514-5:2019; ISO 13053-1:2011 (DPMO, the shift of 1.5).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.spc.charts.result import Floats


@dataclass(frozen=True)
class Rate:
    """A number with its exact two-sided limits, and the one-sided bound towards the bad side."""

    value: float
    low: float
    high: float
    bound: float

    def times(self, factor: float) -> Rate:
        return Rate(factor * self.value, factor * self.low, factor * self.high, factor * self.bound)

    def __str__(self) -> str:
        return f"{self.value:.4g} [{self.low:.4g}, {self.high:.4g}]"


@dataclass(frozen=True)
class AttributeStudy:
    """``rate`` per unit, ``per_million`` units or opportunities, ``defective`` share of units, ``z`` and ``ppk`` = Z/3.

    ``dispersion`` is the p-value of equal rates in all samples: small means that one rate does not describe the process.
    """

    kind: str
    rate: Rate
    per_million: Rate
    defective: Rate
    z: Rate
    ppk: Rate
    found: int
    units: int
    confidence: float
    shift: float
    dispersion: float | None


def defective_capability(
    found: ArrayLike, units: ArrayLike, *, confidence: float = 0.95, shift: float = 0.0
) -> AttributeStudy:
    """Return the capability of a process that makes defective units.

    Parameters
    ----------
    found, units : defective units and units looked at, one pair or one per sample
    confidence : of the two-sided limits and of the bound
    shift : added to Z, 0 unless a convention asks for 1.5

    >>> study = defective_capability(3, 1000)
    >>> print(study.per_million)
    3000 [619.1, 8742]
    """
    d, n = _counts(found, units, confidence)
    if np.any(d > n):
        what = msg("More units are defective than were looked at.")
        raise InputError([Problem("too_many", what, place="found")])
    p = _binomial(int(d.sum()), int(n.sum()), confidence)
    return _study("defective", p, p.times(1e6), p, d, n, confidence, shift)


def defects_capability(
    found: ArrayLike, units: ArrayLike, *, opportunities: int = 1, confidence: float = 0.95, shift: float = 0.0
) -> AttributeStudy:
    """Return the capability of a process whose units have any number of defects.

    >>> study = defects_capability([4, 6, 5], [50, 50, 50], opportunities=10)
    >>> print(study.rate, study.per_million)
    0.1 [0.05597, 0.1649] 1e+04 [5597, 1.649e+04]
    """
    c, n = _counts(found, units, confidence)
    if opportunities < 1:
        what = msg("A unit has at least one opportunity for a defect.")
        raise InputError([Problem("bad_opportunities", what, place="opportunities")])
    rate = _poisson(int(c.sum()), confidence).times(1 / float(n.sum()))
    share = Rate(*(float(-np.expm1(-v)) for v in (rate.value, rate.low, rate.high, rate.bound)))
    return _study("defects", rate, rate.times(1e6 / opportunities), share, c, n, confidence, shift)


def _counts(found: ArrayLike, units: ArrayLike, confidence: float) -> tuple[Floats, Floats]:
    d, n = (np.atleast_1d(np.asarray(v, dtype=np.float64)) for v in (found, units))
    wrong = []
    if not 0.5 <= confidence < 1:
        wrong.append(Problem("bad_confidence", msg("The confidence lies between 0.5 and 1."), place="confidence"))
    if d.shape != n.shape or d.ndim != 1:
        wrong.append(Problem("lengths", msg("Each count needs the number of units it was found in."), place="units"))
    for values, least, place in ((d, 0, "found"), (n, 1, "units")):
        if not np.isfinite(values).all() or np.any(values < least) or np.any(values != np.round(values)):
            what = msg("Counts are whole numbers, %(least)s or more.")
            wrong.append(Problem("bad_count", what, "", {"least": least}, place))
    if wrong:
        raise InputError(wrong)
    return d, n


def _binomial(d: int, n: int, confidence: float) -> Rate:
    from scipy.special import betaincinv

    def high(p: float) -> float:
        return 1.0 if d == n else float(betaincinv(d + 1, n - d, p))

    tail = (1 - confidence) / 2
    low = 0.0 if d == 0 else float(betaincinv(d, n - d + 1, tail))
    return Rate(d / n, low, high(1 - tail), high(confidence))


def _poisson(c: int, confidence: float) -> Rate:
    from scipy.special import gammaincinv

    tail = (1 - confidence) / 2
    low = 0.0 if c == 0 else float(gammaincinv(c, tail))
    return Rate(float(c), low, float(gammaincinv(c + 1, 1 - tail)), float(gammaincinv(c + 1, confidence)))


def _study(
    kind: str, rate: Rate, million: Rate, share: Rate, d: Floats, n: Floats, confidence: float, shift: float,
) -> AttributeStudy:  # fmt: skip
    z = Rate(_z(share.value) + shift, _z(share.high) + shift, _z(share.low) + shift, _z(share.bound) + shift)
    return AttributeStudy(
        kind, rate, million, share, z, z.times(1 / 3), int(d.sum()), int(n.sum()), confidence, shift, _even(kind, d, n)
    )


def _z(p: float) -> float:
    from scipy.special import ndtri

    return inf if p <= 0 else (-inf if p >= 1 else float(-ndtri(p)))


def _even(kind: str, d: Floats, n: Floats) -> float | None:
    """Return p of the χ² test of equal rates; None for one sample or none found."""
    from scipy.special import chdtrc

    total = float(d.sum()) / float(n.sum())
    if len(d) < 2 or not total > 0 or (kind == "defective" and total >= 1):
        return None
    spread = n * total * ((1 - total) if kind == "defective" else 1)
    return float(chdtrc(len(d) - 1, float(np.sum((d - n * total) ** 2 / spread))))
