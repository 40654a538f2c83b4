"""Tables of alerts taken in: looked through first, their columns confirmed by a person, then in whole or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from django.utils import timezone

from qualipolis.city.core.attachments import store
from qualipolis.city.core.filetypes import media_type
from qualipolis.city.core.ledger import record
from qualipolis.city.core.models import Attachment
from qualipolis.city.core.policy import person_of, verb
from qualipolis.city.core.subscriptions import tell
from qualipolis.city.listen.alerts.classes import suggested
from qualipolis.city.listen.alerts.models import Alert, AlertBatch, HeaderMapping
from qualipolis.lake.alerts import AlertRow, Mapping, Preview, fingerprint, preview, read
from qualipolis.lake.encodings import Limits
from qualipolis.methods.problems import InputError, Problem, msg, refuse

IMPORTERS = ("department", "planner", "complaint_desk")
LIMIT, MOST_ROWS = 50 << 20, 100_000
MOST_NAMED = 200
STEP = 500
HAZARD = 200
OLDEST = date(1970, 1, 1)
PIECE = 1 << 20
TEXTS = {"product": 400, "category": 160, "brand": 160, "model": 160, "batch_no": 160, "firm": 200, "origin": 80,
         "notified_by": 80, "measure": 400}  # fmt: skip


@dataclass(frozen=True)
class Understood:
    """A file as it was understood, and the reading that was confirmed for such files before, if one was."""

    shown: Preview
    remembered: HeaderMapping | None = None

    @property
    def source(self) -> str:
        """Who publishes the table, as far as it is known."""
        return self.remembered.source if self.remembered else self.shown.mapping.source


def understand(path: Path, name: str, mapping: Mapping | None = None, sheet: str | None = None) -> Understood:
    """Return what a file holds; one whose columns a person confirmed before is read as then.

    Raises
    ------
    InputError
        The file cannot be read at all, or the mapping belongs to another table.
    """
    shown = preview(path, name, sheet=sheet, mapping=mapping, limits=Limits())
    if shown.total > MOST_ROWS:
        what = msg("The table has %(n)s rows; at most %(most)s are taken at once.")
        refuse([Problem("too_long", what, msg("Split it."), {"n": shown.total, "most": MOST_ROWS}, place=name)])
    known = HeaderMapping.objects.filter(fingerprint=shown.fingerprint).first()
    if known and mapping is None:
        try:
            kept = as_named(Mapping.from_json(known.mapping["said"]), shown.headers)
            shown = preview(path, name, sheet=shown.sheet or None, mapping=kept, limits=Limits())
        except (InputError, KeyError):
            known = None  # kept by another version: it is suggested anew
    return Understood(shown, known)


def as_named(mapping: Mapping, headers: Sequence[str]) -> Mapping:
    """Return a kept mapping with its columns as this table writes them: capitals and spaces may differ."""
    spelled = {fingerprint([name]): name for name in headers}
    columns = (replace(one, header=spelled.get(fingerprint([one.header]), one.header)) for one in mapping.columns)
    return replace(mapping, columns=tuple(columns))


@verb("listen.import_alerts", roles=IMPORTERS)
def import_alerts(
    actor: Any,
    thing: None,
    path: Path,
    name: str,
    mapping: Mapping,
    source: str = "",
    *,
    missing_day: date | None = None,
    sheet: str | None = None,
) -> AlertBatch:
    """Take a file of alerts in with the columns as a person confirmed them: in whole, or not at all.

    A number that its source has used before is known: it is counted, not doubled. Rows of one number in one file are one
    alert with the dangers of all of them. What is not said stays not said, a danger too.

    Parameters
    ----------
    path, name : where the file lies, and what it is called
    mapping : what its columns mean; kept, so that the next file with these columns is understood at once
    source : who publishes it; the mapping's own unless given
    missing_day : the day of alerts that tell none; without it such rows are refused
    sheet : the sheet of a workbook

    Raises
    ------
    InputError
        Every row that cannot be taken, with its place; nothing was taken then.
    """
    publisher = (source or mapping.source).strip()[:80]
    refuse([None if publisher else Problem("no_source", msg("Say who publishes the table."), place="source")])
    found = read(path, mapping, name=name, sheet=sheet, limits=Limits())
    errors = [problem for problem in found.problems if problem.severity == "error"]
    refuse([*errors, *_wrong(found.rows, missing_day, name), _too_many(len(found.rows), name)])
    alerts = _alerts(found.rows, publisher, missing_day)
    known = _known(publisher, list(alerts))
    fresh = _suggested([one for reference, one in alerts.items() if reference not in known], mapping.kind)
    kept = _remember(actor, mapping, publisher)
    batch = AlertBatch.objects.create(
        attachment=_file(actor, kept, path, name), source=publisher, mapping=kept, rows=found.counts.read,
        added=len(fresh), known=len(known), imported_by=person_of(actor),
    )  # fmt: skip
    for alert in fresh:
        alert.batch = batch
    Alert.objects.bulk_create(fresh, batch_size=STEP)
    told = {"source": publisher, "rows": batch.rows, "added": batch.added, "known": batch.known}
    record(actor, "listen.import_alerts", batch, told)
    tell(actor, "listen.alerts_imported", batch)
    return batch


def _wrong(rows: Sequence[AlertRow], missing_day: date | None, name: str) -> Iterator[Problem]:
    """Yield every row whose day cannot stand; more than two hundred are counted."""
    today = timezone.localdate()
    yield from ([_future(missing_day)] if missing_day and not OLDEST <= missing_day <= today else [])
    found = [one for one in (_day_problem(row, missing_day, today, name) for row in rows) if one]
    yield from found[:MOST_NAMED]
    if len(found) > MOST_NAMED:
        what = msg("%(count)s more rows have the same problem.")
        yield Problem("more", what, params={"count": len(found) - MOST_NAMED}, place=name)


def _future(day: date) -> Problem:
    return Problem("future", msg("%(text)s lies in the future."), params={"text": str(day)}, place="missing_day")


def _day_problem(row: AlertRow, missing_day: date | None, today: date, name: str) -> Problem | None:
    if row.date is None and missing_day is None:
        what = msg("Row %(row)s tells no day (“%(text)s”).")
        remedy = msg("Give the day for such rows, or complete the table.")
        return Problem("no_day", what, remedy, {"row": row.row, "text": row.date_text[:40]}, place=name)
    if row.date and not OLDEST <= row.date <= today:
        what = msg("Row %(row)s: %(text)s cannot be the day of an alert.")
        return Problem("bad_day", what, params={"row": row.row, "text": str(row.date)}, place=name)
    return None


def _too_many(count: int, name: str) -> Problem | None:
    if count <= MOST_ROWS:
        return None
    what = msg("The table has %(n)s rows; at most %(most)s are taken at once.")
    return Problem("too_long", what, msg("Split it."), {"n": count, "most": MOST_ROWS}, place=name)


def _alerts(rows: Sequence[AlertRow], source: str, missing_day: date | None) -> dict[str, tuple[Alert, AlertRow]]:
    """Return one alert for each number with its first row, in the order of the table."""
    made: dict[str, tuple[Alert, AlertRow]] = {}
    for row in rows:
        reference = row.number[:80] or _own_number(row)
        if (known := made.get(reference)) is not None:
            known[0].hazards = list(dict.fromkeys([*known[0].hazards, *_hazards(row)]))
            continue
        made[reference] = (_alert(row, reference, source, missing_day), row)
    return made


def _suggested(fresh: Sequence[tuple[Alert, AlertRow]], kind: str) -> list[Alert]:
    """Return the new alerts with the class that is suggested for each; what is known already is not asked again."""
    for (alert, _row), told in zip(fresh, suggested([row for _alert, row in fresh], kind), strict=True):
        alert.suggested = told.kept()
    return [alert for alert, _row in fresh]


def _own_number(row: AlertRow) -> str:
    """Return a number for an alert without one: the same words are the same alert when they come again."""
    said = (str(row.date or ""), row.product, row.firm, row.batch, *row.models, *row.hazards)
    return "#" + hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]


def _hazards(row: AlertRow) -> list[str]:
    return [one[:HAZARD] for one in row.hazards]


def _alert(row: AlertRow, reference: str, source: str, missing_day: date | None) -> Alert:
    said = {
        "product": row.product or row.category or reference, "category": row.category, "brand": row.brand,
        "model": ", ".join(row.models), "batch_no": row.batch, "firm": row.firm or (row.sellers or ("",))[0],
        "origin": row.origin, "notified_by": (row.notifying or ("",))[0], "measure": row.measure,
    }  # fmt: skip
    day = row.date or missing_day
    return Alert(
        source=source, reference=reference, alerted_on=day, hazards=_hazards(row), units_affected=_figure(row.units),
        injuries=_figure(row.injuries, 2**31), **{name: text[: TEXTS[name]] for name, text in said.items()},
    )  # fmt: skip


def _figure(value: int | None, most: int = 2**62) -> int | None:
    return value if value is not None and 0 <= value < most else None


def _known(source: str, references: list[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(references), STEP):
        rows = Alert.objects.filter(source=source, reference__in=references[start : start + STEP])
        found |= set(rows.values_list("reference", flat=True))
    return found


def _remember(actor: Any, mapping: Mapping, source: str) -> HeaderMapping:
    told = {"said": replace(mapping, source=source).to_json()}
    said = {"source": source, "mapping": told, "confirmed_by": person_of(actor), "confirmed_on": timezone.localdate()}
    return HeaderMapping.objects.update_or_create(fingerprint=mapping.fingerprint, defaults=said)[0]


def _kind(path: Path, name: str) -> tuple[str, str] | None:
    """Return what a table is that was read already: JSON and packed files are kept too."""
    ending = name.lower().rpartition(".")[2]
    packed = {
        "json": "application/json",
        "jsonl": "application/json",
        "ndjson": "application/json",
        "gz": "application/gzip",
    }
    return (packed[ending], ending) if ending in packed else media_type(path, name)


def _file(actor: Any, kept: HeaderMapping, path: Path, name: str) -> Attachment:
    def pieces() -> Iterator[bytes]:
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                yield piece

    return store(actor, kept, name, pieces(), limit=LIMIT, typed=_kind)
