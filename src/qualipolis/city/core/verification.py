"""Does the ledger still hold? The chain of hashes, the signed checkpoints, and the copies kept beside the database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import DatabaseError

from qualipolis.city.core.checkpoints import (
    Statement,
    known_keys,
    statement_of,
    statements_file,
    statements_in,
)
from qualipolis.city.core.ledger import GENESIS, Finding, digest
from qualipolis.city.core.models import Checkpoint, Event
from qualipolis.methods.problems import msg

UNREADABLE = (DatabaseError, ValueError, TypeError, AttributeError)


@dataclass(frozen=True)
class Verification:
    """What a check of the ledger found: how far it read, and the first thing that does not hold."""

    events: int
    checkpoints: int
    last_hash: str
    finding: Finding | None = None

    @property
    def holds(self) -> bool:
        """Whether nothing was found."""
        return self.finding is None


def verify_ledger(progress: Callable[[int, int], object] | None = None) -> Verification:
    """Read the whole ledger once and return the first thing that does not hold."""
    said, finding = _statements()
    if finding:
        return Verification(0, len(said), GENESIS, finding)
    by_seq: dict[int, list[Statement]] = {}
    for statement in said:
        by_seq.setdefault(statement.seq, []).append(statement)
    finding, read, last = _walk(by_seq, progress)
    return Verification(read, len(said), last, finding or _cut_off(by_seq, read))


def _walk(
    by_seq: dict[int, list[Statement]], progress: Callable[[int, int], object] | None
) -> tuple[Finding | None, int, str]:
    """Follow the chain and hold every event against the checkpoints that signed it."""
    expected, previous = 1, GENESIS
    total = Event.objects.count() if progress else 0
    for event in _events():
        if event is None:
            return Finding(expected, msg("event %(seq)s cannot be read")), expected - 1, previous
        finding = _fault(event, expected, previous)
        if finding is None and any(said.hash != event.hash for said in by_seq.get(event.seq, ())):
            finding = Finding(event.seq, msg("event %(seq)s is not the one its checkpoint signed"))
        if finding:
            return finding, expected - 1, previous
        expected, previous = expected + 1, event.hash
        if progress and not expected % 1000:
            progress(expected - 1, total)
    return None, expected - 1, previous


def _fault(event: Event, expected: int, previous: str) -> Finding | None:
    if event.seq != expected:
        return Finding(expected, msg("event %(seq)s is missing"))
    if event.prev_hash != previous:
        return Finding(event.seq, msg("event %(seq)s does not follow the one before it"))
    try:
        unchanged = digest(event) == event.hash
    except UNREADABLE:
        return Finding(event.seq, msg("event %(seq)s cannot be read"))
    return None if unchanged else Finding(event.seq, msg("event %(seq)s was changed"))


def _events() -> Iterator[Event | None]:
    """Yield the events in order; None in place of one that the database cannot even read."""
    last = 0
    try:
        for event in Event.objects.order_by("seq").iterator(chunk_size=500):
            yield event
            last = event.seq
    except UNREADABLE:
        yield from _one_by_one(last)


def _one_by_one(last: int) -> Iterator[Event | None]:
    """Go on slowly, so that the unreadable event is named and not its whole batch."""
    for seq in list(Event.objects.filter(seq__gt=last).order_by("seq").values_list("seq", flat=True)):
        try:
            yield Event.objects.get(seq=seq)
        except UNREADABLE:
            yield None
            return


def _statements() -> tuple[list[Statement], Finding | None]:
    """Return the checkpoints of the database and the file, and the first of them that does not hold."""
    path = statements_file()
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    filed = list(statements_in(lines))
    if None in filed:
        return [], Finding(0, msg("the file of checkpoints has a line that cannot be read"))
    try:
        rows = [statement_of(row) for row in Checkpoint.objects.order_by("seq", "pk")]
    except UNREADABLE:
        return [], Finding(0, msg("a checkpoint in the database cannot be read"))
    said = sorted({*rows, *(s for s in filed if s)}, key=lambda s: (s.seq, s.at))
    keys = known_keys()
    for statement in said:
        if not statement.holds():
            return said, Finding(statement.seq, msg("the signature of the checkpoint at event %(seq)s does not hold"))
        if statement.public_key not in keys:
            return said, Finding(statement.seq, msg("the checkpoint at event %(seq)s is signed with an unknown key"))
    kept = set(rows)
    lost = next((s for s in filed if s and s not in kept), None)
    if lost:
        return said, _lost(lost)
    return said, None


def _lost(statement: Statement) -> Finding | None:
    """A checkpoint that is only in the file: either its events are gone too, or its row alone is."""
    if not Event.objects.filter(seq=statement.seq).exists():
        return None
    return Finding(statement.seq, msg("the checkpoint at event %(seq)s was removed from the database"))


def _cut_off(by_seq: dict[int, list[Statement]], read: int) -> Finding | None:
    beyond = [seq for seq in by_seq if seq > read]
    return Finding(read + 1, msg("event %(seq)s is missing: the end of the ledger was cut off")) if beyond else None
