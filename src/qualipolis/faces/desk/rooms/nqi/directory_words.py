"""What pages of the directory write the same way, on the desk and in public: chips, lines, certificates, how a question was read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from qualipolis.city.nqi.directory.queries import Able, Certificate
from qualipolis.city.nqi.directory.scope_search import Hit, Result, ShownLine
from qualipolis.city.registry.models import Institution
from qualipolis.faces.desk import charts, parts
from qualipolis.faces.desk.rooms.overview import short
from qualipolis.lake.scopes.reading import Question
from qualipolis.lake.scopes.terms import terms

STATES = {
    "valid": ("ok", gettext_lazy("valid")),
    "early": ("wait", gettext_lazy("not valid yet")),
    "suspended": ("warn", gettext_lazy("suspended")),
    "expired": ("bad", gettext_lazy("expired")),
    "cancelled": ("bad", gettext_lazy("cancelled")),
    "withdrawn": ("bad", gettext_lazy("withdrawn")),
    "revoked": ("bad", gettext_lazy("revoked")),
}
STEPS = ((0, 1), (1, 2), (3, 3), (6, 4), (12, 5))


@dataclass(frozen=True)
class LineShown:
    """A line as a page writes it; ``hint`` says what stands in its way, empty when nothing does."""

    product: str
    parameter: str
    standard: str
    limits: str
    certificate: str
    until: Any
    hint: str
    source: str


@dataclass(frozen=True)
class HitShown:
    """An institution that answers, as a page writes it."""

    name: str
    url: str
    town: str
    kind: str
    distance: str
    part: str
    lines: tuple[LineShown, ...]


def state_chip(state: str) -> parts.Chip:
    """Return the state of a certificate as a chip."""
    kind, words = STATES[state]
    return parts.Chip(kind, str(words))


def hit_shown(one: Hit, face: str) -> HitShown:
    """Return an institution that answers with its lines."""
    body = one.institution
    distance = "" if one.distance is None else _("%(km)s km away") % {"km": f"{one.distance:g}"}
    part = _("%(n)s of %(all)s items asked for") % {"n": one.covered, "all": one.wanted} if one.wanted > 1 else ""
    url = reverse(f"{face}:nqi_institution", args=[body.code])
    kind = str(body.get_kind_display())
    return HitShown(body.name, url, body.unit.name, kind, distance, part, tuple(map(line_shown, one.lines)))


def line_shown(one: ShownLine) -> LineShown:
    """Return a line that answers with what stands in its way."""
    item, held = one.item, one.certificate
    ends = [day for day in (held.valid_to, item.valid_to) if day]
    return LineShown(
        item.product, item.parameter, item.standard, item.limits, f"{held.get_kind_display()} {held.number}",
        min(ends) if ends else None, _hint(one), source_words(item),
    )  # fmt: skip


def source_words(item: Any) -> str:
    """Return where a line comes from: file, row and day; empty where it was not taken over from a file."""
    if item.source is None:
        return ""
    said = {"file": item.source.file, "row": item.source_line, "day": f"{item.source.taken_on:%Y-%m-%d}"}
    return _("%(file)s, row %(row)s, taken over on %(day)s") % said


def _hint(one: ShownLine) -> str:
    if one.edition == "other":
        return _("Lists another edition: the change has to be filed before it may test to the one asked for.")
    if one.superseded and one.replaced_by:
        return _("This edition was replaced by %(number)s: a change filing is needed.") % {"number": one.replaced_by}
    if one.superseded:
        return _("This standard is no longer in force.")
    return ""


def question_words(question: Question) -> list[tuple[str, str]]:
    """Return how a question was read: standards, products, items, and what was not understood."""
    language = get_language() or "zh"
    known = terms().by_code
    said = [
        (_("Standard"), [one.text for one in question.standards]),
        (_("Product"), [known[code].name(language) for code in question.products]),
        (_("Item"), [known[code].name(language) for code in question.parameters]),
        (_("Searched by its letters"), list(question.unread)),
    ]
    return [(label, _(", ").join(words)) for label, words in said if words]


def answer_words(found: Result) -> str:
    """Return the answer in one sentence."""
    if found.total:
        return _("%(n)s institutions may do it on %(day)s.") % {"n": found.total, "day": f"{found.on:%Y-%m-%d}"}
    if found.question.standards and found.others:
        return _("Nobody lists the edition asked for; %(n)s institutions list another one.") % {"n": len(found.others)}
    return _("No institution here has it in a valid scope on %(day)s.") % {"day": f"{found.on:%Y-%m-%d}"}


def certificate_rows(rows: Sequence[Certificate]) -> list[tuple[Certificate, parts.Chip]]:
    """Return certificates with their chips."""
    return [(one, state_chip(one.state)) for one in rows]


def step(count: int) -> int:
    """Return the tone of a count on the map, 1 to 5.

    >>> [step(n) for n in (0, 1, 2, 3, 6, 40)]
    [1, 2, 2, 3, 4, 5]
    """
    return max(tone for least, tone in STEPS if count >= least)


def town_map(rows: Sequence[Able], face: str) -> dict[str, Any]:
    """Return the cartogram of towns with its legend and its table."""
    cells = [_cell(one, face) for one in rows if one.unit.grid_row is not None and one.unit.grid_column is not None]
    sizes = {tone: sum(step(one.count) == tone for one in rows) for _least, tone in STEPS}
    ranges = ("0", "1–2", "3–5", "6–11", _("12 and more"))
    legend = [(tone, words, sizes[tone]) for words, (_least, tone) in zip(ranges, STEPS, strict=True)]
    columns = [parts.Column("town", _("Town"), title=True), parts.Column("count", _("Institutions"), numeric=True)]
    cells_of = [
        {"town": one.unit.name, "count": one.count, "url": _town_url(one, face)}
        for one in sorted(rows, key=lambda o: -o.count)
    ]
    total = sum(one.count for one in rows)
    label = _("Institutions by town, %(n)s in all") % {"n": total}
    return {
        "cartogram": charts.cartogram(cells, label=label) if cells else "", "legend": legend, "total": total,
        "map_table": parts.Table(label, columns, cells_of, links="url"),
    }  # fmt: skip


def _town_url(one: Able, face: str) -> str:
    return f"{reverse(f'{face}:nqi_institutions')}?town={one.unit.code}"


def _cell(one: Able, face: str) -> charts.Cell:
    row, column = one.unit.grid_row, one.unit.grid_column
    assert row is not None and column is not None
    name = str(one.unit.name)
    hint = _("%(town)s: %(n)s institutions") % {"town": name, "n": one.count}
    return charts.Cell(short(name), column, row, str(one.count), step(one.count), href=_town_url(one, face), hint=hint)


def kind_segments(request: HttpRequest, current: str) -> list[parts.Segment]:
    """Return the kinds of institutions as choices that keep the other filters."""
    found = []
    for value, words in (("", _("All")), *Institution.Kind.choices):
        query = request.GET.copy()
        query.pop("page", None)
        query["kind"] = value
        found.append(parts.Segment(str(words), f"?{query.urlencode()}", value == current))
    return found
