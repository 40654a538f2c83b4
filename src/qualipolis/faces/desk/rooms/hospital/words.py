"""How the pages of the hospital write what a case holds: who speaks, a reading with its verdict, how severe it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from qualipolis.city.core.attachments import files_of
from qualipolis.city.core.models import Attachment
from qualipolis.city.hospital.models import Case, Examination, Expert, Message
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.loop import address

SEVERE = 3
AS = {
    "enterprise": gettext_lazy("the firm"),
    "hospital_desk": gettext_lazy("the desk"),
    "hospital_manager": gettext_lazy("manager of the hospital"),
    "laboratory": gettext_lazy("laboratory"),
    "system": gettext_lazy("the system"),
}
ENDS = "，。；！？,.;!?\n"
TITLE = 22


@dataclass(frozen=True)
class Line:
    """A message as the page shows it."""

    row: Message
    initial: str
    who: str
    role: str
    files: Sequence[Attachment]
    inside: bool
    chart: str = ""


def lines_of(case: Case, rows: Iterable[Message]) -> list[Line]:
    """Return messages with who speaks in which part, and their files."""
    found = list(rows)
    files = files_of(found)
    experts = {
        one.person_id: one
        for one in Expert.objects.filter(person__in={row.author_id for row in found}).select_related("organisation")
    }
    return [_line(case, row, files[row.pk], experts) for row in found]


def _line(case: Case, row: Message, files: Sequence[Attachment], experts: Mapping[int, Expert]) -> Line:
    who = str(row.author or _("the system"))
    expert = experts.get(row.author_id or 0)
    if row.role != "expert" or expert is None:
        role = str(AS.get(row.role, ""))
    elif expert.pk == case.expert_id:
        role = _("treats the case")
    else:
        role = expert.organisation.name
    return Line(row, who[:1], who, role, files, row.doctors_only, _shared_chart(row))


def _shared_chart(row: Message) -> str:
    """Return the address of the view of a chart that a message shares, its keys in one order whatever the database kept."""
    if not row.measurements_id:
        return ""
    chart = address("desk:hospital_chart", row.measurements_id)
    return f"{chart}?{urlencode(sorted(row.view.items()))}" if row.view else chart


@dataclass(frozen=True)
class ReadingRow:
    """A reading as a table shows it."""

    chip: parts.Chip
    item: str
    value: str
    requirement: str
    n: str


def reading_rows(row: Examination) -> list[ReadingRow]:
    """Return the readings of a report."""
    return [
        ReadingRow(
            verdict_chip(one["verdict"]),
            one["item"],
            f"{one['value']} {one.get('unit', '')}".strip() or "—",
            f"{one.get('requirement', '')} {one.get('unit', '') if one.get('requirement') else ''}".strip() or "—",
            ngettext("%(n)s sample", "%(n)s samples", one["n"]) % {"n": one["n"]} if one.get("n") else "—",
        )
        for one in row.readings
    ]


def verdict_chip(verdict: str) -> parts.Chip:
    """Return the verdict of a reading."""
    return {
        "pass": parts.Chip("ok", pgettext("verdict", "Passed")),
        "watch": parts.Chip("warn", pgettext("verdict", "To watch")),
        "fail": parts.Chip("bad", pgettext("verdict", "Failed")),
    }.get(verdict, parts.Chip("idle", _("not judged")))


def severity_chip(case: Case) -> parts.Chip | None:
    """Return how severe a case is, of four."""
    if case.severity is None:
        return None
    kind = "bad" if case.severity >= SEVERE else "idle"
    return parts.Chip(kind, _("Severity %(n)s of 4") % {"n": case.severity}, "alert-circle")


def title_of(case: Case) -> str:
    """Return what the page of a case is called: the product, and what is wrong with it when that is said in a few words."""
    product = case.product_name
    if case.model:
        product = _("%(product)s (%(model)s)") % {"product": product, "model": case.model}
    first = case.problem_text.strip()
    cut = min((at for end in ENDS if (at := first.find(end)) > 0), default=len(first))
    first = first[:cut].strip()
    short = len(first) <= TITLE or (first.isascii() and len(first) <= 3 * TITLE)
    return _("%(product)s: %(problem)s") % {"product": product, "problem": first} if first and short else product
