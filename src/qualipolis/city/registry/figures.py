"""What stands in the city today, counted from its records: each figure is the length of the list that it opens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from qualipolis.city.core.policy import visible
from qualipolis.city.registry.conditions import CONDITIONS, FIELD
from qualipolis.city.registry.models import Enterprise, Institution


@dataclass(frozen=True)
class Stock:
    """One figure: what is counted, how many there are, and the list behind it with its filters."""

    code: str
    count: int
    table: str
    params: tuple[tuple[str, str], ...]


def stock(actor: Any) -> list[Stock]:
    """Return the institutions by kind with a valid qualification, and the firms with a chief quality officer."""
    bodies = CONDITIONS["institutions"].keep(visible(actor, Institution.objects.all()))
    kinds = list(bodies.values_list("kind", flat=True))
    found = [
        Stock(kind, kinds.count(kind), "institutions", (("kind", kind), (FIELD, "1")))
        for kind in Institution.Kind.values
    ]
    firms = CONDITIONS["enterprises"].keep(visible(actor, Enterprise.objects.all()))
    return [*found, Stock("quality_officer", firms.count(), "enterprises", ((FIELD, "1"),))]
