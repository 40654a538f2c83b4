"""What a file really is and how its text is encoded, decided from its bytes, never from its name alone."""

from __future__ import annotations

import codecs
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from qualipolis.methods.problems import InputError, Problem, msg


@dataclass(frozen=True)
class Limits:
    """How much of a sender's file is read. Every bound is checked before the memory is spent."""

    bytes: int = 50 * 1024 * 1024
    unpacked: int = 300 * 1024 * 1024
    ratio: int = 300
    parts: int = 5_000
    rows: int = 200_000
    columns: int = 500
    cells: int = 5_000_000
    text: int = 512 * 1024 * 1024


WRONG_KINDS = {
    "html": msg("The name ends in %(ending)s, but the file is a web page (HTML)."),
    "xml": msg("The name ends in %(ending)s, but the file is XML."),
    "pdf": msg("The name ends in %(ending)s, but the file is a PDF document."),
    "ole": msg("The file is an old Excel workbook (.xls) or has a password."),
    "exe": msg("The name ends in %(ending)s, but the file is a program."),
    "zip": msg("The name ends in %(ending)s, but the file is a workbook or a zip archive."),
    "rar": msg("The name ends in %(ending)s, but the file is a compressed archive."),
    "image": msg("The name ends in %(ending)s, but the file is a picture."),
    "database": msg("The name ends in %(ending)s, but the file is a database."),
    "binary": msg("The name ends in %(ending)s, but the file is binary and not a table."),
    "text": msg("The name ends in %(ending)s, but the file is plain text."),
}

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"PK\x07\x08", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"%PDF", "pdf"),
    (b"MZ", "exe"),
    (b"\x7fELF", "exe"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"Rar!", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "rar"),
    (b"\x1f\x8b", "rar"),
    (b"SQLite format 3", "database"),
    (b"PAR1", "database"),
)
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CONTROL = bytes(set(range(32)) - {9, 10, 12, 13})


def kind_of(data: bytes) -> str:
    """Return the kind of ``data`` (a key of ``WRONG_KINDS``), judged by its first bytes.

    >>> kind_of(b"%PDF-1.7 ..."), kind_of("名称,值".encode()), kind_of(b"  <!DOCTYPE html><p>")
    ('pdf', 'text', 'html')
    """
    head = data[:4096]
    if head.startswith(_UTF16):
        return "text"
    for magic, kind in _MAGIC:
        if head.startswith(magic) and not (kind == "exe" and magic == b"MZ" and not _controls(head)):
            return kind
    opening = head.removeprefix(codecs.BOM_UTF8).lstrip()[:64].lower()
    if opening.startswith((b"<!doctype html", b"<html", b"<table", b"<head", b"<script")):
        return "html"
    if opening.startswith(b"<?xml"):
        return "xml"
    return "binary" if _controls(head) else "text"


def _controls(data: bytes) -> bool:
    """Return whether control bytes occur that no text file holds."""
    return len(data.translate(None, _CONTROL)) != len(data)


def load(source: Path | bytes, name: str, limits: Limits) -> bytes:
    """Return the bytes of ``source``, refused before reading when they are too many."""
    if isinstance(source, Path):
        if not source.is_file():
            raise InputError([Problem("no_file", msg("There is no such file."), place=name)])
        size = source.stat().st_size
    else:
        size = len(source)
    if size > limits.bytes:
        params = {"size": round(size / 1e6, 1), "limit": round(limits.bytes / 1e6, 1)}
        what = msg("The file has %(size)s MB; at most %(limit)s MB are read.")
        remedy = msg("Split the table into several files, or remove pictures and unused sheets.")
        raise InputError([Problem("file_too_large", what, remedy, params, place=name)])
    data = source.read_bytes() if isinstance(source, Path) else source
    if not data.strip(b"\x00\t\r\n \xef\xbb\xbf\xff\xfe"):
        what, remedy = msg("The file is empty."), msg("Send the file again after saving it with its rows.")
        raise InputError([Problem("empty_file", what, remedy, place=name)])
    return data


def decode(data: bytes, name: str) -> tuple[str, str]:
    """Return the text of ``data`` and the encoding found: UTF-8 (with or without mark), UTF-16 with mark, GB18030.

    A UTF-8 file with a few broken bytes is refused and not read as GB18030, which would turn it into other characters.

    >>> decode("质量".encode("gb18030"), "a.csv")
    ('质量', 'gb18030')
    """
    if data.startswith(_UTF16):
        return _strict(data, "utf-16", name), "utf-16"
    if _controls(data):
        raise InputError([_unreadable("binary_text", msg("The file holds bytes that no text file has."), name)])
    if data.startswith(codecs.BOM_UTF8):
        return _strict(data, "utf-8-sig", name), "utf-8-sig"
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        if _mostly_utf8(data):
            raise InputError([_damaged(data, error, name)]) from None
    text = _strict(data, "gb18030", name)
    if not _plausible(text):
        raise InputError([_unreadable("unknown_encoding", msg("The encoding of the text is not recognised."), name)])
    return text, "gb18030"


def _strict(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise InputError([_damaged(data, error, name)]) from None


def _damaged(data: bytes, error: UnicodeDecodeError, name: str) -> Problem:
    line = data.count(b"\n", 0, error.start) + 1
    what = msg("The text is damaged or cut off at line %(line)s (it is not valid %(encoding)s).")
    remedy = msg("Save the table again as CSV UTF-8 or as .xlsx and send it again.")
    return Problem("damaged_text", what, remedy, {"line": line, "encoding": error.encoding}, place=name)


def _unreadable(code: str, what: str, name: str) -> Problem:
    return Problem(code, what, msg("Save the table again as CSV UTF-8 or as .xlsx and send it again."), place=name)


def _mostly_utf8(data: bytes) -> bool:
    """Return whether far more characters outside ASCII are sound UTF-8 than broken."""
    text = data.decode("utf-8", "replace")
    broken = text.count("�")
    sound = sum(1 for c in text if c > "\x7f") - broken
    return sound > 3 * broken


def _plausible(text: str) -> bool:
    """Return whether the decoded text has few characters that are unassigned or for private use."""
    foreign = [c for c in text[:200_000] if c > "\x7f"]
    odd = sum(1 for c in foreign if unicodedata.category(c) in ("Cn", "Co", "Cs"))
    return odd * 20 <= len(foreign)
