"""The one next step on the page of a complaint: what leads on, or what has to be recorded first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from qualipolis.city.core.policy import roles_of
from qualipolis.city.listen.complaints.models import Complaint
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.flow_page import Offer
from qualipolis.faces.desk.rooms.listen import complaint_words as words
from qualipolis.faces.desk.rooms.listen.complaint_acts import READY
from qualipolis.faces.desk.rooms.supervise.after import Mark, MarkForm

Found = Sequence[tuple[Mark, MarkForm]]
MEETING = "meeting"


def first_mark(actor: Any, row: Complaint, lead: Sequence[Offer]) -> str:
    """Return which record comes before any step: competence not known, a request against the mediator, a meeting."""
    if row.status == "received" and row.competent is None:
        return "competence"
    if row.aside_by and row.status in ("mediating", "entrusted"):
        return "mediator"
    if any(one.act.step in (*READY, "end") and not one.blocked for one in lead):
        return ""
    if _unsigned(row) or (row.status == "entrusted" and "mediator" not in roles_of(actor)):
        return ""  # others take the next step: who has to sign, or the body entrusted with it
    return MEETING if row.status in ("mediating", "entrusted") else ""


def _unsigned(row: Complaint) -> list[str]:
    """Return who has not signed the agreement that is written."""
    if row.status not in ("mediating", "entrusted") or not row.terms or row.no_paper:
        return []
    signed = {_("the complainant"): row.complainant_signed_on, _("the firm"): row.respondent_signed_on}
    return [who for who, day in signed.items() if day is None]


def box_of_mark(row: Complaint, name: str, found: Found) -> parts.NextStep | None:
    """Return a record as the next step."""
    for mark, form in found:
        if mark.name == name:
            button = _("Record it") if name == "competence" else str(mark.title)
            return parts.NextStep(
                str(mark.title), button, reverse("desk:listen_complaint", args=[row.pk]), _("yours"),
                deadline=words.deadline(row), form=form, missing=str(mark.help or _help(row, name)),
            )  # fmt: skip
    return None


def _help(row: Complaint, name: str) -> str:
    if name == "mediator":
        who = _("the complainant") if row.aside_by == "complainant" else _("the firm")
        return _("Asked by %(who)s. Name another, or let the mediator stay with a reason.") % {"who": who}
    if name == "meeting":
        return _("When the parties agree, write the agreement; when they cannot, end the mediation with its ground.")
    return ""


def serving(row: Complaint, unserved: Sequence[Any]) -> bool:
    """Whether the next step is to tell the parties how it ended."""
    return row.status in ("agreed", "ended") and bool(unserved)


def waits(actor: Any, row: Complaint) -> str:
    """Return whose turn it is when it is not the reader's."""
    if row.ended:
        return _("This complaint is over.")
    if missing := _unsigned(row):
        return _("The agreement is written. It waits for the signature of: %(who)s.") % {
            "who": str(_(", ")).join(missing)
        }
    if row.status == "entrusted" and "mediator" not in roles_of(actor):
        return _("The body entrusted with it mediates: %(body)s.") % {"body": row.mediator.name if row.mediator else ""}
    if row.status == "mediating" and "complaint_desk" not in roles_of(actor):
        return _("The mediation is with the desk again.")
    if row.status == "identity_requested":
        return _("Waiting for proof of identity from the complainant.")
    return _("Nothing here waits for you.")
