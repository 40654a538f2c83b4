"""Releases: whole or absent, and they never change."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from django.utils import timezone
from tests.city.measure.cast import DECISION, SYSTEM, Cast, cell

from qualipolis.city.assess import queries, releases, service
from qualipolis.city.assess.models import Assessment, Release
from qualipolis.city.core.sweeps import run_sweeps
from qualipolis.city.measure import service as measure
from qualipolis.city.measure.models import CollectionRound, Observation
from qualipolis.lake.canonical import canonical_json
from qualipolis.lake.release.format import release_hash
from qualipolis.methods.problems import InputError


def publish(locked: CollectionRound) -> Release:
    made = service.run(SYSTEM, locked, seed=3, replicates=100)
    made = service.decide(SYSTEM, service.preview(SYSTEM, made), *DECISION)
    return service.publish(SYSTEM, made)


def test_it_publishes_under_a_number_and_verifies_itself(locked: CollectionRound, home: Path) -> None:
    release = publish(locked)
    assert (release.number, release.directory) == ("2021-R1", "releases/2021-R1")
    found = service.verify(release)
    assert found.ok
    assert found.release_hash == release.release_hash
    assert (home / "releases" / "2021-R1" / "observations.csv").is_file()


@pytest.mark.parametrize("file", ["inputs/data.csv", "scores.csv", "observations.csv", "release.json"])
def test_it_names_the_file_that_was_changed(locked: CollectionRound, home: Path, file: str) -> None:
    release = publish(locked)
    path = home / release.directory / file
    path.write_bytes(path.read_bytes().replace(b"9", b"8", 1))
    found = service.verify(release)
    assert not found.ok
    assert file.rpartition("/")[2] in str(found.first_problem)


def test_it_is_not_another_release_in_the_same_folder(locked: CollectionRound) -> None:
    release = publish(locked)
    Release.objects.filter(pk=release.pk).update(release_hash="0" * 64)
    release.refresh_from_db()
    assert "not the one that was published" in str(service.verify(release).first_problem)


def test_a_forged_bundle_whose_row_was_changed_too_is_found_by_the_ledger(locked: CollectionRound, home: Path) -> None:
    release = publish(locked)
    path = home / release.directory / "release.json"
    document = json.loads(path.read_bytes()) | {"title": "another"}
    document["release_hash"] = release_hash(document)
    path.write_bytes(canonical_json(document))
    Release.objects.filter(pk=release.pk).update(release_hash=document["release_hash"])
    release.refresh_from_db()
    assert "ledger does not say" in str(service.verify(release).first_problem)


def test_a_bundle_from_elsewhere_is_held_against_the_register_by_its_number(locked: CollectionRound) -> None:
    release = publish(locked)
    found = releases.verify_release(releases.path_of(release))
    assert releases.register_checks(found).ok
    strange = releases.register_checks(replace(found, number="2021-R9"))
    assert "no release of the number 2021-R9" in str(strange.first_problem)
    other = releases.register_checks(replace(found, release_hash="0" * 64))
    assert not other.ok


def test_it_takes_every_step_in_order(locked: CollectionRound, cast: Cast) -> None:
    made = service.run(cast["planner"], locked, seed=1, replicates=50)
    with pytest.raises(InputError, match="cannot be taken"):
        service.publish(cast["planner"], made)
    made = service.preview(cast["planner"], made)
    made = service.decide(cast["leader"], made, *DECISION)
    assert service.publish(cast["planner"], made).assessment.round == locked
    made.refresh_from_db()
    assert made.status == Assessment.Status.PUBLISHED


def test_it_refuses_what_was_computed_from_other_values(locked: CollectionRound) -> None:
    made = service.run(SYSTEM, locked, seed=1, replicates=50)
    made = service.decide(SYSTEM, service.preview(SYSTEM, made), *DECISION)
    Observation.objects.filter(pk=cell(locked, "T1", "a").pk).update(value=1.0)
    with pytest.raises(InputError, match="have changed since this run"):
        service.publish(SYSTEM, made)
    assert not Release.objects.exists()


def test_it_leaves_no_folder_when_the_row_cannot_be_written(
    locked: CollectionRound, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = service.run(SYSTEM, locked, seed=1, replicates=50)
    made = service.decide(SYSTEM, service.preview(SYSTEM, made), *DECISION)

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(service, "record", fail)
    with pytest.raises(RuntimeError, match="disk is full"):
        service.publish(SYSTEM, made)
    assert list((home / "releases").iterdir()) == []
    assert not Release.objects.exists()


def test_it_sweeps_what_a_killed_publication_left(locked: CollectionRound, home: Path) -> None:
    (home / "releases" / "2021-R1").mkdir(parents=True)
    (home / "releases" / ".2021-R1.x.partial").mkdir()
    release = publish(locked)
    assert [path.name for path in (home / "releases").iterdir()] == ["2021-R1"]
    assert service.verify(release).ok
    assert releases.sweep() == []


def test_it_sweeps_on_the_clock_and_leaves_releases_alone(locked: CollectionRound, home: Path) -> None:
    release = publish(locked)
    (home / "releases" / "2021-R7").mkdir()
    assert run_sweeps(timezone.now())["assess.leftovers"] == 1
    assert service.verify(release).ok


def test_it_is_superseded_by_a_later_one_and_keeps_its_numbers(locked: CollectionRound, cast: Cast) -> None:
    first = publish(locked)
    row = cell(locked, "T2", "a")
    measure.reopen_round(cast["leader"], locked, "审计", [row.pk])
    reopened = measure.confirm_reopen(cast["planner"], locked)
    measure.decide_dispute(cast["planner"], row, "更正", keep=False, numerator=10)
    second = publish(measure.lock_round(cast["planner"], reopened))
    first.assessment.refresh_from_db()
    assert (second.number, first.assessment.status) == ("2021-R2", Assessment.Status.SUPERSEDED)
    assert queries.latest_release(2021) == second
    assert service.verify(first).ok
    old, new = queries.book(first), queries.book(second)
    assert (old.value("value", "T2", "a"), new.value("value", "T2", "a")) == (70.0, 10.0)


def test_it_is_withdrawn_with_a_reason_and_stays_in_the_register(locked: CollectionRound, cast: Cast) -> None:
    release = publish(locked)
    with pytest.raises(InputError, match="reason"):
        service.withdraw(cast["leader"], release, "")
    service.withdraw(cast["leader"], release, "数据有误")
    assert queries.latest_release() is None
    assert [row.number for row in queries.releases(None)] == ["2021-R1"]
    assert service.verify(release).ok


def test_it_is_not_published_over_an_open_round(locked: CollectionRound, cast: Cast) -> None:
    made = service.run(SYSTEM, locked, seed=1, replicates=50)
    made = service.decide(SYSTEM, service.preview(SYSTEM, made), *DECISION)
    CollectionRound.objects.filter(pk=locked.pk).update(status="checking")
    with pytest.raises(InputError, match="is not locked"):
        service.publish(SYSTEM, made)
