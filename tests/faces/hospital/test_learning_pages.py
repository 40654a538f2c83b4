"""The pages of what is learned: knowledge, group disease, outcomes, check-up, rating, and the cards of a case."""

from __future__ import annotations

import pytest
from django.urls import reverse
from tests.city.hospital.cast import case_in
from tests.city.hospital.test_groups import case_before, told
from tests.city.hospital.test_knowledge import TEXTS
from tests.faces.measure_desk import as_

from qualipolis.city.core.models import City
from qualipolis.city.hospital import service
from qualipolis.city.hospital.learning.check_up_questions import QUESTIONS
from qualipolis.city.hospital.models import CheckUp, GroupDisease, KnowledgeCase, Rating

LANGUAGES = pytest.mark.parametrize("language", ["zh-hans", "en"])


@pytest.fixture
def town(cast):
    City.objects.create(code="990100", name_zh="云汀市", name_en="Yunting City", synthetic=True)
    return cast


def page(cast, role, name, *args, language="en", status=200, query=""):
    client = as_(cast, role)
    client.cookies["qualipolis_language"] = language
    answer = client.get(reverse(f"desk:{name}", args=args) + query, headers={"accept-language": language})
    assert answer.status_code == status, answer.status_code
    return answer.content.decode()


def post(cast, role, name, *args, **said):
    return as_(cast, role).post(reverse(f"desk:{name}", args=args), said)


@LANGUAGES
@pytest.mark.parametrize(
    ("role", "name"),
    [
        ("planner", "hospital_knowledge"), ("hospital_manager", "hospital_groups"), ("leader", "hospital_outcomes"),
        ("enterprise", "hospital_check_ups"), ("enterprise", "hospital_check_up_new"),
    ],
)  # fmt: skip
def test_every_page_opens_while_there_is_nothing(town, role, name, language):
    shown = page(town, role, name, language=language)
    assert "<h1" in shown and " style=" not in shown


def test_the_expert_writes_the_firm_agrees_the_desk_publishes(town):
    case = case_in(town, "closed", consent="anonymous")
    assert reverse("desk:hospital_knowledge_write", args=[case.pk]) in page(town, "expert", "hospital_case", case.pk)
    assert post(town, "expert", "hospital_knowledge_write", case.pk, **TEXTS).status_code == 302
    row = KnowledgeCase.objects.get()
    for role, step in (("expert", "ask"), ("enterprise", "agree"), ("hospital_desk", "publish")):
        assert post(town, role, "hospital_knowledge_case", row.pk, do=step).status_code == 302
    assert TEXTS["title_zh"] in page(town, "inspector", "hospital_knowledge", language="zh-hans")
    seen = page(town, "inspector", "hospital_knowledge_case", row.pk, language="zh-hans")
    assert TEXTS["cause_zh"] in seen and case.enterprise.name_zh not in seen and case.number not in seen


def test_a_trace_is_refused_beside_its_field_and_what_was_typed_stays(town):
    case = case_in(town, "closed", consent="anonymous")
    said = TEXTS | {"cause_zh": f"{case.enterprise.name_zh}的染缸"}
    answer = post(town, "expert", "hospital_knowledge_write", case.pk, **said)
    shown = answer.content.decode()
    assert answer.status_code == 400 and "id_cause_zh_error" in shown and "的染缸" in shown


@pytest.mark.parametrize("role", ["other_enterprise", "colleague", "planner", "inspector"])
def test_a_draft_is_not_there_for_others(town, role):
    row = service.write_knowledge(town["expert"], case_in(town, "closed", consent="anonymous"), TEXTS)
    page(town, role, "hospital_knowledge_case", row.pk, status=404)
    assert TEXTS["title_zh"] not in page(town, role, "hospital_knowledge", language="zh-hans")


@LANGUAGES
def test_the_manager_takes_up_a_group_whose_cases_the_planner_does_not_see(town, language):
    rows = [case_before(town, days, firm) for firm, days in enumerate((40, 20, 3))]
    told(rows[-1])
    row = GroupDisease.objects.get()
    page(town, "planner", "hospital_group", row.pk, status=404)
    assert rows[0].number in page(town, "hospital_manager", "hospital_group", row.pk, language=language)
    assert post(town, "hospital_manager", "hospital_group", row.pk, do="take_up", plan="召集会诊").status_code == 302
    shown = page(town, "planner", "hospital_group", row.pk, language=language)
    assert rows[0].number not in shown and rows[0].enterprise.name_zh not in shown
    assert row.number in page(town, "planner", "hospital_groups", language=language)


@LANGUAGES
def test_the_outcomes_say_interval_and_n(town, language):
    for number, status in enumerate(("closed", "cured", "following", "closed_unresponsive", "examining")):
        case_in(town, status, enterprise=town.city.firms[number])
    shown = page(town, "auditor", "hospital_outcomes", language=language)
    assert "75.0%" in shown and "30.1%" in shown and "95.4%" in shown


def test_outcomes_of_two_firms_are_held_back_on_the_page_and_in_the_list(town):
    case_in(town, "closed")
    case_in(town, "cured", enterprise=town.other_firm)
    assert "Held back" in page(town, "leader", "hospital_outcomes")
    listed = as_(town, "leader").get(reverse("report:list", args=["hospital-outcomes", "csv"]))
    assert "100" not in listed.content.decode(errors="ignore") if not listed.streaming else True


@LANGUAGES
def test_a_firm_answers_and_gets_its_picture_three_steps_and_the_paper(town, language):
    said = {one.code: "3" for one in QUESTIONS} | {"officer": "0", "final": "0", "calibrated": "1"}
    answer = post(town, "enterprise", "hospital_check_up_new", **said)
    row = CheckUp.objects.get()
    assert answer.status_code == 302 and str(row.pk) in answer.url
    shown = page(town, "enterprise", "hospital_check_up", row.pk, language=language)
    assert shown.count("<svg") > 1 and shown.count('class="verify-steps"') == 1
    paper = as_(town, "enterprise").get(reverse("desk:hospital_check_up_pdf", args=[row.pk, language[:2]]))
    data = b"".join(paper.streaming_content)
    assert data.startswith(b"%PDF-") and data.count(b"/Type /Page\n") <= 1


@pytest.mark.parametrize("role", ["other_enterprise", "hospital_manager", "planner", "inspector", "auditor"])
def test_nobody_else_sees_the_check_up(town, role):
    row = service.make_check_up(town["enterprise"], town.firm, {"officer": "0"})
    status = 404 if role == "other_enterprise" else 403
    page(town, role, "hospital_check_up", row.pk, status=status)


def test_an_empty_check_up_is_asked_again(town):
    assert post(town, "enterprise", "hospital_check_up_new").status_code == 400 and not CheckUp.objects.exists()


def test_the_firm_rates_from_the_page_of_its_case(town):
    case = case_in(town, "closed")
    assert reverse("desk:hospital_rate", args=[case.pk]) in page(town, "enterprise", "hospital_case", case.pk)
    assert post(town, "enterprise", "hospital_rate", case.pk, stars="4", words="好").status_code == 302
    assert Rating.objects.get().stars == 4
    assert "4 of 5 stars" in page(town, "hospital_desk", "hospital_case", case.pk)
    assert "4 of 5 stars" not in page(town, "expert", "hospital_case", case.pk)


@LANGUAGES
def test_the_page_of_a_case_shows_what_was_like_it_with_reasons(town, language):
    case, twin = case_in(town, "examining"), case_in(town, "closed")
    other = case_in(town, "closed", enterprise=town.other_firm)
    shown = page(town, "enterprise", "hospital_case", case.pk, language=language)
    assert twin.number in shown and other.number not in shown
    assert other.number in page(town, "hospital_desk", "hospital_case", case.pk, language=language)
