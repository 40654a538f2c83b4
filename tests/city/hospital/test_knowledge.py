"""Knowledge cases: nothing tells whose case it was, the firm reads every word, the desk publishes."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from tests.city.hospital.cast import case_in

from qualipolis.city.core.models import Event
from qualipolis.city.core.policy import System, visible
from qualipolis.city.core.subscriptions import tell
from qualipolis.city.hospital import service
from qualipolis.city.hospital.models import KnowledgeCase, Message
from qualipolis.methods.problems import InputError

TEXTS = {
    "title_zh": "童装水洗褪色", "symptom_zh": "洗三次以后明显褪色，有退货。", "cause_zh": "固色剂用量不足，温度偏低。",
    "treatment_zh": "更换固色剂，固色温度提高到规定范围。", "effect_zh": "色牢度由3级升到4级以上，共60件。",
}  # fmt: skip


@pytest.fixture
def case(cast):
    return case_in(cast, "closed", consent="anonymous")


@pytest.fixture
def draft(cast, case):
    return service.write_knowledge(cast["expert"], case, TEXTS)


def agreed(cast, draft):
    service.ask_for_knowledge(cast["expert"], draft)
    return service.agree_to_knowledge(cast["enterprise"], draft)


def test_it_goes_from_the_case_to_the_public_through_the_firm(cast, draft):
    agreed(cast, draft)
    row = service.publish_knowledge(cast["hospital_desk"], draft)
    assert row.status == "published" and row.published_on and row.root_cause == "material"
    assert visible(cast["planner"], KnowledgeCase.objects.all()).get() == row


def test_nobody_publishes_what_the_firm_has_not_agreed_to(cast, draft):
    service.ask_for_knowledge(cast["expert"], draft)
    with pytest.raises(InputError):
        service.publish_knowledge(cast["hospital_desk"], draft)


@pytest.mark.parametrize("status", ["registered", "treating", "verifying"])
def test_a_case_that_was_not_judged_is_no_knowledge(cast, status):
    with pytest.raises(InputError) as refused:
        service.write_knowledge(cast["hospital_desk"], case_in(cast, status, consent="anonymous"), TEXTS)
    assert refused.value.problems[0].code == "not_judged"


def test_without_consent_there_is_none(cast):
    with pytest.raises(InputError) as refused:
        service.write_knowledge(cast["expert"], case_in(cast, "closed"), TEXTS)
    assert refused.value.problems[0].code == "no_consent"


def test_consent_that_was_taken_back_stops_the_publication(cast, case, draft):
    agreed(cast, draft)
    type(case).objects.filter(pk=case.pk).update(consent="none")
    with pytest.raises(InputError):
        service.publish_knowledge(cast["hospital_desk"], draft)


def test_every_trace_of_the_firm_is_refused_at_its_field(cast, case):
    firm = case.enterprise
    said = TEXTS | {
        "title_zh": f"{firm.name_zh}褪色", "symptom_zh": "联系人0000-0000000", "cause_zh": f"代码{firm.credit_code}",
        "treatment_zh": "电话13800001234", "effect_zh": f"见{case.number}",
    }  # fmt: skip
    with pytest.raises(InputError) as refused:
        service.write_knowledge(cast["expert"], case, said)
    assert {one.place for one in refused.value.problems} == set(TEXTS) and not KnowledgeCase.objects.exists()


def test_only_a_firm_that_agreed_to_it_is_named(cast, case):
    with pytest.raises(InputError) as refused:
        service.write_knowledge(cast["expert"], case, TEXTS | {"named": True})
    assert refused.value.problems[0].place == "named"
    willing = case_in(cast, "closed", consent="named")
    assert service.write_knowledge(cast["expert"], willing, TEXTS | {"named": True}).named


def test_the_words_of_a_return_stand_in_the_consultation_and_not_in_the_ledger(cast, case, draft):
    service.ask_for_knowledge(cast["expert"], draft)
    service.return_knowledge(cast["enterprise"], draft, "请删去件数")
    draft.refresh_from_db()
    assert draft.status == "draft" and Message.objects.get(case=case).words == "请删去件数"
    assert not Event.objects.filter(payload__contains="件数").exists()
    service.edit_knowledge(cast["expert"], draft, TEXTS | {"effect_zh": "色牢度达到4级。"})
    assert KnowledgeCase.objects.get().effect_zh == "色牢度达到4级。"


def test_what_the_firm_has_read_is_changed_by_nobody(cast, draft):
    service.ask_for_knowledge(cast["expert"], draft)
    with pytest.raises(InputError):
        service.edit_knowledge(cast["expert"], draft, TEXTS)


def test_the_firm_withdraws_at_any_time(cast, draft):
    agreed(cast, draft)
    service.publish_knowledge(cast["hospital_desk"], draft)
    service.withdraw_knowledge(cast["enterprise"], draft, "不再公开")
    assert not visible(cast["planner"], KnowledgeCase.objects.all()).exists()


@pytest.mark.parametrize("role", ["other_enterprise", "colleague", "inspector", "planner", "laboratory"])
def test_others_write_and_read_nothing(cast, case, draft, role):
    with pytest.raises(PermissionDenied):
        service.edit_knowledge(cast[role], draft, TEXTS)
    assert not visible(cast[role], KnowledgeCase.objects.all()).exists()


def test_a_firm_that_is_gone_is_no_longer_named(cast):
    case = case_in(cast, "closed", consent="named")
    row = service.write_knowledge(cast["expert"], case, TEXTS | {"named": True})
    case.status = "deregistered"
    tell(System("hospital"), "hospital.case_ended", case)
    row.refresh_from_db()
    assert not row.named
