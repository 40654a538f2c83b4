"""Listening under attack: who informed, whose photo, whose words; forged, doubled and stale posts; tricks in what is typed."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests.city.listen.cast import CONSUMER, PUBLIC, Cast, complaint_in, letter
from tests.security.hostile import CLUE, PHOTO, cast, codes, entered, home, reads, sent

from qualipolis.city.core.models import Attachment
from qualipolis.city.listen import service
from qualipolis.city.listen.intake import photographs, secrecy, tracking
from qualipolis.city.listen.intake.identities import without_sender
from qualipolis.city.listen.models import Complaint, Letter
from qualipolis.methods.problems import InputError

__all__ = ["cast", "home"]


# photos


def test_once_a_report_has_its_officer_no_other_desk_reads_the_photos_of_the_informant(cast: Cast) -> None:
    made = sent(cast, photos=(("me.png", PHOTO),))
    photo = Attachment.objects.get(thing=f"listen.letter:{made.letter.pk}")
    assert reads(cast, "complaint_desk", photo)  # somebody has to look before it is anybody's
    service.take_report(cast["complaint_desk"], made.report)
    assert reads(cast, "complaint_desk", photo)
    for name in set(cast.people) - {"complaint_desk"}:
        assert not reads(cast, name, photo), name


def test_a_mediator_reads_no_photo_of_a_letter_that_also_reports(cast: Cast) -> None:
    made = sent(cast, "both", photos=(("me.png", PHOTO),))
    Complaint.objects.filter(pk=made.complaint.pk).update(
        status="entrusted", mediator=cast.federation, mediator_person=cast["mediator"], competent=True,
        accepted_on=made.letter.received_on, officer=cast["complaint_desk"],
    )  # fmt: skip
    photo = Attachment.objects.get(thing=f"listen.letter:{made.letter.pk}")
    assert reads(cast, "complaint_desk", photo) and not reads(cast, "mediator", photo)
    page = entered(cast, "mediator").get(f"/desk/complaints/{made.complaint.pk}/").content.decode()
    assert made.complaint.number in page
    for mark in (CLUE, made.report.number, f"/files/{photo.pk}/", reverse("core:file", args=[photo.pk])):
        assert mark not in page, mark
    shown = entered(cast, "enterprise").get(f"/desk/complaints/mine/{made.complaint.pk}/")
    assert CLUE not in shown.content.decode() and made.report.number not in shown.content.decode()


@pytest.mark.parametrize(
    "jpeg",
    [
        b"\xff\xd8\xff\xff\xe1\x00\x06GPS!\xff\xda\x00\x02data\xff\xd9",  # a fill byte before the marker is lawful
        b"\xff\xd8\xff\xda\x00\x02data\xff\xe1\x00\x06GPS!\xff\xda\x00\x02data\xff\xd9",  # between two scans
        b"\xff\xd8\xff\xda\x00\x02data\xff\xd9\xff\xd8\xff\xe1\x00\x06GPS!\xff\xd9",  # a second picture behind the first
        b"\xff\xd8\xff\xe1\x00\x06GPS!broken",
    ],
)
def test_no_jpeg_keeps_the_place_where_it_was_taken(jpeg: bytes) -> None:
    assert b"GPS!" not in b"".join(photographs.without_place([jpeg]))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + kind + data + b"0000"


@pytest.mark.parametrize(
    "more", [_chunk(b"IEND", b"") + b"PK\x03\x04GPS!", _chunk(b"prVt", b"GPS!") + _chunk(b"IEND", b"")]
)
def test_no_png_keeps_private_chunks_nor_what_follows_its_end(more: bytes) -> None:
    png = b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", b"1" * 13) + _chunk(b"IDAT", b"pixels") + more
    kept = b"".join(photographs.without_place([png]))
    assert b"GPS!" not in kept and b"pixels" in kept and b"IHDR" in kept


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<html><script>alert(1)</script>",
        b"PK\x03\x04",
        b"GIF89a",
    ],
)
def test_a_hostile_file_is_refused_and_nothing_is_kept(cast: Cast, content: bytes) -> None:
    said = {"step": "3", "track": "complaint", "facts": "x", "respondent_name": "某店", "claim": "退", **CONSUMER}
    answer = Client().post("/listen/letter/", said | {"photos": SimpleUploadedFile("a.png", content)})
    assert answer.status_code == 400 and not Letter.objects.exists() and not Attachment.objects.exists()


def test_a_hundred_files_are_refused(cast: Cast) -> None:
    said = {"step": "3", "track": "report", "facts": "x", "respondent_name": "某店"}
    many = [SimpleUploadedFile(f"{n}.png", PHOTO[0]) for n in range(101)]
    assert Client(raise_request_exception=False).post("/listen/letter/", said | {"photos": many}).status_code == 400
    assert not Letter.objects.exists()


# words


@pytest.mark.parametrize(
    "text", ["我叫甄 示范", "甄\u200b示范", "电话１３８００１３５６７８", "138.0013.5678", "1 3 8 0 0 1 3 5 6 7 8", "13800 135678", "住示范路8号302室",
             "证件 990101 19900307 8519", "證件９９０１０１１９９００３０７８５１９"],
)  # fmt: skip
def test_a_sender_is_taken_out_of_a_text_however_it_was_typed(cast: Cast, text: str) -> None:
    kept = without_sender(letter(cast, facts=text))
    for mark in (*CONSUMER.values(), "示范", "5678", "１３８００１３５６７８", "8519", "８５１９"):
        assert mark not in kept, kept


def test_a_report_holds_no_number_of_a_passport_of_its_informant(cast: Cast) -> None:
    who = CONSUMER | {"id_kind": "passport", "id_number": "E12345678"}
    made = sent(cast, identity=who, facts="我的护照 E12345678，电话138.0013.5678")
    assert "E12345678" not in made.report.facts and "5678" not in made.report.facts


def test_a_number_typed_with_wide_digits_tracks_the_letter(cast: Cast) -> None:
    made = sent(cast, identity=CONSUMER | {"phone": "１３８００１３５６７８"})
    assert made.code == "5678" and tracking.find(made.number, "5678", "a") == made.letter
    assert tracking.find(made.number, "５６７８", "a") == made.letter
    assert secrecy.sender_key("１３８００１３５６７８") == secrecy.sender_key("13800135678")


def test_the_firm_reads_no_sender_in_any_field_of_a_letter(cast: Cast) -> None:
    loud = f"甄示范 {CONSUMER['phone']}"
    row = complaint_in(cast, "mediating", letter=letter(cast, brand=loud, model=loud[:80], batch=loud, product_name=loud,
                       claim=loud, facts=loud))  # fmt: skip
    for path in ("/desk/complaints/mine/", f"/desk/complaints/mine/{row.pk}/"):
        page = entered(cast, "enterprise").get(path).content.decode()
        assert "甄示范" not in page and CONSUMER["phone"] not in page, path


XSS = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'{{ 7|add:7 }}"


def test_markup_in_every_field_stays_words(cast: Cast) -> None:
    words = dict.fromkeys(
        (
            "respondent_name",
            "product_name",
            "facts",
            "claim",
            "platform",
            "respondent_place",
            "brand",
            "model",
            "batch",
            "order_no",
        ),
        XSS,
    )
    made = sent(cast, "both", enterprise=None, unit=cast.unit, **words)
    pages = {
        "complaint_desk": (f"/desk/letters/{made.letter.pk}/", f"/desk/complaints/{made.complaint.pk}/",
                           f"/desk/violation-reports/{made.report.pk}/", "/desk/letters/", "/desk/complaints/", "/desk/work/",
                           "/desk/violation-reports/"),
    }  # fmt: skip
    for name, paths in pages.items():
        for path in paths:
            answer = entered(cast, name).get(path)
            assert answer.status_code in (200, 302), path
            assert "<script>alert(1)" not in answer.content.decode() and "<img src=x" not in answer.content.decode(), (
                path
            )
    client = Client()
    client.post("/listen/track/", {"number": made.number, "code": made.code})
    assert "<script>alert(1)" not in client.get("/listen/track/letter/").content.decode()
    back = client.post("/listen/letter/", {"step": "3", "back": "1", "track": XSS, "facts": XSS, "name": XSS})
    assert "<script>alert(1)" not in back.content.decode()


# the public door


def test_the_same_words_on_another_track_are_another_letter(cast: Cast) -> None:
    first, second = sent(cast), sent(cast, "both")
    assert first.letter != second.letter and second.complaint is not None
    assert sent(cast, "both").letter == second.letter


@pytest.mark.parametrize("path", ["/listen/letter/", "/listen/track/", "/listen/track/letter/", "/listen/track/leave/"])
def test_a_post_from_elsewhere_is_refused(cast: Cast, path: str) -> None:
    assert Client(enforce_csrf_checks=True).post(path, {}).status_code == 403


@pytest.mark.parametrize("token", ["x", "gAAAAA", "../../x", "é", "=" * 50])
def test_a_forged_receipt_shows_nothing(cast: Cast, token: str) -> None:
    made = sent(cast)
    forged = secrecy.token(made.number, made.code)[:-4] + "AAAA"
    for one in (token, forged, secrecy.seal(CONSUMER).decode().rstrip("=")):
        answer = Client().get(reverse("portal:listen_received", args=[one])) if "/" not in one else None
        assert answer is None or (answer.status_code in (302, 404) and made.number not in answer.content.decode())


def test_nobody_acts_on_another_letter_with_a_stale_or_forged_form(cast: Cast) -> None:
    mine, other = complaint_in(cast, "agreed"), complaint_in(cast, "agreed")
    client = Client()
    session = client.session
    session["listen_letter"] = [mine.letter_id, 9_999_999_999]
    session.save()
    client.post("/listen/track/letter/", {"do": "rate", "satisfaction": 1, "pk": other.pk, "complaint": other.pk})
    assert (
        Complaint.objects.get(pk=other.pk).satisfaction is None and Complaint.objects.get(pk=mine.pk).satisfaction == 1
    )
    again = client.post("/listen/track/letter/", {"do": "rate", "satisfaction": 5})
    assert again.status_code == 400 and Complaint.objects.get(pk=mine.pk).satisfaction == 1
    assert client.post("/listen/track/letter/", {"do": "sign"}).status_code == 400


def test_guessing_locks_one_address_and_no_other(cast: Cast) -> None:
    made = sent(cast)
    for n in range(6):
        with pytest.raises(InputError):
            tracking.find(made.number, f"{n:04d}", "10.0.0.1")
    with pytest.raises(InputError) as refusal:
        tracking.find(made.number, made.code, "10.0.0.1")
    assert codes(refusal) == ["cooling"] and tracking.find(made.number, made.code, "10.0.0.2")


# the law


def test_the_parties_of_an_accepted_complaint_do_not_change_by_placing_its_letter(cast: Cast) -> None:
    row = complaint_in(cast, "mediating")
    with pytest.raises(InputError) as refusal:
        service.place_letter(cast["complaint_desk"], row.letter, cast.other_firm.unit, cast.other_firm)
    assert codes(refusal) == ["other_firm"]
    assert Complaint.objects.get(pk=row.pk).enterprise == cast.firm
    shown = entered(cast, "other_enterprise").get(f"/desk/complaints/mine/{row.pk}/")
    assert shown.status_code == 404


def test_the_paper_of_an_agreement_says_what_was_signed(cast: Cast) -> None:
    row = complaint_in(cast, "mediating")
    desk = cast["complaint_desk"]
    service.write_agreement(desk, row, "商家退款三百元。")
    service.sign_agreement(PUBLIC, row, "complainant")
    with pytest.raises(InputError):
        service.agree(desk, row, "商家退款三百元。")  # one has signed, not both
    service.sign_agreement(cast["enterprise"], row, "respondent")
    with pytest.raises(InputError) as refusal:
        service.agree(desk, row, "双方同意商家什么也不退。")
    assert codes(refusal) == ["other_terms"]
    assert service.agree(desk, row, "兹约定：\n商家退款三百元。").status == "agreed"


def test_a_mediator_acts_no_more_after_handing_back(cast: Cast) -> None:
    row = complaint_in(cast, "entrusted")
    stale = Complaint.objects.get(pk=row.pk)
    service.hand_back(cast["mediator"], row, "办不了")
    calls = (
        lambda thing: service.write_agreement(cast["mediator"], thing, "退款"),
        lambda thing: service.propose_test(cast["mediator"], thing, "甲", "乙"),
        lambda thing: service.open_identity(cast["mediator"], Letter.objects.get(pk=thing.letter_id), "mediate"),
        lambda thing: service.note_clue(cast["mediator"], thing, "换标签"),
        lambda thing: service.hand_back(cast["mediator"], thing, "再"),
    )
    for thing in (stale, Complaint.objects.get(pk=row.pk)):
        for call in calls:
            with pytest.raises((PermissionDenied, InputError)):
                call(thing)


def test_mediation_is_not_paused_twice(cast: Cast) -> None:
    row = complaint_in(cast, "mediating", test_laboratory="甲", complainant_agrees=True, respondent_agrees=True)
    service.pause_mediation(cast["complaint_desk"], row)
    with pytest.raises(InputError):
        service.pause_mediation(cast["complaint_desk"], row)
    assert row.pauses.count() == 1


@pytest.mark.parametrize(
    ("moment", "day"), [("2026-04-14T23:59:30+08:00", "2026-04-14"), ("2026-04-15T00:00:30+08:00", "2026-04-15")]
)
def test_the_order_is_that_of_the_day_here_not_of_greenwich(
    cast: Cast, time_machine: Any, moment: str, day: str
) -> None:
    time_machine.move_to(moment, tick=False)
    assert sent(cast, "both").letter.received_on.isoformat() == day
