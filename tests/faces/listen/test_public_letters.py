"""The public pages of a letter: three steps without an account, the receipt, the page of one's own letter and its acts."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.city.listen.cast import CONSUMER, FACTS, Cast, complaint_in, letter, report_in

from qualipolis.city.listen.intake import photographs, secrecy
from qualipolis.city.listen.intake.letters import photos
from qualipolis.city.listen.models import Complaint, Letter, Report
from qualipolis.city.listen.reports.documents import issue

WRITE, TRACK, TRACKED = "/listen/letter/", "/listen/track/", "/listen/track/letter/"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


def said(cast: Cast, **more: Any) -> dict[str, Any]:
    values = {
        "step": "3", "track": "complaint", "facts": FACTS, "injured": "no", "respondent_name": cast.firm.name_zh,
        "product_name": "电暖器", "price": "299.00", "claim": "退款", **CONSUMER,
    }  # fmt: skip
    return values | more


def opened(client: Client, row: Letter, code: str = "5678") -> Any:
    return client.post(TRACK, {"number": row.number, "code": code})


def tracked_letter(cast: Cast, **more: Any) -> Letter:
    number = "2026-L9-K7Q4M"
    return letter(cast, number=number, phone_key=secrecy.tracking_key(number, CONSUMER["phone"]), **more)


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_it_shows_the_two_ways_and_the_terms_in_force(cast: Cast, language: str) -> None:
    page = Client().get("/listen/", headers={"accept-language": language}).content.decode()
    assert ("7" in page and "60" in page and "Order 20" in page) or "20" in page


def test_it_carries_each_step_to_the_next_and_sends_at_the_end(cast: Cast) -> None:
    client = Client()
    second = client.post(WRITE, {"step": "1", "track": "complaint", "facts": FACTS}).content.decode()
    assert (
        'name="respondent_name"' in second and f'name="facts" value="{FACTS}"' in second and not Letter.objects.exists()
    )
    third = client.post(WRITE, said(cast, step="2")).content.decode()
    assert 'name="phone"' in third and 'name="claim" value="退款"' in third and not Letter.objects.exists()
    answer = client.post(WRITE, said(cast))
    row = Letter.objects.get()
    assert answer.status_code == 302 and row.enterprise == cast.firm and row.injured is False
    receipt = client.get(answer["Location"]).content.decode()
    assert row.number in receipt and "5678" in receipt and Complaint.objects.count() == 1
    assert row.number not in answer["Location"]


def test_it_goes_one_step_back_without_losing_anything(cast: Cast) -> None:
    back = Client().post(WRITE, said(cast, back="1")).content.decode()
    assert FACTS in back and 'name="claim" value="退款"' in back and not Letter.objects.exists()


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"facts": ""}, "facts"),
        ({"respondent_name": ""}, "respondent_name"),
        ({"phone": "12"}, "phone"),
        ({"claim": ""}, "claim"),
    ],
)
def test_it_goes_to_the_step_where_something_is_missing(cast: Cast, more: dict[str, str], field: str) -> None:
    answer = Client().post(WRITE, said(cast, **more))
    assert answer.status_code == 400 and f'id="id_{field}"' in answer.content.decode() and not Letter.objects.exists()


def test_it_takes_a_report_without_a_name_and_gives_a_code(cast: Cast) -> None:
    nobody = dict.fromkeys(CONSUMER, "")
    client = Client()
    receipt = client.get(client.post(WRITE, said(cast, track="report", **nobody))["Location"]).content.decode()
    code = re.search(r"<p>[^<]*?(\d{4})</p>", receipt)
    assert code and not Report.objects.get().named
    assert opened(client, Letter.objects.get(), code[1]).status_code == 302
    assert client.get(TRACKED).status_code == 200


def test_it_keeps_photos_and_refuses_what_is_none(cast: Cast) -> None:
    client = Client()
    good = SimpleUploadedFile("票.png", PNG)
    client.post(WRITE, said(cast, photos=[good]))
    assert photos(Letter.objects.get()).count() == 1
    for bad in (
        [SimpleUploadedFile("a.exe", b"MZ\x00\x01")],
        [SimpleUploadedFile("a.png", PNG)] * (photographs.MOST + 1),
    ):
        answer = client.post(WRITE, said(cast, facts="另一件事", photos=bad))
        assert answer.status_code == 400
    assert Letter.objects.count() == 1


def test_it_says_so_when_one_sender_floods_and_keeps_what_was_typed(cast: Cast) -> None:
    client = Client()
    for n in range(5):
        assert client.post(WRITE, said(cast, facts=f"第{n}件")).status_code == 302
    answer = client.post(WRITE, said(cast, facts="第六件"))
    assert answer.status_code == 400 and "第六件" in answer.content.decode() and Letter.objects.count() == 5


def test_it_opens_a_letter_by_number_and_code_alone(cast: Cast) -> None:
    row, client = tracked_letter(cast), Client()
    complaint_in(cast, "mediating", letter=row)
    assert opened(client, row, "0000").status_code == 400
    assert client.get(TRACKED).status_code == 302
    assert opened(client, row).status_code == 302
    page = client.get(TRACKED).content.decode()
    assert FACTS in page and CONSUMER["phone"] not in page and CONSUMER["id_number"] not in page
    client.post("/listen/track/leave/")
    assert client.get(TRACKED).status_code == 302


@pytest.mark.parametrize(
    ("state", "field", "do", "more"),
    [
        ("identity_requested", "status", "identity", {"id_kind": "id_card", "id_number": CONSUMER["id_number"]}),
        ("mediating", "complainant_signed_on", "sign", {}),
        ("mediating", "complainant_agrees", "agree_test", {}),
        ("mediating", "aside_by", "aside", {}),
        ("ended", "satisfaction", "rate", {"satisfaction": "4"}),
        ("accepted", "status", "withdraw", {"reason": "商家已经退款"}),
    ],
)
def test_it_lets_the_sender_act(cast: Cast, state: str, field: str, do: str, more: dict[str, str]) -> None:
    from django.utils import timezone

    plain = {name: value for name, value in CONSUMER.items() if not name.startswith("id_")}
    row, client = tracked_letter(cast, **({"identity": plain} if do == "identity" else {})), Client()
    given = {"terms": "退款"} if do == "sign" else {"test_asked_on": timezone.localdate(), "test_laboratory": "甲所"}
    complaint = complaint_in(cast, state, letter=row, **(given if state == "mediating" else {}))
    before = getattr(complaint, field)
    opened(client, row)
    assert client.get(TRACKED).status_code == 200
    assert client.post(TRACKED, {"do": do, **more}).status_code == 302
    complaint.refresh_from_db()
    assert getattr(complaint, field) != before


def test_it_shows_the_documents_of_the_sender_and_notes_that_they_arrived(cast: Cast) -> None:
    row, client = tracked_letter(cast), Client()
    complaint = complaint_in(cast, "refused", letter=row)
    paper = issue(cast["complaint_desk"], "refusal", complaint=complaint, text="不予受理。")
    other = issue(cast["complaint_desk"], "refusal", complaint=complaint_in(cast, "refused"), text="别人的。")
    opened(client, row)
    page = client.get(f"/listen/track/documents/{paper.pk}/").content.decode()
    assert ("不予受理。" in page and "仲裁" in page) or "arbitration" in page
    assert client.get(f"/listen/track/documents/{other.pk}/").status_code == 404
    assert client.post(f"/listen/track/documents/{paper.pk}/").status_code == 302
    assert paper.services.get().party == "complainant"


def test_it_shows_an_informant_the_state_and_nothing_of_others(cast: Cast) -> None:
    row, client = tracked_letter(cast, secret=True), Client()
    report = report_in(cast, "checking", letter=row)
    issue(cast["complaint_desk"], "report_register", report=report, text="登记")
    opened(client, row)
    page = client.get(TRACKED).content.decode()
    assert report.number in page and "登记</a>" not in page
