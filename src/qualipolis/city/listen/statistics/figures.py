"""Public figures of complaints in a period: by class of product, kind of problem, town and outcome, and how they ended.

Small cells are withheld with enough others that no total gives them away; whoever complained never appears, and no firm.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np

from qualipolis.city.listen.models import Complaint
from qualipolis.city.listen.statistics.records import decided_in_time, outcome_of
from qualipolis.law.rules import rule_on
from qualipolis.methods.outcomes import suppress
from qualipolis.methods.sampling.proportion import Interval, wilson

NOT_STATED = ""
OUTCOMES = ("agreed", "ended", "refused", "withdrawn", "pending")
DECIDED = ("agreed", "ended", "refused")


@dataclass(frozen=True)
class Line:
    """One line of a table: a code and its count, None when it is withheld."""

    code: str
    count: int | None


@dataclass(frozen=True)
class Table:
    """Counts by one attribute with their total; a withheld cell has None, which is not zero."""

    name: str
    lines: tuple[Line, ...]
    total: int | None

    @property
    def withheld(self) -> int:
        """How many cells are not shown."""
        return sum(line.count is None for line in self.lines)


@dataclass(frozen=True)
class Share:
    """A share with the cases it rests on and its interval; no interval without cases."""

    part: int
    n: int
    interval: Interval | None


@dataclass(frozen=True)
class Figures:
    """What may be published of the complaints received in a period."""

    since: date
    until: date
    total: int | None
    by_product: Table
    by_problem: Table
    by_town: Table
    by_outcome: Table
    in_time: Share
    agreed: Share
    satisfied: float | None
    satisfied_n: int


def figures(since: date, until: date) -> Figures:
    """Return the figures of complaints received from ``since`` to ``until``, both days counted.

    Passed-on complaints count elsewhere. ``in_time``: of those due for a decision by now, decided within the term.
    ``agreed``: of mediations that came to an end, those that ended in an agreement.
    """
    rows = Complaint.objects.filter(received_on__range=(since, until)).exclude(status="transferred")
    every = list(rows.select_related("letter", "unit"))
    least = int(rule_on("suppression.min_count", until).value)  # type: ignore[arg-type]
    outcomes = Counter(outcome_of(one) for one in every)
    decided = [one for one in every if one.status not in ("received", "identity_requested", "jurisdiction", "withdrawn") or one.accepted_on]  # fmt: skip
    by_outcome = _table("outcome", (outcome_of(one) for one in every), least, OUTCOMES)
    hidden = {line.code for line in by_outcome.lines if line.count is None}
    rated = [one.satisfaction for one in every if one.satisfaction]
    return Figures(
        since,
        until,
        by_outcome.total,
        _table("product_class", (one.letter.product_class for one in every), least),
        _table("problem", (one.letter.hazard for one in every), least),
        _table("town", (one.unit.code if one.unit else NOT_STATED for one in every), least),
        by_outcome,
        _unless(hidden, DECIDED, _share(sum(map(decided_in_time, decided)), len(decided), least)),
        _unless(
            hidden, DECIDED[:2], _share(outcomes["agreed"], outcomes["agreed"] + outcomes["ended"], least, both=True)
        ),
        float(np.mean(rated)) if len(rated) >= least else None,
        len(rated) if len(rated) >= least else 0,
    )


def _table(name: str, codes: Iterable[str], least: int, order: tuple[str, ...] = ()) -> Table:
    counted = Counter(codes)
    keys = [*order, *sorted(set(counted) - set(order), key=lambda code: (-counted[code], code))]
    if not keys:
        return Table(name, (), 0)
    told = suppress([counted[key] for key in keys], least)
    lines = tuple(Line(key, told.cell(row)) for row, key in enumerate(keys))
    return Table(name, lines, told.cell(len(keys)))


def _unless(hidden: set[str], codes: tuple[str, ...], share: Share) -> Share:
    """A share is not told where its cases would give away a withheld outcome."""
    return Share(0, 0, None) if hidden & set(codes) else share


def _share(part: int, n: int, least: int, *, both: bool = False) -> Share:
    """Return a share; too few cases are not told, with ``both`` neither is a share that tells of too few on a side."""
    sides = (part, n - part) if both else ()
    if n < max(least, 1) or any(0 < side < least for side in sides):
        return Share(0, 0, None)
    return Share(part, n, wilson(part, n))
