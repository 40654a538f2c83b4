"""Who sent a letter: opened by one verb with a ground, on record; completed by the sender; masked for the list."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from qualipolis.city.core.ledger import record
from qualipolis.city.core.policy import can, organisations_of, roles_of, verb
from qualipolis.city.listen.complaints.models import Complaint
from qualipolis.city.listen.complaints.scope import desk_of, entrusted
from qualipolis.city.listen.intake import secrecy
from qualipolis.city.listen.intake.models import Identity, Letter
from qualipolis.city.listen.intake.said import identity_wrong
from qualipolis.law.terms import rule_number
from qualipolis.methods.problems import Problem, msg, refuse

REASONS = {
    "contact": msg("to call back with a question"),
    "check": msg("to check the proof of identity"),
    "serve": msg("to serve a document"),
    "mediate": msg("to call the parties to mediation"),
    "inform": msg("to tell the informant of the decision"),
}
OF_MEDIATOR = ("name", "phone")
YEAR = timedelta(days=365)
ASKED = ("received", "identity_requested", "jurisdiction")


def bodies(thing: Letter) -> list[int | None]:
    """The organisations whose people may ask to open a seal: the desk of the town, the body entrusted."""
    complaint = getattr(thing, "complaint", None)
    return [*desk_of(thing), *([complaint.mediator_id] if complaint and complaint.mediator_id else [])]


@verb("listen.reveal_identity", roles=("complaint_desk", "mediator"), scope=bodies)
def open_identity(actor: Any, thing: Letter, reason: str) -> dict[str, str]:
    """Open the seal of a letter and say who sent it; the ledger keeps who looked and why, never what was seen.

    The officer who handles the complaint sees it, of a letter that is a report alone only the officer of that report;
    a mediator sees name and telephone of a complainant while the mediation is entrusted to its body.

    Raises
    ------
    PermissionDenied
        For everybody else, whatever their role, the system included.
    """
    refuse([None if reason in REASONS else Problem("no_reason", msg("Say what you need it for."), place="reason")])
    shown = _may_open(actor, thing)
    if not shown:
        raise PermissionDenied(_("Who sent this letter is kept from you by law."))
    found = secrecy.unseal(thing.identity.sealed)
    record(actor, "listen.reveal_identity", thing, {"why": reason})
    return {name: found[name] for name in shown}


def _may_open(actor: Any, letter: Letter) -> tuple[str, ...]:
    """Return which parts of the identity somebody may see now."""
    key, roles = getattr(actor, "pk", None), roles_of(actor)
    if key is None or not hasattr(letter, "identity"):
        return ()
    complaint, report = getattr(letter, "complaint", None), getattr(letter, "report", None)
    if "complaint_desk" in roles and can(actor, "listen.place_letter", letter):
        handles = complaint is not None and complaint.officer_id in (None, key)
        of_report = report is not None and report.officer_id == key
        if of_report or (handles and not letter.identity.secret):
            return secrecy.FIELDS
    theirs = complaint is not None and entrusted(complaint) and not letter.identity.secret
    return OF_MEDIATOR if theirs and complaint.mediator_id in organisations_of(actor, ("mediator",)) else ()


def may_open(actor: Any, letter: Letter) -> bool:
    """Whether somebody may open the seal of a letter now."""
    return bool(_may_open(actor, letter))


def masked(actor: Any, letter: Letter) -> str:
    """Return the sender as a list may show it to who may open the seal of a complaint; empty for everybody else."""
    if letter.identity.secret or not may_open(actor, letter):
        return ""
    found = secrecy.unseal(letter.identity.sealed)
    return ", ".join(
        part for part in (secrecy.masked_name(found["name"]), secrecy.masked_phone(found["phone"])) if part
    )


def complete(letter: Letter, said: Mapping[str, str]) -> Identity:
    """Add what the sender gives later to what is under seal, inside the verb of the caller; empty answers change nothing.

    The telephone of the tracking stays as it is: a new number would lock the sender out of its own letter.
    """
    identity = Identity.objects.select_for_update().get(letter=letter)
    kept = secrecy.unseal(identity.sealed)
    given = {name: str(said.get(name, "")).strip() for name in secrecy.FIELDS}
    merged = {name: given[name] or kept[name] for name in secrecy.FIELDS}
    refuse(identity_wrong(merged, needed=False))
    identity.sealed, identity.named, identity.proved = (
        secrecy.seal(merged),
        bool(merged["name"]),
        secrecy.proved(merged),
    )
    identity.save(update_fields=["sealed", "named", "proved"])
    if merged["phone"] and not letter.sender_key:
        letter.sender_key = secrecy.sender_key(merged["phone"])
        letter.save(update_fields=["sender_key"])
    return identity


@verb("listen.complete_identity", roles=("complaint_desk",), scope=desk_of)
def complete_identity(actor: Any, thing: Letter, said: Mapping[str, str]) -> Letter:
    """Give what is missing of an identity: the sender by its tracking, or the desk that was told so.

    Raises
    ------
    InputError
        Something given is wrong, or the complaint is past the point where its identity matters.
    """
    from qualipolis.city.listen.complaints.acceptance import give_identity
    from qualipolis.city.listen.complaints.checks import identity_facts
    from qualipolis.law.listening.guards import identity_given

    complaint = getattr(thing, "complaint", None)
    if complaint is None or complaint.status not in ASKED:
        refuse([Problem("wrong_state", msg("This step cannot be taken in the present state."))])
    letter = Letter.objects.select_for_update(of=("self",)).get(pk=thing.pk)
    complete(letter, said)
    record(actor, "listen.complete_identity", letter, {"of": complaint.number})
    fresh = Complaint.objects.select_related("letter__identity").get(pk=complaint.pk)
    if fresh.status == "identity_requested" and identity_given(identity_facts(fresh)) is None:
        give_identity(actor, fresh)
    return letter


def without_sender(letter: Letter, text: str | None = None) -> str:
    """Return the facts of a letter (or another text of it) as the firm may read them: nothing tells who the sender is."""
    found = secrecy.unseal(letter.identity.sealed)
    return secrecy.redact(letter.facts if text is None else text, secrecy.tells(found))


def letters_of_year(actor: Any, letter: Letter) -> int | None:
    """Return how many letters came under the same telephone within the year; for the desk of the letter alone."""
    if (
        "complaint_desk" not in roles_of(actor)
        or not can(actor, "listen.place_letter", letter)
        or not letter.sender_key
    ):
        return None
    since = letter.received_on - YEAR
    rows = Letter.objects.filter(
        sender_key=letter.sender_key, received_on__gt=since, received_on__lte=letter.received_on
    )
    return rows.count()


def frequent(actor: Any, letter: Letter) -> int | None:
    """Return the number of letters where it draws the flag that staff see; it informs and decides nothing."""
    found = letters_of_year(actor, letter)
    return found if found is not None and found >= rule_number("claimant.frequent") else None
