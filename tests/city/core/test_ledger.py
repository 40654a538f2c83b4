"""The ledger finds what was done to it behind its back."""

from __future__ import annotations

import json

import pytest
from django.db import connection

from qualipolis.city.core.checkpoints import make_checkpoint, statements_file
from qualipolis.city.core.ledger import record
from qualipolis.city.core.models import Checkpoint, Event
from qualipolis.city.core.policy import System
from qualipolis.city.core.verification import verify_ledger

LI = System("inspector li")


@pytest.fixture
def ledger(db: None, django_capture_on_commit_callbacks) -> None:
    """Six events, the fourth and the sixth signed."""
    for number in range(1, 7):
        record(LI, "test.step", payload={"number": number, "town": "荻湾镇"})
        if number in (4, 6):
            with django_capture_on_commit_callbacks(execute=True):
                make_checkpoint()


def sql(*lines: str) -> None:
    with connection.cursor() as cursor:
        for line in lines:
            cursor.execute(line)


def found() -> tuple[int, str]:
    finding = verify_ledger().finding
    assert finding is not None
    return finding.seq, finding.text()


def test_it_holds_when_nobody_touched_it(ledger) -> None:
    result = verify_ledger()
    assert result.holds
    assert (result.events, result.checkpoints) == (6, 2)


def test_an_empty_ledger_holds(db) -> None:
    assert verify_ledger().holds
    assert make_checkpoint() is None


@pytest.mark.parametrize("column", ["actor", "role", "verb", "thing", "rule_version", "payload", "hash"])
def test_it_names_the_event_with_one_changed_byte(ledger, column) -> None:
    sql(f"UPDATE core_event SET {column} = {column} || 'x' WHERE seq = 3" if column != "hash" else
        "UPDATE core_event SET hash = replace(hash, substr(hash, 1, 1), 'g') WHERE seq = 3")  # fmt: skip
    assert found() == (3, "event 3 was changed")


def test_it_names_the_event_whose_time_was_changed(ledger) -> None:
    sql("UPDATE core_event SET at = '2020-01-01 00:00:00+00:00' WHERE seq = 2")
    assert found() == (2, "event 2 was changed")


def test_it_finds_a_line_that_points_elsewhere(ledger) -> None:
    sql(f"UPDATE core_event SET prev_hash = '{'1' * 64}' WHERE seq = 5")
    assert found() == (5, "event 5 does not follow the one before it")


def test_it_finds_a_row_removed_from_the_middle(ledger) -> None:
    sql("DELETE FROM core_event WHERE seq = 3")
    assert found() == (3, "event 3 is missing")


def test_it_finds_rows_removed_from_the_end(ledger) -> None:
    sql("DELETE FROM core_event WHERE seq >= 5")
    assert found() == (5, "event 5 is missing: the end of the ledger was cut off")


def test_it_finds_the_end_removed_together_with_its_checkpoint(ledger) -> None:
    sql("DELETE FROM core_event WHERE seq >= 5", "DELETE FROM core_checkpoint WHERE seq = 6")
    assert found() == (5, "event 5 is missing: the end of the ledger was cut off")


def test_it_finds_a_removed_checkpoint(ledger) -> None:
    sql("DELETE FROM core_checkpoint WHERE seq = 4")
    assert found() == (4, "the checkpoint at event 4 was removed from the database")


def test_it_finds_a_forged_signature(ledger) -> None:
    sql("UPDATE core_checkpoint SET hash = replace(hash, substr(hash, 1, 1), 'g') WHERE seq = 6")
    assert found()[1].startswith("the signature of the checkpoint at event 6")


def test_it_finds_a_chain_written_anew_after_the_checkpoint(ledger) -> None:
    """Someone who recomputes every hash from an event on still cannot sign."""
    sql("DELETE FROM core_event WHERE seq >= 3")
    for number in range(3, 7):
        record(LI, "test.step", payload={"number": number * 100})
    assert found() == (4, "event 4 is not the one its checkpoint signed")


def test_it_finds_a_checkpoint_signed_with_a_key_of_ones_own(ledger, home) -> None:
    (home / "keys" / "ledger.pub").write_text("ab" * 32 + "\n")
    assert "unknown key" in found()[1]


def test_it_names_the_event_that_cannot_be_read(ledger) -> None:
    if connection.vendor != "sqlite":
        sql("UPDATE core_event SET payload = '' WHERE seq = 4")
        assert found() == (4, "event 4 was changed")
        return
    sql("UPDATE core_event SET at = 'never' WHERE seq = 4")
    assert found() == (4, "event 4 cannot be read")


def test_a_damaged_checkpoint_file_is_found(ledger) -> None:
    with statements_file().open("a") as file:
        file.write("{not json\n")
    assert "cannot be read" in found()[1]


def test_the_key_is_its_owners_alone_and_the_file_repeats_the_rows(ledger, home) -> None:
    assert (home / "keys" / "ledger.key").stat().st_mode & 0o077 == 0
    lines = [json.loads(line) for line in statements_file().read_text().splitlines()]
    assert [line["signature"] for line in lines] == list(Checkpoint.objects.values_list("signature", flat=True))


def test_nothing_is_signed_twice(ledger) -> None:
    first = make_checkpoint()
    assert make_checkpoint() == first
    assert Checkpoint.objects.count() == 2


def test_events_are_numbered_without_gaps(ledger) -> None:
    assert list(Event.objects.values_list("seq", flat=True)) == [1, 2, 3, 4, 5, 6]
