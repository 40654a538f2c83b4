"""A report speaks of a sample that is under test, tested by its laboratory after it came, and of no other."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.city.supervise.cast import make_sample

from qualipolis.city.core.undo import open_for, undo
from qualipolis.city.supervise.laboratory import bench as laboratory
from qualipolis.city.supervise.laboratory import reports
from qualipolis.city.supervise.laboratory.report_items import Entry
from qualipolis.city.supervise.models import Result, Seal
from qualipolis.methods.problems import InputError

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d4944415478da63fcffff3f0300050001ff5ca7db0d0000000049454e44ae426082"
)
ENTRIES = {1: Entry("35", "4"), 2: Entry("6.8")}


def codes(caught):
    return {problem.code for problem in caught.value.problems}


def under_test(cast, **more):
    return make_sample(cast, status="testing", received_on=timezone.localdate(), **more)


def arrived(row):
    return dict.fromkeys(row.seals.values_list("number", flat=True), Seal.Found.INTACT)


def test_a_test_that_was_given_up_gives_no_report_and_no_result(cast) -> None:
    sample, actor = under_test(cast), cast["laboratory"]
    report = reports.enter_items(actor, sample, ENTRIES)
    laboratory.give_up(actor, sample, reason="样品损坏", proof=[("proof.png", [PNG])])
    for step in (lambda: reports.submit(actor, report), lambda: reports.enter_items(actor, sample, ENTRIES)):
        with pytest.raises(InputError) as caught:
            step()
        assert codes(caught) == {"not_testing"}


def test_a_report_that_was_signed_before_the_test_was_given_up_is_not_issued(cast) -> None:
    sample, actor = under_test(cast), cast["laboratory"]
    report = reports.submit(actor, reports.enter_items(actor, sample, ENTRIES))
    report = reports.sign(cast["laboratory2"], report, signatory="授权签字人")
    laboratory.give_up(actor, sample, reason="样品损坏", proof=[("proof.png", [PNG])])
    with pytest.raises(InputError) as caught:
        reports.issue(actor, report, document_no="BG-1", issued_on=timezone.localdate())
    assert codes(caught) == {"not_testing"} and not Result.objects.exists()


def test_a_test_whose_begin_was_taken_back_takes_no_values(cast) -> None:
    sample, actor = make_sample(cast, status="received", received_on=timezone.localdate()), cast["laboratory"]
    laboratory.begin(actor, sample, licence="not_required")
    undo(actor, open_for(actor))
    with pytest.raises(InputError) as caught:
        reports.enter_items(actor, sample, ENTRIES)
    assert codes(caught) == {"not_testing"}


def test_nothing_is_tested_before_it_came(cast) -> None:
    """A day on which the certificate was still valid is no day of this test."""
    sample = under_test(cast)
    with pytest.raises(InputError) as caught:
        reports.enter_items(cast["laboratory"], sample, ENTRIES, tested_on=timezone.localdate() - timedelta(days=1))
    assert codes(caught) == {"tested_early"}


def test_nothing_comes_before_it_was_taken(cast) -> None:
    sample = make_sample(cast)
    day = timezone.localdate() - timedelta(days=1)
    said = {"appearance": "完好", "quantity": 3, "seals": arrived(sample)}
    with pytest.raises(InputError) as caught:
        laboratory.receive(cast["laboratory"], sample, received_on=day, **said)
    assert codes(caught) == {"received_early"}
    with pytest.raises(InputError) as caught:
        laboratory.reject(cast["laboratory"], sample, reason="封条破损", received_on=day)
    assert codes(caught) == {"received_early"}
