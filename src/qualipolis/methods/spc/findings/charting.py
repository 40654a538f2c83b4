"""The charts of a study: limits of each phase, limits of the phase before drawn on, and what signals.

Every phase is judged by limits of its own, and runs end where a phase ends. The phase after is also held against the
limits of the phase before, which is how a shift that a treatment made is seen; these signals say so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.problems import msg
from qualipolis.methods.spc import charts as made
from qualipolis.methods.spc.charts.result import ControlChart, Floats
from qualipolis.methods.spc.findings.material import Material
from qualipolis.methods.spc.findings.result import EARLIER, OWN, Chart, PhaseLimits, Signal
from qualipolis.methods.spc.findings.signals import gathered, numbered
from qualipolis.methods.spc.rules import PROFILES, Rule, rules_of

Maker = Callable[..., ControlChart]
Spans = tuple[tuple[int, int, str], ...]
LABELS: Mapping[str, str] = {
    "I": msg("Single values"),
    "MR": msg("Moving ranges"),
    "xbar": msg("Means of subgroups"),
    "R": msg("Ranges of subgroups"),
    "S": msg("Standard deviations of subgroups"),
    "EWMA": msg("Exponentially weighted moving average"),
    "CUSUM+": msg("Cumulative sum upwards, in sigmas"),
    "CUSUM−": msg("Cumulative sum downwards, in sigmas"),
    "e": msg("Forecast errors"),
    "MCEWMA": msg("Values around the forecast from those before"),
    "trend": msg("Values around their trend"),
    "p": msg("Share of bad units"),
    "np": msg("Number of bad units"),
    "c": msg("Number of defects"),
    "u": msg("Defects per unit"),
    "p′": msg("Share of bad units, limits of Laney"),
    "u′": msg("Defects per unit, limits of Laney"),
    "g": msg("Units between events"),
    "t": msg("Time between events"),
}
ASYMMETRIC = ("R", "S", "MR", "p", "np", "c", "u", "p′", "u′", "g", "t")
MEMORY = ("EWMA", "CUSUM+", "CUSUM−")


@dataclass(frozen=True, eq=False)
class Stretch:
    """One phase on one chart, with what is needed to judge the next phase by it."""

    chart: ControlChart
    start: int
    stop: int
    label: str


def rules_for(code: str, rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """Return the rules that mean something on a chart: limits alone where points share values, no zones where skewed."""
    if code in MEMORY or code == "MR":
        return tuple(rule for rule in rules if rule.kind == "beyond" and rule.window == 1) or PROFILES["limits"]
    if code in ASYMMETRIC:
        kept = tuple(r for r in rules if r.kind != "within" and (r.kind != "beyond" or r.window == 1))
        return kept or PROFILES["limits"]
    return rules


def drawn(
    material: Material, instrument: str, spans: Spans, rules: str | tuple[Rule, ...], freeze: int | None
) -> tuple[Chart, ...]:
    """Return the charts of an instrument, location first."""
    asked = rules_of(rules)
    found = []
    for maker in MAKERS[instrument]:
        stretches = []
        for start, stop, label in spans:
            calibration = np.arange(freeze) if freeze and start == 0 and 2 <= freeze < stop else None
            stretches.append(Stretch(maker(material, slice(start, stop), calibration, None), start, stop, label))
        found.append(_assembled(stretches, maker, material, asked))
    return tuple(found)


def _assembled(stretches: list[Stretch], maker: Maker, material: Material, rules: tuple[Rule, ...]) -> Chart:
    code = stretches[0].chart.kind
    code = "trend" if code not in LABELS else code
    asked = rules_for(code, rules)
    signals: list[Signal] = []
    flags, counts, earlier = [], dict.fromkeys((rule.code for rule in asked), 0), []
    for phase, stretch in enumerate(stretches):
        judged = stretch.chart.signals(asked)
        signals += gathered(judged.flags, asked, stretch.chart, stretch.start, phase, OWN)
        counts = {rule: n + int(judged.flags[rule].sum()) for rule, n in counts.items()}
        flags.append(judged.any)
        held = _held(stretch, stretches[phase - 1], maker, material) if phase and code in BY_EARLIER else None
        if held is not None:
            signals += _moved(held, asked, phase)
            earlier.append(_limits(held))
    told = numbered(signals, stretches[-1].stop)
    own = np.concatenate(flags)
    flagged = own.copy()
    for signal in told:
        flagged[list(signal.points)] = True
    arrays = {name: _joined(stretches, name) for name in ("values", "center", "lower", "upper", "sigma")}
    sizes = stretches[0].chart.size
    return Chart(
        code, LABELS[code], **arrays,
        size=None if sizes is None else _joined(stretches, "size"), times=material.times,
        phases=tuple(_limits(stretch) for stretch in stretches), earlier=tuple(earlier), rules=asked,
        signals=told, flagged=flagged, own=own, counts={rule: n for rule, n in counts.items() if n},
    )  # fmt: skip


def _moved(held: Stretch, rules: tuple[Rule, ...], phase: int) -> list[Signal]:
    """Return the one signal that tells best that a phase left the limits of the phase before."""
    flags = held.chart.signals(rules).flags
    found = gathered(flags, rules, held.chart, held.start, phase, EARLIER)
    return sorted(found, key=lambda s: (s.pattern != "shift", s.pattern != "single", s.first))[:1]


def _held(stretch: Stretch, before: Stretch, maker: Maker, material: Material) -> Stretch | None:
    """Return a phase with the limits of the one before, drawn on."""
    old = before.chart
    known = {"center": float(old.center.ravel()[0])}
    if old.process_sigma is not None:
        known["std"] = float(old.process_sigma)
    chart = maker(material, slice(stretch.start, stretch.stop), None, known)
    return replace(stretch, chart=chart, label=before.label)


def _joined(stretches: list[Stretch], name: str) -> NDArray[Any]:
    parts = [np.broadcast_to(getattr(s.chart, name), s.chart.values.shape) for s in stretches]
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def _limits(stretch: Stretch) -> PhaseLimits:
    chart = stretch.chart
    center, lower, upper = (_one(line) for line in (chart.center, chart.lower, chart.upper))
    n = int(np.sum(~np.isnan(chart.values[chart.calibration])))
    return PhaseLimits(stretch.start, stretch.stop, stretch.label, center, lower, upper, n)


def _one(line: Floats) -> float | None:
    flat = line.ravel()
    return float(flat[0]) if len(flat) and np.all(flat == flat[0]) else None


Known = Mapping[str, float] | None
BY_EARLIER = ("I", "xbar", "p", "np", "c", "u")


def _plain(make: Callable[..., ControlChart], **fixed: object) -> Maker:
    def maker(material: Material, part: slice, calibration: Any, known: Known) -> ControlChart:
        return make(material.points[part], calibration=calibration, **fixed, **(known or {}))

    return maker


def _count(make: Callable[..., ControlChart], sized: bool, **fixed: object) -> Maker:
    def maker(material: Material, part: slice, calibration: Any, known: Known) -> ControlChart:
        counts, given = material.exact[part], {"center": known["center"]} if known else {}
        if not sized:
            return make(counts, calibration=calibration, **given)
        size = np.ones(len(counts)) if material.sizes is None else material.sizes[part]
        return make(counts, size, calibration=calibration, **fixed, **given)

    return maker


def _ewma(material: Material, part: slice, calibration: Any, known: Known) -> ControlChart:
    return made.ewma_chart(material.points[part], subgroups=material.grouped, calibration=calibration)


def _cusum(side: int) -> Maker:
    def maker(material: Material, part: slice, calibration: Any, known: Known) -> ControlChart:
        sums = made.cusum_chart(material.points[part], subgroups=material.grouped, calibration=calibration)
        values = sums.upper if side > 0 else sums.lower
        zero, top = np.zeros(1), np.full(1, sums.decision)
        used = sums.base.calibration
        code = "CUSUM+" if side > 0 else "CUSUM−"
        return ControlChart(code, values, zero, zero, top, np.ones(1), None, None, used, {"decision": sums.decision})

    return maker


def _trend(material: Material, part: slice, calibration: Any, known: Known) -> ControlChart:
    return made.trend_chart(material.points[part], calibration=calibration)


def _forecast(material: Material, part: slice, calibration: Any, known: Known) -> ControlChart:
    points = material.points[part]
    single = made.Subgroups(points).means() if material.grouped else points
    return made.residual_chart(single, calibration=calibration)


def _wandering(material: Material, part: slice, calibration: Any, known: Known) -> ControlChart:
    points = material.points[part]
    single = made.Subgroups(points).means() if material.grouped else points
    return made.wandering_chart(single, calibration=calibration)


def ranges_of_trials(material: Material) -> Chart:
    """Return the range chart of a gauge study, one point for each part and operator: whether repeating is even."""
    whole = Stretch(made.range_chart(material.points), 0, len(material.points), "")
    return _assembled([whole], _plain(made.range_chart), material, PROFILES["limits"])


MAKERS: Mapping[str, tuple[Maker, ...]] = {
    "individuals": (_plain(made.individuals_chart), _plain(made.moving_range_chart)),
    "xbar_r": (_plain(made.xbar_chart), _plain(made.range_chart)),
    "xbar_s": (_plain(made.xbar_chart, sigma="sbar"), _plain(made.deviation_chart)),
    "ewma": (_ewma,),
    "cusum": (_cusum(1), _cusum(-1)),
    "trend": (_trend,),
    "forecast": (_forecast,),
    "wandering": (_wandering,),
    "p": (_count(made.p_chart, True),),
    "np": (_count(made.np_chart, True),),
    "laney_p": (_count(made.p_chart, True, prime=True),),
    "c": (_count(made.c_chart, False),),
    "u": (_count(made.u_chart, True),),
    "laney_u": (_count(made.u_chart, True, prime=True),),
    "g": (_plain(made.g_chart),),
    "t": (_plain(made.t_chart),),
}
INSTRUMENTS_HERE = tuple(MAKERS)
