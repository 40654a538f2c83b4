"""Why a score is what it is: exact parts of the way from last year, and of the gap to the peers."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from qualipolis.city.assess.analysis_basis import basis
from qualipolis.city.assess.book import NodeFacts
from qualipolis.city.assess.explain import Case
from qualipolis.methods.composite import CompositeResult, IndicatorData
from qualipolis.methods.composite.comparison import Decomposition, change, difference
from qualipolis.methods.problems import InputError

KINDS = ("value", "rules", "missing")
KIND_OF = {
    "value": "value",
    "scale": "rules",
    "weight": "rules",
    "set": "rules",
    "method": "rules",
    "missing": "missing",
}
TYPICAL = "__typical__"
SAME = 1e-6


@dataclass(frozen=True)
class Line:
    """One node with its points, by kind: another value, other goalposts or weights, there on one side only.

    ``absent`` says on which side it is not there: ``here``, ``there`` or nowhere ("").
    """

    code: str
    node: NodeFacts | None
    value: float
    rules: float
    missing: float
    absent: str = ""

    @property
    def points(self) -> float:
        """All kinds together."""
        return math.fsum((self.value, self.rules, self.missing))


@dataclass(frozen=True)
class Parts:
    """A difference of two scores and the lines that add up to it; ``residual`` is what rounding leaves over."""

    score: float
    against: float
    lines: tuple[Line, ...]
    residual: float
    unit: str = ""

    @property
    def total(self) -> float:
        """The difference."""
        return self.score - self.against

    def kind(self, name: str) -> float:
        """Return the points of one kind."""
        return math.fsum(getattr(line, name) for line in self.lines)


def year_parts(case: Case) -> Parts | None:
    """Return the way from the year before to this year, or nothing when there is none."""
    if case.before is None or case.earlier is None or case.earlier.at("score", case.unit, case.earlier.root) is None:
        return None
    try:
        return _parts(case, change(basis(case.before.assessment).result, case.base.result, case.unit, case.root))
    except InputError:
        return None


def peer_parts(case: Case, other: str = "") -> Parts | None:
    """Return the gap to another unit, by default to a unit that has the median of the peers in every indicator."""
    try:
        if other:
            found = difference(case.base.result, case.unit, other, case.root)
            return _parts(case, found, other)
        with_typical = _beside_typical(case)
        return None if with_typical is None else _parts(case, difference(with_typical, case.unit, TYPICAL, case.root))
    except InputError:
        return None


def _parts(case: Case, found: Decomposition, unit: str = "") -> Parts:
    sums: dict[str, dict[str, list[float]]] = {}
    for part in found.parts:
        sums.setdefault(part.node, {name: [] for name in KINDS})[KIND_OF[part.kind]].append(part.points)
    lines = [
        Line(code, case.node(code), *(math.fsum(kinds[name]) for name in KINDS), _absent(case, code, kinds))
        for code, kinds in sums.items()
    ]
    lines.sort(key=lambda line: -abs(line.points))
    left = found.total - math.fsum(line.points for line in lines)
    return Parts(found.score, found.against_score, tuple(lines), left, unit)


def _absent(case: Case, code: str, kinds: dict[str, list[float]]) -> str:
    if not kinds["missing"]:
        return ""
    return "here" if case.read.at("score", case.unit, code) is None else "there"


def by_parent(case: Case, found: Parts) -> Parts:
    """Return the same difference by the dimensions that hold the indicators; the sum stays what it is."""
    sums: dict[str, list[Line]] = {}
    for line in found.lines:
        parent = line.node.parent if line.node and line.node.level == 1 else None
        sums.setdefault(parent or line.code, []).append(line)
    lines = [
        Line(code, case.node(code), *(math.fsum(getattr(one, kind) for one in group) for kind in KINDS))
        for code, group in sums.items()
    ]
    lines.sort(key=lambda line: -abs(line.points))
    return replace(found, lines=tuple(lines))


def _beside_typical(case: Case) -> CompositeResult | None:
    """Return the result with one unit more: it has the median value of the peers in every indicator.

    Nothing where the scale depends on who is there, so that one unit more would move the others.
    """
    result, data = case.base.result, case.base.result.data
    inside = {card.unit for card, peer in zip(case.read.cards, case.peers, strict=True) if peer}
    rows = [row for row, unit in enumerate(data.units) if unit in inside]
    block = data.values[rows]
    known = ~np.isnan(block).all(axis=0)
    middle = np.full(block.shape[1], np.nan)
    middle[known] = np.nanmedian(block[:, known], axis=0)
    if data.denominators:
        return None
    more = IndicatorData(
        (*data.units, TYPICAL), data.codes, np.vstack([data.values, middle]), data.names,
        {name: (*labels, None) for name, labels in data.groups.items()},
    )  # fmt: skip
    made = result.pipeline.run(result.framework, more)
    ours = result.score(case.root)[result.units.index(case.unit)]
    moved = abs(made.score(case.root)[made.units.index(case.unit)] - ours)
    return made if TYPICAL in made.units and moved < SAME else None
