"""Run an audit document again: hashes first, then every number from the inputs in it, then the page that shows them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from itertools import zip_longest
from pathlib import Path
from re import compile as pattern

from qualipolis.lake.audit.document import (
    AS_PUBLISHED,
    LARGEST_AUDIT,
    OPEN,
    Audit,
    page_code,
    read_audit,
    refusal,
    seal,
)
from qualipolis.lake.audit.page import Sheet, whole_page
from qualipolis.lake.audit.public import PUBLIC
from qualipolis.lake.canonical import sha256
from qualipolis.lake.release.compute import Assessment, Step, silent
from qualipolis.lake.release.format import About
from qualipolis.lake.release.verify import (
    DIFFERENT,
    FILE_HOLDS,
    NUMBERS_HOLD,
    SAME_LIBRARIES,
    TOLERANCE,
    UNFIT,
    Check,
    Verification,
    again,
    changed_libraries,
    compared,
)
from qualipolis.methods.problems import InputError, Problem, msg

SEAL_HOLDS = msg("The facts in the document are sealed as they are.")
PAGE_HOLDS = msg("The page that people read is as it was.")
PAGE_SAYS = msg("The page says what was computed again.")
TAG = pattern(r"<[^>]*>")
SHOWN = 160


@dataclass(frozen=True, eq=False)
class Rerun:
    """What came of running an audit document again; ``assessment`` is ``None`` when it could not be computed."""

    audit: Audit
    found: Verification
    assessment: Assessment | None

    def about(self) -> About:
        """Return what the release calls itself, for writing it anew."""
        facts = self.audit.facts
        try:
            moment = datetime.fromisoformat(facts["created_at"])
        except ValueError:
            raise refusal(msg("it has no time"), self.audit.name) from None
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return About(facts["title"], moment, facts["number"], facts["synthetic"], facts["language"])


def rerun_file(path: Path, step: Step = silent) -> Rerun:
    """Run the audit document at ``path`` again.

    Raises
    ------
    InputError
        it cannot be read, or is no audit document
    """
    try:
        if path.stat().st_size > LARGEST_AUDIT:
            raise refusal(msg("it is too large"), path.name)
        with path.open("rb") as file:
            content = file.read(LARGEST_AUDIT + 1)
    except OSError as error:
        what, remedy = msg("The file cannot be read: %(why)s."), msg("Check its name and permissions.")
        words = {"why": error.strerror or type(error).__name__}
        raise InputError([Problem("unreadable", what, remedy, words, place=path.name)]) from None
    return rerun(content, path.name, step)


def rerun(content: bytes, name: str = "audit.html", step: Step = silent) -> Rerun:
    """Run an audit document again and compare every number with what it says.

    A part that was changed does not stop the rest: what is computed again from the inputs says which cell it was.
    """
    step("hashes")
    if PUBLIC.encode() in content[:4096] and OPEN not in content:
        raise refusal(msg("it is the public copy, from which cells are held back"), name)
    audit = read_audit(content, name)
    checks = list(hash_checks(audit))
    changed = changed_libraries(audit.facts)
    note = Problem("other_libraries", DIFFERENT, "", {"names": ", ".join(changed)}, severity="warning")
    checks.append(Check(SAME_LIBRARIES, True, note if changed else None))
    tolerance = TOLERANCE if changed else 0.0
    made = again(audit.files.__getitem__, audit.facts, step)
    if isinstance(made, Problem):
        checks.append(Check(NUMBERS_HOLD, False, made, "scores.csv"))
        return Rerun(audit, verification(audit, checks), None)
    checks += compared(made, audit.files.__getitem__, audit.facts, tolerance, step)
    checks.append(page_check(audit, made))
    return Rerun(audit, verification(audit, checks), made)


def verification(audit: Audit, checks: list[Check]) -> Verification:
    """Return what was found."""
    return Verification(tuple(checks), audit.facts["seal"], audit.facts["content_hash"], audit.facts["number"])


def hash_checks(audit: Audit) -> Iterator[Check]:
    """Yield whether seal, page and every file have the hash that the document gives them."""
    what = msg("The facts in the document are not those that were sealed.")
    broken = Problem("seal_broken", what, AS_PUBLISHED, place=audit.name)
    holds = seal(audit.facts) == audit.facts["seal"]
    yield Check(SEAL_HOLDS, holds, None if holds else broken)
    what = msg("The page that people read was changed: its hash is not the one in the document.")
    holds = sha256(audit.page) == audit.facts["page"]
    yield Check(PAGE_HOLDS, holds, None if holds else Problem("page_changed", what, AS_PUBLISHED, place=audit.name))
    for name, content in sorted(audit.files.items()):
        holds = sha256(content) == audit.facts["files"][name]["sha256"]
        what = msg("The file %(file)s in the document was changed: its hash is not the one that it is listed with.")
        problem = Problem("file_changed", what, AS_PUBLISHED, {"file": name}, place=name)
        yield Check(FILE_HOLDS, holds, None if holds else problem, name)


def page_check(audit: Audit, assessment: Assessment) -> Check:
    """Return whether the page is the one that the numbers computed again give, and its first line that is not.

    A page that another version set is not compared: its words may have changed with the version, its hash holds.
    """
    if audit.facts["page_code"] != page_code():
        note = msg("Another version of the software set the page; its words were not compared.")
        return Check(PAGE_SAYS, True, Problem("other_page", note, severity="warning", place=audit.name))
    try:
        before, after = whole_page(Sheet(audit.facts, assessment))
    except UNFIT:
        what = msg("The facts in the document do not suffice for its page.")
        return Check(PAGE_SAYS, False, Problem("page_unfit", what, AS_PUBLISHED, place=audit.name))
    wanted = (before + OPEN.decode() + "</script>\n" + after).encode()
    if wanted == audit.page:
        return Check(PAGE_SAYS, True)
    shown, computed = first_difference(audit.page, wanted)
    what = msg("The page says “%(shown)s”, but computed again it is “%(again)s”.")
    words = {"shown": shown, "again": computed}
    return Check(PAGE_SAYS, False, Problem("page_differs", what, AS_PUBLISHED, words, place=audit.name))


def first_difference(page: bytes, wanted: bytes) -> tuple[str, str]:
    """Return the first line that differs as a person reads it, on the page and as it should be."""
    lines = zip_longest(page.decode("utf-8", "replace").split("\n"), wanted.decode().split("\n"), fillvalue="")
    for shown, computed in lines:
        if shown != computed:
            texts = (bare(shown), bare(computed))
            return texts if texts[0] != texts[1] else (shown[:SHOWN], computed[:SHOWN])
    return "", ""


def bare(line: str) -> str:
    """Return a line of markup as a person reads it.

    >>> bare('<tr><td class="num">1</td><td>A &amp; B</td></tr>')
    '1 A & B'
    """
    return " ".join(unescape(TAG.sub(" ", line)).split())[:SHOWN]
