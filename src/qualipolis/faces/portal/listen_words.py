"""Where a letter stands, in words for its sender; and an official document as it is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from qualipolis.city.listen.models import Complaint, Document, Report
from qualipolis.faces.desk import parts
from qualipolis.law.listening.documents import BY_CODE

_DONE, _WAIT, _IDLE = ("ok", "circle-check"), ("wait", "hourglass"), ("idle", "circle-dashed")
COMPLAINT_STATES: dict[str, tuple[tuple[str, str], Any, Any]] = {
    "received": (_IDLE, gettext_lazy("received"), gettext_lazy("An officer reads it and says whether it is accepted.")),
    "identity_requested": (("warn", "user"), gettext_lazy("waiting for you"), gettext_lazy("We need proof of who you are before we may accept it.")),
    "jurisdiction": (_WAIT, gettext_lazy("competence being settled"), gettext_lazy("Two authorities settle which of them is competent.")),
    "transferred": (("idle", "send"), gettext_lazy("passed on"), gettext_lazy("Another authority is competent; the notice names it.")),
    "refused": (("bad", "circle-x"), gettext_lazy("not accepted"), gettext_lazy("The decision gives the ground and the ways that stay open to you.")),
    "accepted": (_DONE, gettext_lazy("accepted"), gettext_lazy("The parties are called to mediation next.")),
    "mediating": (_WAIT, gettext_lazy("in mediation"), gettext_lazy("We speak with you and with the firm.")),
    "entrusted": (_WAIT, gettext_lazy("in mediation"), gettext_lazy("A body that mediates by law speaks with you and with the firm.")),
    "paused": (_WAIT, gettext_lazy("waiting for a test"), gettext_lazy("The clock stands still until the test is done.")),
    "agreed": (_DONE, gettext_lazy("agreed"), gettext_lazy("You and the firm agreed; the agreement says until when it is performed.")),
    "ended": (("warn", "circle-x"), gettext_lazy("mediation ended"), gettext_lazy("No agreement; the decision names the ways that stay open to you.")),
    "withdrawn": (_IDLE, gettext_lazy("withdrawn"), gettext_lazy("You withdrew it.")),
    "closed": (_DONE, gettext_lazy("closed"), gettext_lazy("The matter is closed.")),
}  # fmt: skip
REPORT_STATES: dict[str, tuple[tuple[str, str], Any, Any]] = {
    "received": (_IDLE, gettext_lazy("received"), gettext_lazy("An officer reads it and has the clue checked.")),
    "checking": (_WAIT, gettext_lazy("being checked"), gettext_lazy("The clue is checked. The firm is not told that there is a report.")),
    "extended": (_WAIT, gettext_lazy("being checked"), gettext_lazy("The check was extended once; it needs more time.")),
    "filed": (_DONE, gettext_lazy("case opened"), gettext_lazy("A case was opened on your report.")),
    "not_filed": (_IDLE, gettext_lazy("no case opened"), gettext_lazy("The check gave no ground to open a case.")),
    "informed": (_DONE, gettext_lazy("decided"), gettext_lazy("The notice below tells you the decision.")),
    "transferred": (("idle", "send"), gettext_lazy("passed on"), gettext_lazy("Another authority is competent. Your name was not passed on.")),
    "merged": (_WAIT, gettext_lazy("being checked"), gettext_lazy("It is checked together with an earlier report of the same facts.")),
    "closed": (_DONE, gettext_lazy("closed"), gettext_lazy("The matter is closed.")),
}  # fmt: skip
WAY = (
    (pgettext_lazy("step of a complaint", "Received"), ("received", "identity_requested", "jurisdiction")),
    (pgettext_lazy("step of a complaint", "Accepted"), ("accepted",)),
    (pgettext_lazy("step of a complaint", "Mediation"), ("mediating", "entrusted", "paused")),
    (pgettext_lazy("step of a complaint", "Result"), ("agreed", "ended", "closed")),
)


@dataclass(frozen=True)
class State:
    """A state as its sender reads it."""

    chip: parts.Chip
    words: str


def state_of(row: Complaint | Report) -> State:
    """Return where a complaint or a report stands."""
    known = COMPLAINT_STATES if isinstance(row, Complaint) else REPORT_STATES
    (kind, icon), word, words = known[row.status]
    return State(parts.Chip(kind, str(word), icon), str(words))


def steps_of(row: Complaint) -> list[parts.Step]:
    """Return the four stretches of a complaint; none for one that ended before mediation."""
    at = next((n for n, (_name, states) in enumerate(WAY) if row.status in states), None)
    if at is None:
        return []
    over = row.status == "closed"
    begun = "waiting" if row.status in ("identity_requested", "paused") else "begun"
    kinds = ["done" if n < at or over else begun if n == at else "todo" for n in range(len(WAY))]
    return [parts.Step(str(name), kind) for (name, _states), kind in zip(WAY, kinds, strict=True)]


@dataclass(frozen=True)
class Paper:
    """A document as it is read: title, lines, a reading aid beside the official words, the other ways."""

    title: str
    lines: tuple[str, ...]
    aid: tuple[str, ...]
    ways: tuple[str, ...]


def document_of(row: Document) -> Paper:
    """Return a document to read: the Chinese words are official, the English ones help to read them."""
    said = row.content
    chinese = (get_language() or "zh").startswith("zh")
    official, aid = str(said.get("text", "")).splitlines(), str(said.get("text_en", "")).splitlines()
    ways = tuple(_(one) for one in said.get("other_ways", ()))
    return Paper(_(BY_CODE[row.code].title), tuple(official), () if chinese else tuple(aid), ways)
