"""Splitting the difference between two sides that may differ in values, weights, gaps, indicators and means."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.composite.comparison.games import mean_of, power_of, same_mean, shapley
from qualipolis.methods.composite.comparison.splitting import (
    Ledger,
    Rows,
    Side,
    normalised,
    per_distance,
    relative_secant,
    share_out,
    split_level,
)
from qualipolis.methods.composite.data import Floats
from qualipolis.methods.composite.more_means import Rule

Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Cross:
    """Scores of the indicators with the raw values of one side on the scale of the other, (n, indicators of the side).

    ``first_on_second``: raw values of the first side on the second's scale, columns as the second's indicators;
    ``second_on_first`` the other way round. NaN where unknown.
    """

    first_on_second: Floats
    second_on_first: Floats


@dataclass(frozen=True, eq=False)
class _Half:
    """The children of one node on one side: their values (missing as NaN), weights, and the node's own value."""

    values: Floats
    weights: Floats
    top: Floats

    @property
    def there(self) -> Bools:
        return ~np.isnan(self.values)

    @property
    def filled(self) -> Floats:
        """The values, the node's own standing in for the missing ones."""
        return np.where(self.there, self.values, self.top[:, None])

    def under(self, rule: Rule) -> _Half:
        """Return the same children under another mean."""
        return replace(self, top=mean_of(rule, self.values, self.weights))


@dataclass(frozen=True, eq=False)
class _At:
    """Where a split is: the node, its children, the rows, what one point is worth, the branch it counts through."""

    code: str
    children: tuple[str, ...]
    rows: Rows
    factor: Floats
    branch: str

    def of(self, child: str) -> str:
        return self.branch or child


@dataclass(frozen=True, eq=False)
class Pair:
    """Both sides, the scales across, and the ledger that the parts go to."""

    first: Side
    second: Side
    ledger: Ledger
    cross: Cross | None = None

    def split(self, code: str) -> Ledger:
        """Write the parts of first - second of a node for all rows in which both have a score; return the ledger.

        >>> from qualipolis.methods.composite.framework import Framework, Node
        >>> fw = Framework((Node("a", parent="X"), Node("b", parent="X"), Node("X", level=2, kind="aggregate")))
        >>> one = Side(fw, np.array([[2.0, 4.0, 3.0]]), np.ones(3), {"X": Rule()})
        >>> two = Side(fw, np.array([[1.0, np.nan, 1.0]]), np.ones(3), {"X": Rule()})
        >>> {key[:2]: line.tolist() for key, line in Pair(one, two, Ledger(1)).split("X").lines.items()}
        {('a', 'value'): [0.5], ('b', 'missing'): [1.5]}
        """
        every = np.arange(self.ledger.count)
        both = every[~np.isnan(self.first.of(code, every)) & ~np.isnan(self.second.of(code, every))]
        self._node(code, both, np.ones(len(both)), "")
        return self.ledger

    def _node(self, code: str, rows: Rows, factor: Floats, branch: str) -> None:
        if not rows.size:
            return
        if not self.first.children(code) and not self.second.children(code):
            self._leaf(code, rows, factor, branch)
            return
        children = tuple(dict.fromkeys((*self.first.children(code), *self.second.children(code))))
        at = _At(code, children, rows, factor, branch)
        first, second = self._halves(at)
        one, two = self.first.rules[code], self.second.rules[code]
        if same_mean(one, two):
            self._family(at, first, second, one)
            return
        for rule, there, share in _orders(one, two, first, second):
            part = replace(at, factor=factor * share)
            ends = (first, second.under(rule)) if there else (first.under(rule), second)
            self._family(part, *ends, rule)
            effect = (ends[1].top - second.top) if there else (first.top - ends[0].top)
            self.ledger.add((code, "method", code, branch or code), rows, part.factor * effect)

    def _leaf(self, code: str, rows: Rows, factor: Floats, branch: str) -> None:
        first, second = self.first.of(code, rows), self.second.of(code, rows)
        total = first - second
        value = total
        if self.cross is not None:
            over = self.cross.first_on_second[rows, self.second.framework.indicators.index(code)]
            back = self.cross.second_on_first[rows, self.first.framework.indicators.index(code)]
            value = np.where(np.isnan(over + back), total, ((over - second) + (first - back)) / 2)
        self.ledger.add((code, "value", code, branch or code), rows, factor * value)
        if self.cross is not None:
            self.ledger.add((code, "scale", code, branch or code), rows, factor * (total - value))

    def _halves(self, at: _At) -> tuple[_Half, _Half]:
        sides = (self.first, self.second)
        known = [np.array([child in side.children(at.code) for child in at.children]) for side in sides]
        weights = _weights(at.children, sides, known)
        values = [
            np.stack(
                [
                    side.of(child, at.rows) if has else np.full(len(at.rows), np.nan)
                    for child, has in zip(at.children, own, strict=True)
                ],
                axis=1,
            )
            for side, own in zip(sides, known, strict=True)
        ]
        one, two = (_Half(v, w, side.of(at.code, at.rows)) for v, w, side in zip(values, weights, sides, strict=True))
        return one, two

    def _family(self, at: _At, first: _Half, second: _Half, rule: Rule) -> None:
        power = power_of(rule)
        if power is None:
            self._by_game(at, first, second, rule)
            return
        here, there = first.there, second.there
        active = here | there
        shares = [normalised(active * half.weights) for half in (first, second)]
        a, b, ends = first.filled, second.filled, (first.top, second.top)
        ratios = at.factor[:, None] * (shares[0] + shares[1]) / 2 * relative_secant(a, b, ends, power)
        half = at.factor[:, None] * (shares[0] - shares[1]) / 2
        lifts = [half * relative_secant(x, top[:, None], ends, power) for x, top in zip((a, b), ends, strict=True)]
        for k, child in enumerate(at.children):
            self._child(at, child, ratios[:, k], (here[:, k], there[:, k]), (first.top, second.top))
            kind = ("weight" if self._shared(at.code, child) else "set", child, at.of(child))
            self._level(self.first, child, first.top, at.rows, lifts[0][:, k], here[:, k], kind)
            self._level(self.second, child, second.top, at.rows, lifts[1][:, k], there[:, k], kind)

    def _child(
        self, at: _At, child: str, ratio: Floats, present: tuple[Bools, Bools], tops: tuple[Floats, Floats]
    ) -> None:
        """Go down into a child that both have; measure one that only one has against the other's own value."""
        here, there = present
        both = here & there & self._alike(child)
        on = np.flatnonzero(both)
        self._node(child, at.rows[on], ratio[on], at.of(child))
        kind = ("missing" if self._shared(at.code, child) and self._alike(child) else "set", child, at.of(child))
        self._level(self.first, child, tops[1], at.rows, ratio, here & ~both, kind)
        self._level(self.second, child, np.where(here, tops[1], tops[0]), at.rows, -ratio, there & ~both, kind)

    def _by_game(self, at: _At, first: _Half, second: _Half, rule: Rule) -> None:
        parts = [shapley(rule, first.values, second.values, half.weights) for half in (first, second)]
        points = at.factor[:, None] * (parts[0] + parts[1]) / 2
        ratios = per_distance(points, first.values - second.values)
        for k, child in enumerate(at.children):
            here, there = first.there[:, k], second.there[:, k]
            both = here & there & self._alike(child)
            on = np.flatnonzero(both)
            self._node(child, at.rows[on], ratios[on, k], at.of(child))
            kind = "missing" if self._shared(at.code, child) and self._alike(child) else "set"
            self._shared_out(self.first, at, child, points[:, k], here & ~both, kind)
            self._shared_out(self.second, at, child, points[:, k], there & ~here, kind)
        moved = first.top - second.top - (parts[0] + parts[1]).sum(axis=1) / 2
        if not np.array_equal(normalised(first.weights[None]), normalised(second.weights[None])):
            self.ledger.add((at.code, "weight", at.code, at.branch or at.code), at.rows, at.factor * moved)

    def _shared_out(self, side: Side, at: _At, child: str, points: Floats, mask: Bools, kind: str) -> None:
        on = np.flatnonzero(mask)
        if on.size:
            for leaf, share, where in share_out(side, child, at.rows[on], points[on]):
                self.ledger.add((leaf, kind, child, at.of(child)), where, share)

    def _level(
        self,
        side: Side,
        child: str,
        reference: Floats,
        rows: Rows,
        factor: Floats,
        mask: Bools,
        what: tuple[str, str, str],
    ) -> None:
        on = np.flatnonzero(mask & (factor != 0))
        if not on.size:
            return
        kind, source, branch = what
        for leaf, points, where in split_level(side, child, reference[on], rows[on], factor[on]):
            self.ledger.add((leaf, kind, source, branch), where, points)

    def _shared(self, code: str, child: str) -> bool:
        return child in self.first.children(code) and child in self.second.children(code)

    def _alike(self, child: str) -> bool:
        """Return whether a child is an indicator on both sides or an aggregate on both."""
        return bool(self.first.children(child)) == bool(self.second.children(child))


def _orders(one: Rule, two: Rule, first: _Half, second: _Half) -> list[tuple[Rule, bool, float]]:
    """Return (mean to split by, whether the second side is brought to it, share): both orders where both can be taken."""
    found = []
    for rule, there, other in ((one, True, second), (two, False, first)):
        top = other.under(rule).top
        if not np.isnan(top).any() and np.isfinite(top).all():
            found.append((rule, there))
    return [(rule, there, 1.0 / len(found)) for rule, there in found]


def _weights(children: tuple[str, ...], sides: tuple[Side, Side], known: list[Bools]) -> list[Floats]:
    """Return the weights on both sides; a child that a side does not have stands in with the share it has on the other."""
    raw = [
        np.array([side.weight(child) if has else 0.0 for child, has in zip(children, own, strict=True)])
        for side, own in zip(sides, known, strict=True)
    ]
    common = known[0] & known[1]
    sums = [float(w[common].sum()) for w in raw]
    ratio = sums[1] / sums[0] if sums[0] > 0 and sums[1] > 0 else 1.0
    return [np.where(known[0], raw[0], raw[1] / ratio), np.where(known[1], raw[1], raw[0] * ratio)]
