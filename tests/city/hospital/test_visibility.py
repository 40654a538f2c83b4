"""Every model of the hospital has a rule, and a case is seen by those who were named for it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.apps import apps
from django.utils import timezone
from tests.city.hospital.cast import SYSTEM, Cast, case_in

from qualipolis.city.core.models import Grant
from qualipolis.city.core.policy import visible
from qualipolis.city.hospital.models import Case, CaseLink, DutyReport, Message, Prescription, PrescriptionItem
from qualipolis.city.registry.models import Unit

INSIDERS = ("hospital_desk", "desk_of_town", "hospital_manager", "expert", "enterprise")
STRANGERS = ("leader", "planner", "department", "town_officer", "inspector", "inspector_elsewhere", "auditor", "admin", "laboratory",
             "colleague", "desk_elsewhere", "other_enterprise")  # fmt: skip


def sees(cast: Cast, name: str, case: Case) -> bool:
    return visible(cast[name], Case.objects.filter(pk=case.pk)).exists()


def test_it_has_a_rule_for_every_model(cast: Cast) -> None:
    for model in apps.get_app_config("hospital").get_models():
        if not model._meta.auto_created:
            visible(SYSTEM, model._default_manager.all())


def test_it_shows_a_case_to_those_who_take_part(cast: Cast) -> None:
    case = case_in(cast, "treating")
    assert [name for name in INSIDERS if not sees(cast, name, case)] == []
    assert [name for name in STRANGERS if sees(cast, name, case)] == []


def test_it_shows_a_case_to_the_members_of_its_panel(cast: Cast) -> None:
    assert sees(cast, "colleague", case_in(cast, "panel"))


def test_it_shows_a_draft_to_the_firm_and_its_writer_only(cast: Cast) -> None:
    case = case_in(cast, "draft", registered_by=cast["desk_of_town"])
    assert sees(cast, "enterprise", case) and sees(cast, "desk_of_town", case)
    assert not sees(cast, "hospital_manager", case) and not sees(cast, "hospital_desk", case)


@pytest.mark.parametrize("name", ["hospital_desk", "hospital_manager", "expert"])
def test_it_shows_nothing_to_a_doctor_who_also_enforces(cast: Cast, name: str) -> None:
    case = case_in(cast, "treating")
    Grant.objects.create(person=cast[name], role="inspector", scope=cast.city.branch)
    assert not sees(cast, name, case)


def test_it_shows_nothing_to_an_expert_whose_term_is_over(cast: Cast) -> None:
    case = case_in(cast, "treating")
    cast.doctor.term_to = timezone.localdate() - timedelta(days=1)
    cast.doctor.save()
    assert not sees(cast, "expert", case)


def test_it_hides_messages_for_doctors_from_the_firm(cast: Cast) -> None:
    case = case_in(cast, "treating")
    for closed in (True, False):
        Message.objects.create(case=case, words="…", role="expert", doctors_only=closed)
    assert visible(cast["enterprise"], Message.objects.all()).count() == 1
    assert visible(cast["expert"], Message.objects.all()).count() == 2


def test_it_hides_a_prescription_that_is_not_given_yet_from_the_firm(cast: Cast) -> None:
    case = case_in(cast, "diagnosed")
    draft = Prescription.objects.create(case=case, expert=cast.doctor)
    for prescription in (draft, None):
        PrescriptionItem.objects.create(case=case, prescription=prescription, kind="containment", action="隔离")
    assert visible(cast["enterprise"], PrescriptionItem.objects.all()).count() == 1
    assert not visible(cast["enterprise"], Prescription.objects.all()).exists()
    assert visible(cast["expert"], PrescriptionItem.objects.all()).count() == 2


def test_it_shows_a_laboratory_its_orders_and_not_the_case(cast: Cast) -> None:
    case = case_in(cast, "examining")
    case.examinations.create(number="JC1", laboratory=cast.laboratory, ordered_by=cast.doctor, product_name="连衣裙")
    rows = type(case.examinations.get())._default_manager.all()
    assert visible(cast["laboratory"], rows).count() == 1
    assert not visible(cast["other_laboratory"], rows).exists() and not sees(cast, "laboratory", case)


def test_it_tells_a_supplier_nothing_of_its_customer(cast: Cast) -> None:
    case, other = case_in(cast, "examining"), case_in(cast, "registered", enterprise=cast.other_firm)
    CaseLink.objects.create(case=case, other=other, kind="supplier")
    rows = CaseLink.objects.all()
    assert not visible(cast["other_enterprise"], rows).exists() and not visible(cast["enterprise"], rows).exists()
    assert visible(cast["expert"], rows).exists() and visible(cast["hospital_desk"], rows).exists()


def report(cast: Cast, unit: Unit) -> None:
    case = case_in(cast, "triaged")
    values = {"ground": "life", "statement": "…", "enterprise": case.enterprise, "unit": unit, "product_name": "连衣裙"}
    DutyReport.objects.create(case=case, **values)


def test_it_shows_what_law_requires_to_those_who_enforce_there(cast: Cast) -> None:
    report(cast, cast.city.units[0])
    rows = DutyReport.objects.all()
    told = ("inspector", "town_officer", "department", "planner", "leader", "auditor", "enterprise", "hospital_desk")
    assert [name for name in told if not visible(cast[name], rows).exists()] == []
    others = ("inspector_elsewhere", "laboratory", "colleague", "other_enterprise", "admin", "desk_elsewhere")
    assert [name for name in others if visible(cast[name], rows).exists()] == []
