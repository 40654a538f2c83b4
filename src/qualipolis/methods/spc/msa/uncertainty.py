"""The uncertainty of a measurement: a budget by GUM, and whether system and process are capable by VDA 5.

    u = √Σ (c_i u_i)²        ν = u⁴/Σ ((c_i u_i)⁴/ν_i)        U = k u        Q = 2U/T

VDA 5: system u_MS = √(u_CAL² + max(u_EVR, u_RE)² + u_BI² + u_LIN² + u_MS,rest²), Q_MS ≤ 15 %; process u_MP =
√(u_MS² + u_AV² + u_IA² + …) with max(u_EVR, u_EVO, u_RE) as repeatability, Q_MP ≤ 30 %. u_RE = RE/√12; u_BI = |bias|/√3;
u_CAL = U_CAL/k_CAL. Conformity is then shown inside L + U … U − U (ISO 14253-1).

Source: JCGM 100:2008 (GUM); VDA 5 (2021), 3rd ed.; ISO 22514-7:2021; ISO 14253-1:2017.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf, sqrt
from typing import Literal

from qualipolis.methods.problems import Problem, msg, refuse

Shape = Literal["normal", "rectangular", "triangular", "u_shaped"]
DIVISORS: Mapping[str, float] = {"normal": 1.0, "rectangular": sqrt(3), "triangular": sqrt(6), "u_shaped": sqrt(2)}


@dataclass(frozen=True)
class Source:
    """One source of uncertainty.

    Parameters
    ----------
    name : what it is
    value : standard uncertainty, or the half-width of a distribution that is not normal
    shape : ``"normal"`` (``value`` is u), ``"rectangular"`` (÷ √3), ``"triangular"`` (÷ √6), ``"u_shaped"`` (÷ √2)
    sensitivity : by how much the result changes for one unit of it
    freedom : degrees of freedom behind it; infinite where it is known
    """

    name: str
    value: float
    shape: Shape = "normal"
    sensitivity: float = 1.0
    freedom: float = inf

    @property
    def contribution(self) -> float:
        """|c| u, in the unit of the result."""
        return abs(self.sensitivity) * self.value / DIVISORS[self.shape]


@dataclass(frozen=True)
class Budget:
    """Combined standard uncertainty, effective degrees of freedom, coverage factor, U, and shares in per cent of u²."""

    standard: float
    freedom: float
    factor: float
    expanded: float
    shares: Mapping[str, float]


def uncertainty_budget(
    sources: Sequence[Source],
    *,
    coverage: float = 0.95,
    factor: float | None = None,
    correlation: Mapping[tuple[str, str], float] | None = None,
) -> Budget:
    """Return the budget of independent sources, or of correlated ones.

    Parameters
    ----------
    sources : with names of their own
    coverage, factor : k is the t quantile of the coverage at the effective degrees of freedom, unless it is given
    correlation : r of two sources by their names

    >>> found = uncertainty_budget([Source("master", 0.5), Source("resolution", 0.5, "rectangular")], factor=2)
    >>> round(found.standard, 4), round(found.expanded, 4), round(found.shares["master"], 1)
    (0.5774, 1.1547, 75.0)
    """
    _refuse(sources, coverage, factor, correlation or {})
    signed = {s.name: s.contribution * (1 if s.sensitivity >= 0 else -1) for s in sources}
    square = sum(v * v for v in signed.values())
    square += sum(2 * r * signed[a] * signed[b] for (a, b), r in (correlation or {}).items())
    u = sqrt(max(0.0, square))
    lost = sum(s.contribution**4 / s.freedom for s in sources)
    freedom = u**4 / lost if lost > 0 else inf
    if factor is None:
        from scipy.special import ndtri, stdtrit

        tail = (1 + coverage) / 2
        factor = float(ndtri(tail) if freedom > 1e6 else stdtrit(max(1.0, float(int(freedom))), tail))
    total = sum(s.contribution**2 for s in sources)
    return Budget(u, freedom, factor, factor * u, {s.name: 100 * s.contribution**2 / total for s in sources})


def _refuse(
    sources: Sequence[Source], coverage: float, factor: float | None, correlation: Mapping[tuple[str, str], float]
) -> None:
    names = [s.name for s in sources]
    wrong = [
        Problem(
            "bad_source",
            msg("An uncertainty is a number from 0 on, and its degrees of freedom are above 0."),
            place=s.name,
        )
        for s in sources
        if not (0 <= s.value < inf and abs(s.sensitivity) < inf and s.freedom > 0)
    ]
    if not names or len(set(names)) < len(names) or not any(s.contribution > 0 for s in sources):
        what = msg("A budget has sources with names of their own, and one of them at least is above 0.")
        wrong.append(Problem("bad_sources", what, place="sources"))
    if not 0.5 <= coverage < 1 or (factor is not None and not 0 < factor < inf):
        what = msg("The coverage lies between 0.5 and 1, and the factor is above 0.")
        wrong.append(Problem("bad_coverage", what, place="coverage"))
    for pair, r in correlation.items():
        if not -1 <= r <= 1 or pair[0] == pair[1] or not set(pair) <= set(names):
            what = msg("A correlation lies between −1 and 1 and belongs to two sources of the budget.")
            wrong.append(Problem("bad_correlation", what, place=" ".join(pair)))
    refuse(wrong)


@dataclass(frozen=True)
class MeasurementCapability:
    """Budgets of system and process, Q_MS and Q_MP in per cent, the least tolerance each is fit for, and what counted.

    ``process`` and ``q_process`` are None where nothing of the process was given. ``repeatability`` names the source that
    stands for repeatability in the process (EVR, EVO or RE); ``guard_band`` is U of the process, else of the system.
    """

    system: Budget
    process: Budget | None
    q_system: float
    q_process: float | None
    least_tolerance_system: float
    least_tolerance_process: float | None
    system_fit: bool
    process_fit: bool | None
    repeatability: str
    guard_band: float
    conventions: Mapping[str, object]


def _refuse_numbers(given: Mapping[str, float], positive: Mapping[str, float]) -> None:
    what = msg("An uncertainty is a number from 0 on, and its degrees of freedom are above 0.")
    wrong = [Problem("bad_source", what, place=name) for name, v in given.items() if not 0 <= v < inf]
    what = msg("This is a number above 0.")
    wrong += [Problem("not_positive", what, place=k) for k, v in positive.items() if not 0 < v < inf]
    refuse(wrong)


def _largest(repeats: Mapping[str, float]) -> Source:
    """Return the one source that stands for repeatability."""
    name = max(repeats, key=lambda key: repeats[key])
    return Source(name, repeats[name])


def measurement_capability(
    tolerance: float,
    *,
    calibration: float = 0.0,
    calibration_factor: float = 2.0,
    resolution: float = 0.0,
    repeatability: float = 0.0,
    bias: float = 0.0,
    linearity: float = 0.0,
    system_more: Sequence[Source] = (),
    process_repeatability: float | None = None,
    operators: float = 0.0,
    interaction: float = 0.0,
    process_more: Sequence[Source] = (),
    factor: float = 2.0,
    system_limit: float = 15.0,
    process_limit: float = 30.0,
) -> MeasurementCapability:
    """Return whether a measuring system, and the process it works in, are fit for a tolerance.

    Parameters
    ----------
    tolerance : T of the characteristic
    calibration, calibration_factor : expanded uncertainty of the master's certificate and its k
    resolution : smallest step of the display
    repeatability : s of repeated values of one master (type 1)
    bias : mean − reference, not corrected for
    linearity : standard uncertainty of the linearity
    process_repeatability, operators, interaction : standard deviations of the gauge study on parts
    system_more, process_more : further sources, such as temperature, form of the part, stability
    factor : k of U
    system_limit, process_limit : largest Q in per cent

    >>> found = measurement_capability(0.060, calibration=0.002, resolution=0.001, repeatability=0.0005, bias=0.0006)
    >>> round(found.q_system, 2), found.system_fit
    (7.8, True)
    """
    given = {
        "calibration": calibration, "resolution": resolution, "repeatability": repeatability, "linearity": linearity,
        "operators": operators, "interaction": interaction, "process_repeatability": process_repeatability or 0.0,
    }  # fmt: skip
    _refuse_numbers(given, {"tolerance": tolerance, "calibration_factor": calibration_factor, "factor": factor})
    repeats = {"EVR": repeatability, "RE": resolution / sqrt(12)}
    fixed = [Source("CAL", calibration / calibration_factor), Source("BI", abs(bias), "rectangular")]
    fixed += [Source("LIN", linearity), *system_more]
    largest = _largest(repeats)
    system, process = uncertainty_budget([*fixed, largest], factor=factor), None
    if process_repeatability is not None or operators or interaction or process_more:
        largest = _largest(repeats | {"EVO": process_repeatability or 0.0})
        more = [Source("AV", operators), Source("IA", interaction), *process_more]
        process = uncertainty_budget([*fixed, largest, *more], factor=factor)
    q_system = 200 * system.expanded / tolerance
    q_process = None if process is None else 200 * process.expanded / tolerance
    return MeasurementCapability(
        system, process, q_system, q_process, 200 * system.expanded / system_limit,
        None if process is None else 200 * process.expanded / process_limit, q_system <= system_limit,
        None if q_process is None else q_process <= process_limit, largest.name, (process or system).expanded,
        {"factor": factor, "system_limit": system_limit, "process_limit": process_limit},
    )  # fmt: skip
