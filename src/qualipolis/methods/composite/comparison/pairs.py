"""Splitting the difference between two sides that may differ in values, weights, gaps, indicators and means."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.composite.comparison.splitting import (
    Ledger,
    Rows,
    Side,
    normalised,
    power_mean,
    secant,
    split_level,
)
from qualipolis.methods.composite.data import Floats

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
class _Family:
    """The children of one node on both sides, those missing on a side standing in with the node's own value."""

    children: tuple[str, ...]
    first: Floats
    second: Floats
    in_first: Bools
    in_second: Bools
    first_shares: Floats
    second_shares: Floats


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
        >>> one = Side(fw, np.array([[2.0, 4.0, 3.0]]), np.ones(3), {"X": 1.0})
        >>> two = Side(fw, np.array([[1.0, np.nan, 1.0]]), np.ones(3), {"X": 1.0})
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
        family = self._family(code, rows)
        tops = self.first.of(code, rows), self.second.of(code, rows)
        one, two = self.first.powers[code], self.second.powers[code]
        if one == two:
            self._family_parts(code, family, one, tops, rows, factor, branch)
            return
        self._other_mean(code, family, (one, two), tops, rows, factor, branch)

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

    def _family(self, code: str, rows: Rows) -> _Family:
        children = tuple(dict.fromkeys((*self.first.children(code), *self.second.children(code))))
        sides = (self.first, self.second)
        tops = [side.of(code, rows)[:, None] for side in sides]
        known = [np.array([child in side.children(code) for child in children]) for side in sides]
        values = [
            np.stack(
                [side.of(c, rows) if k else np.full(len(rows), np.nan) for c, k in zip(children, has, strict=True)],
                axis=1,
            )
            for side, has in zip(sides, known, strict=True)
        ]
        weights = _weights(children, sides, known)
        there = [~np.isnan(one) for one in values]
        active = there[0] | there[1]
        shares = [normalised(active * w) for w in weights]
        filled = [np.where(here, one, top) for here, one, top in zip(there, values, tops, strict=True)]
        return _Family(children, filled[0], filled[1], there[0], there[1], shares[0], shares[1])

    def _family_parts(
        self,
        code: str,
        family: _Family,
        power: float,
        tops: tuple[Floats, Floats],
        rows: Rows,
        factor: Floats,
        branch: str,
    ) -> None:
        top = secant(*tops, power)
        for k, child in enumerate(family.children):
            first, second = family.first[:, k], family.second[:, k]
            share = (family.first_shares[:, k] + family.second_shares[:, k]) / 2
            ratio = factor * share * secant(first, second, power) / top
            here, there = family.in_first[:, k], family.in_second[:, k]
            way = branch or child
            gap = "missing" if child in self.first.children(code) and child in self.second.children(code) else "set"
            alike = bool(self.first.children(child)) == bool(self.second.children(child)) or gap == "set"
            both = here & there & alike
            at = np.flatnonzero(both)
            self._node(child, rows[at], ratio[at], way)
            one = "set" if not alike else gap
            self._level(self.first, child, tops[1], rows, ratio, here & ~both, (one, child, way))
            other = np.where(here, tops[1], tops[0])
            self._level(self.second, child, other, rows, -ratio, there & ~both, (one, child, way))
            moved = family.first_shares[:, k] - family.second_shares[:, k]
            if moved.any():
                half = factor * moved / 2 / top
                lift, drop = secant(first, tops[0], power), secant(second, tops[1], power)
                kind = ("weight" if gap == "missing" else "set", child, way)
                self._level(self.first, child, tops[0], rows, half * lift, here, kind)
                self._level(self.second, child, tops[1], rows, half * drop, there, kind)

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
        at = np.flatnonzero(mask & (factor != 0))
        if not at.size:
            return
        kind, source, branch = what
        for leaf, points, where in split_level(side, child, reference[at], rows[at], factor[at]):
            self.ledger.add((leaf, kind, source, branch), where, points)

    def _other_mean(
        self,
        code: str,
        family: _Family,
        powers: tuple[float, float],
        tops: tuple[Floats, Floats],
        rows: Rows,
        factor: Floats,
        branch: str,
    ) -> None:
        """Split by both orders (mean first, mean last) and take the average; by one where the other cannot be done."""
        positive = bool((family.first > 0).all() and (family.second > 0).all())
        orders = [0, 1] if positive else [0 if powers[0] == 1 else 1]
        for order in orders:
            power, part = powers[order], factor / len(orders)
            if order == 0:
                between, filled = _under(family.second, family.second_shares, family.in_second, power)
                self._family_parts(code, replace(family, second=filled), power, (tops[0], between), rows, part, branch)
                effect = between - tops[1]
            else:
                between, filled = _under(family.first, family.first_shares, family.in_first, power)
                self._family_parts(code, replace(family, first=filled), power, (between, tops[1]), rows, part, branch)
                effect = tops[0] - between
            self.ledger.add((code, "method", code, branch or code), rows, part * effect)


def _under(values: Floats, shares: Floats, there: Bools, power: float) -> tuple[Floats, Floats]:
    """Return the node's value under another mean, and the children's with it standing in for the missing ones."""
    mean = power_mean(np.where(there, values, 1.0), normalised(shares * there), power)
    return mean, np.where(there, values, mean[:, None])


def _weights(children: tuple[str, ...], sides: tuple[Side, Side], known: list[Bools]) -> list[Floats]:
    """Return the weights on both sides; a child that a side does not have stands in with the share it has on the other."""
    raw = [
        np.array([side.weight(c) if k else 0.0 for c, k in zip(children, has, strict=True)])
        for side, has in zip(sides, known, strict=True)
    ]
    common = known[0] & known[1]
    sums = [float(w[common].sum()) for w in raw]
    ratio = sums[1] / sums[0] if sums[0] > 0 and sums[1] > 0 else 1.0
    return [np.where(known[0], raw[0], raw[1] / ratio), np.where(known[1], raw[1], raw[0] * ratio)]
