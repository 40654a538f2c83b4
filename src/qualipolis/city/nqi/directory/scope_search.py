"""Who can test this, to this standard, on this day, near here: the answer of the index, checked against the registry.

The index proposes; what is told is read from the rows, with the one definition of "valid on a day". The order is by how
well the lines fit, then by distance, then by number: it is no recommendation, and says so on the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from qualipolis.city.nqi.directory.scope_index import barred, engine
from qualipolis.city.registry.models import Institution, Qualification, ScopeItem, Standard, Unit
from qualipolis.city.registry.validity import lines_on
from qualipolis.lake.scopes.asking import Answer, Found, Wish
from qualipolis.lake.scopes.numbers import number_of
from qualipolis.lake.scopes.reading import Question

SPARE = 20
MOST = 60


@dataclass(frozen=True)
class ShownLine:
    """A line of a scope that answers, with its certificate; ``edition`` is same, open or other; ``replaced_by`` a newer one."""

    item: ScopeItem
    certificate: Qualification
    edition: str
    replaced_by: str = ""
    superseded: bool = False


@dataclass(frozen=True)
class Hit:
    """An institution that answers, with the lines that say so; ``distance`` in km from the middle of the town asked for."""

    institution: Institution
    lines: tuple[ShownLine, ...]
    covered: int
    wanted: int
    score: float
    distance: float | None = None

    @property
    def valid_to(self) -> date | None:
        """The last day on which all lines shown are certified; None where no end is known."""
        days = [one.certificate.valid_to for one in self.lines if one.certificate.valid_to]
        return min(days) if days else None


@dataclass(frozen=True)
class Result:
    """What a question found: who can, who nearly can, who lists another edition, and how it was read."""

    question: Question
    on: date
    hits: tuple[Hit, ...] = ()
    near: tuple[Hit, ...] = ()
    others: tuple[Hit, ...] = ()
    total: int = 0


def search(
    said: str,
    on: date | None = None,
    unit: Unit | None = None,
    top: int = 20,
    only: Iterable[int] | None = None,
) -> Result:
    """Return who can do what ``said`` asks for.

    Parameters
    ----------
    said : a question in Chinese or English; numbers of standards in it bind, with their edition where one is given
    on : day on which certificate and line must be valid, today unless given
    unit : town from whose middle distances count
    only : keys of institutions to choose among
    """
    day = on or timezone.localdate()
    top = min(max(top, 1), MOST)
    place = (
        (unit.longitude, unit.latitude) if unit and unit.longitude is not None and unit.latitude is not None else None
    )
    wish = Wish(day, place, top + SPARE, None if only is None else frozenset(only), barred(day))
    answer = engine().search(said, wish)
    return _checked(answer, day, top)


def _checked(answer: Answer, day: date, top: int) -> Result:
    """Return an answer with its rows; a line that is not in force on the day after all is left out."""
    groups = (answer.found, answer.near, answer.others)
    keys = {line.line for group in groups for one in group for line in one.lines}
    rows = lines_on(day, ScopeItem.objects.filter(pk__in=keys)).select_related("qualification", "source")
    items = {row.pk: row for row in rows}
    bodies = Institution.objects.select_related("unit").in_bulk({one.holder for group in groups for one in group})
    replaced = replacements(row.standard for row in items.values())
    made = [tuple(_hits(group, items, bodies, replaced))[:top] for group in groups]
    gone = len(answer.found) - len(tuple(_hits(answer.found, items, bodies, replaced)))
    return Result(answer.question, day, *made, max(answer.total - gone, 0))


def _hits(
    group: Sequence[Found], items: dict[int, ScopeItem], bodies: dict[int, Institution], replaced: dict[str, str]
) -> Iterable[Hit]:
    for one in group:
        lines = tuple(
            ShownLine(row, row.qualification, line.edition, replaced.get(row.standard, ""), row.standard in replaced)
            for line in one.lines
            if (row := items.get(line.line)) is not None
        )
        if lines and one.holder in bodies:
            yield Hit(bodies[one.holder], lines, one.covered, one.wanted, one.score, one.distance)


def replacements(standards: Iterable[str]) -> dict[str, str]:
    """Return the standards among those written in lines that are no longer in force, with what replaced each (or nothing)."""
    named = {text: number for text in set(standards) if (number := number_of(text)) is not None}
    wanted = {number.text for number in named.values()} | set(named)
    rows = Standard.objects.filter(number__in=wanted).exclude(status=Standard.Status.CURRENT)
    known = {row.number: row.replaced_by for row in rows}
    return {
        text: known.get(text, known.get(number.text, ""))
        for text, number in named.items()
        if text in known or number.text in known
    }
