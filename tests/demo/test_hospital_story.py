"""The product hospital of the demo: something to do for every role, numbers that hold, and every word marked as synthetic."""

from __future__ import annotations

from collections import Counter
from datetime import date

import numpy as np
import pytest
from django.utils import timezone
from tests.demo.built import demo_city

from qualipolis.city.core.models import Event, Person
from qualipolis.city.core.verification import verify_ledger
from qualipolis.city.hospital.learning.outcomes import outcomes
from qualipolis.city.hospital.learning.uplift import uplift
from qualipolis.city.hospital.models import (
    Case,
    CaseLink,
    CheckUp,
    DutyReport,
    Examination,
    Expert,
    FollowUp,
    GroupDisease,
    KnowledgeCase,
    MeasurementFile,
    Offer,
    Proof,
    SecondOpinion,
)
from qualipolis.city.hospital.work import work
from qualipolis.demo.hospital_cases import GLUE
from qualipolis.demo.hospital_closed import TRUE_UPLIFT
from qualipolis.demo.hospital_files import days_between, gauge_study, picture

WAITING = {
    "enterprise": {"hospital.register_case", "hospital.resume_case", "hospital.finish_item", "hospital.accept_prescription",
                   "hospital.agree_to_knowledge", "hospital.rate_case"},
    "expert": {"hospital.accept_case", "hospital.give_opinion", "hospital.give_second_opinion", "hospital.cure",
               "hospital.prescribe", "hospital.diagnose"},
    "hospital_desk": {"hospital.triage", "hospital.propose_expert", "hospital.record_follow_up"},
    "hospital_manager": {"hospital.appoint_second_expert", "hospital.take_up_group"},
    "laboratory": {"hospital.report_examination", "hospital.accept_examination"},
}  # fmt: skip


@pytest.fixture(scope="module")
def filled(django_db_setup, django_db_blocker, tmp_path_factory):
    with demo_city(tmp_path_factory.mktemp("home"), django_db_blocker) as home:
        yield home


@pytest.mark.parametrize("role", WAITING)
def test_something_of_every_kind_waits_for_each_role_of_the_hospital(filled, role):
    found = {item.verb for item in work(Person.objects.get(demo_role=role))}
    assert found >= WAITING[role]


def test_there_is_a_case_in_every_state_that_waits_for_somebody(filled):
    states = Counter(Case.objects.values_list("status", flat=True))
    assert set(states) >= {
        "draft", "registered", "triaged", "proposed", "assigned", "examining", "panel", "diagnosed", "prescribed", "treating",
        "verifying", "cured", "improved", "closed", "waiting_firm", "rejected", "withdrawn", "closed_unresponsive",
    }  # fmt: skip
    assert states["closed"] >= 20


def test_a_failed_sample_of_the_demo_led_to_evidence_that_waits_for_judgement(filled):
    case = Case.objects.get(status="verifying")
    assert Offer.objects.get(case=case).result.verdict == "fail" and case.source == "sampling_fail"
    assert case.expert.person.demo_role == "expert"
    assert case.panels.get().status == "concluded" and case.panels.get().seats.count() == 3
    assert case.examinations.get().readings[0]["verdict"] == "fail"
    assert case.items.filter(kind="containment", status="accepted").exists()
    assert case.items.filter(status="done").count() == 1
    proof = Proof.objects.get(case=case)
    assert (proof.verdict, proof.figures["n_after"]) == ("not_enough_data", 16)


def test_one_case_went_from_a_failed_sample_to_a_proven_cure_follow_ups_and_published_knowledge(filled):
    case = KnowledgeCase.objects.get(status="published").case
    assert (case.status, case.source) == ("closed", "sampling_fail")
    assert Proof.objects.get(case=case).verdict == "proven"
    assert list(case.follow_ups.order_by("days").values_list("days", "status", "verdict")) == [
        (days, "done", "holds") for days in (30, 90, 180)
    ]
    assert MeasurementFile.objects.filter(case=case).count() == 2
    assert case.rating.stars == 5


def test_there_are_a_group_disease_a_supplier_a_duty_report_second_opinions_and_a_check_up(filled):
    group = GroupDisease.objects.filter(status="proposed").earliest("pk")
    assert group.cases.count() >= 3 and group.firms >= 3
    link = CaseLink.objects.get(kind="supplier")
    assert link.case.enterprise_id != link.other.enterprise_id
    assert DutyReport.objects.get().case.severity == 4
    assert set(SecondOpinion.objects.values_list("status", flat=True)) == {"asked", "appointed"}
    assert set(Examination.objects.values_list("status", flat=True)) == {"ordered", "accepted", "reported"}
    assert CheckUp.objects.exists()


def test_experts_are_of_three_organisations_and_nobody_is_invented(filled):
    experts = Expert.objects.select_related("person", "organisation")
    assert 6 <= experts.count() <= 8 and len({one.organisation_id for one in experts}) == 3
    people = Person.objects.filter(username__startswith="demo-")
    assert not people.exclude(display_name__endswith="（演示）").exists()


def test_outcomes_have_numbers_and_a_cure_rate_below_one(filled):
    found = outcomes()
    assert found.cases >= 40 and found.firms >= 30
    assert 0.5 < found.cure.estimate < 1.0 and found.improved and found.unresolved
    assert 0 < found.recurrence.estimate < 0.2
    assert 5 <= found.prescription.median <= 30
    assert found.first_response.estimate < 1.0


def test_the_matched_uplift_finds_the_truth_that_the_samples_were_drawn_without_any_treatment(filled):
    found = uplift()
    assert found.told, found.reason
    assert found.found.low <= TRUE_UPLIFT <= found.found.high


def test_no_day_lies_in_the_future_and_the_ledger_holds(filled):
    today = timezone.localdate()
    for model, field in ((Case, "registered_on"), (Case, "ended_on"), (FollowUp, "done_on"), (Proof, "effect_on")):
        assert not model.objects.filter(**{f"{field}__gt": today}).exists()
    later = Event.objects.filter(verb__startswith="listen.").order_by("seq").values_list("seq", flat=True).first()
    events = Event.objects.filter(verb__startswith="hospital.", seq__lt=later or 10**9).order_by("seq")
    moments = list(events.values_list("at", flat=True))
    told = moments[next(place for place, at in enumerate(moments) if at.year < 2020) :]
    assert told == sorted(told) and told[-1] <= timezone.now()
    assert verify_ledger().finding is None


def test_every_text_of_a_case_says_that_it_is_synthetic(filled):
    for text in Case.objects.exclude(pk=Offer.objects.get(answer="taken").case_id).values_list(
        "problem_text", flat=True
    ):
        assert text.endswith("（演示）")
    assert all("（演示）" in one.attachment.name for one in MeasurementFile.objects.select_related("attachment"))


def test_the_same_seed_writes_the_same_files_and_another_does_not():
    days = days_between(date(2026, 1, 1), date(2026, 1, 20), 20)
    later = days_between(date(2026, 2, 1), date(2026, 2, 16), 16)
    first, again, other = (GLUE.file(np.random.default_rng(seed), days, later).content for seed in (3, 3, 4))
    assert first == again != other
    assert gauge_study(np.random.default_rng(3), 68, 4, "x", "mm") == gauge_study(
        np.random.default_rng(3), 68, 4, "x", "mm"
    )
    assert picture(5).content.startswith(b"\x89PNG")
