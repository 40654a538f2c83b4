"""Lists of scope lines taken over: looked through first, then in whole or not at all, every line with its source and day.

Nothing is deleted: a line that the new list does not have ends on the day before the list is in force, one that stays is
left as it is, one that is new begins on that day.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.db.models import Max
from django.utils import timezone

from qualipolis.city.core.attachments import store
from qualipolis.city.core.filetypes import media_type
from qualipolis.city.core.ledger import record
from qualipolis.city.core.policy import person_of, verb
from qualipolis.city.core.subscriptions import tell
from qualipolis.city.nqi.models import ScopeImport, ScopeReading
from qualipolis.city.registry.models import Qualification, ScopeItem, ScopeSource
from qualipolis.city.supervise.laboratory.scope_check import plain
from qualipolis.lake.scopes.headers import Reading
from qualipolis.lake.scopes.lists import Line, Listed, read_list
from qualipolis.methods.problems import Problem, msg, refuse

OFFICE = ("inspector", "planner")
LIMIT, MOST_LINES = 50 << 20, 200_000
PIECE, BATCH = 1 << 20, 5_000
Progress = Callable[[int, int], None]
Key = tuple[str, str, str]


@dataclass(frozen=True)
class Understood:
    """A file as it was understood, whether its columns were confirmed before, and what it would change."""

    listed: Listed
    remembered: bool
    added: int
    kept: int
    ended: int


def understand(
    path: Path, name: str, of: Qualification | None, reading: Reading | None = None, whole: bool = True
) -> Understood:
    """Return what a file holds and what it would change in the scope of a certificate; nothing is changed.

    Raises
    ------
    InputError
        The file cannot be read at all.
    """
    listed, remembered = _read(path, name, reading, lambda done, total: None)
    fresh, kept, over = _compared(of, listed.lines, whole)
    return Understood(listed, remembered, len(fresh), kept, len(over))


def _read(path: Path, name: str, reading: Reading | None, progress: Progress) -> tuple[Listed, bool]:
    """Return the file as it is read; one whose columns a person confirmed before is read as then."""
    listed = read_list(path, name, reading, progress=progress)
    known = ScopeReading.objects.filter(fingerprint=listed.fingerprint).first()
    if known is None or reading is not None:
        return listed, known is not None
    kept = Reading.from_json(known.mapping)
    return (listed, True) if kept == listed.reading else (read_list(path, name, kept, progress=progress), True)


@verb("nqi.import_scope", roles=OFFICE)
def import_scope(
    actor: Any,
    thing: Qualification,
    path: Path,
    name: str,
    in_force: date,
    reading: Reading | None = None,
    *,
    whole: bool = True,
    progress: Progress = lambda done, total: None,
) -> ScopeImport:
    """Take over the scope of a certificate from a file: in whole, or not at all.

    Parameters
    ----------
    thing : the certificate
    path, name : where the file lies, and what it is called
    in_force : first day on which the list holds
    reading : what its columns mean; kept, so that the next file with these columns is understood at once
    whole : the list is the whole scope, so that lines it does not have end; an extension only adds
    progress : told ``(done, total)``

    Raises
    ------
    InputError
        Every row that cannot be taken over, with its place; nothing is changed then.
    """
    refuse(_days(thing, in_force, name))
    listed, _known = _read(path, name, reading, lambda done, total: progress(done, 2 * total))
    refuse([*listed.errors, _amount(listed, name)])
    fresh, kept, over = _compared(thing, listed.lines, whole)
    source = ScopeSource.objects.create(
        institution=thing.institution, file=name[:200], sha256=_digest(path), taken_on=timezone.localdate(), lines=len(listed.lines)
    )  # fmt: skip
    for start in range(0, len(over), BATCH):
        ScopeItem.objects.filter(pk__in=over[start : start + BATCH]).update(valid_to=in_force - timedelta(days=1))
    _write(thing, source, fresh, in_force, lambda done: progress(listed.rows + done, 2 * listed.rows))
    made = ScopeImport.objects.create(
        institution=thing.institution, source=source, reading=_remember(actor, listed), in_force=in_force, added=len(fresh),
        attachment=_file(actor, source, path, name), kept=kept, ended=len(over), imported_by=person_of(actor),
    )  # fmt: skip
    return _told(actor, thing, made)


def _told(actor: Any, of: Qualification, made: ScopeImport) -> ScopeImport:
    """Tell the ledger and whoever listens."""
    told = {"of": of.number, "added": made.added, "kept": made.kept, "ended": made.ended}
    record(actor, "nqi.import_scope", made, told)
    tell(actor, "nqi.scope_imported", made)
    return made


def _days(of: Qualification, in_force: date, name: str) -> Iterator[Problem]:
    """Yield what is wrong with the day from which a list holds."""
    last = ScopeImport.objects.filter(source__scope_items__qualification=of).aggregate(day=Max("in_force"))["day"]
    if in_force < of.valid_from or (of.valid_to is not None and in_force > of.valid_to):
        what = msg("The list holds from a day on which the certificate is not valid.")
        yield Problem("outside_validity", what, place="in_force")
    if last is not None and in_force < last:
        what = msg("A list that holds from %(day)s was taken over already.")
        yield Problem("before_last", what, params={"day": str(last)}, place="in_force")
    if in_force > timezone.localdate() + timedelta(days=366):
        yield Problem("too_far", msg("The day lies more than a year ahead."), place="in_force")


def _amount(listed: Listed, name: str) -> Problem | None:
    if not listed.lines:
        return Problem("no_lines", msg("The list has no line."), place=name)
    if len(listed.lines) > MOST_LINES:
        what = msg("The list has %(n)s lines; at most %(most)s are taken over at once.")
        return Problem("too_long", what, msg("Split it."), {"n": len(listed.lines), "most": MOST_LINES}, name)
    return None


def _compared(of: Qualification | None, lines: Sequence[Line], whole: bool) -> tuple[list[Line], int, list[int]]:
    """Return the lines that are new, how many stay, and the rows that end."""
    if of is None:
        return list(lines), 0, []
    rows = ScopeItem.objects.filter(qualification=of, valid_to=None)
    known: dict[Key, tuple[int, str]] = {}
    for pk, product, parameter, standard, limits in rows.values_list(
        "pk", "product", "parameter", "standard", "limits"
    ).iterator():
        known[_key(product, parameter, standard)] = (pk, limits)
    if not known:
        return list(lines), 0, []
    fresh: list[Line] = []
    same: set[int] = set()
    changed: set[int] = set()
    for line in lines:
        held = known.get(_key(line.product, line.parameter, line.standard))
        if held is not None and held[1] == line.limits[:400]:
            same.add(held[0])
            continue
        fresh.append(line)
        changed |= {held[0]} if held is not None else set()
    over = [pk for pk, _ in known.values() if pk not in same] if whole else sorted(changed)
    return fresh, len(same), over


def _key(product: str, parameter: str, standard: str) -> Key:
    return plain(product), plain(parameter), plain(standard)


def _write(
    of: Qualification, source: ScopeSource, lines: Sequence[Line], in_force: date, told: Callable[[int], None]
) -> None:
    for start in range(0, len(lines), BATCH):
        ScopeItem.objects.bulk_create(
            ScopeItem(
                qualification=of, product=one.product, parameter=one.parameter, standard=one.standard, field=one.field,
                limits=one.limits[:400], valid_from=in_force, source=source, source_line=one.row,
            )
            for one in lines[start : start + BATCH]
        )  # fmt: skip
        told(min(start + BATCH, len(lines)))


def _remember(actor: Any, listed: Listed) -> ScopeReading:
    said = {"mapping": listed.reading.to_json(), "confirmed_by": person_of(actor), "confirmed_on": timezone.localdate()}
    return ScopeReading.objects.update_or_create(fingerprint=listed.fingerprint, defaults=said)[0]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _pieces(path: Path) -> Iterable[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


def _file(actor: Any, source: ScopeSource, path: Path, name: str) -> Any:
    return store(actor, source, name, _pieces(path), limit=LIMIT, typed=media_type)
