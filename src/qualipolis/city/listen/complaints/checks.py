"""What the verbs of complaints share: the complaint kept for the transaction, who may act, and what people write."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from qualipolis.city.core.moves import locked
from qualipolis.city.core.policy import System, roles_of, visible
from qualipolis.city.core.roles import SYSTEM as SYSTEM_ROLE
from qualipolis.city.listen.complaints.models import Complaint
from qualipolis.city.listen.complaints.scope import entrusted
from qualipolis.methods.problems import Problem, msg

FLOW = "complaint"
RELATED = ("letter", "letter__identity", "enterprise", "unit", "officer", "mediator")
PUBLIC_ACTOR = System("listen.public")  # whoever holds the number of a letter and the last four digits
SYSTEM = System("listen")
UNDER_WAY = ("accepted", "mediating", "entrusted", "paused")
MEDIATED = ("mediating", "entrusted")
COMPLAINANT, RESPONDENT = "complainant", "respondent"
LONGEST = 1000


def of_system(actor: Any) -> bool:
    """Whether a command, scheduled work or the holder of a letter's number acts."""
    return SYSTEM_ROLE in roles_of(actor)


def complaint_for(actor: Any, thing: Complaint) -> Complaint:
    """Return the complaint kept for this transaction; whoever does not see it is refused."""
    if not of_system(actor) and not visible(actor, Complaint.objects.filter(pk=thing.pk)).exists():
        raise PermissionDenied(_("Only those who handle this matter may do this."))
    row = locked(thing, *RELATED)
    if not entrusted(row) and roles_of(actor) - {"public"} == {"mediator"}:  # given back a moment ago
        raise PermissionDenied(_("Only those who handle this matter may do this."))
    return row


def in_states(row: Any, states: Collection[str]) -> Problem | None:
    """Return why nothing is done with the row in its present state."""
    if row.status in states:
        return None
    return Problem("wrong_state", msg("This step cannot be taken in the present state."))


def words(text: str, place: str, what: str, most: int = LONGEST) -> Problem | None:
    """Return what is wrong with a text: nothing in it, or more than fits."""
    if not text.strip():
        return Problem(f"no_{place}", what, place=place)
    if len(text.strip()) > most:
        return Problem("too_long", msg("At most %(most)s characters."), "", {"most": most}, place)
    return None


def optional(text: str, place: str, most: int = LONGEST) -> Problem | None:
    """Return what is wrong with a text that may be missing."""
    return words(text, place, "", most) if text.strip() else None


def one_of(value: Any, allowed: Collection[Any], place: str, what: str) -> Problem | None:
    """Return what is wrong with a choice that is not among ``allowed``."""
    return None if value in allowed else Problem(f"bad_{place}", what, place=place)


def party_of(actor: Any, party: str) -> Problem | None:
    """Return why somebody may not speak for a party: the firm speaks for itself alone, the desk notes for both."""
    if party not in (COMPLAINANT, RESPONDENT):
        return Problem("bad_party", msg("Choose the party."), place="party")
    speaks = roles_of(actor) & {"complaint_desk", "mediator", SYSTEM_ROLE}
    if party == COMPLAINANT and not speaks:
        return Problem("other_party", msg("The firm does not speak for the complainant."), place="party")
    return None


def identity_facts(row: Complaint) -> dict[str, Any]:
    """Return what is known of the sender without opening the seal: a name with a telephone, a proof of identity."""
    identity = getattr(row.letter, "identity", None)
    return {
        "received_on": row.received_on,
        "contact": bool(identity and identity.named and row.letter.sender_key),
        "identity": bool(identity and identity.proved),
    }
