"""A second opinion: asked by the firm, given by another organisation, and it moves the case when it overturns."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from tests.city.hospital.cast import case_in, expert

from qualipolis.city.core.models import Event
from qualipolis.city.core.policy import visible
from qualipolis.city.hospital.consultation import diagnoses, second_opinions
from qualipolis.city.hospital.models import Case
from qualipolis.methods.problems import InputError

pytestmark = pytest.mark.django_db
GROUND = "我们的染料批次没有变"


@pytest.fixture
def case(cast):
    return case_in(cast, "diagnosed")


@pytest.fixture
def asked(cast, case):
    return second_opinions.ask(cast["enterprise"], case, GROUND)


def test_the_firm_asks_once_for_a_diagnosis(cast, case, asked):
    assert asked.status == "asked" and asked.diagnosis == diagnoses.in_force(case)
    with pytest.raises(InputError, match="already"):
        second_opinions.ask(cast["enterprise"], case, GROUND)
    second_opinions.withdraw(cast["enterprise"], asked)
    assert second_opinions.ask(cast["enterprise"], case, GROUND).status == "asked"
    with pytest.raises(PermissionDenied):
        second_opinions.ask(cast["other_enterprise"], case, GROUND)


@pytest.mark.parametrize("state", ["examining", "treating", "cured"])
def test_only_a_diagnosis_that_stands_before_the_treatment_is_disputed(cast, state):
    with pytest.raises(InputError, match="can be disputed"):
        second_opinions.ask(cast["enterprise"], case_in(cast, state), GROUND)


def test_the_expert_is_of_another_organisation_and_new_to_the_case(cast, asked):
    same = expert(cast["planner"], cast.doctor.organisation, cast.department)
    with pytest.raises(InputError, match="Conflict of interest"):
        second_opinions.appoint(cast["hospital_manager"], asked, same)
    with pytest.raises(InputError, match="Conflict of interest"):
        second_opinions.appoint(cast["hospital_manager"], asked, cast.doctor)
    assert second_opinions.eligible(asked, [cast.doctor, same, cast.colleague]) == [cast.colleague]
    rows = Case.objects.filter(pk=asked.case_id)
    assert not visible(cast["colleague"], rows).exists()
    done = second_opinions.appoint(cast["hospital_manager"], asked, cast.colleague)
    assert done.status == "appointed" and visible(cast["colleague"], rows).exists()


def test_an_upheld_diagnosis_leaves_the_case_where_it_is(cast, case, asked):
    second_opinions.appoint(cast["hospital_manager"], asked, cast.colleague)
    with pytest.raises(PermissionDenied):
        second_opinions.give(cast["expert"], asked, True, "我自己说了算")
    with pytest.raises(InputError, match="Write your opinion"):
        second_opinions.give(cast["colleague"], asked, True, " ")
    done = second_opinions.give(cast["colleague"], asked, True, "证据充分")
    case.refresh_from_db()
    assert (done.status, case.status) == ("upheld", "diagnosed")
    assert diagnoses.in_force(case) is not None


@pytest.mark.parametrize("state", ["diagnosed", "prescribed"])
def test_an_overturned_diagnosis_takes_the_case_back_to_its_examination(cast, state):
    case = case_in(cast, state)
    asked = second_opinions.ask(cast["enterprise"], case, GROUND)
    second_opinions.appoint(cast["hospital_manager"], asked, cast.colleague)
    second_opinions.give(cast["colleague"], asked, False, "对照试验不成立")
    case.refresh_from_db()
    assert case.status == "examining" and diagnoses.in_force(case) is None
    assert not case.prescriptions.filter(status="issued").exists()
    told = Event.objects.values_list("payload", flat=True)
    assert not any(GROUND in one or "对照" in one for one in told)
