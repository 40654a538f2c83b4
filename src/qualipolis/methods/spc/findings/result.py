"""What a study of one characteristic found: every number once, read by page, PDF, JSON and command line alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.problems import msg
from qualipolis.methods.spc.capability import CapabilityStudy, Index, NonNormalStudy, Specification, TimeModel
from qualipolis.methods.spc.charts.result import Bools, Floats
from qualipolis.methods.spc.comparison.before_after import Proof
from qualipolis.methods.spc.instrument import Recommendation
from qualipolis.methods.spc.msa.gauge import GaugeRR
from qualipolis.methods.spc.patterns import Sighting
from qualipolis.methods.spc.reliability.fit import LifeFit
from qualipolis.methods.spc.report_card import ReportCard, State
from qualipolis.methods.spc.rules import Rule

Ints = NDArray[np.int64]
OWN, EARLIER = "own", "earlier"


@dataclass(frozen=True)
class Remark:
    """A sentence on what could not be done or what was assumed, with the values of its places."""

    code: str
    what: str
    params: Mapping[str, object] = field(default_factory=dict)
    remedy: str = ""

    def text(self, translate: Callable[[str], str] = msg) -> str:
        """Return the words in the language of ``translate``."""
        return " ".join(translate(part) % dict(self.params) for part in (self.what, self.remedy) if part)


@dataclass(frozen=True)
class Summary:
    """Plain numbers of the values measured; ``below`` and ``above`` count those outside the limits that can be missed."""

    mean: float
    sd: float
    least: float
    median: float
    greatest: float
    below: int | None
    above: int | None

    @property
    def outside(self) -> int | None:
        """Values outside the limits; None without limits."""
        known = [count for count in (self.below, self.above) if count is not None]
        return sum(known) if known else None


@dataclass(frozen=True)
class PhaseLimits:
    """A stretch of points ``start`` … ``stop`` − 1 (from 0) with limits of its own; None where they vary by point."""

    start: int
    stop: int
    label: str
    center: float | None
    lower: float | None
    upper: float | None
    n: int


@dataclass(frozen=True)
class Signal:
    """Neighbouring points that one rule marks.

    ``first`` … ``last`` is the whole run (from 0), ``points`` those that complete it; ``value`` the most distant one.
    ``against`` tells whether the limits are those of the points' own phase or of the phase before it. ``strength`` orders
    signals by how little chance explains them, in powers of ten.
    """

    number: int
    rule: str
    label: str
    pattern: str
    first: int
    last: int
    points: tuple[int, ...]
    value: float
    side: int
    against: str
    phase: int
    strength: float = 0.0


@dataclass(frozen=True, eq=False)
class Chart:
    """A chart ready to be drawn and listed; every array has one entry for each point.

    ``own`` marks what signals by the limits of its own phase, ``flagged`` also what left the limits of the phase before.
    """

    code: str
    label: str
    values: Floats
    center: Floats
    lower: Floats
    upper: Floats
    sigma: Floats
    size: NDArray[Any] | None
    times: NDArray[Any] | None
    phases: tuple[PhaseLimits, ...]
    earlier: tuple[PhaseLimits, ...]
    rules: tuple[Rule, ...]
    signals: tuple[Signal, ...]
    flagged: Bools
    own: Bools
    counts: Mapping[str, int]

    def __len__(self) -> int:
        return len(self.values)

    def __repr__(self) -> str:
        return f"Chart({self.code}, {len(self):,} points, {int(self.flagged.sum()):,} signal)"

    def phase_at(self, point: int) -> int:
        """Return the number of the phase that holds a point."""
        return next(i for i, phase in enumerate(self.phases) if point < phase.stop)

    def rows(self, start: int = 0, stop: int | None = None) -> list[dict[str, Any]]:
        """Return points ``start`` … ``stop`` − 1 as rows of the table beside the drawing; points count from 1 there."""
        stop = len(self) if stop is None else min(stop, len(self))
        numbers: dict[int, list[int]] = {}
        for signal in self.signals:
            for point in signal.points:
                numbers.setdefault(point, []).append(signal.number)
        return [self._row(i, numbers.get(i, [])) for i in range(start, stop)]

    def _row(self, i: int, numbers: list[int]) -> dict[str, Any]:
        phase = self.phases[self.phase_at(i)]
        return {
            "point": i + 1,
            "time": None if self.times is None else timed(self.times[i]),
            "value": number(self.values[i]),
            "center": number(self.center[i]),
            "lower": number(self.lower[i]),
            "upper": number(self.upper[i]),
            "size": None if self.size is None else number(self.size[i]),
            "phase": phase.label,
            "signals": numbers,
            "flagged": bool(self.flagged[i]),
        }


@dataclass(frozen=True, eq=False)
class Capability:
    """Whether the process keeps to its limits; not ``valid`` as a prediction while it is not stable, and then ``why``."""

    valid: bool
    why: str
    study: CapabilityStudy | NonNormalStudy
    model: TimeModel | None

    @property
    def indices(self) -> Mapping[str, Index]:
        """The indices that may be told: those of performance alone while the process is not stable."""
        found = self.study.indices
        return found if self.valid else {name: index for name, index in found.items() if name.startswith("P")}

    @property
    def leading(self) -> str:
        """The index that answers the question: Cpk of a stable normal process, else Ppk."""
        return "Cpk" if "Cpk" in self.indices else "Ppk"

    @property
    def confidence(self) -> float:
        """Confidence of the intervals."""
        return self.study.confidence


@dataclass(frozen=True, eq=False)
class Histogram:
    """Counts between ``edges``; ``curve`` is what the chosen law expects in each class, None without a law."""

    edges: Floats
    counts: Ints
    curve: Floats | None


@dataclass(frozen=True)
class Law:
    """The distribution chosen and why; ``name`` is empty when none describes the values, ``mixed`` when there are two."""

    name: str
    reason: str
    p: float | None
    correlation: float | None
    tried: tuple[tuple[str, float | None, bool], ...]
    mixed: bool
    sample: int


@dataclass(frozen=True, eq=False)
class Life:
    """Lifetimes: shape and characteristic life with limits, and the time by which a tenth have failed."""

    fit: LifeFit
    shape: tuple[float, float, float]
    characteristic: tuple[float, float, float]
    b10: tuple[float, float, float]
    side: str


@dataclass(frozen=True, eq=False)
class Findings:
    """All that was found; ``charts`` has the location first and then the spread, and is empty when nothing can be drawn."""

    name: str
    unit: str
    kind: str
    n: int
    missing: int
    censored: int
    instrument: str
    specification: Specification | None
    summary: Summary | None
    card: ReportCard
    recommendation: Recommendation | None
    charts: tuple[Chart, ...]
    patterns: tuple[Sighting, ...]
    capability: Capability | None
    histogram: Histogram | None
    law: Law | None
    proof: Proof | None
    gauge: GaugeRR | None
    life: Life | None
    remarks: tuple[Remark, ...]
    conventions: Mapping[str, object] = field(default_factory=dict)

    @property
    def signalled(self) -> bool:
        """Whether a point of the location or of the spread speaks against chance."""
        return any(chart.signals for chart in self.charts)

    @property
    def state(self) -> State:
        """The worst state of the report card."""
        return self.card.state

    def to_dict(self, translate: Callable[[str], str] = msg, drawn: int = 5000) -> dict[str, Any]:
        """Return everything as JSON would have it: no NaN; charts of more than ``drawn`` points thinned, and so said."""
        from qualipolis.methods.spc.findings.exported import exported

        return exported(self, translate, drawn)

    def __repr__(self) -> str:
        drawn = ", ".join(map(repr, self.charts)) or "no chart"
        return f"Findings({self.name or 'unnamed'}, n = {self.n:,}, {self.state}: {drawn})"


def number(value: object) -> float | int | None:
    """Return a plain number, or None for what is not one: JSON has no NaN."""
    if value is None:
        return None
    if isinstance(value, (bool, np.bool_)):
        return int(value)
    if isinstance(value, (int, np.integer)):
        return int(value)
    found = float(value)  # type: ignore[arg-type]
    return found if np.isfinite(found) else None


def timed(value: object) -> str | None:
    """Return a time as text, seconds at most; None where it is missing."""
    if isinstance(value, np.datetime64):
        return None if np.isnat(value) else str(value.astype("datetime64[s]"))
    return None if value is None else str(value)
