"""The pages of the check on site: planned with a seed, drawn, looked at value by value, signed, acted on."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.city.measure.cast import person
from tests.faces.cycle_desk import SEED, Desk, checking_desk, drawn, plain_page, primary, signed_in, taken_along

from qualipolis.city.assess import service
from qualipolis.city.assess.models import Adjustment, SiteCheck, SiteFinding, SiteVisit
from qualipolis.city.core.models import Attachment
from qualipolis.city.measure.models import Observation

pytestmark = pytest.mark.django_db
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    + bytes(40)
)


@pytest.fixture
def desk() -> Desk:
    return checking_desk()


@pytest.fixture
def visit(desk: Desk) -> SiteVisit:
    return drawn(desk)


def path(visit: SiteVisit) -> str:
    return f"/desk/visits/{visit.pk}/"


def begun(desk: Desk, visit: SiteVisit) -> None:
    assert desk.post("inspector", path(visit), do="start", visited_on="2022-03-28").status_code == 302


def look(desk: Desk, visit: SiteVisit, finding: SiteFinding, result: str = "confirmed", **said: Any) -> Any:
    data = {"do": "finding", "finding": finding.pk, "result": result} | said
    return desk.post("inspector", path(visit), **data)


def looked_at(desk: Desk, visit: SiteVisit, result: str = "confirmed", **said: Any) -> None:
    begun(desk, visit)
    one, other = visit.findings.all()
    assert look(desk, visit, one, result, **said).status_code == 302
    assert look(desk, visit, other).status_code == 302


def signed(desk: Desk, visit: SiteVisit) -> None:
    assert desk.post("town_officer", path(visit), do="unit", choice="sign", signatory="分管负责人").status_code == 302


def test_a_plan_is_written_then_drawn_with_two_people(desk: Desk) -> None:
    people = [person("li", "inspector"), person("wang", "reviewer")]
    address = f"/desk/rounds/{desk.round.pk}/checks/"
    said = {"do": "plan", "seed": SEED, "seed_source": "公开", "by_risk": 0, "at_random": 2, "values_each": 2}
    assert desk.post("planner", address, **said).status_code == 302
    plan = f"/desk/checks/{SiteCheck.objects.get().pk}/"
    assert primary(desk.text("planner", plan)) == 1
    refused = desk.post("planner", plan, do="draw", checkers=[people[0].pk])
    assert refused.status_code == 400 and 'href="#id_checkers' in refused.content.decode()
    assert desk.post("planner", plan, do="draw", checkers=[one.pk for one in people]).status_code == 302
    assert SiteVisit.objects.count() == 2


def test_a_seed_with_a_bar_is_refused_at_its_field(desk: Desk) -> None:
    said = {"do": "plan", "seed": "7|8", "seed_source": "公开", "by_risk": 0, "at_random": 2, "values_each": 2}
    answer = desk.post("planner", f"/desk/rounds/{desk.round.pk}/checks/", **said)
    assert answer.status_code == 400 and 'href="#id_seed"' in answer.content.decode()
    assert not SiteCheck.objects.exists()


def test_the_draw_is_shown_with_its_rule_and_made_again(desk: Desk) -> None:
    visit = drawn(desk, at_random=2)
    text = desk.text("planner", f"/desk/checks/{visit.check_plan_id}/?again=1")
    assert SEED in text and visit.ticket in text and "重新抽取，结果一致" in text and plain_page(text)
    SiteVisit.objects.filter(pk=visit.pk).update(chosen="risk")
    assert "重新抽取，结果不一致" in desk.text("planner", f"/desk/checks/{visit.check_plan_id}/?again=1")


def test_who_else_is_drawn_stays_secret_until_every_check_has_begun(desk: Desk, visit: SiteVisit) -> None:
    plan, query = f"/desk/checks/{visit.check_plan_id}/", f"check={visit.check_plan_id}"
    assert desk.page("town_officer", path(visit)).status_code == 404
    begun(desk, visit)
    assert not desk.page("town_officer", plan).context["tickets"]
    assert "2镇" not in desk.text("town_officer", plan)
    assert "T2" not in taken_along(desk, "town_officer", "site-tickets", query)
    assert "T2" in taken_along(desk, "planner", "site-tickets", query)
    SiteVisit.objects.exclude(pk=visit.pk).update(status="running")
    assert len(desk.page("town_officer", plan).context["tickets"]) == 3


def test_the_checkers_look_at_one_value_after_the_other(desk: Desk, visit: SiteVisit) -> None:
    begun(desk, visit)
    one, other = visit.findings.all()
    text = desk.text("inspector", path(visit))
    assert primary(text) == 1 and plain_page(text) and f'name="finding" value="{one.pk}"' in text
    answer = look(desk, visit, one, "no_evidence", words="未见原件", file=SimpleUploadedFile("现场.png", PNG))
    assert answer.status_code == 302
    assert Attachment.objects.get().thing == f"assess.sitefinding:{one.pk}"
    assert f'name="finding" value="{other.pk}"' in desk.text("reviewer", path(visit))


@pytest.mark.parametrize(
    ("said", "target"),
    [
        ({"result": "falsified"}, "#id_words"),
        ({"result": "different", "words": "台账为40"}, "#id_numerator"),
        ({"result": ""}, "#id_result"),
    ],
)
def test_what_a_finding_lacks_is_named_at_its_field(desk: Desk, visit: SiteVisit, said: Any, target: str) -> None:
    begun(desk, visit)
    answer = look(desk, visit, visit.findings.first(), **said)
    assert answer.status_code == 400 and f'href="{target}"' in answer.content.decode()
    assert not visit.findings.exclude(result="").exists()


def test_a_stranger_and_another_town_do_not_open_it(desk: Desk, visit: SiteVisit) -> None:
    begun(desk, visit)
    stranger = person("zhao", "inspector")
    assert signed_in(stranger).get(path(visit)).status_code == 404
    assert desk.page("department", path(visit)).status_code == 404
    assert desk.page("town_officer", path(SiteVisit.objects.exclude(pk=visit.pk).first())).status_code == 404
    answer = desk.post("planner", path(visit), do="finding", finding=visit.findings.first().pk, result="confirmed")
    assert answer.status_code == 200 and not visit.findings.exclude(result="").exists()


def test_the_unit_signs_only_when_every_value_has_its_finding(desk: Desk, visit: SiteVisit) -> None:
    begun(desk, visit)
    assert primary(desk.text("town_officer", path(visit))) == 0
    for finding in visit.findings.all():
        look(desk, visit, finding)
    text = desk.text("town_officer", path(visit))
    assert primary(text) == 1
    signed(desk, visit)
    assert desk.post("planner", path(visit), do="conclude").status_code == 302
    visit.refresh_from_db()
    assert visit.status == "concluded"


def test_an_objection_needs_its_reason_and_gets_a_reply(desk: Desk, visit: SiteVisit) -> None:
    looked_at(desk, visit, "no_evidence", words="未见原件")
    refused = desk.post("town_officer", path(visit), do="unit", choice="object", signatory="分管负责人", reason="")
    assert refused.status_code == 400 and 'href="#id_unit_reason"' in refused.content.decode()
    said = {"do": "unit", "choice": "object", "signatory": "分管负责人", "reason": "原件在上级部门"}
    assert desk.post("town_officer", path(visit), **said).status_code == 302
    assert desk.post("planner", path(visit), do="answer", choice="maintain", reply="维持").status_code == 302
    text = desk.text("town_officer", path(visit))
    assert "原件在上级部门" in text and "维持" in text


def test_a_different_value_is_corrected_and_then_concluded(desk: Desk, visit: SiteVisit) -> None:
    looked_at(desk, visit, "different", words="台账为40", numerator="40")
    signed(desk, visit)
    finding = visit.findings.get(result="different")
    assert "40" in desk.text("planner", path(visit))
    said = {"do": f"settle:{finding.pk}", "action": "按核查值更正"}
    assert desk.post("planner", path(visit), **said).status_code == 302
    assert Observation.objects.get(pk=finding.observation_id).value == 40.0
    assert desk.post("planner", path(visit), do="conclude").status_code == 302


def test_falsified_data_need_the_number_of_a_document(desk: Desk, visit: SiteVisit) -> None:
    looked_at(desk, visit, "falsified", words="伪造检验报告")
    signed(desk, visit)
    do = f"settle:{visit.findings.get(result='falsified').pk}"
    assert desk.post("planner", path(visit), do=do, action="该项计零分", document="").status_code == 400
    assert not Adjustment.objects.exists()
    said = {"do": do, "action": "该项计零分", "document": "质领办〔2022〕7号"}
    assert desk.post("planner", path(visit), **said).status_code == 302
    assert Adjustment.objects.get().kind == "falsified"


def test_the_checkers_can_be_changed_until_it_begins(desk: Desk, visit: SiteVisit) -> None:
    other = person("zhao", "inspector")
    keys = [desk.cast["reviewer"].pk, other.pk]
    assert desk.post("planner", path(visit), do="draw", checkers=keys).status_code == 302
    assert set(visit.checkers.values_list("pk", flat=True)) == set(keys)
    service.start_visit(other, visit)
    assert "调整核查人员" not in desk.text("planner", path(visit))


def test_the_list_counts_what_was_found(desk: Desk, visit: SiteVisit) -> None:
    looked_at(desk, visit, "no_evidence", words="未见原件")
    lines = desk.page("planner", f"/desk/rounds/{desk.round.pk}/checks/").context["lines"]
    mine = next(line for line in lines if line["row"].pk == visit.pk)
    assert (mine["done"], mine["findings"], mine["unsettled"]) == (2, 2, 1)
    assert taken_along(desk, "planner", "site-visits", f"round={desk.round.pk}").count(visit.ticket) == 1
