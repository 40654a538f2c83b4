"""The desk's pages of letters and reports: who enters, what they show and hide, the steps taken from them."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.city.listen.cast import CONSUMER, FACTS, Cast, complaint_in, letter, report_in

from qualipolis.city.listen import service
from qualipolis.city.listen.models import Letter, Report

SIGNED = "django.contrib.auth.backends.ModelBackend"
OUTSIDE = (
    "enterprise",
    "planner",
    "leader",
    "department",
    "auditor",
    "admin",
    "mediator",
    "hospital_desk",
    "laboratory",
)


def entered(cast: Cast, name: str) -> Client:
    client = Client()
    client.force_login(cast[name], backend=SIGNED)
    return client


def page(cast: Cast, name: str, path: str) -> str:
    answer = entered(cast, name).get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.content.decode()


@pytest.mark.parametrize("path", ["/desk/violation-reports/", "/desk/letters/"])
@pytest.mark.parametrize("role", OUTSIDE)
def test_it_opens_the_lists_to_nobody_else(cast: Cast, path: str, role: str) -> None:
    assert entered(cast, role).get(path).status_code == 403


@pytest.mark.parametrize(
    "state", ["received", "checking", "extended", "filed", "not_filed", "informed", "transferred", "merged", "closed"]
)
def test_it_shows_a_report_in_every_state(cast: Cast, state: str) -> None:
    row = report_in(cast, state)
    shown = page(cast, "complaint_desk", f"/desk/violation-reports/{row.pk}/")
    assert row.number in shown and FACTS in shown and CONSUMER["name"] not in shown and CONSUMER["phone"] not in shown
    assert shown.count("btn-primary") <= 1


def test_it_shows_a_report_to_its_inspector_without_the_letter(cast: Cast) -> None:
    row = report_in(cast, "checking", inspector=cast["inspector"])
    shown = page(cast, "inspector", f"/desk/violation-reports/{row.pk}/")
    assert f"/desk/letters/{row.letter_id}/" not in shown and FACTS in shown
    assert row.number in page(cast, "inspector", "/desk/violation-reports/")
    assert entered(cast, "inspector2").get(f"/desk/violation-reports/{row.pk}/").status_code == 404
    assert entered(cast, "inspector").get(f"/desk/letters/{row.letter_id}/").status_code == 403


@pytest.mark.parametrize(
    ("state", "said", "then"),
    [
        ("received", {"do": "check"}, "checking"),
        ("checking", {"do": "file", "document_no": "示市监立〔2026〕9号", "reason": "有违法事实"}, "filed"),
        ("checking", {"do": "not_file", "reason_code": "no_facts", "reason": "没有发现"}, "not_filed"),
        ("filed", {"do": "inform", "text": "已立案。", "text_en": ""}, "informed"),
        ("informed", {"do": "close"}, "closed"),
        ("closed", {"do": "reopen", "reason": "有新的证据"}, "checking"),
    ],
)
def test_it_takes_the_steps_of_a_report(cast: Cast, state: str, said: dict[str, str], then: str) -> None:
    row = report_in(cast, state)
    assert entered(cast, "complaint_desk").post(f"/desk/violation-reports/{row.pk}/", said).status_code == 302
    assert Report.objects.get(pk=row.pk).status == then


def test_it_extends_merges_assigns_and_hands_over(cast: Cast) -> None:
    first, row, client = report_in(cast, "checking"), report_in(cast, "checking"), entered(cast, "complaint_desk")
    where = f"/desk/violation-reports/{row.pk}/"
    for said in (
        {"do": "assign", "inspector": cast["inspector"].pk},
        {"do": "extend", "second_person": cast["second_desk"].pk, "reason": "复杂"},
    ):
        assert client.post(where, said).status_code == 302
    row.refresh_from_db()
    assert row.status == "extended" and row.inspector == cast["inspector"] and row.second_person == cast["second_desk"]
    other = report_in(cast, "checking")
    assert (
        client.post(
            f"/desk/violation-reports/{other.pk}/", {"do": "merge", "other": first.pk, "reason": "同一事实"}
        ).status_code
        == 302
    )
    assert (
        client.post(
            f"/desk/violation-reports/{first.pk}/", {"do": "hand_over", "officer": cast["second_desk"].pk}
        ).status_code
        == 302
    )


def test_it_opens_the_seal_once_for_a_reason(cast: Cast) -> None:
    row = complaint_in(cast, "mediating").letter
    client = entered(cast, "complaint_desk")
    before = client.get(f"/desk/letters/{row.pk}/").content.decode()
    assert CONSUMER["name"] not in before and "138****5678" in before
    after = client.post(f"/desk/letters/{row.pk}/", {"do": "open", "reason": "contact"})
    assert CONSUMER["name"] in after.content.decode() and "no-store" in after["Cache-Control"]
    assert CONSUMER["name"] not in client.get(f"/desk/letters/{row.pk}/").content.decode()
    denied = entered(cast, "second_desk").post(f"/desk/letters/{row.pk}/", {"do": "open", "reason": "contact"})
    assert CONSUMER["name"] not in denied.content.decode()


def test_it_suggests_a_class_and_keeps_what_a_person_says(cast: Cast) -> None:
    row, client = letter(cast), entered(cast, "complaint_desk")
    shown = client.get(f"/desk/letters/{row.pk}/").content.decode()
    assert "合成" in shown or "synthetic" in shown
    assert (
        client.post(
            f"/desk/letters/{row.pk}/", {"do": "classify", "product_class": "childcare", "hazard": ""}
        ).status_code
        == 302
    )
    row.refresh_from_db()
    assert row.product_class == "childcare"


def test_it_places_a_letter_and_hands_it_to_the_desk_of_the_town(cast: Cast) -> None:
    row = report_in(cast, letter=letter(cast, enterprise=None)).letter
    assert row is not None
    said: dict[str, Any] = {"do": "place", "unit": "", "credit_code": cast.firm.credit_code}
    assert entered(cast, "complaint_desk").post(f"/desk/letters/{row.pk}/", said).status_code == 302
    assert Letter.objects.get(pk=row.pk).enterprise == cast.firm
    wrong = said | {"credit_code": "911"}
    assert entered(cast, "complaint_desk").post(f"/desk/letters/{row.pk}/", wrong).status_code == 400


def test_it_takes_a_letter_down_for_somebody(cast: Cast) -> None:
    said = {"channel": "phone", "received_on": "2026-04-10", "track": "both", "respondent_name": cast.firm.name_zh,
            "facts": FACTS, "claim": "退款", **CONSUMER}  # fmt: skip
    answer = entered(cast, "complaint_desk").post("/desk/letters/new/", said)
    row = Letter.objects.get()
    assert answer.status_code == 200 and row.number in answer.content.decode() and row.channel == "phone"
    assert row.complaint.due_on == row.complaint.due_on and row.entered_by == cast["complaint_desk"]


def test_it_notes_a_clue_from_a_mediation(cast: Cast) -> None:
    row = complaint_in(cast, "entrusted")
    assert (
        entered(cast, "mediator").post(f"/desk/complaints/{row.pk}/clue/", {"facts": "还在卖无证产品"}).status_code
        == 302
    )
    assert row.clues.get().facts == "还在卖无证产品"
    assert entered(cast, "other_mediator").get(f"/desk/complaints/{row.pk}/clue/").status_code == 404


def test_the_service_of_the_result_is_recorded_on_the_page_of_its_report(cast: Cast) -> None:
    row = report_in(cast, "not_filed", decided_on=timezone.localdate())
    service.inform_informant(cast["complaint_desk"], row, "核查后不予立案。")
    one = row.documents.get(code="report_result")
    here = f"/desk/violation-reports/{row.pk}/"
    assert f"/desk/complaint-documents/{one.pk}/serve/" in page(cast, "complaint_desk", here)
    said = {"party": "informant", "method": "message", "served_on": str(timezone.localdate()), "proof": "回执"}
    answer = entered(cast, "complaint_desk").post(f"/desk/complaint-documents/{one.pk}/serve/", said)
    assert answer.status_code == 302 and answer.url == f"{here}#papers"
    assert one.services.get().party == "informant"
    assert (
        entered(cast, "inspector_elsewhere").post(f"/desk/complaint-documents/{one.pk}/serve/", said).status_code == 404
    )


def test_the_page_of_a_complaint_leads_to_noting_a_clue(cast: Cast) -> None:
    row = complaint_in(cast, "mediating")
    assert f"/desk/complaints/{row.pk}/clue/" in page(cast, "complaint_desk", f"/desk/complaints/{row.pk}/")
    early = complaint_in(cast, "received")
    assert "/clue/" not in page(cast, "complaint_desk", f"/desk/complaints/{early.pk}/")
