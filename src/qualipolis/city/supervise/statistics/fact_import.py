"""Older results from a table: previewed, every bad cell named with its place, taken in whole or not at all."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from qualipolis.city.core.ledger import record
from qualipolis.city.core.policy import verb
from qualipolis.city.measure.models import SourceRecord
from qualipolis.city.registry.models import Enterprise, Institution, Unit
from qualipolis.city.supervise.models import ItemFact, ResultFact, SamplingTask, StratumSize
from qualipolis.city.supervise.statistics import facts
from qualipolis.city.supervise.statistics.columns import (
    COLUMNS,
    REQUIRED,
    STATES,
    WORDS,
    OldResult,
    chosen,
    day_of,
    items_of,
)
from qualipolis.lake.cells import number
from qualipolis.lake.tables import Table, read_table
from qualipolis.methods.problems import InputError, Problem, msg

MOST = 100_000
OLDEST = 1990
SHOWN = 20


@dataclass
class OldResults:
    """A table as understood: rows that can be taken, and every problem."""

    rows: list[OldResult] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def tally(self) -> dict[tuple[int, str], Counter[str]]:
        """Return how many rows there are by year and purpose, and in each by outcome."""
        made: dict[tuple[int, str], Counter[str]] = {}
        for row in self.rows:
            made.setdefault((row.sampled_on.year, row.purpose), Counter())[row.outcome] += 1
        return dict(sorted(made.items()))


@dataclass
class _Known:
    """What the registry knows, read once, and what the table itself has said so far."""

    units: dict[str, int]
    firms: dict[str, tuple[int, int | None]]
    laboratories: dict[str, int]
    tasks: set[str]
    seen: dict[str, Any] = field(default_factory=dict)
    sizes: dict[tuple[int, str, str], int] = field(default_factory=dict)


def read(data: bytes, name: str) -> OldResults:
    """Read ``data`` as older results; ``InputError`` when the file or its columns cannot be understood at all."""
    table = read_table(data, name=name)
    mapping = _columns(table)
    if len(table) > MOST:
        what = msg("The table has %(n)s rows; at most %(most)s are taken at once.")
        raise InputError([Problem("too_long", what, msg("Split it."), {"n": len(table), "most": MOST}, place=name)])
    known, found = _known(table, mapping), OldResults()
    for index, cells in enumerate(table.frame.iter_rows(named=True)):
        said = {key: (cells[title] or "").strip() for key, title in mapping.items()}
        row, problems = _row(said, known, lambda key, i=index: table.place(i, mapping.get(key, mapping["number"])))
        found.problems += problems
        if row is not None:
            found.rows.append(row)
    if not found.rows and not found.problems:
        raise InputError([Problem("no_rows", msg("The table has no rows."), place=name)])
    return found


def _columns(table: Table) -> dict[str, str]:
    known = {title.lower(): key for key, titles in COLUMNS.items() for title in (*titles, key)}
    mapping: dict[str, str] = {}
    found: list[Problem] = []
    for title in table.columns:
        key = known.get(title.strip().lower())
        if key is None:
            what, remedy = msg("The column %(column)s is not known here."), msg("Rename it to one of: %(known)s.")
            params = {"column": title, "known": "、".join(zh for zh, _en in COLUMNS.values())}
            found.append(Problem("unknown_column", what, remedy, params, place=table.head(title)))
        else:
            mapping[key] = title
    what, remedy = msg("The column %(column)s is missing."), msg("Add it; the template shows the table.")
    found += [
        Problem("missing_column", what, remedy, {"column": COLUMNS[key][0]}, place=table.place())
        for key in REQUIRED
        if key not in mapping
    ]
    if found:
        raise InputError(found)
    return mapping


def _known(table: Table, mapping: Mapping[str, str]) -> _Known:
    def said(key: str) -> set[str]:
        return {text for text in table.frame[mapping[key]].to_list() if text} if key in mapping else set()

    firms = {}
    codes, numbers = sorted(said("enterprise")), sorted(said("number"))
    tasks: set[str] = set()
    for start in range(0, len(codes), 500):
        rows = Enterprise.objects.filter(credit_code__in=codes[start : start + 500])
        firms |= {code: (pk, cluster) for code, pk, cluster in rows.values_list("credit_code", "pk", "cluster_id")}
    for start in range(0, len(numbers), 500):
        part = numbers[start : start + 500]
        tasks |= set(SamplingTask.objects.filter(number__in=part).values_list("number", flat=True))
    units = dict(Unit.objects.values_list("code", "pk"))
    return _Known(units, firms, dict(Institution.objects.values_list("code", "pk")), tasks)


def _row(said: Mapping[str, str], known: _Known, place: Callable[[str], Any]) -> tuple[OldResult | None, list[Problem]]:
    wrong: list[Problem] = []

    def bad(code: str, key: str, what: str, **params: Any) -> None:
        wrong.append(Problem(code, what, params={"text": said.get(key, "")[:40] or "—", **params}, place=place(key)))

    def text(key: str) -> str:
        return said.get(key, "")

    day = _day(text("sampled_on"), bad)
    words = {key: _word(key, text(key), bad) for key in ("purpose", "outcome", "stage")}
    firm = known.firms.get(text("enterprise"))
    for key, table in (("unit", known.units), ("laboratory", known.laboratories), ("enterprise", known.firms)):
        if (text(key) or key == "unit") and text(key) not in table:
            bad("unknown_code", key, msg("%(text)s is not in the registry."))
    _number(text("number"), known, bad, place)
    weight, units = (_amount(key, text(key), bad, place) for key in ("weight", "units"))
    tested, failed = items_of(text("tested")), items_of(text("failed"))
    if failed and words["outcome"] not in (None, "fail"):
        bad("items", "failed", msg("Items are nonconforming, the outcome is not."))
    stratum = text("stratum")[:80]
    if day and words["purpose"]:
        _size((day.year, words["purpose"], stratum), units, known, bad)
    if wrong or day is None:
        return None, wrong
    made = OldResult(
        text("number"), day, words["purpose"] or "", words["outcome"] or "", known.units[text("unit")],
        firm[1] if firm else None, firm[0] if firm else None, known.laboratories.get(text("laboratory")),
        text("category")[:60], words["stage"] or "", stratum, None if units is None else int(units), weight,
        tuple(dict.fromkeys([*tested, *failed])), failed, text("enterprise") or text("number"),
    )  # fmt: skip
    return made, []


def _day(text: str, bad: Callable[..., None]) -> Any:
    day = day_of(text)
    if day is None or day.year < OLDEST:
        bad("bad_day", "sampled_on", msg("%(text)s is no day; write 2020-05-01, for example."))
        return None
    if day > timezone.localdate():
        bad("ahead", "sampled_on", msg("%(text)s lies in the future."))
    return day


def _word(key: str, text: str, bad: Callable[..., None]) -> str | None:
    if not text and key not in REQUIRED:
        return ""
    value = chosen(key, text)
    if value is None:
        known = "、".join(words[0] for words in WORDS[key].values())
        bad("unknown_word", key, msg("%(text)s is not known; write one of: %(known)s."), known=known)
    return value


def _number(text: str, known: _Known, bad: Callable[..., None], place: Callable[[str], Any]) -> None:
    if not text or len(text) > 40:
        bad("bad_number", "number", msg("The number is empty or longer than 40 characters."))
    elif text in known.seen:
        bad("repeated", "number", msg("%(text)s stands at %(first)s already."), first=known.seen[text])
    elif text in known.tasks:
        bad("of_workflow", "number", msg("%(text)s is a task of this system; its result comes from the work itself."))
    known.seen.setdefault(text, place("number"))


def _amount(key: str, text: str, bad: Callable[..., None], place: Callable[[str], Any]) -> float | None:
    if not text:
        return None
    try:
        value = number(text, place=place(key))
    except InputError:
        value = None
    if value is None or value < 1 or (key == "units" and (value != int(value) or value > 2**31)):
        bad("bad_amount", key, msg("%(text)s is no such number: weights are 1 or more, units whole and 1 or more."))
        return None
    return float(value)


def _size(key: tuple[int, str, str], units: float | None, known: _Known, bad: Callable[..., None]) -> None:
    if units is None:
        return
    if not key[2]:
        bad("no_stratum", "units", msg("Units without the name of their stratum say nothing."))
    elif known.sizes.setdefault(key, int(units)) != int(units):
        bad("two_sizes", "units", msg("The stratum has %(first)s units further up."), first=known.sizes[key])


@verb("supervise.import_facts", roles=("planner",))
def import_facts(actor: Any, thing: None, data: bytes, name: str) -> dict[str, int]:
    """Take a table of older results in, whole or not at all, as one event; a number that stands already is replaced.

    Raises
    ------
    InputError
        Every problem of the table; nothing was taken.
    """
    found = read(data, name)
    if found.problems:
        raise InputError(found.problems)
    before = ResultFact.objects.count()
    taken = _standing([row.number for row in found.rows])
    _take_new([row for row in found.rows if row.number not in taken])
    for row in found.rows:
        if row.number in taken:
            _replace(row)
    _take_sizes(found.rows)
    counts = {"rows": len(found.rows), "new": ResultFact.objects.count() - before}
    told = {"file": name, "sha256": hashlib.sha256(data).hexdigest(), **counts}
    record(actor, "supervise.import_facts", ResultFact._meta.label_lower, told)
    return counts


def _standing(numbers: list[str]) -> set[str]:
    """Return the numbers that have a row or a source record already."""
    found: set[str] = set()
    for start in range(0, len(numbers), 500):
        part = numbers[start : start + 500]
        found |= set(ResultFact.objects.filter(number__in=part).values_list("number", flat=True))
        records = SourceRecord.objects.filter(kind=SourceRecord.Kind.SAMPLE, number__in=part)
        found |= set(records.values_list("number", flat=True))
    return found


def _values(row: OldResult) -> dict[str, Any]:
    status, verdict = STATES[row.outcome]
    same = ("cluster_id", "enterprise_id", "laboratory_id", "unit_id", "category", "stage", "stratum", "weight", "psu",
            "purpose", "sampled_on")  # fmt: skip
    values = {name: getattr(row, name) for name in same}
    return values | {"year": row.sampled_on.year, "status": status, "verdict": verdict, "first_verdict": verdict}


def _take_new(rows: list[OldResult]) -> None:
    made = ResultFact.objects.bulk_create(
        [ResultFact(number=row.number, **_values(row)) for row in rows], batch_size=200
    )
    items = [
        ItemFact(fact=fact, name=name, failed=name in row.failed)
        for fact, row in zip(made, rows, strict=True)
        for name in row.tested
    ]
    ItemFact.objects.bulk_create(items, batch_size=500)
    records = [
        SourceRecord(kind=SourceRecord.Kind.SAMPLE, number=one.number, **facts.record_values(one)) for one in made
    ]
    SourceRecord.objects.bulk_create(records, batch_size=200)


def _replace(row: OldResult) -> None:
    fact, _made = ResultFact.objects.update_or_create(number=row.number, defaults=_values(row))
    fact.items.all().delete()
    ItemFact.objects.bulk_create(ItemFact(fact=fact, name=name, failed=name in row.failed) for name in row.tested)
    facts.write_record(fact)


def _take_sizes(rows: list[OldResult]) -> None:
    sizes = {(row.sampled_on.year, row.purpose, row.stratum): row.units for row in rows if row.units}
    for (year, purpose, stratum), units in sizes.items():
        StratumSize.objects.update_or_create(year=year, purpose=purpose, stratum=stratum, defaults={"units": units})
