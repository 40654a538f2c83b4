"""Opinions of agencies on pacts, tasks and meetings: they guide, the federation answers, nothing is decided by them."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from qualipolis.city.core.ledger import record
from qualipolis.city.core.policy import person_of, roles_of, verb, visible
from qualipolis.city.govern.bodies import GUIDES, SECRETARY, of_federation
from qualipolis.city.govern.checks import written
from qualipolis.city.govern.models import FederationMeeting, JointTask, Opinion, Pact
from qualipolis.methods.problems import Problem, msg, refuse

PLACES = {Pact: "pact", JointTask: "task", FederationMeeting: "meeting"}


@verb("federation.give_opinion", roles=GUIDES)
def give_opinion(actor: Any, thing: Pact | JointTask | FederationMeeting, text: str) -> Opinion:
    """Give the opinion of an agency on a pact, a task or a meeting; it changes no state."""
    if not visible(actor, type(thing).objects.filter(pk=thing.pk)).exists():
        raise PermissionDenied(_("Only those who take part in this matter may do this."))
    refuse([written(text, "text", msg("Write the opinion."), 2000)])
    role = next(role for role in GUIDES if role in roles_of(actor))
    made = Opinion.objects.create(**{PLACES[type(thing)]: thing}, person=person_of(actor), role=role, text=text.strip())
    record(actor, "federation.give_opinion", thing, {"of": thing.number, "role": role})
    return made


@verb("federation.answer_opinion", roles=SECRETARY, scope=of_federation)
def answer_opinion(actor: Any, thing: Opinion, answer: str) -> Opinion:
    """Answer an opinion: what the federation does about it, or why it does not."""
    refuse([
        Problem("answered", msg("This opinion was answered already.")) if thing.answered_on else None,
        written(answer, "answer", msg("Write the answer."), 2000),
    ])  # fmt: skip
    thing.answer, thing.answered_on, thing.answered_by = answer.strip(), timezone.localdate(), person_of(actor)
    thing.save(update_fields=["answer", "answered_on", "answered_by"])
    about = thing.pact or thing.task or thing.meeting
    record(actor, "federation.answer_opinion", about, {"of": about.number if about else ""})
    return thing
