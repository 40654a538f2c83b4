"""A list of standards is taken over into the catalogue: new ones are added; what became of known ones is noted and pushed."""

from __future__ import annotations

import hashlib
from typing import Any

from django.utils import timezone

from qualipolis.city.core.ledger import record
from qualipolis.city.core.policy import person_of, verb
from qualipolis.city.nqi.licences.list_reading import Column, Row, at, read_rows, stop, twice
from qualipolis.city.nqi.licences.models import ImportedList
from qualipolis.city.nqi.standards.changing import CHANGERS, change_standard
from qualipolis.city.nqi.standards.models import StandardChange
from qualipolis.city.registry.models import Standard
from qualipolis.law.validators.standard_numbers import standard_number
from qualipolis.methods.problems import Problem, msg

STATUS = (
    ("current", "现行"), ("current", "现行有效"), ("current", "即将实施"), ("superseded", "被代替"), ("superseded", "被替代"),
    ("withdrawn", "废止"), ("withdrawn", "作废"), ("withdrawn", "withdrawn"),
)  # fmt: skip
COLUMNS = (
    Column("number", ("标准号", "标准编号", "Standard", "number"), required=True),
    Column("name_zh", ("标准名称", "中文名称", "名称", "Title", "name_zh"), required=True),
    Column("name_en", ("英文名称", "English title", "name_en")),
    Column("status", ("状态", "标准状态", "State", "status"), "choice", True, STATUS),
    Column("published_on", ("发布日期", "Published on", "published_on"), "date"),
    Column("in_force_on", ("实施日期", "In force on", "in_force_on"), "date"),
    Column("ended_on", ("废止日期", "代替日期", "No longer in force on", "ended_on"), "date"),
    Column("replaced_by", ("代替标准", "被代替为", "被以下标准代替", "Replaced by", "replaced_by")),
)
DAYS = ("published_on", "in_force_on")


@verb("nqi.take_standards", roles=CHANGERS)
def take_standards(actor: Any, thing: None, data: bytes, name: str) -> ImportedList:
    """Take a list over; a current standard that the list calls replaced or withdrawn changes, and its declarers are asked."""
    rows = read_rows(data, name, COLUMNS)
    first: dict[str, int] = {}
    problems = []
    for row in rows:
        problems += at(row, _normalised(row)) + twice(row, first, row.values["number"])
        first.setdefault(row.values["number"], row.line)
    stop(problems)
    known = {one.number: one for one in Standard.objects.filter(number__in=first)}
    source = ImportedList.objects.create(
        kind=ImportedList.Kind.STANDARDS, file=name[:200], sha256=hashlib.sha256(data).hexdigest(), rows=len(rows),
        taken_by=person_of(actor),
    )  # fmt: skip
    Standard.objects.bulk_create([_new(row) for row in rows if row.values["number"] not in known], batch_size=500)
    changed = [_known(actor, known[row.values["number"]], row) for row in rows if row.values["number"] in known]
    told = {"rows": len(rows), "made": len(rows) - len(changed), "changed": sum(changed), "sha256": source.sha256}
    record(actor, "nqi.take_standards", source, told)
    return source


def _normalised(row: Row) -> list[Problem | None]:
    """Write the numbers of a line in their one form; a fault of either is named."""
    found: list[Problem | None] = []
    for field in ("number", "replaced_by"):
        text = row.values[field]
        if text:
            said = standard_number(text[:80])
            found += said.problems
            row.values[field] = said.value[:60]
    over, new = row.values["status"] != "current", row.values["replaced_by"]
    found.append(
        Problem("no_new", msg("Give the number of the new standard."))
        if row.values["status"] == "superseded" and not new
        else None
    )
    found.append(
        Problem("no_day", msg("Give the day on which it ended.")) if over and row.values["ended_on"] is None else None
    )
    return found


def _new(row: Row) -> Standard:
    values = row.values
    return Standard(
        number=values["number"], name_zh=values["name_zh"][:200], name_en=values["name_en"][:200], status=values["status"],
        replaced_by=values["replaced_by"], **{name: values[name] for name in (*DAYS, "ended_on")},
    )  # fmt: skip


def _known(actor: Any, standard: Standard, row: Row) -> int:
    """Fill in the days of a known standard, and note what became of it; return 1 when it changed."""
    values = row.values
    days = {name: values[name] for name in DAYS if values[name] is not None}
    if days:
        Standard.objects.filter(pk=standard.pk).update(**days)
    if (
        values["status"] == standard.status
        or standard.status != Standard.Status.CURRENT
        or values["status"] == "current"
    ):
        return 0
    kind = StandardChange.Kind.SUPERSEDED if values["status"] == "superseded" else StandardChange.Kind.WITHDRAWN
    effective = values["ended_on"] or timezone.localdate()
    change_standard(actor, standard, kind, effective, new_number=values["replaced_by"] if kind == "superseded" else "")
    return 1
