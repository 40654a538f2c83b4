"""Measurement files for tests: small tables made by a seed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from qualipolis.city.core.ledger import name_of
from qualipolis.city.hospital.measurements import arrivals, filing
from qualipolis.city.hospital.models import Case, MeasurementFile


class Given:
    """An upload of bytes."""

    def __init__(self, content: bytes, name: str = "水温.csv") -> None:
        self.content, self.name, self.size = content, name, len(content)

    def chunks(self) -> Iterable[bytes]:
        yield self.content


def table(values: Sequence[float], name: str = "水温", unit: str = "℃") -> bytes:
    """Return readings one below the other, as an office writes them."""
    head = f"批次,{name}({unit})\n"
    return (head + "".join(f"{n},{value:.4f}\n" for n, value in enumerate(values, 1))).encode()


def shifted(n: int = 36, at: int = 20, low: float = 58.9, high: float = 62.8, seed: int = 5) -> list[float]:
    """Return readings that move up at a point, one of them far below before."""
    rng = np.random.default_rng(seed)
    found = np.r_[rng.normal(low, 0.9, at), rng.normal(high, 0.9, n - at)]
    found[12] = low - 6
    return [float(value) for value in found]


def kept(actor: Any, case: Case, content: bytes | None = None, name: str = "水温.csv", **how: Any) -> MeasurementFile:
    """Hand a file in and keep it."""
    files, _token = arrivals.receive(actor, name_of(case), [Given(content or table(shifted()), name)])
    return filing.upload(actor, case, files, **how)
