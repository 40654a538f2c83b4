"""Reading values of a round from a table: every bad row is named, and nothing half-imported stays."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from qualipolis.city.core.ledger import record
from qualipolis.city.core.policy import verb
from qualipolis.city.core.steps import roles_for
from qualipolis.city.measure.figures import Figure, figure, problems
from qualipolis.city.measure.models import CollectionRound, Observation
from qualipolis.city.measure.observations import OPEN
from qualipolis.city.measure.rounds import own_part, write_figures
from qualipolis.lake.cells import number
from qualipolis.lake.tables import Table, read_table
from qualipolis.methods.problems import InputError, Problem, msg

WRITERS = roles_for("observation", "start")
WRITABLE = (Observation.Status.EMPTY, Observation.Status.DRAFT, Observation.Status.RETURNED)
# field: (Chinese header, English header)
COLUMNS: dict[str, tuple[str, str]] = {
    "unit": ("单位代码", "Unit code"),
    "unit_name": ("单位名称", "Unit name"),
    "indicator": ("指标代码", "Indicator code"),
    "indicator_name": ("指标名称", "Indicator name"),
    "numerator": ("分子", "Numerator"),
    "denominator": ("分母", "Denominator"),
    "value": ("数值", "Value"),
    "missing": ("缺失原因", "Why missing"),
    "note": ("说明", "Explanation"),
    "document": ("依据文号", "Document number"),
}
REQUIRED = ("unit", "indicator")
NUMBERS = ("numerator", "denominator", "value")
# what a person may write for each reason
REASONS: dict[str, tuple[str, ...]] = {
    "not_applicable": ("不适用", "not applicable", "not_applicable"),
    "not_collected": ("未采集", "not collected", "not_collected"),
    "withdrawn": ("撤回", "withdrawn"),
}


@dataclass
class Reading:
    """A table of values as understood: what can be taken, and every problem with the rest."""

    rows: list[tuple[Any, ...]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    bad_rows: int = 0


@dataclass(frozen=True)
class Cell:
    """An open observation that a row may fill."""

    pk: int
    kind: str
    factor: float
    proportion: bool


def open_cells(actor: Any, thing: CollectionRound) -> Any:
    """Return the observations of a round that ``actor`` fills in and that are not computed from records."""
    rows = Observation.objects.filter(round=thing, status__in=WRITABLE, indicator__metric="")
    return own_part(actor, rows, WRITERS).order_by("unit__code", "indicator__position")


def read(actor: Any, thing: CollectionRound, data: bytes, name: str) -> Reading:
    """Read ``data`` as values; ``InputError`` when the file or its columns cannot be understood at all."""
    table = read_table(data, name=name)
    mapping = match_columns(table)
    fields = ("pk", "indicator__kind", "indicator__factor", "indicator__is_proportion")
    found = open_cells(actor, thing).values_list("unit__code", "indicator__code", *fields)
    cells = {(unit, code): Cell(*rest) for unit, code, *rest in found}
    reading, seen = Reading(), {}
    for index, texts in enumerate(table.frame.iter_rows(named=True)):
        said = {key: (texts[title] or "").strip() for key, title in mapping.items()}
        if not any(said.get(key) for key in (*NUMBERS, "missing")):
            continue
        errors, row = _row(table, mapping, cells, index, said)
        errors += _repeated(table, mapping, seen, index, said)
        reading.problems += errors
        if errors:
            reading.bad_rows += 1
        elif row:
            reading.rows.append(row)
    return reading


def match_columns(table: Table) -> dict[str, str]:
    """Map our fields to the columns of the file; all that is missing or unknown is told together."""
    known = {title.lower(): key for key, titles in COLUMNS.items() for title in (*titles, key)}
    mapping: dict[str, str] = {}
    found: list[Problem] = []
    for title in table.columns:
        key = known.get(title.strip().lower())
        if key is None:
            what, remedy = msg("The column %(column)s is not known here."), msg("Rename it to one of: %(known)s.")
            names = {"column": title, "known": "、".join(zh for zh, _en in COLUMNS.values())}
            found.append(Problem("unknown_column", what, remedy, names, place=table.head(title)))
        else:
            mapping[key] = title
    for key in REQUIRED:
        if key not in mapping:
            what, remedy = msg("The column %(column)s is missing."), msg("Add it; the template shows the table.")
            found.append(Problem("missing_column", what, remedy, {"column": COLUMNS[key][0]}, place=table.place()))
    if found:
        raise InputError(found)
    return mapping


def _row(
    table: Table, mapping: Mapping[str, str], cells: Mapping[tuple[str, str], Cell], index: int, said: dict[str, str]
) -> tuple[list[Problem], tuple[Any, ...] | None]:
    def place(key: str) -> Any:
        return table.place(index, mapping.get(key, mapping["indicator"]))

    cell = cells.get((said["unit"], said["indicator"]))
    if cell is None:
        what = msg("There is no open value of %(code)s for %(unit)s that you fill in.")
        remedy = msg("Check both codes; what was handed in or is computed from records is not imported.")
        params = {"code": said["indicator"] or "—", "unit": said["unit"] or "—"}
        return [Problem("no_cell", what, remedy, params, place=place("indicator"))], None
    found, errors = _figure(cell, said, place)
    note, document = said.get("note", "")[:400], said.get("document", "")[:80]
    if found.missing and not errors and said.get("missing") and not note:
        what, remedy = msg("A missing value needs an explanation."), msg("Write it in the column %(column)s.")
        errors.append(Problem("no_note", what, remedy, {"column": COLUMNS["note"][0]}, place=place("missing")))
    parts = (found.numerator, found.denominator, found.value, found.missing)
    return errors, (*parts, document, cell.pk, note)


def _figure(cell: Cell, said: Mapping[str, str], place: Any) -> tuple[Figure, list[Problem]]:
    numbers: dict[str, float | None] = {}
    errors: list[Problem] = []
    for key in NUMBERS:
        try:
            numbers[key] = number(said.get(key), place=place(key))
        except InputError as error:
            errors += error.problems
    reason = _reason(said.get("missing", ""))
    if said.get("missing") and reason is None:
        what, remedy = msg("The reason “%(text)s” is not known."), msg("Write one of: %(known)s.")
        params = {"text": said["missing"][:40], "known": "、".join(words[0] for words in REASONS.values())}
        errors.append(Problem("unknown_reason", what, remedy, params, place=place("missing")))
    if errors:
        return Figure(), errors
    if reason:
        return _missing(reason, numbers, place)
    found = figure(cell.kind, cell.factor, numbers["numerator"], numbers["denominator"], numbers["value"])
    errors += [
        replace(p, place=place(p.place.split()[-1])) for p in problems(found, proportion=cell.proportion, place="x")
    ]
    if found.value is None and not found.missing and not errors:
        what, remedy = msg("The value cannot be computed."), msg("Give both parts, or the reason why it is missing.")
        errors.append(Problem("incomplete", what, remedy, place=place("numerator")))
    return found, errors


def _missing(reason: str, numbers: Mapping[str, float | None], place: Any) -> tuple[Figure, list[Problem]]:
    if any(one is not None for one in numbers.values()):
        what, remedy = msg("The row has a figure and a reason why it is missing."), msg("Keep one of the two.")
        return Figure(), [Problem("both", what, remedy, place=place("missing"))]
    return Figure(missing=reason), []


def _reason(text: str) -> str | None:
    return next((code for code, words in REASONS.items() if text.lower() in words), None)


def _repeated(
    table: Table, mapping: Mapping[str, str], seen: dict[Any, int], index: int, said: Mapping[str, str]
) -> list[Problem]:
    first = seen.setdefault((said["unit"], said["indicator"]), index)
    if first == index:
        return []
    what, remedy = msg("The same row stands at %(first)s already."), msg("Keep one of the two.")
    params = {"first": table.place(first, mapping["indicator"])}
    return [Problem("duplicate", what, remedy, params, place=table.place(index, mapping["indicator"]))]


@verb("measure.import_values", roles=WRITERS)
def import_values(
    actor: Any, thing: CollectionRound, data: bytes, name: str, *, skip_bad_rows: bool = False
) -> dict[str, int]:
    """Take a table of values into a round as drafts, whole or not at all, as one event of the ledger.

    Raises :class:`InputError` with every problem, unless ``skip_bad_rows`` leaves the bad rows out.
    """
    row = CollectionRound.objects.select_for_update().get(pk=thing.pk)
    if row.status not in OPEN:
        what = msg("The round %(round)s is not open.")
        raise InputError([Problem("round_closed", what, params={"round": row.period})])
    reading = read(actor, row, data, name)
    if reading.problems and not skip_bad_rows:
        raise InputError(reading.problems)
    back = set(Observation.objects.filter(round=row, status=Observation.Status.RETURNED).values_list("pk", flat=True))
    for status, part in (
        (Observation.Status.RETURNED, [r for r in reading.rows if r[5] in back]),
        (Observation.Status.DRAFT, [r for r in reading.rows if r[5] not in back]),
    ):
        write_figures([r[:6] for r in part], status, computed=False)
    _write_notes(reading)
    counts = {"rows": len(reading.rows), "left_out": reading.bad_rows}
    record(actor, "measure.import_values", row, {"file": name, "sha256": hashlib.sha256(data).hexdigest(), **counts})
    return counts


def _write_notes(reading: Reading) -> None:
    told = [Observation(pk=row[5], note=row[6]) for row in reading.rows if row[6]]
    Observation.objects.bulk_update(told, ["note"], batch_size=500)
