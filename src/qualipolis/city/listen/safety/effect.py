"""The effect of a recall: the share of the pieces corrected, and the share of owners reached as a sample tells it."""

from __future__ import annotations

from dataclasses import dataclass

from qualipolis.city.listen.models import Recall
from qualipolis.methods.sampling.estimation.binomial import binomial_interval

LEVEL = 0.95


@dataclass(frozen=True)
class Effect:
    """Pieces corrected of those to be corrected (a count of all), and owners reached of those checked (a sample).

    ``low`` and ``high`` are the exact 95 % interval of Clopper and Pearson for the share reached; ``rate`` and ``share``
    are None where nothing is known, which is not zero.
    """

    corrected: int | None
    units: int | None
    reached: int | None = None
    checked: int | None = None
    low: float | None = None
    high: float | None = None

    @property
    def rate(self) -> float | None:
        """The correction rate: pieces corrected of those the plan names."""
        return None if self.corrected is None or not self.units else self.corrected / self.units

    @property
    def share(self) -> float | None:
        """The share reached of those checked."""
        return None if self.reached is None or not self.checked else self.reached / self.checked


def effect_of(row: Recall) -> Effect:
    """Return what is known of the effect of a recall."""
    reached, checked = row.sampled_reached, row.sampled
    if reached is None or not checked:
        return Effect(row.corrected, row.units)
    low, high = binomial_interval(reached, checked, LEVEL)
    return Effect(row.corrected, row.units, reached, checked, float(low), float(high))
