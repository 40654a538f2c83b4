"""The pages of complaints: who opens them, the one next step, documents in two stages, the firm's page, the papers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.city.listen.cast import CONSUMER, OLD_ORDER, Cast, complaint_in, letter

from qualipolis.city.listen import service
from qualipolis.city.listen.models import Complaint
from qualipolis.city.listen.reports.documents import issue
from qualipolis.faces.desk.rooms.listen.complaint_words import deadline, way
from qualipolis.faces.report import listening_papers
from qualipolis.law.flows.listening import COMPLAINT

pytestmark = pytest.mark.django_db
WHY = "理由写明"


@pytest.fixture
def enter(client: Any) -> Any:
    def entered(person: Any) -> Any:
        client.force_login(person)
        return client

    return entered


def page(enter: Any, person: Any, row: Complaint) -> Any:
    return enter(person).get(reverse("desk:listen_complaint", args=[row.pk]))


@pytest.mark.parametrize("state", COMPLAINT.states)
def test_it_opens_in_every_state_with_at_most_one_primary_step(cast: Cast, enter: Any, state: str) -> None:
    row = complaint_in(cast, state)
    answer = page(enter, cast["complaint_desk"], row)
    text = answer.content.decode()
    assert answer.status_code == 200 and row.number in text
    assert text.count("btn-primary") == (0 if state in ("identity_requested", "entrusted", *COMPLAINT.finals) else 1), (
        state
    )
    assert CONSUMER["name"] not in text and CONSUMER["phone"] not in text and CONSUMER["id_number"] not in text


@pytest.mark.parametrize("name", ["inspector", "department", "planner", "leader", "auditor", "admin", "laboratory"])
def test_others_are_refused(cast: Cast, enter: Any, name: str) -> None:
    assert page(enter, cast[name], complaint_in(cast, "mediating")).status_code == 403


@pytest.mark.parametrize("name", ["desk_elsewhere", "mediator"])
def test_who_does_not_handle_it_finds_nothing(cast: Cast, enter: Any, name: str) -> None:
    assert page(enter, cast[name], complaint_in(cast, "mediating")).status_code == 404


def test_competence_comes_first_then_acceptance_leads_to_its_document(cast: Cast, enter: Any) -> None:
    row = complaint_in(cast, "received", competent=None)
    shown = page(enter, cast["complaint_desk"], row).context
    assert shown["box"].form is not None and "competent" in shown["box"].form.fields
    address = reverse("desk:listen_complaint", args=[row.pk])
    answer = enter(cast["complaint_desk"]).post(address, {"do": "competence", "competent": "yes"}, follow=True)
    assert answer.context["box"].action == reverse("desk:listen_complaint_step", args=[row.pk, "accept"])


def test_a_document_is_suggested_and_issued_with_changed_words(cast: Cast, enter: Any) -> None:
    row, desk = complaint_in(cast, "received", competent=True), enter(cast["complaint_desk"])
    address = reverse("desk:listen_complaint_step", args=[row.pk, "accept"])
    form = desk.get(address).context["form"]
    assert row.enterprise.name_zh in form["text"].value()
    assert desk.post(address, {"issue": "1", "text": "改过的受理决定", "text_en": ""}).status_code == 302
    paper = row.documents.exclude(code="complaint_register").get()
    assert paper.content["text"] == "改过的受理决定" and Complaint.objects.get(pk=row.pk).status == "accepted"


def test_grounds_are_those_of_the_order_and_words_follow_the_facts(cast: Cast, enter: Any) -> None:
    desk = enter(cast["complaint_desk"])
    for received, has in ((OLD_ORDER, False), (timezone.localdate(), True)):
        row = complaint_in(cast, "received", received_on=received)
        address = reverse("desk:listen_complaint_step", args=[row.pk, "refuse"])
        choices = dict(desk.get(address).context["form"].fields["reason_code"].choices)
        assert ("identity" in choices) is has and "text" not in desk.get(address).context["form"].fields
        given = {"reason_code": "no_dispute", "reason": "为经营购买"}
        form = desk.post(address, {"write": "1"} | given).context["form"]
        assert "为经营购买" in form["text"].value()
        answer = desk.post(address, {"issue": "1", "text": form["text"].value(), "text_en": ""} | given)
        assert answer.status_code == 302 and row.documents.exclude(code="complaint_register").get().code == "refusal"


def test_a_refused_document_says_why_and_changes_nothing(cast: Cast, enter: Any) -> None:
    row, desk = complaint_in(cast, "mediating"), enter(cast["complaint_desk"])
    address = reverse("desk:listen_complaint_step", args=[row.pk, "end"])
    answer = desk.post(address, {"issue": "1", "reason_code": "out_of_time", "reason": WHY, "text": WHY})
    assert answer.status_code == 400 and not row.documents.exists()
    assert desk.get(reverse("desk:listen_complaint_step", args=[row.pk, "accept"])).status_code == 302
    assert desk.get(reverse("desk:listen_complaint_step", args=[row.pk, "nothing"])).status_code == 404


def test_marks_are_recorded_from_the_page(cast: Cast, enter: Any) -> None:
    row, desk = complaint_in(cast, "mediating"), enter(cast["complaint_desk"])
    address, today = reverse("desk:listen_complaint", args=[row.pk]), timezone.localdate().isoformat()
    for said in (
        {"do": "meeting", "held_on": today, "how": "视频", "complainant_came": "on", "note": "各说各的"},
        {"do": "ask", "question": "为什么不退？"},
        {"do": "test", "laboratory": "甲检测所", "paid_by": "商家"},
        {"do": "test_answer", "party": "complainant", "agrees": "yes"},
        {"do": "agreement", "terms": "退款", "amount": "30.50"},
        {"do": "sign", "party": "complainant", "signed_on": today},
    ):
        assert desk.post(address, said).status_code == 302, said
    row.refresh_from_db()
    assert (row.meetings.count(), row.answers.count(), str(row.amount)) == (1, 2, "30.50")
    assert enter(cast["second_desk"]).post(address, {"do": "take"}).status_code == 302
    assert desk.post(address, {"do": "meeting", "held_on": "2099-01-01", "how": "视频"}).status_code == 400


def test_the_end_is_told_to_both_before_it_is_closed(cast: Cast, enter: Any) -> None:
    row, desk = complaint_in(cast, "ended"), enter(cast["complaint_desk"])
    paper = issue(cast["complaint_desk"], "ending", complaint=row, text=WHY)
    shown = page(enter, cast["complaint_desk"], row).context
    assert shown["serving"] and shown["box"] is None and len(shown["untold"]) == 2
    for party in ("complainant", "respondent"):
        said = {"party": party, "method": "post", "served_on": timezone.localdate().isoformat(), "proof": "挂号信"}
        assert desk.post(reverse("desk:listen_serve", args=[paper.pk]), said).status_code == 302
    assert desk.post(reverse("desk:listen_complaint", args=[row.pk]), {"do": "close"}).status_code == 302
    assert Complaint.objects.get(pk=row.pk).status == "closed"


def test_the_flag_of_frequent_letters_is_for_the_desk_alone(cast: Cast, enter: Any) -> None:
    for _n in range(9):
        letter(cast)
    row = complaint_in(cast, "entrusted")
    assert page(enter, cast["complaint_desk"], row).context["frequent"] == 10
    shown = page(enter, cast["mediator"], row)
    assert shown.status_code == 200 and shown.context["frequent"] is None and shown.context["letters"] is None


def test_a_mediator_opens_name_and_telephone_on_record_and_no_more(cast: Cast, enter: Any) -> None:
    row = complaint_in(cast, "entrusted")
    address = reverse("desk:listen_complaint_identity", args=[row.pk])
    text = enter(cast["mediator"]).post(address, {"reason": "mediate"}).content.decode()
    assert CONSUMER["name"] in text and CONSUMER["phone"] in text and CONSUMER["id_number"] not in text
    assert CONSUMER["name"] not in enter(cast["mediator"]).get(address).content.decode()


def test_the_firm_answers_signs_agrees_and_confirms_on_its_page(cast: Cast, enter: Any) -> None:
    row, desk, firm = complaint_in(cast, "mediating"), cast["complaint_desk"], enter(cast["enterprise"])
    paper = issue(desk, "mediation", complaint=row, text=WHY)
    service.write_agreement(desk, row, "退款")
    service.propose_test(desk, row, "甲检测所", "商家")
    address = reverse("desk:my_complaint", args=[row.pk])
    assert firm.get(reverse("desk:my_complaints")).context["waiting"] == 1
    for said in ({"do": "answer", "words": "愿意换"}, {"do": "test_no"}, {"do": "sign"}, {"do": f"confirm:{paper.pk}"},
                 {"do": "aside"}):  # fmt: skip
        assert firm.post(address, said).status_code == 302, said
    row.refresh_from_db()
    assert (row.respondent_agrees, row.respondent_signed_on, row.aside_by) == (
        False,
        timezone.localdate(),
        "respondent",
    )
    assert firm.post(address, {"do": "nonsense"}).status_code == 400
    assert firm.get(reverse("desk:my_complaints")).context["waiting"] == 0


def test_the_firm_reads_the_facts_without_the_sender_and_no_other_firm_reads_them(cast: Cast, enter: Any) -> None:
    facts = f"我是{CONSUMER['name']}，电话{CONSUMER['phone']}，杯子漏水。"
    row = complaint_in(cast, "mediating", letter=letter(cast, facts=facts))
    address = reverse("desk:my_complaint", args=[row.pk])
    text = enter(cast["enterprise"]).get(address).content.decode()
    assert "杯子漏水" in text and CONSUMER["name"] not in text and CONSUMER["phone"] not in text
    assert enter(cast["other_enterprise"]).get(address).status_code == 404
    before = complaint_in(cast, "received")
    assert enter(cast["enterprise"]).get(reverse("desk:my_complaint", args=[before.pk])).status_code == 404


@pytest.mark.parametrize("code", ["acceptance", "refusal", "mediation", "ending", "agreement", "complaint_register"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_document_is_a_paper_in_both_languages(cast: Cast, code: str, lang: str) -> None:
    row = complaint_in(cast, "mediating")
    facts = {"ground": "no_dispute", "meets_on": timezone.localdate(), "how": "视频"}
    assert (
        listening_papers.pdf(issue(cast["complaint_desk"], code, complaint=row, text=WHY, facts=facts), lang)[:5]
        == b"%PDF-"
    )


def test_a_paper_is_for_those_it_concerns(cast: Cast, enter: Any) -> None:
    row = complaint_in(cast, "mediating")
    papers = {
        code: issue(cast["complaint_desk"], code, complaint=row, text=WHY) for code in ("acceptance", "mediation")
    }
    for name, code, status in (
        ("complaint_desk", "acceptance", 200),
        ("enterprise", "mediation", 200),
        ("enterprise", "acceptance", 404),
        ("other_enterprise", "mediation", 404),
        ("inspector", "mediation", 404),
    ):
        address = reverse("desk:listen_document_pdf", args=[papers[code].pk, "zh"])
        assert enter(cast[name]).get(address).status_code == status, (name, code)


def test_the_term_is_shown_in_the_days_of_its_order_and_a_pause_stands_still(cast: Cast) -> None:
    today = timezone.localdate()
    old = complaint_in(cast, "mediating", received_on=OLD_ORDER, due_on=today + timedelta(days=14))
    new = complaint_in(cast, "mediating", due_on=today + timedelta(days=14))
    assert not deadline(old).calendar and deadline(new).calendar and deadline(new).days == 14
    assert deadline(complaint_in(cast, "paused")).paused and deadline(complaint_in(cast, "closed")) is None
    assert [one.state for one in way(new, mine=True)] == ["done", "done", "begun", "todo", "todo"]


def test_lists_show_what_is_due_first_and_mediators_only_theirs(cast: Cast, enter: Any) -> None:
    complaint_in(cast, "closed")
    late = complaint_in(cast, "received", due_on=timezone.localdate() - timedelta(days=3))
    entrusted = complaint_in(cast, "entrusted")
    address = reverse("desk:listen_complaints")
    rows = enter(cast["complaint_desk"]).get(address).context["table"].rows
    assert late.number in str(rows[0]["complaint"]) and len(rows) == 3
    assert len(enter(cast["complaint_desk"]).get(address, {"show": "late"}).context["table"].rows) == 1
    rows = enter(cast["mediator"]).get(address).context["table"].rows
    assert len(rows) == 1 and entrusted.number in str(rows[0]["complaint"])


def test_the_lists_ask_the_database_as_often_for_many_as_for_few(
    cast: Cast, enter: Any, django_assert_max_num_queries: Any
) -> None:
    for state in ("paused", "mediating", "entrusted", "agreed") * 5:
        complaint_in(cast, state)
    for name, who in (("listen_complaints", "complaint_desk"), ("my_complaints", "enterprise")):
        desk = enter(cast[who])
        with django_assert_max_num_queries(30):
            assert desk.get(reverse(f"desk:{name}")).status_code == 200
