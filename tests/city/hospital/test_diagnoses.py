"""A diagnosis: evidence, containment before the cause, a panel where it is needed, and nothing lost."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from tests.city.hospital.belongings import panel_of
from tests.city.hospital.cast import case_in

from qualipolis.city.core.models import Event
from qualipolis.city.hospital.consultation import diagnoses, examinations, thread
from qualipolis.city.hospital.models import PrescriptionItem
from qualipolis.methods.problems import InputError

pytestmark = pytest.mark.django_db
SAID = {"root_cause": "material", "statement": "染料固色不足", "evidence": "对照试验", "escape_point": "出货前未水洗"}


@pytest.fixture
def case(cast):
    return case_in(cast, "examining")


def test_the_expert_begins_the_examination_and_diagnoses(cast):
    case = case_in(cast, "assigned")
    assert diagnoses.examine(cast["expert"], case).status == "examining"
    made = diagnoses.diagnose(cast["expert"], case, **SAID, confidence="high")
    case.refresh_from_db()
    assert (case.status, made.version, diagnoses.in_force(case)) == ("diagnosed", 1, made)
    assert not any("固色" in one for one in Event.objects.values_list("payload", flat=True))


@pytest.mark.parametrize("missing", ["root_cause", "statement", "evidence", "escape_point"])
def test_a_part_that_is_missing_refuses_the_diagnosis(cast, case, missing):
    with pytest.raises(InputError) as refused:
        diagnoses.diagnose(cast["expert"], case, **SAID | {missing: " "})
    assert refused.value.problems[0].place == missing


def test_nobody_else_diagnoses(cast, case):
    for who in ("colleague", "hospital_manager", "hospital_desk", "enterprise"):
        with pytest.raises(PermissionDenied):
            diagnoses.diagnose(cast[who], case, **SAID)


def test_what_is_on_the_market_is_contained_before_the_diagnosis(cast):
    case = case_in(cast, "examining", on_market=True)
    with pytest.raises(InputError, match="contain it before"):
        diagnoses.diagnose(cast["expert"], case, **SAID)
    item = PrescriptionItem.objects.create(case=case, kind="containment", action="停止发货", status="dropped")
    with pytest.raises(InputError, match="contain it before"):
        diagnoses.diagnose(cast["expert"], case, **SAID)
    item.status = "open"
    item.save()
    assert diagnoses.diagnose(cast["expert"], case, **SAID).version == 1


def test_open_examinations_and_severity_hold_the_diagnosis_up(cast, case):
    items = [{"name": "pH值"}]
    order = examinations.order(cast["expert"], case, cast.laboratory, items)
    with pytest.raises(InputError, match="1 examinations are still open"):
        diagnoses.diagnose(cast["expert"], case, **SAID)
    examinations.cancel(cast["expert"], order, "不必")
    severe = case_in(cast, "examining", severity=4)
    with pytest.raises(InputError, match="panel must meet first"):
        diagnoses.diagnose(cast["expert"], severe, **SAID)
    panel_of(cast, severe, status="concluded")
    assert diagnoses.diagnose(cast["expert"], severe, **SAID).root_cause == "material"


def test_a_diagnosis_that_is_taken_back_is_kept_and_the_firm_reads_why(cast):
    case = case_in(cast, "diagnosed")
    first = diagnoses.in_force(case)
    diagnoses.revise(cast["expert"], case, "新批次不支持")
    first.refresh_from_db()
    case.refresh_from_db()
    assert first.replaced_on == timezone.localdate() and case.status == "examining"
    assert [one.words for one in thread.read_by(cast["enterprise"], case)] == ["新批次不支持"]
    again = diagnoses.diagnose(cast["expert"], case, **SAID | {"root_cause": "method"})
    assert again.version == 2 and diagnoses.in_force(case) == again
