"""Small numbers that would tell whose case it was: held back, and with a single one the next smallest too."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

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
