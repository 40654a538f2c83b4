"""Attachments: bounded, typed by content, readable by whom they concern."""

from __future__ import annotations

import io
import zipfile

import pytest

from qualipolis.city.core import attachments
from qualipolis.city.core.models import Attachment, Event
from qualipolis.methods.problems import InputError

PDF = b"%PDF-1.7\n" + b"x" * 100
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 50


def office(part: str, *more: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in ("[Content_Types].xml", part, *more):
            archive.writestr(name, "<x/>")
    return file.getvalue()


def store(actor, name: str, content: bytes, thing: str = "measure.observation:1", **more) -> Attachment:
    return attachments.store(actor, thing, name, [content[i : i + 64] for i in range(0, len(content), 64)], **more)


@pytest.mark.parametrize(
    ("name", "content", "kept", "kind"),
    [
        ("a.pdf", PDF, "a.pdf", "application/pdf"),
        ("a.pdf", PNG, "a.pdf.png", "image/png"),
        ("photo.JPEG", b"\xff\xd8\xff\xe0" + b"1" * 20, "photo.JPEG", "image/jpeg"),
        ("x", b"RIFF\x00\x00\x00\x00WEBPVP8 ", "x.webp", "image/webp"),
        ("t.xlsx", office("xl/workbook.xml"), "t.xlsx", attachments.media_type.__globals__["OFFICE"]["xl/workbook.xml"][0]),
        ("t.docx", office("word/document.xml"), "t.docx", attachments.media_type.__globals__["OFFICE"]["word/document.xml"][0]),
        ("表.csv", "代码,值\n1,2\n".encode(), "表.csv", "text/csv"),
        ("旧.txt", "质量强市".encode("gb18030"), "旧.txt", "text/plain"),
    ],
)  # fmt: skip
def test_a_file_is_what_its_content_is(person, name, content, kept, kind) -> None:
    row = store(person("li", "inspector"), name, content)
    assert (row.name, row.media_type, row.size) == (kept, kind, len(content))
    assert attachments.path_of(row.sha256).read_bytes() == content
    assert Event.objects.get().verb == "attachment.store"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"MZ\x90\x00" + b"\x00" * 60,
        b"\x7fELF" + b"\x00" * 60,
        office("xl/workbook.xml", "xl/vbaProject.bin"),
        office("random.bin"),
        b"PK\x03\x04 not really a zip",
        b"text with \x00 in it",
        b"\x1b[31mterminal",
    ],
)
def test_everything_else_is_refused_and_leaves_nothing(person, home, content) -> None:
    with pytest.raises(InputError):
        store(person("li", "inspector"), "innocent.pdf", content)
    assert not Attachment.objects.exists()
    assert [p for p in (home / "files").rglob("*") if p.is_file()] == []


def test_a_file_over_the_limit_is_refused_before_it_is_read_whole(person) -> None:
    def endless():
        while True:
            yield b"%PDF-" + b"0" * 2**16

    with pytest.raises(InputError, match="larger"):
        attachments.store(person("li", "inspector"), "x:1", "big.pdf", endless(), limit=2**20)


def test_the_same_bytes_are_kept_once(person, home) -> None:
    li = person("li", "inspector")
    store(li, "a.pdf", PDF)
    store(li, "b.pdf", PDF)
    assert len([p for p in (home / "files").rglob("*") if p.is_file()]) == 1
    assert Attachment.objects.count() == 2


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\a.pdf", "a.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie x.pdf"),
        ("\u202egnp.exe", "gnp.exe"),
        ("...", "file"),
        ("x" * 300 + ".pdf", "x" * 100 + ".pdf"),
    ],
)
def test_names_are_made_harmless(name, safe) -> None:
    assert attachments.safe_name(name) == safe


def test_only_those_it_concerns_get_the_file(person, client) -> None:
    li = person("li", "inspector")
    row = store(li, "证据.pdf", PDF)
    url = f"/files/{row.pk}/"
    assert client.get(url).status_code == 404
    for name, role, status in (("wang", "enterprise", 404), ("sun", "auditor", 200), ("zhao", "planner", 404)):
        client.force_login(person(name, role))
        assert client.get(url).status_code == status, role
    client.force_login(li)
    response = client.get(url)
    assert response.headers["Content-Disposition"].startswith("attachment;")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert b"".join(response.streaming_content) == PDF


def test_a_room_says_who_else_may_read(person, monkeypatch) -> None:
    row = store(person("li", "inspector"), "a.pdf", PDF)
    wang = person("wang", "enterprise")
    monkeypatch.setitem(attachments._READERS, "measure.observation", lambda actor, pk: pk == "1" and actor == wang)
    assert attachments.may_read(wang, row)
    assert not attachments.may_read(None, row)
