"""What of a release is for everyone: bands, small cells held back, and which files are given as they are.

One definition serves the pages, the open data and the API. Three rules (0.1 and section a of the city's rules):
dimensions are shown in bands, a figure behind which fewer than three respondents stand is held back, and where only
one cell of an indicator would be held back, or all that are held back stand for fewer than three respondents
together, the next smallest is held back with them, since the city's total would otherwise give them away.

What this cannot undo: the composite and the sub-indices are published to the digit, so whoever knows every other value
and goalpost of a town can solve for a single cell that is held back. The city decides which of the two it publishes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from qualipolis.city.assess.indicators import IndicatorPage, UnitValue
from qualipolis.city.assess.models import Release
from qualipolis.city.assess.queries import Book, book, indicator_page
from qualipolis.city.measure.distribution import distribution
from qualipolis.city.measure.figures import FEWEST
from qualipolis.city.measure.models import Indicator

EDGES = (0.0, 20.0, 40.0, 60.0, 80.0, 100.0)
EXACT_FROM = 3  # the composite and its sub-indices are published to the digit, dimensions in bands


@dataclass(frozen=True)
class Band:
    """A fifth of the scale from 0 to 100; the upper end belongs to the next band, except for 100."""

    step: int
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.low:g}–{self.high:g}"


def band_of(score: float | None) -> Band | None:
    """Return the band of a score.

    >>> str(band_of(59.99)), str(band_of(60.0)), str(band_of(100.0)), band_of(None)
    ('40–60', '60–80', '80–100', None)
    """
    if score is None:
        return None
    step = min(max(int(score // 20), 0), 4)
    return Band(step + 1, EDGES[step], EDGES[step + 1])


def bands_between(low: float | None, high: float | None) -> tuple[Band, ...]:
    """Return every band that an interval touches."""
    first, last = band_of(low), band_of(high)
    if first is None or last is None:
        return ()
    return tuple(Band(step, EDGES[step - 1], EDGES[step]) for step in range(first.step, last.step + 1))


def open_page(release: Release, code: str) -> IndicatorPage | None:
    """Return the page of an indicator as everyone may see it."""
    found = indicator_page(release, code, public=True)
    if found is None:
        return None
    hidden = held_back(release).get(code, frozenset())
    rows = tuple(_hide(row) if row.unit in hidden and not row.held_back else row for row in found.rows)
    shown = [row.value for row in rows if row.value is not None]
    return replace(found, rows=rows, distribution=distribution(shown, len(rows) - len(shown)))


def _hide(row: UnitValue) -> UnitValue:
    gone = dict.fromkeys(("value", "numerator", "denominator", "low", "high", "score", "rank"))
    return replace(row, **gone, held_back=True, few=False)  # type: ignore[arg-type]


def held_back(release: Release) -> dict[str, frozenset[str]]:
    """Return the units whose cell is held back, by indicator."""
    return _held(release.pk, release.release_hash)


@lru_cache(maxsize=12)
def _held(pk: int, release_hash: str) -> dict[str, frozenset[str]]:
    release = Release.objects.select_related("assessment__round__set").get(pk=pk)
    read = book(release)
    codes = Indicator.objects.filter(set=release.assessment.round.set_id, is_proportion=True)
    found = {code: _cells(read, code) for code in codes.values_list("code", flat=True) if code in read.columns}
    return {code: units for code, units in found.items() if units}


def _cells(read: Book, code: str) -> frozenset[str]:
    column = read.columns[code]
    below, values = read.values["denominator"][:, column], read.values["value"][:, column]
    known = ~np.isnan(values) & (below > 0)
    hidden = known & (below < FEWEST)
    while hidden.any() and (hidden.sum() == 1 or below[hidden].sum() < FEWEST) and (known & ~hidden).any():
        others = np.where(known & ~hidden, below, np.inf)
        hidden[int(np.argmin(others))] = True
    return frozenset(card.unit for card, gone in zip(read.cards, hidden, strict=True) if gone)


def cells_held_back(release: Release) -> int:
    """Return how many cells of a release are held back."""
    return sum(len(units) for units in held_back(release).values())
