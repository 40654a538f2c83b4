"""Tiers and classes: groups of units whose order is not sure enough."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.composite.data import Floats
from qualipolis.methods.problems import msg

TIER_CERTAINTY = 0.95
TIER_RULE = msg(
    "Walking down the ranking, a unit opens a new tier when it ranks below the first unit of the current tier in more "
    "than 95 % of the replicates."
)


def tiers(order: Sequence[int], ranks: NDArray[np.uint32], certainty: float = TIER_CERTAINTY) -> dict[int, int]:
    """Return the tier of each unit, walking down ``order``.

    A unit opens a new tier when it ranks below the *first* unit of the current tier in more than ``certainty`` of the
    replicates. Neighbours across a border may still be close: only the first unit of a tier is surely above the next.

    Parameters
    ----------
    order : positions of the ranked units, best first
    ranks : (replicates, units), 0 where not ranked
    certainty : share of the replicates

    >>> tiers([0, 1, 2], np.array([[1, 2, 3], [2, 1, 3]], dtype=np.uint32))
    {0: 1, 1: 1, 2: 2}
    """
    found: dict[int, int] = {}
    tier, first = 0, -1
    for unit in order:
        if not tier or _below(ranks, unit, first) > certainty:
            tier, first = tier + 1, unit
        found[unit] = tier
    return found


def certainties(order: Sequence[int], found: Mapping[int, int], ranks: NDArray[np.uint32]) -> dict[int, float]:
    """Return how often each unit ranks among the places of its own tier.

    Parameters
    ----------
    order : positions of the ranked units, best first
    found : the tier of each, as :func:`tiers` returns it
    ranks : (replicates, units), 0 where not ranked

    >>> certainties([0, 1, 2], {0: 1, 1: 1, 2: 2}, np.array([[1, 2, 3], [1, 3, 2]], dtype=np.uint32))
    {0: 1.0, 1: 0.5, 2: 0.5}
    """
    places: dict[int, list[int]] = {}
    for place, unit in enumerate(order, start=1):
        places.setdefault(found[unit], []).append(place)
    sure = {}
    for unit in order:
        drawn = ranks[ranks[:, unit] > 0, unit]
        inside = places[found[unit]]
        sure[unit] = float(((drawn >= inside[0]) & (drawn <= inside[-1])).mean()) if len(drawn) else 0.0
    return sure


def significance_classes(order: Sequence[int], above: Floats, certainty: float = TIER_CERTAINTY) -> dict[int, int]:
    """Return the class of each unit: every unit of a class is surely above every unit of the classes below.

    The border between two neighbours in ``order`` is drawn where each unit above it ranks above each unit below it with
    a probability of at least ``certainty``. Stricter than :func:`tiers`: any two units of different classes can be told
    apart; in return there are fewer classes, often one. Sources: Lahdelma and Salminen (2001) for the probabilities;
    Goldstein and Spiegelhalter (1996), JRSS A 159(3), for ranking only what can be told apart.

    Parameters
    ----------
    order : positions of the ranked units, best first
    above : (units, units), probability that the row's unit ranks above the column's, see :func:`.pairwise.above`
    certainty : lowest probability for every pair across a border

    >>> significance_classes([0, 1, 2], np.array([[0, 0.6, 1], [0.4, 0, 1], [0, 0, 0]]))
    {0: 1, 1: 1, 2: 2}
    """
    rows = np.asarray(order, dtype=np.intp)
    table = above[np.ix_(rows, rows)]
    found: dict[int, int] = {}
    number = 1
    lowest = np.full(len(rows), np.inf)  # of the units so far against each unit
    for place, unit in enumerate(order):
        if place:
            lowest = np.minimum(lowest, table[place - 1])
            number += bool((lowest[place:] >= certainty).all())
        found[unit] = number
    return found


def _below(ranks: NDArray[np.uint32], unit: int, first: int) -> float:
    both = (ranks[:, unit] > 0) & (ranks[:, first] > 0)
    return float((ranks[both, unit] > ranks[both, first]).mean()) if both.any() else 0.0
