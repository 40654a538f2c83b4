"""Which past weeks a week is compared with, and in which season group each stands.

The design depends only on how far back the same time of the earlier years lies. With an index of time that is always
``frequency`` weeks a year; with dates it is 52 or 53 weeks, so weeks with the same distances share one design.

Source: A. Noufaily et al. (2013), "An improved algorithm for outbreak detection in multiple surveillance systems",
Statistics in Medicine 32, 1206-1222, section 3 (ten-level factor); M. Salmon, D. Schumacher, M. Höhle (2016), section 3.2.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.signal.series.counts import Floats, Ints


@dataclass(frozen=True)
class Design:
    """Past weeks by distance: ``offsets`` (n,) weeks back, ``groups`` (n,) season group, ``time`` (n,) minus offsets.

    ``now`` is the group of the week that is judged (always the last one).
    """

    offsets: Ints
    groups: Ints
    time: Floats
    now: int

    @property
    def indicator(self) -> Floats:
        """(n, groups): 1 where a past week stands in the group."""
        return np.asarray(self.groups[:, None] == np.arange(self.now + 1), dtype=np.float64)


def window_design(references: Sequence[int], half_width: int) -> Design:
    """The weeks within ``half_width`` of the same time in earlier years, one group, oldest first.

    >>> window_design([52], 1).offsets
    array([53, 52, 51])
    """
    spread = np.arange(half_width, -half_width - 1, -1)
    offsets = np.concatenate([reference + spread for reference in sorted(references, reverse=True)])
    return Design(offsets, np.zeros(len(offsets), dtype=np.int64), -offsets.astype(np.float64), 0)


def season_design(references: Sequence[int], half_width: int, periods: int, excluded: int) -> Design:
    """All weeks back to the earliest reference, cut into ``periods`` groups, without the last ``excluded`` weeks.

    The last group holds the reference weeks ± ``half_width``; what lies between two of them is cut into
    ``periods - 1`` blocks whose lengths differ by at most one, the longer first in time.

    >>> design = season_design([10, 20], 1, 3, 3)
    >>> design.offsets, design.groups
    (array([21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10,  9,  8,  7,  6,  5,
            4]), array([2, 2, 2, 0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 0, 0, 0, 0, 1]))
    """
    depth = max(references) + half_width
    label = np.full(depth + 1, -1, dtype=np.int64)  # by distance
    label[: half_width + 1] = periods - 1
    nearer = 0
    for reference in references:
        label[reference - half_width : reference + half_width + 1] = periods - 1
        if periods > 1:
            length = reference - nearer - 2 * half_width - 1
            label[nearer + half_width + 1 : reference - half_width] = _blocks(length, periods - 1)[::-1]
        nearer = reference
    label[: excluded + 1] = -1
    offsets = np.flatnonzero(label >= 0)[::-1].astype(np.int64)
    return Design(offsets, label[offsets], -offsets.astype(np.float64), periods - 1)


def _blocks(length: int, blocks: int) -> Ints:
    """Block numbers of ``length`` weeks in time order."""
    sizes = np.full(blocks, length // blocks)
    sizes[: length % blocks] += 1
    return np.repeat(np.arange(blocks), sizes)


def references_by_index(years: int, frequency: int) -> tuple[int, ...]:
    """Weeks back of the same time in the ``years`` years before."""
    return tuple(frequency * year for year in range(1, years + 1))


def references_by_date(dates: NDArray[np.datetime64], week: int, years: int, step: int) -> tuple[int, ...]:
    """Weeks back to the date nearest to the same day of the ``years`` years before (29 February counts as 1 March).

    >>> weeks = np.arange(np.datetime64("2015-01-05"), np.datetime64("2022-09-05"), np.timedelta64(7, "D"))
    >>> references_by_date(weeks, 399, 3, 7)
    (52, 104, 157)
    """
    day = dates[week]
    month = day.astype("datetime64[M]")
    inside = day - month.astype("datetime64[D]")
    earlier = [
        (month - np.timedelta64(12 * year, "M")).astype("datetime64[D]") + inside for year in range(1, years + 1)
    ]
    return tuple(round(int((day - then).astype(int)) / step) for then in earlier)
