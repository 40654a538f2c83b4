"""A backup sample goes through the same check and report at the other laboratory; the recheck follows its report."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields

import pytest
from django.utils import timezone
from tests.city.supervise.cast import make_result, make_sample

from qualipolis.city.supervise.laboratory import bench as laboratory
from qualipolis.city.supervise.laboratory import queries as laboratory_queries
from qualipolis.city.supervise.laboratory import reports
from qualipolis.city.supervise.laboratory.backup import receive_called
from qualipolis.city.supervise.laboratory.report_items import Entry
from qualipolis.city.supervise.models import Recheck, Sample
from qualipolis.methods.problems import InputError


@pytest.fixture
def called(cast) -> Sample:
    """A backup sample that waits at the other laboratory."""
    result = make_result(cast, status="under_recheck")
    objection = result.objections.create(
        service=result.services.get(), number="Y1", words="x", received_on=timezone.localdate(), kind="conclusion",
        status="under_recheck",
    )  # fmt: skip
    Recheck.objects.create(
        result=result, objection=objection, number="F1", status="designated", laboratory=cast.other_laboratory
    )
    backup = Sample.objects.get(task=result.sample.task, part="backup")
    backup.status, backup.laboratory = "called", cast.other_laboratory
    backup.save()
    return backup


def take(cast, backup, found="intact"):
    seals = {seal.number: found for seal in backup.seals.all()}
    return receive_called(cast["other_laboratory"], backup, received_on=timezone.localdate(), appearance="完好",
                          quantity=3, seals=seals)  # fmt: skip


def test_the_laboratory_of_the_recheck_sees_it_and_the_first_one_does_not(cast, called) -> None:
    seen = laboratory_queries.lab_sample(cast["other_laboratory"], called.code)
    assert (seen.status, seen.flow_code, seen.part) == ("designated", "recheck", "backup")
    assert laboratory_queries.lab_sample(cast["laboratory"], called.code) is None


def test_a_broken_seal_opens_nothing(cast, called) -> None:
    with pytest.raises(InputError):
        take(cast, called, "broken")
    called.refresh_from_db()
    assert called.status == "called" and not called.reports.exists()


def test_its_report_concludes_the_recheck(cast, called) -> None:
    backup = take(cast, called)
    assert backup.receipt.appearance == "完好" and backup.reports.get().status == "draft"
    seen = laboratory_queries.lab_sample(cast["other_laboratory"], called.code)
    assert seen.under_test and seen.due_on
    row = reports.enter_items(cast["other_laboratory"], seen, {1: Entry("8"), 2: Entry("6.5")})
    row = reports.submit(cast["other_laboratory"], row)
    signer = _signer(cast)
    row = reports.sign(signer, row, signatory="授权签字人")
    reports.issue(signer, row, document_no="FB-1", issued_on=timezone.localdate())
    recheck = Recheck.objects.get()
    assert (recheck.status, recheck.verdict, recheck.report.number) == ("reversed", "pass", "FB-1")


def _signer(cast):
    from tests.city.supervise.cast import person

    from qualipolis.city.core.models import Organisation

    return person("other_signer", "laboratory", Organisation.objects.get(code="LAB2"))


def test_what_a_laboratory_gets_is_frozen_and_has_no_way_to_a_firm(cast) -> None:
    seen = laboratory_queries.lab_sample(cast["laboratory"], make_sample(cast).code)
    names = {field.name for field in fields(seen)}
    assert names == {
        "code", "part", "category", "standard", "rule_zh", "rule_en", "quantity", "quantity_unit", "items", "seals",
        "status", "flow_code", "due_on", "received_on", "reason", "laboratory_code",
    }  # fmt: skip
    with pytest.raises(FrozenInstanceError):
        seen.code = "X"


def test_the_term_to_report_runs_on_through_the_test(cast) -> None:
    sample = make_sample(cast)
    seals = {seal.number: "intact" for seal in sample.seals.all()}
    row = laboratory.receive(
        cast["laboratory"], sample, received_on=timezone.localdate(), appearance="完好", quantity=3, seals=seals
    )
    due = row.due_on
    assert laboratory.begin(cast["laboratory"], row, licence="seen").due_on == due
