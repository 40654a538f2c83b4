"""Thread, order, diagnosis, panel, second opinion and the laboratory's pages, as people use them."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from tests.city.hospital.belongings import panel_of
from tests.city.hospital.cast import case_in

from qualipolis.city.core.models import Attachment
from qualipolis.city.hospital.consultation import examinations, second_opinions
from qualipolis.city.hospital.models import Examination, MeasurementFile, Message, Panel, SecondOpinion

pytestmark = pytest.mark.django_db
ITEMS = [{"name": "甲醛含量"}, {"name": "pH值"}]
SAID = {
    "root_cause": "material",
    "statement": "固色不足",
    "evidence": "对照试验",
    "escape_point": "未水洗",
    "confidence": "high",
}


@pytest.fixture
def enter(client):
    def entered(person):
        client.force_login(person)
        return client

    return entered


def url(name, *args):
    return reverse(f"desk:{name}", args=args)


def test_a_message_with_a_file_is_sent_from_the_page_and_comes_back_to_it(cast, enter):
    case = case_in(cast, "examining")
    file = SimpleUploadedFile("记录.csv", b"a\n1\n")
    answer = enter(cast["enterprise"]).post(url("case_thread", case.pk), {"words": "附上记录", "files": [file]})
    assert answer.status_code == 302 and answer.url == f"{url('hospital_case', case.pk)}#thread"
    assert Message.objects.get().doctors_only is False
    text = enter(cast["expert"]).get(url("case_thread", case.pk)).content.decode()
    assert "附上记录" in text and "记录.csv" in text
    assert enter(cast["expert"]).post(url("case_thread", case.pk), {"words": ""}).status_code == 400


def test_the_firm_cannot_post_a_message_for_the_experts(cast, enter):
    case = case_in(cast, "examining")
    enter(cast["enterprise"]).post(url("case_thread", case.pk), {"words": "悄悄话", "doctors_only": "on"})
    assert not Message.objects.filter(doctors_only=True).exists()


def test_the_expert_orders_an_examination(cast, enter):
    case = case_in(cast, "assigned")
    address = url("case_order", case.pk)
    page = enter(cast["expert"]).get(address)
    assert cast.laboratory.name in page.content.decode() and "甲醛含量" in page.context["known"]
    sent = {"laboratory": cast.laboratory.pk, "name_0": "甲醛含量", "requirement_0": "≤20", "name_3": "pH值"}
    assert enter(cast["expert"]).post(address, sent).status_code == 302
    assert [one["name"] for one in Examination.objects.get().items] == ["甲醛含量", "pH值"]
    refused = enter(cast["expert"]).post(address, sent | {"name_4": "色牢度"})
    assert refused.status_code == 400 and "色牢度" in refused.content.decode()
    for who in ("colleague", "enterprise", "hospital_manager"):
        assert enter(cast[who]).get(address).status_code in (403, 404)


def test_the_laboratory_reports_and_never_reads_the_firm(cast, enter):
    case = case_in(cast, "assigned")
    order = examinations.order(cast["expert"], case, cast.laboratory, ITEMS, question="先查甲醛")
    client, address = enter(cast["laboratory"]), url("hospital_examination", order.pk)
    assert client.post(address, {"do": "accept"}).status_code == 302
    sent = {
        "do": "report", "report_no": "BG-9", "reported_on": timezone.localdate().isoformat(), "value_0": "35",
        "verdict_0": "fail", "values_0": "34 36; 35,5", "value_1": "6.8", "verdict_1": "pass", "conclusion": "甲醛超标",
    }  # fmt: skip
    bad = client.post(address, sent | {"values_1": "六点八"})
    assert bad.status_code == 400 and "pH值" in bad.content.decode()
    assert client.post(address, sent).status_code == 302
    order.refresh_from_db()
    assert order.readings[0]["values"] == [34.0, 36.0, 35.5] and order.readings[0]["n"] == 3
    for page in (address, url("lab_examinations"), f"{url('lab_examinations')}?show=all"):
        text = client.get(page).content.decode()
        assert case.enterprise.name not in text and case.number not in text and "褪色" not in text
    assert enter(cast["other_laboratory"]).get(address).status_code == 404
    assert case.number in enter(cast["expert"]).get(address).content.decode()


def test_the_expert_diagnoses_on_a_page_that_says_what_is_missing(cast, enter):
    case = case_in(cast, "examining", on_market=True)
    address = url("case_diagnose", case.pk)
    blocked = enter(cast["expert"]).get(address)
    assert "D3" in blocked.context["blocked"]
    assert enter(cast["expert"]).post(address, SAID).status_code == 400
    case.on_market = False
    case.save()
    assert enter(cast["expert"]).get(address).context["blocked"] == ""
    assert enter(cast["expert"]).post(address, SAID).status_code == 302
    assert case.diagnoses.get().statement == "固色不足"


def test_a_panel_is_called_spoken_in_and_concluded_in_its_room(cast, enter):
    case = case_in(cast, "examining")
    sent = {"reason": "严重", "experts": [cast.colleague.pk], "meets_on": timezone.localdate().isoformat()}
    answer = enter(cast["hospital_manager"]).post(url("case_panel", case.pk), sent)
    room = url("hospital_panel", Panel.objects.get().pk)
    assert answer.url == room
    enter(cast["colleague"]).post(room, {"do": "opinion", "opinion": "染料批次", "root_cause": "material"})
    assert "染料批次" not in enter(cast["expert"]).get(room).content.decode()
    enter(cast["expert"]).post(room, {"do": "opinion", "opinion": "同意"})
    assert "染料批次" in enter(cast["expert"]).get(room).content.decode()
    assert enter(cast["colleague"]).post(room, {"do": "conclude", "decision": "换固色剂"}).status_code == 400
    assert enter(cast["expert"]).post(room, {"do": "conclude", "decision": "换固色剂"}).status_code == 302
    firm = enter(cast["enterprise"]).get(room).content.decode()
    assert "换固色剂" in firm and "染料批次" not in firm


def test_the_firm_disputes_and_another_organisation_decides(cast, enter):
    case = case_in(cast, "diagnosed")
    assert "申请复诊意见" in enter(cast["enterprise"]).get(url("hospital_case", case.pk)).content.decode()
    enter(cast["enterprise"]).post(url("ask_second_opinion", case.pk), {"ground": "批次没有变"})
    row = SecondOpinion.objects.get()
    page = url("hospital_second_opinion", row.pk)
    listed = enter(cast["hospital_manager"]).get(page).context["box"].form.fields["expert"].queryset
    assert list(listed) == [cast.colleague]
    enter(cast["hospital_manager"]).post(page, {"do": "appoint", "expert": cast.colleague.pk})
    assert enter(cast["expert"]).get(page).context["box"] is None
    enter(cast["colleague"]).post(page, {"do": "overturn", "reason": "不成立"})
    case.refresh_from_db()
    assert case.status == "examining"
    assert "不成立" in enter(cast["enterprise"]).get(page).content.decode()


def test_the_list_of_orders_can_be_taken_along_and_names_no_firm(cast, enter):
    case = case_in(cast, "examining")
    order = examinations.order(cast["expert"], case, cast.laboratory, ITEMS)
    assert "hospital-orders" in enter(cast["laboratory"]).get(url("lab_examinations")).content.decode()
    answer = enter(cast["laboratory"]).get(reverse("report:list", args=["hospital-orders", "csv"]))
    text = b"".join(answer.streaming_content if answer.streaming else [answer.content]).decode("utf-8-sig")
    assert order.number in text and "甲醛含量" in text and case.enterprise.name not in text


def test_a_view_of_a_chart_goes_into_the_consultation(cast, enter):
    case = case_in(cast, "examining")
    file = Attachment.objects.create(
        sha256="0" * 64, name="批.csv", media_type="text/csv", size=1, thing=f"hospital.case:{case.pk}"
    )
    measured = MeasurementFile.objects.create(case=case, attachment=file)
    other = MeasurementFile.objects.create(case=case_in(cast, "examining"), attachment=file)
    page = enter(cast["expert"]).get(url("case_thread", case.pk), {"measurements": measured.pk, "from": 3, "to": "9"})
    assert page.context["shared"] == measured and page.context["view"] == {"from": 3, "to": 9}
    assert enter(cast["expert"]).get(url("case_thread", case.pk), {"measurements": other.pk}).context["shared"] is None
    enter(cast["expert"]).post(
        url("case_thread", case.pk), {"words": "看这里", "measurements": measured.pk, "from": 3, "to": 9}
    )
    assert Message.objects.get().view == {"from": 3, "to": 9}
    shown = enter(cast["enterprise"]).get(url("case_thread", case.pk)).content.decode()
    assert f"{url('hospital_chart', measured.pk)}?from=3&amp;to=9" in shown


def test_work_leads_to_these_pages(cast, enter):
    case = case_in(cast, "assigned")
    order = examinations.order(cast["expert"], case_in(cast, "examining"), cast.laboratory, ITEMS)
    room = panel_of(cast, case_in(cast, "panel"))
    asked = second_opinions.ask(cast["enterprise"], case_in(cast, "diagnosed"), "理由")
    expected = {
        "expert": url("hospital_case", case.pk),
        "laboratory": url("hospital_examination", order.pk),
        "colleague": url("hospital_panel", room.pk),
        "hospital_manager": url("hospital_second_opinion", asked.pk),
    }
    for who, address in expected.items():
        assert f'href="{address}"' in enter(cast[who]).get(url("work")).content.decode(), who
