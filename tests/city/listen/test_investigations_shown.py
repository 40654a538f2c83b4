"""What is shown of investigations: the next step, work, the timeline, the history of a product by what somebody sees."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from tests.city.listen.cast import Cast, complaint_in, letter
from tests.city.listen.test_investigations import HEATER, branch_of, ordered

from qualipolis.city.core.listings import LISTINGS
from qualipolis.city.listen import service, work
from qualipolis.city.listen.investigations import queries
from qualipolis.city.listen.investigations.history import firms_of, history_of
from qualipolis.city.listen.investigations.timeline import timeline
from qualipolis.city.listen.models import AuthorityRequest, Incident, Investigation, SafetyProduct
from qualipolis.methods.problems import InputError

SLIGHT = {"name": "发烫", "severity": 1, "factors": [{"what": "触碰", "probability": "1/100000"}]}


@pytest.fixture
def case(cast: Cast) -> Investigation:
    return service.open_investigation(cast["inspector"], "电暖器过热", branch_of(cast, "inspector"), unit=cast.unit)


def product_of(cast: Cast, case: Investigation, **more: str) -> SafetyProduct:
    return service.add_products(cast["inspector"], case, [HEATER | more], sure=True)[0].product


def verbs(cast: Cast, who: str) -> list[str]:
    return [item.verb for item in work.work(cast[who]) if item.stop == "listen"]


def test_one_step_leads_on_to_the_next(cast: Cast, case: Investigation) -> None:
    said = [queries.next_of(case)]
    product = product_of(cast, case)
    said.append(queries.next_of(case))
    service.assess_risk(cast["inspector"], product, [SLIGHT], investigation=case)
    said.append(queries.next_of(case))
    action = ordered(cast, case)
    said.append(queries.next_of(case))
    service.prove_action(cast["enterprise"], action, "已下架", [ContentFile(b"\xef\xbb\xbfa,b\n1,2\n", name="a.csv")])
    said.append(queries.next_of(case))
    assert said == ["products", "assess", "close", "wait", "judge"]


def test_a_grave_risk_asks_for_an_order(cast: Cast, case: Investigation) -> None:
    grave = SLIGHT | {"severity": 4, "factors": [{"what": "触碰", "probability": "1/2"}]}
    service.assess_risk(cast["inspector"], product_of(cast, case), [grave], investigation=case)
    assert queries.next_of(case) == "act"


def test_work_names_proof_overdue_requests_and_the_own_step(cast: Cast, case: Investigation) -> None:
    assert "listen.add_products" in verbs(cast, "inspector") and not verbs(cast, "inspector_elsewhere")
    action = ordered(cast, case)
    assert verbs(cast, "enterprise") == ["listen.prove_action"] and not verbs(cast, "other_enterprise")
    service.prove_action(cast["enterprise"], action, "已下架", [ContentFile(b"\xef\xbb\xbfa,b\n1,2\n", name="a.csv")])
    assert "listen.accept_action" in verbs(cast, "inspector") and not verbs(cast, "enterprise")
    request = service.draft_request(cast["inspector"], case, "邻市市场监管局", "请协查")
    service.send_request(cast["inspector"], request, "函8号")
    AuthorityRequest.objects.update(due_on=timezone.localdate() - timezone.timedelta(days=1))
    assert "listen.answer_request" in verbs(cast, "inspector")


def test_the_reason_of_a_return_is_kept_for_the_firm(cast: Cast, case: Investigation) -> None:
    action = ordered(cast, case)
    service.prove_action(cast["enterprise"], action, "已下架", [ContentFile(b"\xef\xbb\xbfa,b\n1,2\n", name="a.csv")])
    service.return_action(cast["inspector"], action, "缺照片")
    shown = queries.firm_actions(cast["enterprise"]).get()
    assert shown.remark == "缺照片" and not queries.firm_actions(cast["other_enterprise"]).exists()


def test_the_timeline_tells_who_changed_what_without_codes(cast: Cast, case: Investigation) -> None:
    ordered(cast, case)
    service.edit_investigation(cast["inspector"], case, hazard="burn")
    service.set_team(cast["inspector"], case, branch_of(cast, "inspector_elsewhere"), "view")
    lines = timeline(cast["planner"], case)
    said = " ".join(line.what for line in lines)
    assert len(lines) == 5 and lines[0].at >= lines[-1].at
    assert "stop_sale" not in said and branch_of(cast, "inspector_elsewhere").name in said
    service.restrict_investigation(cast["inspector"], case, "商业秘密")
    assert timeline(cast["planner"], case) == []
    assert timeline(cast["inspector_elsewhere"], case)


def test_the_history_of_a_product_shows_what_the_reader_may_see(cast: Cast, case: Investigation) -> None:
    product = product_of(cast, case)
    ordered(cast, case)
    sent = letter(cast, brand=HEATER["brand"], model=HEATER["model"])
    complaint_in(cast, "received", letter=sent)
    complaint_in(cast, "received", letter=letter(cast, product_name="儿童座椅"))
    Incident.objects.create(number="IN1", source="consumer", product=product, narrative="冒烟", harm=2)
    kinds = {who: [one.kind for one in history_of(cast[who], product)] for who in ("inspector", "complaint_desk")}
    assert sorted(kinds["inspector"]) == ["incident", "investigation"]
    assert sorted(kinds["complaint_desk"]) == ["complaint", "incident", "investigation"]
    assert firms_of(cast["inspector"], product) == [cast.firm]
    service.restrict_investigation(cast["inspector"], case, "商业秘密")
    assert [one.kind for one in history_of(cast["leader"], product)] == ["incident"]


def test_a_product_out_of_sight_is_not_attached_assessed_or_changed(cast: Cast, case: Investigation) -> None:
    secret = product_of(cast, case)
    service.restrict_investigation(cast["inspector"], case, "商业秘密")
    other = cast["inspector_elsewhere"]
    second = service.open_investigation(other, "另一件", branch_of(cast, "inspector_elsewhere"))
    for refused in (
        lambda: service.add_products(other, second, [{"product": secret}]),
        lambda: service.assess_risk(other, secret, [SLIGHT]),
        lambda: service.edit_product(other, secret, brand="别名"),
    ):
        with pytest.raises(InputError):
            refused()


def test_what_is_not_given_of_a_product_stays(cast: Cast, case: Investigation) -> None:
    product = product_of(cast, case)
    service.edit_product(cast["inspector"], product, counterfeit=True)
    service.edit_product(cast["inspector"], product, origin="中国")
    product.refresh_from_db()
    assert product.counterfeit is True and product.brand == HEATER["brand"]


def test_closing_keeps_the_summary_and_adds_the_conclusion(cast: Cast, case: Investigation) -> None:
    service.edit_investigation(cast["inspector"], case, summary="来信三件", not_assessed_why="样品已灭失")
    service.close_investigation(cast["inspector"], case, "已查清")
    case.refresh_from_db()
    assert (case.summary, case.conclusion) == ("来信三件", "已查清")


@pytest.mark.parametrize("name", ["listen-investigations", "listen-products", "listen-actions"])
def test_the_lists_hold_what_somebody_sees(cast: Cast, case: Investigation, name: str) -> None:
    product_of(cast, case)
    ordered(cast, case)
    assert LISTINGS[name].frame(cast["planner"], {}).height == 1
    service.restrict_investigation(cast["inspector"], case, "商业秘密")
    assert LISTINGS[name].frame(cast["planner"], {}).height == 0
