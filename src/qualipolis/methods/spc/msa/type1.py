"""One gauge and one master: does it repeat, and does it read the right value (type-1 study).

    Cg = (K/100) T/(k s)        Cgk = ((K/200) T − |x̄ − x_ref|)/((k/2) s)        t = (x̄ − x_ref)/(s/√n)

K per cent of the tolerance T are left to the gauge (20, or 15 with k = 4 in some plants); both should be 1.33 or more.
100·k s/T is the share of the tolerance that repeatability takes, K/Cgk the share with the bias.

Source: VDA 5 (2021), *Measurement and Inspection Processes*, 3rd ed.; E. Dietrich and A. Schulze (2011), *Measurement
Process Qualification*, 3rd ed., Hanser. Limits of Cg are exact (χ²); those of Cgk by the non-central t of the nearer side.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.problems import Problem, msg, refuse
from qualipolis.methods.spc.capability import bounds
from qualipolis.methods.spc.capability.bounds import Index
from qualipolis.methods.spc.comparison.result import Comparison, confidence_problems, samples
from qualipolis.methods.spc.comparison.two import t_test


@dataclass(frozen=True)
class Type1:
    """The study: Cg and Cgk with limits, bias with its t test, shares of the tolerance, and the resolution's share.

    ``percent_repeatability`` is 100 k s/T, ``percent_with_bias`` K/Cgk; ``percent_resolution`` is None unless the
    resolution was given (5 % at most).
    """

    cg: Index
    cgk: Index
    mean: float
    sd: float
    bias: Comparison
    percent_bias: float
    percent_repeatability: float
    percent_with_bias: float
    percent_resolution: float | None
    n: int
    conventions: Mapping[str, object]

    def __repr__(self) -> str:
        return f"Type1(n = {self.n}, Cg {self.cg}, Cgk {self.cgk})"


def type1_study(
    values: ArrayLike,
    reference: float,
    tolerance: float,
    *,
    share: float = 20.0,
    multiplier: float = 6.0,
    resolution: float | None = None,
    confidence: float = 0.95,
) -> Type1:
    """Return the type-1 study of repeated values of one master.

    Parameters
    ----------
    values : (n,) repeated measurements, 25 to 50; NaN is not measured
    reference : calibrated value of the master
    tolerance : T = upper − lower limit of the characteristic
    share : K, per cent of the tolerance
    multiplier : k, width of the gauge's own variation in standard deviations
    resolution : smallest step of the display

    >>> study = type1_study([5.01, 5.00, 5.02, 4.99, 5.01, 5.00], 5.0, 0.6)
    >>> round(study.cg.value, 3), round(study.cgk.value, 3), round(study.bias.p, 3)
    (1.907, 1.748, 0.296)
    """
    wrong = confidence_problems(confidence)
    positive = {"tolerance": tolerance, "share": share, "multiplier": multiplier, "resolution": resolution}
    what = msg("This is a number above 0.")
    wrong += [
        Problem("not_positive", what, place=k) for k, v in positive.items() if v is not None and not 0 < v < 1e300
    ]
    if not np.isfinite(reference):
        wrong.append(Problem("not_finite", msg("The value of the master is not a number."), place="reference"))
    refuse(wrong)
    (x,) = samples({"values": values})
    n, mean, sd = len(x), float(x.mean()), float(x.std(ddof=1))
    away = mean - reference
    cg = bounds.chi_square(share / 100 * tolerance / (multiplier * sd), n - 1, confidence)
    # Cgk is a one-sided index of a limit at K/200 T from the reference, in steps of k/2 rather than 3 sigmas
    scale = 6 / multiplier
    side = bounds.one_sided((share / 200 * tolerance - abs(away)) / (3 * sd), n, n - 1, confidence)
    cgk = Index(scale * side.value, scale * side.low, scale * side.high, scale * side.bound, side.method)
    return Type1(
        cg, cgk, mean, sd, t_test("t", away, sd / float(np.sqrt(n)), n - 1, (n,), confidence),
        100 * away / tolerance, 100 * multiplier * sd / tolerance, share / cgk.value if cgk.value > 0 else float("inf"),
        None if resolution is None else 100 * resolution / tolerance, n,
        {"share": share, "multiplier": multiplier, "confidence": confidence},
    )  # fmt: skip
