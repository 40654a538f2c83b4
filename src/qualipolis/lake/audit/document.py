"""The audit document ``qualipolis-audit/1``: one page to read, with everything in it that a computation needs.

Between the page and its end stands one ``<script type="application/json">``, which no browser runs: the facts of the
release, the input files byte for byte, and every table of numbers. Text files stand as text, so that anyone can read
them without this software; nothing is compressed, so nothing can swell while it is read. ``page`` is the SHA-256 of the
page around it, ``seal`` that of the facts themselves.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from qualipolis.lake import release as release_package
from qualipolis.lake.audit.page import Sheet, file_name, whole_page
from qualipolis.lake.canonical import canonical_json, parse_json, sha256
from qualipolis.lake.catalogues import words_hash
from qualipolis.lake.release.compute import Assessment
from qualipolis.lake.release.format import About
from qualipolis.lake.release.verify import LARGEST_FILE, parts_fit
from qualipolis.lake.release.write import bundle_files, describe
from qualipolis.methods.problems import InputError, Problem, msg

AUDIT_FORMAT = "qualipolis-audit/1"
LARGEST_AUDIT = 160 * 1024 * 1024
OPEN = b'<script type="application/json" id="qualipolis-audit">'
CLOSE = b"</script>\n"
LEFT_OUT = ("release_hash",)
AS_PUBLISHED = msg("Take the audit document again from where it was published.")


def audit_document(about: About, assessment: Assessment) -> tuple[str, bytes]:
    """Return name and content of the audit document of a release; the same release gives the same bytes.

    Raises
    ------
    InputError
        the tables are too large for one document
    """
    files = bundle_files(assessment, {})
    if sum(map(len, files.values())) > LARGEST_AUDIT // 2:
        what = msg("The tables are too large for one audit document: %(bytes)s bytes.")
        size = {"bytes": sum(map(len, files.values()))}
        raise InputError([Problem("too_large", what, msg("Leave --audit away: the release itself holds them."), size)])
    facts = {key: value for key, value in describe(about, assessment, files).items() if key not in LEFT_OUT}
    facts |= {"format": AUDIT_FORMAT, "page_code": page_code()}
    facts["files"] = {name: {**entry, **stored(files[name])} for name, entry in entries(facts).items()}
    before, after = (piece.encode() for piece in whole_page(Sheet(facts, assessment)))
    facts["page"] = sha256(before + OPEN + CLOSE + after)
    facts["seal"] = seal(facts)
    return file_name(about.number), before + OPEN + escaped(facts) + CLOSE + after


def entries(facts: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the files that the facts list."""
    return dict(facts["files"])


def stored(content: bytes) -> dict[str, str]:
    """Return a file as the document holds it: as text where it is text, else in base64.

    >>> stored("质".encode()), stored(b"\\xff")
    ({'text': '质'}, {'base64': '/w=='})
    """
    try:
        return {"text": content.decode("utf-8")}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(content).decode("ascii")}


def escaped(facts: Mapping[str, Any]) -> bytes:
    """Return facts as JSON that cannot end the element it stands in."""
    text = canonical_json(facts)
    for sign in (b"<", b">", b"&"):
        text = text.replace(sign, b"\\u%04x" % ord(sign))
    return text.replace("\u2028".encode(), b"\\u2028").replace("\u2029".encode(), b"\\u2029")


def seal(facts: Mapping[str, Any]) -> str:
    """Return the hash of all facts but itself."""
    return sha256(canonical_json({key: value for key, value in facts.items() if key != "seal"}))


@cache
def page_code() -> str:
    """Return the first 16 digits of the SHA-256 of what sets the page: its code and its words."""
    folders = (Path(__file__).parent, Path(release_package.__file__).parent)
    sources = sorted(path for folder in folders for path in folder.rglob("*.py"))
    return sha256(b"".join(path.read_bytes() for path in sources) + words_hash().encode())[:16]


@dataclass(frozen=True, eq=False)
class Audit:
    """An audit document as it was read: its facts, its files, and the page around them."""

    facts: Mapping[str, Any]
    files: Mapping[str, bytes]
    page: bytes
    name: str = ""


def read_audit(content: bytes, name: str = "audit.html") -> Audit:
    """Return what an audit document holds; nothing in it is run, and nothing outside it is opened.

    Raises
    ------
    InputError
        it is too large, or no audit document, or what it holds has not the shape of one
    """
    if len(content) > LARGEST_AUDIT:
        raise refusal(msg("it is too large"), name)
    if content.count(OPEN) != 1:
        raise refusal(msg("the part that the machine reads is not in it, or not once"), name)
    before, _, rest = content.partition(OPEN)
    text, closing, after = rest.partition(CLOSE)
    if not closing:
        raise refusal(msg("it ends too early"), name)
    try:
        facts = parse_json(text)
        fits = isinstance(facts, dict) and facts.get("format") == AUDIT_FORMAT and shape_fits(facts)
    except (ValueError, RecursionError):
        raise refusal(msg("what the machine reads is not JSON"), name) from None
    if not fits or not isinstance(facts, dict):
        raise refusal(msg("it is not a qualipolis-audit/1"), name)
    try:
        files = {file: opened(entry) for file, entry in facts["files"].items()}
    except (ValueError, binascii.Error):
        raise refusal(msg("a file in it cannot be read"), name) from None
    return Audit(facts, files, before + OPEN + CLOSE + after, name)


def opened(entry: Mapping[str, Any]) -> bytes:
    """Return the content of a file; ``ValueError`` when it is none or too large."""
    if isinstance(entry.get("text"), str):
        content = entry["text"].encode("utf-8")
    else:
        content = base64.b64decode(entry["base64"], validate=True)
    if len(content) > LARGEST_FILE:
        raise ValueError
    return content


def shape_fits(facts: Mapping[str, Any]) -> bool:
    """Return whether all that a computation and the page rely on is there in its kind."""
    texts = ("title", "number", "created_at", "language", "code_version", "content_hash", "page", "page_code", "seal")
    if not all(isinstance(facts.get(key), str) for key in texts) or not isinstance(facts.get("counts"), dict):
        return False
    if not parts_fit(facts) or not isinstance(facts.get("synthetic"), bool):
        return False
    return all(
        isinstance(one.get("text", one.get("base64")), str) and isinstance(one.get("sha256"), str)
        for one in facts["files"].values()
    )


def refusal(why: str, name: str) -> InputError:
    """Return why a file is no audit document."""
    what = msg("This is no audit document that can be run: %(why)s.")
    return InputError([Problem("bad_audit", what, AS_PUBLISHED, {"why": why}, place=name)])
