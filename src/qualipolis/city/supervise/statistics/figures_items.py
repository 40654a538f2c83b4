"""What fails: the items of failed batches, the most frequent first, with the shares added up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q

from qualipolis.city.supervise.models import ItemFact, ResultFact
from qualipolis.city.supervise.statistics import rates


@dataclass(frozen=True)
class ItemFigure:
    """One item: batches in which it failed, batches in which it was tested, and its part in all item failures."""

    name: str
    failed: int
    tested: int
    share: float
    added: float
    safety: bool

    @property
    def rate(self) -> float | None:
        """Return failed / tested; None where only failures were recorded."""
        return self.failed / self.tested if self.tested > self.failed else None


@dataclass(frozen=True)
class Items:
    """The items of a purpose and years, and the batches behind them; a batch may fail in several items."""

    rows: tuple[ItemFigure, ...]
    failures: int
    batches: int
    without: int


def items(years: Iterable[int], purpose: str = "random", category: str = "") -> Items:
    """Return the failed items of counted batches; ``without`` failed batches have no item on record."""
    wanted = list(years)
    here = rates.counted(rates.rows(years=wanted, purpose=purpose), purpose)
    if category:
        here = [row for row in here if row["category"] == category]
    numbers = {row["id"] for row in here}
    failed = {row["id"] for row in here if not row["passed"]}
    counted = ResultFact.objects.filter(year__in=wanted, purpose=purpose, status="final")
    keys = [pk for pk, number in counted.values_list("pk", "number") if number in numbers]
    rows = _tally(keys)
    total = sum(n for _name, n, _tested, _safety in rows)
    made, added = [], 0
    for name, n, tested, safety in rows:
        added += n
        made.append(ItemFigure(name, n, tested, n / total, added / total, safety))
    told = ItemFact.objects.filter(fact__number__in=failed, failed=True).values("fact").distinct().count()
    return Items(tuple(made), total, len(failed), len(failed) - told)


def _tally(keys: list[int]) -> list[tuple[str, int, int, bool]]:
    tally: dict[str, list[int]] = {}
    for start in range(0, len(keys), 500):
        found = ItemFact.objects.filter(fact__in=keys[start : start + 500]).order_by().values("name")
        counts = found.annotate(
            bad=Count("pk", filter=Q(failed=True)), every=Count("pk"), safe=Count("pk", filter=Q(safety=True))
        )
        for row in counts:
            one = tally.setdefault(row["name"], [0, 0, 0])
            for place, key in enumerate(("bad", "every", "safe")):
                one[place] += row[key]
    rows = [(name, bad, every, safe > 0) for name, (bad, every, safe) in tally.items() if bad]
    return sorted(rows, key=lambda row: (-row[1], row[0]))
