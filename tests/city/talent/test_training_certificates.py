"""Certificates: issued, checked with the key alone, revoked by two, replaced, run out; the register names nobody."""

from __future__ import annotations

import json
import stat
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from tests.city.talent.cast import Cast, learner, officer_in
from tests.city.talent.training_steps import attended, candidate, passed

from qualipolis.city.core.undo import open_for
from qualipolis.city.talent import service
from qualipolis.city.talent.models import Learner, Officer, TrainingCertificate
from qualipolis.city.talent.training.signing import line_of, public_keys, register_text
from qualipolis.methods.exams.certificate import canonical, check, public_of, read, read_register, sign, text_of
from qualipolis.methods.problems import InputError


def codes(call: Any, *args: Any, **more: Any) -> list[str]:
    with pytest.raises(InputError) as refusal:
        call(*args, **more)
    return [one.code for one in refusal.value.problems]


def issued(cast: Cast) -> TrainingCertificate:
    return service.issue_certificate(cast["trainer"], passed(cast))


def offline(text: str, day: Any = None) -> str:
    """The check that anyone makes at home: the key, the register, no database."""
    keys = public_keys()
    return check(text, keys, day or timezone.localdate(), read_register(register_text(), keys)).kind


def test_a_certificate_is_issued_once_and_checks_offline(cast: Cast, home: Path) -> None:
    enrolment = passed(cast)
    row = service.issue_certificate(cast["trainer"], enrolment)
    assert offline(line_of(row)) == "good" and service.checked(line_of(row)).kind == "good"
    assert codes(service.issue_certificate, cast["trainer"], enrolment) == ["issued"]
    assert stat.S_IMODE((home / "keys" / "certificate.key").stat().st_mode) == 0o600
    assert codes(service.issue_certificate, cast["trainer"], attended(cast, learner(cast))) == ["not_passed"]


def test_forged_altered_revoked_replaced_expired_and_good_are_told_apart(cast: Cast) -> None:
    row = issued(cast)
    found = read(line_of(row))
    assert found is not None
    payload, _signature, said = found
    altered = text_of(canonical(said | {"holder": "别人"}), row.signature)
    stranger = bytes(range(32))
    forged = text_of(canonical(said | {"no": "2026-ZS999"}), sign(canonical(said | {"no": "2026-ZS999"}), stranger))
    assert public_of(stranger) not in public_keys()
    assert [offline(text) for text in (line_of(row), altered, forged, "QPC1.x")] == [
        "good",
        "altered",
        "forged",
        "unreadable",
    ]
    assert [service.checked(text).kind for text in (altered, forged)] == ["altered", "forged"]
    assert offline(line_of(row), row.valid_to + timedelta(days=1)) == "expired"
    newer = service.replace_certificate(cast["trainer"], row, "姓名有误")
    assert [offline(line_of(one)) for one in (row, newer)] == ["replaced", "good"]
    assert newer.valid_to == row.valid_to and read(line_of(newer))[2]["replaces"] == row.number  # type: ignore[index]
    service.revoke_certificate(cast["trainer"], newer, "代考", cast["second_trainer"])
    assert offline(line_of(newer)) == "revoked" and payload == row.payload


def test_revoking_takes_two_trainers_and_is_for_good(cast: Cast) -> None:
    row = issued(cast)
    one = cast["trainer"]
    assert codes(service.revoke_certificate, one, row, "代考", one) == ["one_person"]
    assert codes(service.revoke_certificate, one, row, " ", cast["second_trainer"]) == ["needs_reason"]
    assert codes(service.revoke_certificate, one, row, "代考", cast["planner"]) == ["wrong_second"]
    service.revoke_certificate(one, row, "代考", cast["second_trainer"])
    assert open_for(one) is None


def test_it_runs_out_after_its_last_day_and_can_still_be_revoked(cast: Cast) -> None:
    row = issued(cast)
    for days, status in ((0, "issued"), (1, "expired")):
        moment = row.valid_to + timedelta(days=days)
        with time_machine.travel(f"{moment}T09:00+08:00", tick=False):
            service.sweep_certificates(timezone.now())
            row.refresh_from_db()
            assert row.status == status and offline(line_of(row)) == ("good" if status == "issued" else "expired")
    service.revoke_certificate(cast["trainer"], row, "代考", cast["second_trainer"])
    assert offline(line_of(row)) == "revoked"


def test_the_register_names_nobody(cast: Cast) -> None:
    row = issued(cast)
    told = register_text()
    (number, _digest, state, day), *rest = json.loads(told)["register"]["entries"]
    assert (number, state, day, rest) == (row.number, "issued", row.issued_on.isoformat(), [])
    assert row.learner.name not in told and row.learner.enterprise.name_zh not in told


def test_a_row_changed_behind_the_back_of_the_verbs_is_found_out(cast: Cast) -> None:
    row = issued(cast)
    TrainingCertificate.objects.filter(pk=row.pk).update(payload=row.payload.replace("16", "60"))
    assert offline(line_of(TrainingCertificate.objects.get())) == "altered"


def test_an_officer_is_certified_with_it(cast: Cast) -> None:
    officer = officer_in(cast, "filed", learner=candidate(cast))
    service.issue_certificate(cast["trainer"], passed(cast, attended(cast, officer.learner, officer=officer)))
    assert Officer.objects.get().status == "certified"
    assert service.activate_officer(cast["enterprise"], Officer.objects.get()).status == "active"


def test_a_course_is_certified_as_a_whole(cast: Cast) -> None:
    enrolment = passed(cast)
    assert service.issue_certificates(cast["trainer"], enrolment.session) == 1
    assert codes(service.issue_certificates, cast["trainer"], enrolment.session) == ["none_open"]


def test_a_certificate_is_found_by_its_number_however_it_was_typed(cast: Cast) -> None:
    row = issued(cast)
    assert service.by_number(f" {row.number.lower()} ") == row and service.by_number("") is None
    Learner.objects.filter(pk=row.learner_id).update(name="改名")
    assert service.checked(line_of(row)).kind == "good"  # what was signed stands
