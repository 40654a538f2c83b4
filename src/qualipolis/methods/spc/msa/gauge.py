"""Gauge repeatability and reproducibility: how much of what is seen is the measuring, not the parts.

From variance components (:mod:`.anova`): GRR² = repeatability² + reproducibility², reproducibility² = operator² +
interaction²; %study = 100 SD/SD_total; %contribution = 100 variance/total; %tolerance = 100 k SD/(U − L) with the study
multiplier k (6, or 5.15 in older books); ndc = ⌊√2 SD_part/SD_GRR⌋ (1.41 in printed forms). Their confidence limits are
generalised: each mean square is divided by a χ²/ν draw, the measures are recomputed, and quantiles are taken.

Source: AIAG (2010), *Measurement Systems Analysis*, 4th ed.; M. Hamada and S. Weerahandi (2000), "Measurement system
assessment via generalized inference", Journal of Quality Technology 32, 241-253.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.spc.charts.result import Floats
from qualipolis.methods.spc.constants import d2, moments_of_average_range
from qualipolis.methods.spc.msa import anova
from qualipolis.methods.spc.msa.design import GaugeStudy, gauge_study

MANY = 15  # the mean of more ranges than this is divided by d2 itself, as the forms do
SOURCES = ("grr", "repeatability", "reproducibility", "operator", "interaction", "part", "total")


@dataclass(frozen=True)
class GaugeRR:
    """Variance, standard deviation, share of variance, of study and of tolerance for each of ``SOURCES``, and ndc.

    ``intervals`` hold confidence limits of ``percent_study`` (``"study.grr"``), ``percent_tolerance``
    (``"tolerance.grr"``), ``sd.…`` and ``"ndc"``. ``table`` is the analysis of variance behind the numbers, and
    ``with_interaction`` whether it kept the interaction; ``conventions`` name every choice that changes a number.
    """

    variance: Mapping[str, float]
    percent_contribution: Mapping[str, float]
    percent_study: Mapping[str, float]
    percent_tolerance: Mapping[str, float] | None
    ndc: int
    distinct: float
    table: tuple[anova.Line, ...]
    with_interaction: bool
    intervals: Mapping[str, tuple[float, float]]
    sizes: tuple[int, int, int]
    conventions: Mapping[str, object]

    def sd(self, source: str) -> float:
        """Return the standard deviation of a source."""
        return float(np.sqrt(self.variance[source]))

    def __repr__(self) -> str:
        p, o, r = self.sizes
        return f"GaugeRR({p} parts, {o} operators, {r} trials: %GRR {self.percent_study['grr']:.1f}, ndc {self.ndc})"


def gauge_rr(
    values: ArrayLike,
    part: Sequence[Any],
    operator: Sequence[Any],
    *,
    nested: bool = False,
    tolerance: float | None = None,
    process_sd: float | None = None,
    multiplier: float = 6.0,
    pool_above: float = 0.25,
    constrained: bool = False,
    confidence: float = 0.95,
    draws: int = 20_000,
    rng: np.random.Generator | None = None,
) -> GaugeRR:
    """Return the gauge study by analysis of variance.

    Parameters
    ----------
    values, part, operator : columns, one row for each measurement; the study is balanced
    nested : each operator has parts of their own (measuring destroys the part)
    tolerance : U − L, for the share of tolerance
    process_sd : known standard deviation of the process, which then is the total; parts are what remains of it
    multiplier : k of the study variation
    pool_above : the interaction is pooled into repeatability when its p-value is above this; 1 never pools, 0 always
    constrained : pool contradicting mean squares (REML) instead of setting negative components to 0
    confidence, draws, rng : of the generalised intervals; no draws, no intervals; the generator is seeded with 0 unless
        given

    >>> values = [9.0, 9.2, 9.1, 9.3, 8.1, 8.0, 8.2, 8.3, 7.4, 7.5, 7.4, 7.7]
    >>> study = gauge_rr(values, "111122223333", "AABB" * 3)
    >>> study.with_interaction, round(study.percent_study["grr"], 1), study.ndc
    (False, 16.8, 8)
    """
    study = gauge_study(values, part, operator, nested=nested)
    _refuse(tolerance, multiplier, confidence, process_sd)
    squares = anova.mean_squares(study)
    table = anova.lines(squares, nested)
    keeps = not nested and next(line.p for line in table if line.source == "interaction") <= pool_above
    if not nested and not keeps:
        squares = anova.without_interaction(squares)
        table = anova.lines(squares, nested)
    means = {name: square / freedom for name, (square, freedom) in squares.items()}
    if constrained:
        means = anova.constrained(squares, nested)
    _refuse_no_scatter(float(means["repeatability"]))
    found = _measures(means, study, tolerance, multiplier, process_sd)
    rng = rng or np.random.default_rng(0)
    spans = _intervals(squares, study, tolerance, multiplier, process_sd, confidence, draws, rng) if draws else {}
    words = {"multiplier": multiplier, "process_sd": process_sd, "ndc": "√2", "pool_above": pool_above}
    words |= {"constrained": constrained, "confidence": confidence}
    distinct = float(found["ndc"])
    return GaugeRR(
        _of(found, "variance"), _of(found, "contribution"), _of(found, "study"), _of(found, "tolerance") or None,
        max(1, int(distinct)), distinct, table, keeps, spans, study.sizes, words,
    )  # fmt: skip


def _refuse(tolerance: float | None, multiplier: float, confidence: float, process_sd: float | None) -> None:
    bad = {
        "process_sd": process_sd is not None and not process_sd > 0,
        "tolerance": tolerance is not None and not tolerance > 0,
        "multiplier": not multiplier > 0,
        "confidence": not 0.5 <= confidence < 1,
    }
    if wrong := [name for name, holds in bad.items() if holds]:
        what = msg("Tolerance and multiplier are above 0, and the confidence between 0.5 and 1.")
        raise InputError([Problem("bad_choice", what, place=name) for name in wrong])


def _refuse_no_scatter(repeatability: float) -> None:
    if repeatability <= 0:
        what = msg("Every trial of every part gave the same value: the gauge does not resolve its own scatter.")
        raise InputError([Problem("no_scatter", what, msg("Read the gauge to more places."), place="values")])


def _measures(
    means: Mapping[str, Floats | float],
    study: GaugeStudy,
    tolerance: float | None,
    multiplier: float,
    process_sd: float | None,
) -> dict[str, Floats]:
    """Return every measure as ``kind.source``, for one set of mean squares or many."""
    variance = anova.components(means, study.sizes, study.nested)
    variance["reproducibility"] = variance["operator"] + variance["interaction"]
    variance["grr"] = variance["reproducibility"] + variance["repeatability"]
    if process_sd is not None:
        variance["part"] = np.maximum(0.0, process_sd**2 - variance["grr"])
    variance["total"] = variance["grr"] + variance["part"]
    found: dict[str, Floats] = {}
    for source in SOURCES:
        share = variance[source] / variance["total"]
        found |= {f"variance.{source}": variance[source], f"contribution.{source}": 100 * share}
        found[f"study.{source}"] = 100 * np.sqrt(share)
        if tolerance is not None:
            found[f"tolerance.{source}"] = 100 * multiplier * np.sqrt(variance[source]) / tolerance
    found["ndc"] = np.sqrt(2 * variance["part"] / variance["grr"])
    return found


def _of(found: Mapping[str, Floats], kind: str) -> dict[str, float]:
    start = f"{kind}."
    return {name.removeprefix(start): float(v) for name, v in found.items() if name.startswith(start)}


def _intervals(
    squares: Mapping[str, tuple[float, int]],
    study: GaugeStudy,
    tolerance: float | None,
    multiplier: float,
    process_sd: float | None,
    confidence: float,
    draws: int,
    rng: np.random.Generator,
) -> dict[str, tuple[float, float]]:
    """Return generalised confidence limits of the measures and of the standard deviations."""
    means = {name: square / rng.chisquare(freedom, draws) for name, (square, freedom) in squares.items()}
    found = _measures(means, study, tolerance, multiplier, process_sd)
    kept = {name: v for name, v in found.items() if name.partition(".")[0] in ("study", "tolerance", "ndc")}
    kept |= {f"sd.{source}": np.sqrt(found[f"variance.{source}"]) for source in SOURCES}
    tail = (1 - confidence) / 2
    low, high = np.quantile(np.stack(list(kept.values())), [tail, 1 - tail], axis=1)
    return {name: (float(a), float(b)) for name, a, b in zip(kept, low, high, strict=True)}


@dataclass(frozen=True)
class RangeStudy:
    """The study by averages and ranges: the constants K₁, K₂, K₃ and the components as standard deviations."""

    factors: tuple[float, float, float]
    repeatability: float
    reproducibility: float
    grr: float
    part: float
    total: float
    percent: Mapping[str, float]
    distinct: float
    ndc: int


def range_study(values: ArrayLike, part: Sequence[Any], operator: Sequence[Any]) -> RangeStudy:
    """Return the gauge study by averages and ranges, with exact d2* in place of the printed constants.

    EV = R̿ K₁, AV = √((X̄_diff K₂)² − EV²/(pr)), PV = R_p K₃, K = 1/d2*. It cannot see an interaction.

    Source: AIAG (2010), *Measurement Systems Analysis*, 4th ed., section III-B.
    """
    study = gauge_study(values, part, operator)
    y, (p, o, r) = study.table, study.sizes
    k1 = 1 / (d2(r) if p * o > MANY else moments_of_average_range(p * o, r)[0])
    factors = (k1, 1 / moments_of_average_range(1, o)[0], 1 / moments_of_average_range(1, p)[0])
    within = float(np.ptp(y, axis=2).mean()) * factors[0]
    between = float(np.ptp(y.mean(axis=(0, 2)))) * factors[1]
    av = float(np.sqrt(max(0.0, between**2 - within**2 / (p * r))))
    pv = float(np.ptp(y.mean(axis=(1, 2)))) * factors[2]
    grr = float(np.hypot(within, av))
    total = float(np.hypot(grr, pv))
    if not total > 0:
        what = msg("Every trial of every part gave the same value: the gauge does not resolve its own scatter.")
        raise InputError([Problem("no_scatter", what, msg("Read the gauge to more places."), place="values")])
    sds = {"repeatability": within, "reproducibility": av, "grr": grr, "part": pv}
    distinct = float(np.sqrt(2) * pv / grr) if grr else float("inf")
    shares = {name: 100 * sd / total for name, sd in sds.items()}
    ndc = max(1, int(distinct)) if np.isfinite(distinct) else 0
    return RangeStudy(factors, within, av, grr, pv, total, shares, distinct, ndc)
