"""The page of a case: who opens it, what each reads, whose turn it is, and how the firm sees less."""

from __future__ import annotations

import pytest
from django.urls import reverse
from tests.city.hospital.belongings import panel_of
from tests.city.hospital.cast import case_in

from qualipolis.city.hospital.consultation import examinations, thread
from qualipolis.faces.desk.rooms.hospital.case_way import way
from qualipolis.faces.desk.rooms.hospital.words import title_of
from qualipolis.law.flows.hospital import CASE

pytestmark = pytest.mark.django_db
ITEMS = [{"name": "甲醛含量", "requirement": "≤20", "unit": "mg/kg"}]


@pytest.fixture
def enter(client):
    def entered(person):
        client.force_login(person)
        return client

    return entered


def page(enter, person, case):
    return enter(person).get(reverse("desk:hospital_case", args=[case.pk]))


@pytest.mark.parametrize("state", [one for one in CASE.states if one != "draft"])
@pytest.mark.parametrize("who", ["enterprise", "expert", "hospital_manager"])
def test_it_opens_in_every_state(cast, enter, state, who):
    case = case_in(cast, state)
    answer = page(enter, cast[who], case)
    seen = who != "expert" or case.expert_id is not None
    assert answer.status_code == (200 if seen else 404)
    if seen:
        text = answer.content.decode()
        assert case.number in text and 'aria-label="进度"' in text


@pytest.mark.parametrize("who", ["other_enterprise", "colleague", "desk_elsewhere"])
def test_it_does_not_exist_for_those_who_take_no_part(cast, enter, who):
    assert page(enter, cast[who], case_in(cast, "examining")).status_code == 404


@pytest.mark.parametrize("who", ["planner", "leader", "inspector", "town_officer", "auditor", "admin", "laboratory"])
def test_it_is_closed_to_enforcement_and_oversight(cast, enter, who):
    assert page(enter, cast[who], case_in(cast, "examining")).status_code == 403


def test_the_firm_reads_no_message_for_the_experts(cast, enter):
    case = case_in(cast, "examining")
    thread.say(cast["expert"], case, "只给专家看的话", doctors_only=True)
    thread.say(cast["expert"], case, "请寄两件留样")
    firm = page(enter, cast["enterprise"], case).content.decode()
    assert "请寄两件留样" in firm and "只给专家看的话" not in firm and "doctors_only" not in firm
    assert "只给专家看的话" in page(enter, cast["expert"], case).content.decode()


def test_there_is_one_primary_step_and_only_for_whose_turn_it_is(cast, enter):
    case = case_in(cast, "assigned")
    doctor = page(enter, cast["expert"], case)
    assert doctor.content.decode().count("btn-primary") == 1
    assert doctor.context["box"].button == "开始检查"
    assert page(enter, cast["enterprise"], case).context["box"] is None


def test_taking_the_step_moves_the_case_and_it_can_be_taken_back(cast, enter):
    case = case_in(cast, "assigned")
    address = reverse("desk:hospital_case", args=[case.pk])
    answer = enter(cast["expert"]).post(address, {"do": "examine"}, follow=True)
    case.refresh_from_db()
    assert case.status == "examining" and answer.context["undo"] is not None
    assert enter(cast["expert"]).post(address, {"do": "diagnose"}).status_code == 400


def test_a_severe_case_leads_to_its_panel_and_says_why_no_diagnosis(cast, enter):
    case = case_in(cast, "examining", severity=3)
    shown = page(enter, cast["expert"], case).context
    assert shown["box"].action == reverse("desk:case_panel", args=[case.pk])
    assert [(one.act.step, "会诊" in one.blocked) for one in shown["blocked"]] == [("diagnose", True)]
    panel_of(cast, case, status="concluded")
    assert page(enter, cast["expert"], case).context["box"].action == reverse("desk:case_diagnose", args=[case.pk])


def test_taking_a_diagnosis_back_is_never_the_next_step(cast, enter):
    case = case_in(cast, "diagnosed")
    shown = page(enter, cast["expert"], case).context
    assert "revise" in [one.act.step for one in shown["beside"]]
    assert shown["box"] is None or shown["box"].button != "收回诊断，重新检查"


def test_contact_data_is_for_those_who_take_part(cast, enter):
    case = case_in(cast, "examining")
    for who in ("hospital_desk", "hospital_manager", "expert", "enterprise"):
        assert case.contact_phone in page(enter, cast[who], case).content.decode()


def test_the_way_shows_the_panel_only_where_there_is_one(cast):
    plain = way(case_in(cast, "treating"), mine=True)
    severe = way(case_in(cast, "treating", severity=4), mine=False)
    assert len(plain) == 9 and len(severe) == 10
    assert [one.state for one in plain] == ["done"] * 6 + ["begun", "todo", "todo"]
    assert "waiting" in {one.state for one in severe}
    assert {one.state for one in way(case_in(cast, "closed"), mine=False)} == {"done"}
    stopped = way(case_in(cast, "withdrawn"), mine=False)
    assert not {"begun", "waiting"} & {one.state for one in stopped}


def test_the_title_says_what_is_wrong_when_that_is_short(cast):
    case = case_in(cast, "registered", problem_text="洗后褪色。客户退货")
    assert title_of(case) == "儿童连衣裙（A-1）：洗后褪色"
    case.problem_text = "这" * 60
    assert title_of(case) == "儿童连衣裙（A-1）"


def test_a_report_stands_on_the_page_with_verdict_value_and_number(cast, enter):
    case = case_in(cast, "examining")
    order = examinations.order(cast["expert"], case, cast.laboratory, ITEMS)
    examinations.accept(cast["laboratory"], order)
    examinations.report(cast["laboratory"], order, "BG-7", [{"value": "35", "verdict": "fail", "n": 3}])
    text = page(enter, cast["enterprise"], case).content.decode()
    assert "BG-7" in text and "35 mg/kg" in text and "3件样品" in text and "chip-bad" in text
