"""Gauge studies without operators: a second reading of each part, and repeatability over parts (type 3).

Two readings or more: σ̂ = R̄/d2*, d2* for the number of parts; %process = 100 σ̂/σ_process, %tolerance = 100·6 σ̂/T.
By analysis of variance: E[MS_part] = σ² + rσ²_part, E[MS_error] = σ²; a machine that measures by itself has no
reproducibility.

Source: AIAG (2010), *Measurement Systems Analysis*, 4th ed., section III-B (range method); VDA 5 (2021), type-3 study.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.problems import InputError, Problem, msg, refuse
from qualipolis.methods.spc.comparison.multi_vari import variance_components
from qualipolis.methods.spc.constants import moments_of_average_range
from qualipolis.methods.spc.msa.anova import Line
from qualipolis.methods.spc.msa.gauge import SOURCES, GaugeRR


@dataclass(frozen=True)
class Retest:
    """The short study: mean range, d2*, σ̂ of the gauge, and its shares (None where no σ or tolerance was given)."""

    mean_range: float
    d2_star: float
    sd: float
    percent_process: float | None
    percent_tolerance: float | None
    parts: int
    trials: int


def retest_study(
    readings: ArrayLike, *, process_sd: float | None = None, tolerance: float | None = None, multiplier: float = 6.0
) -> Retest:
    """Return the short study from (parts, trials) readings; a part with a missing reading is left out.

    >>> found = retest_study([[1.36, 1.43], [1.31, 1.38], [1.40, 1.42], [1.22, 1.20], [1.27, 1.30]], tolerance=0.5)
    >>> round(found.sd, 4), round(found.percent_tolerance, 1)
    (0.0353, 42.3)
    """
    x = np.asarray(readings, dtype=np.float64)
    given = {"process_sd": process_sd, "tolerance": tolerance, "multiplier": multiplier}
    what = msg("This is a number above 0.")
    wrong = [Problem("not_positive", what, place=k) for k, v in given.items() if v is not None and not v > 0]
    kept = x[~np.isnan(x).any(axis=1)] if x.ndim == 2 else x
    if x.ndim != 2 or x.shape[1] < 2 or len(kept) < 2 or np.isinf(kept).any():
        what = msg("Give one row for each part with two readings at least, and two parts at least.")
        wrong.append(Problem("bad_shape", what, place="readings"))
    elif np.ptp(kept, axis=1).max() == 0:
        what = msg("Every trial of every part gave the same value: the gauge does not resolve its own scatter.")
        wrong.append(Problem("no_scatter", what, msg("Read the gauge to more places."), place="readings"))
    refuse(wrong)
    parts, trials = kept.shape
    mean_range, d2_star = float(np.ptp(kept, axis=1).mean()), moments_of_average_range(parts, trials)[0]
    sd = mean_range / d2_star
    return Retest(
        mean_range, d2_star, sd, None if process_sd is None else 100 * sd / process_sd,
        None if tolerance is None else 100 * multiplier * sd / tolerance, parts, trials,
    )  # fmt: skip


def gauge_without_operators(
    values: ArrayLike,
    part: Sequence[Any],
    *,
    tolerance: float | None = None,
    multiplier: float = 6.0,
    confidence: float = 0.95,
    draws: int = 20_000,
    rng: np.random.Generator | None = None,
) -> GaugeRR:
    """Return the study of a gauge that nobody operates; parts may have different numbers of readings.

    >>> found = gauge_without_operators([9.0, 9.2, 8.1, 8.0, 7.4, 7.5], "112233", tolerance=6)
    >>> round(found.percent_study["grr"], 2), round(found.percent_tolerance["grr"], 2), found.ndc
    (11.93, 10.0, 11)
    """
    found = variance_components(values, {"part": part}, confidence=confidence, draws=draws, rng=rng)
    if not found.variance["within"] > 0:
        what = msg("Every trial of every part gave the same value: the gauge does not resolve its own scatter.")
        raise InputError([Problem("no_scatter", what, msg("Read the gauge to more places."), place="values")])
    error, between = found.variance["within"], found.variance["part"]
    variance = dict.fromkeys(SOURCES, 0.0) | {"grr": error, "repeatability": error, "part": between}
    variance["total"] = error + between
    share = {name: value / variance["total"] for name, value in variance.items()}
    width = None if tolerance is None else 100 * multiplier / tolerance
    distinct = float(np.sqrt(2 * between / error))
    parts = found.freedom["part"] + 1
    return GaugeRR(
        variance, {k: 100 * v for k, v in share.items()}, {k: 100 * float(np.sqrt(v)) for k, v in share.items()},
        None if width is None else {k: width * float(np.sqrt(v)) for k, v in variance.items()},
        max(1, int(distinct)), distinct, _table(found.squares, found.freedom), False,
        {"sd.part": found.intervals["part"], "sd.grr": found.intervals["within"]},
        (parts, 1, round(found.n / parts)), {"multiplier": multiplier, "ndc": "√2", "confidence": confidence},
    )  # fmt: skip


def _table(squares: Any, freedom: Any) -> tuple[Line, ...]:
    from scipy.special import fdtrc

    (a, b), (p, e) = (freedom["part"], freedom["within"]), (squares["part"], squares["within"])
    f = p / a / (e / b)
    return (
        Line("part", a, p, p / a, f, float(fdtrc(a, b, f))),
        Line("repeatability", b, e, e / b, float("nan"), float("nan")),
    )
