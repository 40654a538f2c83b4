"""Mediation: the parties are called and heard, a body outside is entrusted, and a mediator may be asked to step aside."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from qualipolis.city.core.days import not_ahead
from qualipolis.city.core.ledger import record
from qualipolis.city.core.models import Organisation, Person
from qualipolis.city.core.moves import move
from qualipolis.city.core.policy import person_of, verb
from qualipolis.city.core.steps import roles_for
from qualipolis.city.listen.complaints.checks import (
    FLOW,
    MEDIATED,
    UNDER_WAY,
    complaint_for,
    in_states,
    of_system,
    optional,
    party_of,
    words,
)
from qualipolis.city.listen.complaints.models import Complaint, Meeting
from qualipolis.city.listen.complaints.scope import bodies_of, desk_of, firm_of
from qualipolis.city.listen.reports.documents import issue
from qualipolis.city.listen.reports.models import Document
from qualipolis.methods.problems import Problem, msg, refuse

MEDIATORS = roles_for(FLOW, "mediate")
WHY = msg("Give the reason.")
ENTRUSTED_KINDS = ("federation", "institution")


def parties_of(thing: Complaint) -> list[int | None]:
    """The organisations that take part: the desk, the body outside, the firm."""
    return [*bodies_of(thing), *firm_of(thing)]


def _called(actor: Any, row: Complaint, meets_on: date | None, how: str, text: str, text_en: str) -> Document:
    wrong = [words(how, "how", msg("Say where or how the parties meet."), 160)]
    if meets_on is None or meets_on < timezone.localdate():
        wrong.append(Problem("bad_meets_on", msg("Give a day from today on."), place="meets_on"))
    refuse(wrong)
    facts = {"meets_on": meets_on, "how": how.strip()}
    return issue(actor, "mediation", complaint=row, text=text, text_en=text_en, facts=facts)


@verb("listen.mediate", roles=MEDIATORS, scope=bodies_of)
def mediate(actor: Any, thing: Complaint, meets_on: date | None, how: str, text: str, text_en: str = "") -> Complaint:
    """Begin the mediation and call the parties with document 7."""
    row = complaint_for(actor, thing)
    made = _called(actor, row, meets_on, how, text, text_en)
    told = {"document": made.number, "meets_on": meets_on}
    move(actor, row, "mediate", "listen.mediate", told, for_good=True, due_on=row.due_on,
         mediator_person=person_of(actor))  # fmt: skip
    return row


@verb("listen.call_meeting", roles=MEDIATORS, scope=bodies_of)
def call_meeting(
    actor: Any, thing: Complaint, meets_on: date | None, how: str, text: str, text_en: str = ""
) -> Document:
    """Call the parties again, or for the first time as the entrusted body, with document 7."""
    row = complaint_for(actor, thing)
    refuse([in_states(row, MEDIATED)])
    made = _called(actor, row, meets_on, how, text, text_en)
    record(actor, "listen.call_meeting", row, {"of": row.number, "document": made.number, "meets_on": meets_on})
    return made


@verb("listen.note_meeting", roles=MEDIATORS, scope=bodies_of)
def note_meeting(
    actor: Any, thing: Complaint, held_on: date, how: str, complainant_came: bool, respondent_came: bool, note: str = ""
) -> Meeting:
    """Note a meeting that was held: who took part and what was said."""
    row = complaint_for(actor, thing)
    wrong = [in_states(row, MEDIATED), words(how, "how", msg("Say where or how the parties met."), 160)]
    refuse([*wrong, optional(note, "note", 2000), *not_ahead(held_on, "held_on", row.accepted_on)])
    made = Meeting.objects.create(
        complaint=row, held_on=held_on, how=how.strip(), complainant_came=complainant_came,
        respondent_came=respondent_came, note=note.strip(), kept_by=person_of(actor),
    )  # fmt: skip
    came = [party for party, was in (("complainant", complainant_came), ("respondent", respondent_came)) if was]
    record(actor, "listen.note_meeting", row, {"of": row.number, "held_on": held_on, "came": came})
    return made


@verb("listen.entrust", roles=roles_for(FLOW, "entrust"), scope=desk_of)
def entrust(actor: Any, thing: Complaint, mediator: Organisation | None, reason: str) -> Complaint:
    """Entrust the mediation to a body outside; its people see the complaint from now on, the term runs on."""
    row = complaint_for(actor, thing)
    wrong = [words(reason, "reason", WHY)]
    if mediator is not None and mediator.kind not in ENTRUSTED_KINDS:
        wrong.append(Problem("bad_mediator", msg("This body does not mediate."), place="mediator"))
    refuse(wrong)
    facts = {"mediator": mediator, "reason": reason}
    told = {"body": mediator.code if mediator else ""}
    move(actor, row, "entrust", "listen.entrust", told, facts=facts, for_good=True, due_on=row.due_on,
         mediator=mediator, mediator_person=None, aside_by="", aside_on=None)  # fmt: skip
    return row


@verb("listen.hand_back", roles=roles_for(FLOW, "hand_back"), scope=bodies_of)
def hand_back(actor: Any, thing: Complaint, reason: str) -> Complaint:
    """Give the mediation back to the desk; the body goes on seeing the complaint, but acts on it no more."""
    row = complaint_for(actor, thing)
    refuse([words(reason, "reason", WHY)])
    move(actor, row, "hand_back", "listen.hand_back", facts={"reason": reason}, for_good=True, due_on=row.due_on,
         mediator_person=None, reason=reason.strip())  # fmt: skip
    return row


@verb("listen.name_mediator", roles=MEDIATORS, scope=bodies_of)
def name_mediator(actor: Any, thing: Complaint, person: Person) -> Complaint:
    """Name who mediates: somebody of the entrusted body while it is entrusted, else of the desk of that town."""
    row = complaint_for(actor, thing)
    refuse([in_states(row, UNDER_WAY)])
    if person not in mediators(row):
        refuse([Problem("bad_person", msg("This person does not mediate this complaint."), place="person")])
    if row.aside_by and person.pk == row.mediator_person_id:
        refuse([Problem("asked_aside", msg("A party asked this mediator to step aside."), place="person")])
    row.mediator_person, row.aside_by, row.aside_on = person, "", None
    row.save(update_fields=["mediator_person", "aside_by", "aside_on"])
    record(actor, "listen.name_mediator", row, {"of": row.number})
    return row


def mediators(row: Complaint) -> Any:
    """Return the people who may mediate a complaint."""
    from django.db.models import Q

    from qualipolis.city.listen.complaints.scope import entrusted

    today = timezone.localdate()
    held = Q(grants__valid_from__lte=today) & (Q(grants__valid_to=None) | Q(grants__valid_to__gte=today))
    if entrusted(row):
        mine = Q(grants__role="mediator", grants__scope=row.mediator_id)
    else:
        bodies = [pk for pk in desk_of(row) if pk]
        mine = Q(grants__role="complaint_desk") & (Q(grants__scope=None) | Q(grants__scope__in=bodies))
    return Person.objects.filter(held & mine, is_active=True).distinct().order_by("username")


@verb("listen.ask_aside", roles=(*MEDIATORS, "enterprise"), scope=parties_of)
def ask_aside(actor: Any, thing: Complaint, party: str) -> Complaint:
    """Ask the mediator to step aside; another is named, or the request is turned down with :func:`keep_mediator`."""
    row = complaint_for(actor, thing)
    refuse([in_states(row, MEDIATED), party_of(actor, party)])
    if row.aside_by:
        refuse([Problem("asked", msg("A request is open already."))])
    row.aside_by, row.aside_on = party, timezone.localdate()
    row.save(update_fields=["aside_by", "aside_on"])
    record(actor, "listen.ask_aside", row, {"of": row.number, "party": party})
    return row


@verb("listen.keep_mediator", roles=roles_for(FLOW, "end"), scope=desk_of)
def keep_mediator(actor: Any, thing: Complaint, reason: str) -> Complaint:
    """Turn a request to step aside down, with the reason."""
    row = complaint_for(actor, thing)
    refuse([words(reason, "reason", WHY)])
    if not row.aside_by or not (row.status in UNDER_WAY or of_system(actor)):
        refuse([Problem("not_asked", msg("Nobody asked the mediator to step aside."))])
    row.aside_by, row.aside_on = "", None
    row.save(update_fields=["aside_by", "aside_on"])
    record(actor, "listen.keep_mediator", row, {"of": row.number})
    return row
