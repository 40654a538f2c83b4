"""Small numbers that would tell whose case it was: held back, and with a single one the next smallest too."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import chain

from qualipolis.law.rules import rule_on

FEWEST = int(str(rule_on("suppression.min_count", date.max).value))


def held_back(firms: Mapping[str, int]) -> frozenset[str]:
    """Return the cells that are held back: those of one or two firms, and a second one where a total would give one away.

    >>> sorted(held_back({"a": 9, "b": 2, "c": 5})), sorted(held_back({"a": 9, "b": 0, "c": 5}))
    (['b', 'c'], [])
    """
    hidden = {name for name, number in firms.items() if 0 < number < FEWEST}
    rest = sorted((number, name) for name, number in firms.items() if number >= FEWEST)
    while hidden and rest and (len(hidden) == 1 or sum(firms[name] for name in hidden) < FEWEST):
        hidden.add(rest.pop(0)[1])
    return frozenset(hidden)


def held_back_in_table(firms: Mapping[tuple[str, str], int]) -> frozenset[tuple[str, str]]:
    """Return the cells (row, column) of a table with totals that are held back: small ones, and others so that no row
    and no column has a single one that its total would give away.

    >>> found = held_back_in_table({("a", "x"): 2, ("a", "y"): 9, ("b", "x"): 7, ("b", "y"): 8, ("c", "x"): 9})
    >>> sorted(found)
    [('a', 'x'), ('a', 'y'), ('b', 'x'), ('b', 'y')]
    """
    hidden: set[tuple[str, str]] = set()
    while True:
        shown = {cell: 1 if cell in hidden else number for cell, number in firms.items()}
        lines = [[cell for cell in firms if cell[axis] == name] for axis in (0, 1) for name in _names(firms, axis)]
        more = set(chain.from_iterable(_held(shown, line) for line in lines)) - hidden
        if not more:
            return frozenset(hidden)
        hidden |= more


def _names(firms: Mapping[tuple[str, str], int], axis: int) -> list[str]:
    return list(dict.fromkeys(cell[axis] for cell in firms))


def _held(firms: Mapping[tuple[str, str], int], line: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the cells of one row or column that are held back; those held back already count as small."""
    small = [cell for cell in line if 0 < firms[cell] < FEWEST]
    rest = sorted((firms[cell], cell) for cell in line if firms[cell] >= FEWEST)
    return [*small, rest[0][1]] if len(small) == 1 and rest else small
