"""The desk's pages of incidents, recalls and warnings, and the firm's on the phone: who opens them, one next step."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from tests.city.listen.cast import Cast
from tests.city.listen.safety_steps import make_row, put_in

from qualipolis.city.listen.models import Incident, PublicWarning, Recall
from qualipolis.law.flows.listening import INCIDENT, RECALL, WARNING

pytestmark = pytest.mark.django_db
PAGES = {"incident": "desk:listen_incident", "recall": "desk:listen_recall", "public_warning": "desk:listen_warning"}
LISTS = ("desk:listen_incidents", "desk:listen_recalls", "desk:listen_warnings")
READERS = ("inspector", "department", "complaint_desk", "planner", "leader", "auditor")
OTHERS = ("laboratory", "mediator", "hospital_desk", "town_officer", "enterprise")
PLAN = {"measure": "免费更换", "told_how": "公告", "batches": "A1-A9", "units": "500"}
EVERY = [(flow, state) for flow in (INCIDENT, RECALL, WARNING) for state in flow.states]
WORDS = {"name": "电暖器", "brand": "暖示", "model": "NQ-200"}


@pytest.fixture
def enter(client: Any) -> Any:
    def entered(person: Any) -> Any:
        client.force_login(person)
        return client

    return entered


@pytest.mark.parametrize(("flow", "state"), EVERY, ids=lambda one: getattr(one, "code", one))
def test_a_page_opens_in_every_state_with_at_most_one_primary_step(
    cast: Cast, enter: Any, flow: Any, state: str
) -> None:
    row = put_in(make_row(cast, flow.code), state)
    address = reverse(PAGES[flow.code], args=[row.pk])
    for name in ("inspector", "leader", "complaint_desk"):
        answer = enter(cast[name]).get(address)
        text = answer.content.decode()
        assert answer.status_code == 200 and row.number in text
        assert text.count("btn-primary") <= 1, (name, state)
        if state in flow.finals:
            assert "btn-primary" not in text


@pytest.mark.parametrize("name", OTHERS)
def test_others_are_refused(cast: Cast, enter: Any, name: str) -> None:
    rows = [reverse(page, args=[make_row(cast, flow).pk]) for flow, page in PAGES.items()]
    for address in [*rows, *(reverse(one) for one in LISTS), reverse("desk:listen_warning_new")]:
        assert enter(cast[name]).get(address).status_code == 403, address


@pytest.mark.parametrize("name", READERS)
def test_the_lists_open_under_their_filters(cast: Cast, enter: Any, name: str) -> None:
    for flow in PAGES:
        make_row(cast, flow)
    for one in LISTS:
        for query in ("", "?show=late", "?show=over&q=x", "?show=<b>&q=%25"):
            assert enter(cast[name]).get(reverse(one) + query).status_code == 200


def test_an_incident_is_taken_down_graded_verified_and_reported_upward(cast: Cast, enter: Any) -> None:
    desk = enter(cast["inspector"])
    given = WORDS | {"source": "hospital", "narrative": "手部烫伤", "credit_code": cast.firm.credit_code}
    assert desk.post(reverse("desk:listen_incident_new"), given | {"credit_code": "X"}).status_code == 400
    assert desk.post(reverse("desk:listen_incident_new"), given).status_code == 302
    row = Incident.objects.get()
    assert row.unit == cast.unit and row.product is not None and row.harm is None
    address = reverse("desk:listen_incident", args=[row.pk])
    assert "harm" in desk.get(address).context["box"].form.fields
    desk.post(address, {"do": "verify", "harm": "4", "people": "1"})
    box = desk.get(address).context["box"]
    assert set(box.form.fields) == {"do", "document_no", "authority"}
    desk.post(address, {"do": "report_up", "document_no": "1号", "authority": "省局"})
    desk.post(address, {"do": "firm_report", "learned_on": "2026-01-05", "reported_on": ""})
    row.refresh_from_db()
    assert row.status == "reported_up" and row.firm_due_on == date(2026, 1, 7)
    assert "recall.firm_report" in [one["clock"].rule for one in desk.get(address).context["clocks"]]


def test_a_clue_from_an_incident_knows_product_and_firm(cast: Cast, enter: Any) -> None:
    desk = enter(cast["inspector"])
    desk.post(reverse("desk:listen_incident_new"), WORDS | {"source": "consumer", "narrative": "冒烟", "harm": "1"})
    row = Incident.objects.get()
    address = f"{reverse('desk:listen_recall_new')}?incident={row.pk}"
    assert address in desk.get(reverse("desk:listen_incident", args=[row.pk])).content.decode()
    assert "name" not in desk.get(address).context["form"].fields
    desk.post(address, {"clue": "三起过热", "producer_name": "甲厂"})
    made = Recall.objects.get()
    assert made.product == row.product and made.producer_name == "甲厂"


def test_the_firm_declares_plans_and_reports_on_the_phone(cast: Cast, enter: Any) -> None:
    firm, today = enter(cast["enterprise"]), timezone.localdate()
    given = WORDS | {"enterprise": cast.firm.pk, "clue": "客户来电", "defect": "温控器失效，可致烫伤"}
    assert firm.post(reverse("desk:my_recall_new"), given | {"enterprise": cast.other_firm.pk}).status_code == 400
    assert firm.post(reverse("desk:my_recall_new"), given).status_code == 302
    row = Recall.objects.get()
    address = reverse("desk:my_recall", args=[row.pk])
    plan = {"do": "file_plan", "until": str(today + timedelta(days=90))} | PLAN
    assert firm.post(address, plan | {"units": ""}).status_code == 400
    firm.post(address, plan)
    assert firm.get(address).context["box"] is None
    enter(cast["inspector"]).post(reverse("desk:listen_recall", args=[row.pk]), {"do": "announce", "body_en": "Heater"})
    firm = enter(cast["enterprise"])
    for corrected, status in (("120", 302), ("100", 400), ("501", 400), ("480", 302)):
        said = {"do": "report_progress", "on": str(today), "corrected": corrected}
        assert firm.post(address, said).status_code == status, corrected
    firm.post(address, {"do": "complete", "report": "已召回480台"})
    row.refresh_from_db()
    assert row.status == "completed" and row.corrected == 480 and row.body_en == "Heater"
    assert enter(cast["other_enterprise"]).get(address).status_code == 404


def test_the_firm_reports_an_incident_with_photos_and_sees_its_clock(cast: Cast, enter: Any) -> None:
    firm, png = enter(cast["enterprise"]), b"\x89PNG\r\n\x1a\n" + b"0" * 64
    given = WORDS | {"enterprise": cast.firm.pk, "narrative": "冒烟", "learned_on": str(timezone.localdate())}
    photos = [SimpleUploadedFile(f"{n}.png", png, "image/png") for n in range(2)]
    assert firm.post(reverse("desk:my_incident_new"), given | {"learned_on": "2999-01-01"}).status_code == 400
    answer = firm.post(reverse("desk:my_incident_new"), given | {"files": photos}, follow=True)
    row = Incident.objects.get()
    assert answer.status_code == 200 and len(answer.context["files"]) == 2
    assert row.source == "firm" and [one["clock"].rule for one in answer.context["clocks"]] == ["recall.firm_report"]
    assert "btn-primary" in firm.get(reverse("desk:my_safety")).content.decode()
    assert enter(cast["other_enterprise"]).get(reverse("desk:my_incident", args=[row.pk])).status_code == 404


def test_the_firm_does_not_read_the_clue_of_the_city(cast: Cast, enter: Any) -> None:
    row = make_row(cast, "recall")
    Recall.objects.filter(pk=row.pk).update(clue="有人举报内部用料")
    for state in RECALL.states:
        put_in(row, state)
        text = enter(cast["enterprise"]).get(reverse("desk:my_recall", args=[row.pk])).content.decode()
        assert "有人举报" not in text and row.number in text


def test_a_recall_is_ordered_by_two_when_the_plan_is_late_and_its_effect_has_an_interval(
    cast: Cast, enter: Any
) -> None:
    row, desk = put_in(make_row(cast, "recall"), "defect_found"), enter(cast["inspector"])
    address = reverse("desk:listen_recall", args=[row.pk])
    assert desk.get(address).context["box"] is None
    Recall.objects.filter(pk=row.pk).update(due_on=timezone.localdate() - timedelta(days=1))
    box = desk.get(address).context["box"]
    assert "second_person" in box.form.fields and cast["inspector"] not in box.form.fields["second_person"].queryset
    desk.post(
        address, {"do": "order", "document_no": "1号", "reason": "拒不召回", "second_person": cast["department"].pk}
    )
    row.refresh_from_db()
    assert row.status == "ordered" and row.document_no == "1号"
    put_in(row, "completed")
    Recall.objects.filter(pk=row.pk).update(announced_on=timezone.localdate(), units=500, corrected=480)
    assert desk.post(address, {"do": "evaluate", "finding": "有效", "sampled": "30"}).status_code == 400
    desk.post(address, {"do": "evaluate", "finding": "有效", "sampled": "30", "reached": "24"})
    rate, reached = desk.get(address).context["effect"]
    assert rate[1] == "96.0%" and reached[1] == "80.0%" and "61.4%" in reached[2] and "92.3%" in reached[2]


def test_a_warning_goes_from_a_recall_to_the_public_and_is_corrected(cast: Cast, enter: Any) -> None:
    recall = make_row(cast, "recall")
    Recall.objects.filter(pk=recall.pk).update(defect="过热可致烫伤", measure="停止使用")
    desk = enter(cast["inspector"])
    address = f"{reverse('desk:listen_warning_new')}?recall={recall.pk}"
    first = desk.get(address).context["form"].initial
    assert first["hazard"] == "过热可致烫伤" and "NQ-200" in first["title_zh"]
    desk.post(address, first | {"level": "serious", "title_en": "Heaters"})
    row = PublicWarning.objects.get()
    page = reverse("desk:listen_warning", args=[row.pk])
    desk.post(page, {"do": "hand_in"})
    assert desk.get(page).context["box"] is None
    enter(cast["leader"]).post(page, {"do": "publish"})
    row.refresh_from_db()
    assert row.status == "published" and row.recall == recall
    desk = enter(cast["inspector"])
    desk.post(f"{reverse('desk:listen_warning_new')}?corrects={row.pk}", first | {"level": "high"})
    assert row.replaced_by.recall == recall and row.replaced_by.level == "high"


def test_a_warning_is_a_paper_and_a_draft_says_so(cast: Cast, enter: Any) -> None:
    row = make_row(cast, "public_warning")
    for lang, status in (("zh", 200), ("en", 200), ("fr", 404)):
        answer = enter(cast["auditor"]).get(reverse("desk:listen_warning_pdf", args=[row.pk, lang]))
        assert answer.status_code == status
        if status == 200:
            assert answer["Content-Type"] == "application/pdf" and b"".join(answer.streaming_content)[:5] == b"%PDF-"
