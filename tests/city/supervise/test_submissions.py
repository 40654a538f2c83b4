"""What devices send is taken in once, in the order it comes, and nothing of it is lost."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone
from tests.city.supervise.cast import make_task
from tests.city.supervise.on_site import payload, take_pictures
from tests.security.test_ledger_race import environment

from qualipolis.city.supervise import service
from qualipolis.city.supervise.field.queries import for_device
from qualipolis.city.supervise.field.submissions import conflicts_for
from qualipolis.city.supervise.models import Sample, Submission
from qualipolis.city.supervise.work import work
from qualipolis.methods.problems import InputError

EXPECTED = "accepted conflict accepted repeated 4 3"


def send(person, task, said, number=None, at=None):
    return service.receive(person, task, number or uuid4(), 0, at, said)


def test_a_whole_visit_is_taken_in_at_one_go(cast):
    task, person = make_task(cast), cast["inspector"]
    at = timezone.now() - timedelta(hours=3)
    said = payload(take_pictures(person, task), arrived_at=(at - timedelta(hours=1)).isoformat())
    answer = send(person, task, said | {"test_goes": "dispatch", "backup_keeper": "bureau"}, at=at)
    task.refresh_from_db()
    assert (answer.outcome, task.status, task.arrived_at) == ("accepted", "sampled", at - timedelta(hours=1))
    assert [one.status for one in Sample.objects.order_by("-part")] == ["in_transit", "kept"]


def test_the_same_sending_twice_is_one_and_gets_the_same_answer(cast):
    task, person, number = make_task(cast), cast["inspector"], uuid4()
    said = payload(take_pictures(person, task))
    send(person, task, said, number)
    answer = send(person, task, said, number)
    assert (answer.outcome, answer.first_outcome) == ("repeated", "accepted")
    assert Submission.objects.count() == 1 and Sample.objects.count() == 2
    with pytest.raises(InputError):
        send(cast["inspector2"], task, said, number)


def test_what_comes_second_is_kept_whole_and_both_are_told_until_both_have_seen_it(cast):
    task, one, two = make_task(cast), cast["inspector"], cast["inspector2"]
    mine, theirs = payload(take_pictures(one, task)), payload(take_pictures(two, task))
    send(one, task, mine)
    answer = send(two, task, theirs)
    row = Submission.objects.get(outcome="conflict")
    assert (answer.outcome, answer.standing.person, row.payload) == ("conflict", one, theirs)
    assert task.photos.count() == 8 and Sample.objects.count() == 2
    for person, other in ((one, two), (two, one)):
        assert [item.verb for item in work(person)] == ["supervise.see_conflict"]
        assert [line["mine"] for line in for_device(person)["conflicts"]] == [person == two]
        service.see_conflict(person, row)
        assert not conflicts_for(person).exists() and conflicts_for(other).exists() == (person == one)
    row.refresh_from_db()
    assert row.seen_at is not None
    with pytest.raises(PermissionDenied):
        service.see_conflict(cast["inspector_elsewhere"], row)


def test_an_entry_about_an_earlier_sample_does_not_pass_for_the_next_one(cast):
    task, person = make_task(cast), cast["inspector"]
    said = payload(take_pictures(person, task), attempt=1)
    send(person, task, said)
    service.give_task_back(cast["planner"], task, "seal broken")
    service.assign_task(cast["planner"], task, [cast["inspector"], cast["inspector2"]])
    assert send(cast["inspector2"], task, payload([], attempt=1)).outcome == "conflict"
    assert send(cast["inspector2"], task, payload(take_pictures(person, task), attempt=2)).outcome == "accepted"


def test_an_incomplete_entry_is_kept_with_its_reasons_and_does_not_win(cast):
    task, one, two = make_task(cast), cast["inspector"], cast["inspector2"]
    said = payload(take_pictures(one, task, ("place",)))
    first = send(one, task, said)
    assert first.outcome == "refused" and first.problems
    assert Submission.objects.get().payload == said
    task.refresh_from_db()
    assert task.status == "assigned"
    assert send(two, task, payload(take_pictures(two, task))).outcome == "accepted"
    again = send(one, task, said, first.client_id)
    assert (again.outcome, again.first_outcome, again.problems[0].code) == ("repeated", "refused", "open_form_fields")


def test_an_entry_waits_for_its_pictures(cast):
    task, person = make_task(cast), cast["inspector"]
    said = payload(take_pictures(person, task))
    answer = send(person, task, said | {"photos": [*said["photos"], str(uuid4())]})
    assert [(one.code, one.params["count"]) for one in answer.problems] == [("photos_missing", 1)]


@pytest.mark.parametrize("said", [None, [], {"outcome": "x" * 70_000}, {"form": {"words": "\x00"}}])
def test_what_cannot_be_read_is_refused_and_leaves_nothing(cast, said):
    with pytest.raises(InputError):
        send(cast["inspector"], make_task(cast), said)
    assert not Submission.objects.exists()


@pytest.mark.parametrize(
    "said",
    [{}, {"outcome": "win"}, {"outcome": "sample", "photos": ["x"]}, {"outcome": "sample", "arrived_at": "soon"}],
)
def test_a_strange_entry_is_kept_and_refused_in_words(cast, said):
    answer = send(cast["inspector"], make_task(cast), said)
    assert answer.outcome == "refused" and all(problem.text() for problem in answer.problems)


def test_a_visit_without_a_sample_is_taken_in_as_well(cast):
    person = cast["inspector"]
    none, refused, stopped = make_task(cast), make_task(cast), make_task(cast)
    send(person, none, {"outcome": "not_sample", "reason_code": "stock_low", "reason": "8件"})
    send(person, refused, {"outcome": "refuse", "reason": "locked"})
    send(person, stopped, {"outcome": "stop", "reason": "no licence"})
    for task, status in ((none, "not_sampled"), (refused, "refused"), (stopped, "stopped_unlawful")):
        task.refresh_from_db()
        assert task.status == status


def test_two_who_send_at_the_same_moment_give_one_record_and_one_conflict(db, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    if connection.vendor == "sqlite":  # the tables are there already; to make them anew takes long
        with sqlite3.connect(home / "city.sqlite3") as copy:
            copy.executescript("\n".join(connection.connection.iterdump()))
    run = [sys.executable, "-m", "tests.city.supervise.two_hands"]
    done = subprocess.run(run, env=environment(home), capture_output=True, text=True, check=False)
    assert done.stdout.strip() == EXPECTED, done.stderr[-2000:]
