"""Values that arrive one by one, gathered into the columns of a characteristic."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from qualipolis.lake.factory.dates import times_of
from qualipolis.lake.factory.measurements import Labels, Readings

_TEXTS = ("subgroup", "batch", "machine", "operator", "cavity", "event", "gauge", "part", "trial")


@dataclass
class Gathered:
    """Readings under way: numbers, whether they are valid, and the texts beside them."""

    value: list[float] = field(default_factory=list)
    valid: list[bool] = field(default_factory=list)
    row: list[int] = field(default_factory=list)
    times: list[str] = field(default_factory=list)
    texts: dict[str, list[str]] = field(default_factory=lambda: {name: [] for name in _TEXTS})
    further: dict[str, list[str]] = field(default_factory=dict)

    def add(self, value: float, valid: bool, row: int, time: str = "", **texts: str) -> None:
        """Append one value with what is said beside it."""
        self.value.append(value)
        self.valid.append(valid and value == value)
        self.row.append(row)
        self.times.append(time)
        for name in _TEXTS:
            self.texts[name].append(texts.get(name, ""))

    def readings(self) -> Readings:
        """Return the columns; those without any text are left out."""
        labels = {name: Labels.of(texts) for name, texts in self.texts.items() if any(texts)}
        return Readings(
            value=np.array(self.value, dtype=np.float64),
            censored=np.zeros(len(self.value), dtype=np.int8),
            valid=np.array(self.valid, dtype=bool),
            row=np.array(self.row, dtype=np.int32),
            time=times_of(self.times)[0] if any(self.times) else None,
            **labels,
        )
