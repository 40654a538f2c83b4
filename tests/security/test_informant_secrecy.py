"""Who informed, and that somebody did, is read by nobody outside the policy: pages, API, exports, logs, PDFs, ledger."""

from __future__ import annotations

import io
import json
import logging
import tarfile
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.urls import reverse
from tests.city.listen.cast import PUBLIC, Cast, found
from tests.security.leaks import answer_of, paths, walk

from qualipolis.city.core.listings import LISTINGS
from qualipolis.city.core.models import Attachment, Event, Reversal
from qualipolis.city.core.sentences import sentence
from qualipolis.city.listen import service
from qualipolis.city.listen.intake.letters import Received
from qualipolis.city.listen.models import Document, Letter, Report
from qualipolis.methods.problems import InputError

NAME, PHONE, WHERE, NUMBER = "密名甲", "13911112222", "密址路九号", "990101199003078519"
INFORMANT = {"name": NAME, "phone": PHONE, "address": WHERE, "id_kind": "id_card", "id_number": NUMBER}
IDENTITY = (NAME, PHONE, "139****2222", "密**", WHERE, NUMBER)
CLUE = "暗线索"
SEALED = ("public", "enterprise", "mediator", "inspector_elsewhere", "planner", "leader", "department", "auditor", "admin",
          "hospital_desk", "laboratory", "desk_elsewhere")  # fmt: skip
HANDLE = ("complaint_desk", "second_desk", "desk_of_town", "inspector")
PHOTO = (b"\x89PNG\r\n\x1a\n" + "暗线索图".encode() * 10,)
# the pages of listening, and those that gather what is elsewhere: homes, ledger, search, lists, files, registers, API
NEAR = ("letter", "violation", "complaint", "listen", "investigation", "incident", "recall", "warning", "signal", "safety",
        "alert", "/work", "ledger", "search", "lists/listen", "lists/ledger", "file", "enterprises/", "stage", "api/v1/listen",
        "api/v1/ledger", "api/v1/work", "api/v1/open")  # fmt: skip
FAR = ("/releases/", "/supervision/", "/open-data/", "/hospital/", "openapi")  # other rooms: their own tests walk them
OVERSEERS = ("leader", "auditor", "admin")  # the ledger tells them numbers, codes and days


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Any) -> Any:
    settings.HOME = tmp_path
    return tmp_path


@pytest.fixture
def cast(db: None) -> Cast:
    return found()


def sent(cast: Cast, track: str = "report", facts: str = f"{CLUE}：夜里换标签。", **more: Any) -> Received:
    """Let an informant send a letter through the public page's verb."""
    said = {"track": track, "identity": INFORMANT, "respondent_name": cast.firm.name_zh, "enterprise": cast.firm,
            "facts": facts, "claim": "退款" if track == "both" else ""}  # fmt: skip
    found_: Received = service.receive_letter(PUBLIC, None, **said | more)
    return found_


def told(cast: Cast) -> Report:
    """Let reports run through their steps with the real verbs; the informant's words name who it is."""
    desk = cast["complaint_desk"]
    loud = f"{CLUE}：我叫{NAME}，住{WHERE}，电话{PHONE}，证件{NUMBER}，看见夜里换标签。"
    first = sent(cast, facts=loud, photos=((f"{NAME}.png", PHOTO),)).report
    assert first is not None
    service.take_report(desk, first)
    service.open_identity(desk, Letter.objects.get(pk=first.letter_id), "inform")
    service.assign_inspector(desk, first, cast["inspector"])
    first = service.begin_check(cast["inspector"], first)
    first = service.extend_check(cast["inspector"], first, f"{CLUE}复杂", desk)
    first = service.file_report(cast["inspector"], first, "示市监立〔2026〕1号", f"{CLUE}属实")
    first = service.inform_informant(desk, first, "已立案。", "A case was opened.")
    second = service.begin_check(desk, sent(cast, facts=f"{CLUE}：同一家店。").report)
    service.merge_report(desk, second, first, f"{CLUE}相同")
    both = sent(cast, "both", facts=f"{CLUE}：买了一个坏的。")
    service.not_file_report(desk, service.begin_check(desk, both.report), "no_facts", f"{CLUE}不足")
    return first


def entered(cast: Cast, name: str) -> Client:
    client = Client(raise_request_exception=True)
    if name != "public":
        client.force_login(cast[name], backend="django.contrib.auth.backends.ModelBackend")
    return client


def reachable(cast: Cast, name: str) -> list[str]:
    """Return every path near listening that somebody may try, with the keys of the letters, reports and files."""
    role = name if name == "public" else cast[name].grants.first().role
    keys = sorted({1, Letter.objects.latest("pk").pk, Attachment.objects.latest("pk").pk})
    values = {"pk": [str(key) for key in keys], "kind": ["enterprises"], "lang": ["zh"],
              "name": [one for one in LISTINGS if one.startswith("listen")]}  # fmt: skip
    near = [
        one for one in paths(role, values) if any(word in one for word in NEAR) and not any(word in one for word in FAR)
    ]
    asked = reverse("desk:search")
    return [*near, *(f"{asked}?q={mark}" for mark in (NAME, PHONE, CLUE))]


def marks_in(answers: list[Any], marks: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return every mark that stands in an answer; what a search was asked for only comes back."""
    asked = reverse("desk:search")
    return [(one.path, mark) for one in answers if not one.path.startswith(asked) for mark in marks if mark in one.text]


@pytest.mark.parametrize("name", SEALED)
def test_nobody_outside_reads_who_informed_nor_that_somebody_did(cast: Cast, name: str) -> None:
    row = told(cast)
    answers = walk(entered(cast, name), reachable(cast, name))
    assert len(answers) > 5
    number = () if name in OVERSEERS else (row.number,)
    assert marks_in(answers, (*IDENTITY, CLUE, row.letter.number, *number)) == []


@pytest.mark.parametrize("name", ["complaint_desk", "inspector"])
def test_those_who_handle_reports_read_the_clue_and_no_identity(cast: Cast, name: str) -> None:
    row = told(cast)
    answers = walk(entered(cast, name), [one for one in reachable(cast, name) if "/letters/" not in one])
    found_marks = marks_in(answers, IDENTITY)
    masked = [
        one for one in found_marks if "/complaints/" in one[0] and "*" in one[1]
    ]  # of a complaint, to its officer
    assert [one for one in found_marks if one not in masked or name == "inspector"] == []
    assert [one for one in answers if CLUE in one.text and f"/violation-reports/{row.pk}/" in one.path]


def test_the_letter_shows_the_officer_no_identity_before_the_seal_is_opened(cast: Cast) -> None:
    quiet = sent(cast).letter
    service.take_report(cast["complaint_desk"], quiet.report)
    page = f"/desk/letters/{quiet.pk}/"
    client = entered(cast, "complaint_desk")
    assert marks_in([answer_of(page, client.get(page))], IDENTITY) == []
    assert NAME in client.post(page, {"do": "open", "reason": "inform"}).content.decode()
    for name in ("second_desk", "desk_of_town"):
        assert NAME not in entered(cast, name).post(page, {"do": "open", "reason": "inform"}).content.decode()


def test_the_page_of_the_letter_shows_its_sender_only_what_was_written(cast: Cast) -> None:
    made, client = sent(cast), Client()
    client.post("/listen/track/", {"number": made.number, "code": made.code})
    shown = client.get("/listen/track/letter/").content.decode()
    assert CLUE in shown and not any(mark in shown for mark in IDENTITY)


def test_lists_and_exports_hold_no_identity(cast: Cast) -> None:
    row = told(cast)
    for listing in LISTINGS.values():
        if not listing.name.startswith("listen"):
            continue
        for name in (*HANDLE, *SEALED[1:]):
            try:
                text = listing.frame(cast[name], {}).write_csv()
            except (InputError, PermissionDenied):
                continue
            assert not any(mark in text for mark in (*IDENTITY, row.letter.number)), (listing.name, name)
            assert name in HANDLE or (CLUE not in text and row.number not in text), (listing.name, name)


def test_the_ledger_tells_no_words_and_no_identity(cast: Cast) -> None:
    row = told(cast)
    for event in Event.objects.all():
        words = json.dumps(json.loads(event.payload), ensure_ascii=False) + sentence(event)
        assert not any(mark in words for mark in (*IDENTITY, CLUE, row.letter.number)), event.verb
    kept = json.dumps(list(Reversal.objects.values_list("arguments", flat=True)), ensure_ascii=False)
    assert not any(mark in kept for mark in IDENTITY)


def test_papers_hold_no_identity(cast: Cast) -> None:
    told(cast)
    client = entered(cast, "complaint_desk")
    papers = list(Document.objects.all())
    assert {"report_register", "report_result"} <= {one.code for one in papers}
    for one in papers:
        assert not any(mark in json.dumps(one.content, ensure_ascii=False) for mark in IDENTITY)
        for lang in ("zh", "en"):
            path = reverse("desk:listen_document_pdf", args=[one.pk, lang])
            assert marks_in([answer_of(path, client.get(path))], IDENTITY) == []


def test_the_tables_hold_the_identity_under_seal_alone(cast: Cast) -> None:
    sent(cast)
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            held = " ".join(_plain(cell) for line in cursor.fetchall() for cell in line)
            assert not any(mark in held for mark in (NAME, PHONE, WHERE, NUMBER)), table


def _plain(cell: Any) -> str:
    return bytes(cell).decode("utf-8", "replace") if isinstance(cell, bytes | memoryview) else str(cell)


def test_a_report_never_repeats_who_wrote_it(cast: Cast) -> None:
    row = told(cast)
    assert CLUE in row.facts and not any(mark in row.facts for mark in (NAME, PHONE, WHERE, NUMBER))
    photo = Attachment.objects.get(thing=f"listen.letter:{row.letter_id}")
    assert entered(cast, "inspector").get(reverse("core:file", args=[photo.pk])).status_code == 200
    for name in SEALED:
        assert entered(cast, name).get(reverse("core:file", args=[photo.pk])).status_code in (302, 403, 404), name


def test_logs_hold_no_identity(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    client = Client(raise_request_exception=False)
    said = {"step": "3", "track": "report", "facts": CLUE, "respondent_name": "某店", **INFORMANT}
    receipt = client.post("/listen/letter/", said)
    client.post("/listen/letter/", said | {"phone": "1"})
    client.get(receipt["Location"])
    client.get("/listen/received/broken/")
    made = Letter.objects.get()
    client.post("/listen/track/", {"number": made.number, "code": "0000"})
    known = [line for line in caplog.text.splitlines() if "django.db.backends" not in line and "INSERT" not in line]
    assert not any(mark in line for line in known for mark in (NAME, WHERE, NUMBER, made.number))
    assert made.number not in receipt["Location"] and PHONE[-4:] not in receipt["Location"].rpartition("=")[2][-4:]


def test_a_backup_lists_no_names(cast: Cast, home: Path) -> None:
    told(cast)
    names = [str(one.relative_to(home)) for one in home.rglob("*")]
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        archive.add(home, "home")
    packed.seek(0)
    with tarfile.open(fileobj=packed) as archive:
        names += archive.getnames()
    assert names and not any(mark in one for one in names for mark in IDENTITY)
