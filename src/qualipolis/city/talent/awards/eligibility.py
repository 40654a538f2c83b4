"""Verbs of applying and of eligibility: the firm applies, regulators say what they know, the office admits."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from qualipolis.city.core.attachments import store
from qualipolis.city.core.ledger import name_of, record
from qualipolis.city.core.models import Attachment, Organisation
from qualipolis.city.core.moves import locked, move
from qualipolis.city.core.numbering import next_number
from qualipolis.city.core.policy import city_wide, organisations_of, own_codes, person_of, roles_of, verb
from qualipolis.city.core.roles import SYSTEM
from qualipolis.city.registry.models import Enterprise
from qualipolis.city.talent.awards.parties import FIRM, PLANNER, firm_of, in_round, own_application
from qualipolis.city.talent.models import AwardApplication, AwardRound, RegulatorOpinion
from qualipolis.law.terms import deadline
from qualipolis.methods.problems import Problem, msg, refuse

MOST_FILES = 12
ASKED = ("department", "inspector", "town_officer", "complaint_desk")


@verb("talent.begin_application", roles=FIRM)
def begin_application(actor: Any, thing: AwardRound, enterprise: Enterprise) -> AwardApplication:
    """Begin an application for one's own firm; it is free and voluntary."""
    if not own_codes(actor).filter(code=enterprise.credit_code).exists() and SYSTEM not in roles_of(actor):
        raise PermissionDenied(_("Only the firm itself may do this."))
    row = AwardRound.objects.select_for_update().get(pk=thing.pk)
    in_round(row, "announced")
    known = row.applications.filter(enterprise=enterprise).exists()
    refuse(
        [_late(row), Problem("applied", msg("The firm has an application in this round already.")) if known else None]
    )
    made = AwardApplication.objects.create(number=next_number("JS", row.year), round=row, enterprise=enterprise)
    record(actor, "talent.begin_application", made, {"round": row.number})
    return made


def _late(row: AwardRound) -> Problem | None:
    if timezone.localdate() <= row.apply_until:
        return None
    return Problem("too_late", msg("Applications ended on %(day)s."), "", {"day": row.apply_until})


@verb("talent.edit_application", roles=FIRM, scope=firm_of)
def edit_application(
    actor: Any, thing: AwardApplication, *, contact: str = "", summary: str = "", files: Any = ()
) -> AwardApplication:
    """Change the application while it is being prepared, and attach the self-evaluation."""
    row = own_application(actor, thing)
    if row.status != "drafted":
        refuse([Problem("wrong_state", msg("This step cannot be taken in the present state."))])
    row.contact, row.summary = contact.strip()[:160], summary.strip()[:4000]
    row.save(update_fields=["contact", "summary"])
    kept = [file for file in files if file][:MOST_FILES]
    for file in kept:
        store(actor, row, file.name, file.chunks())
    record(actor, "talent.edit_application", row, {"files": len(kept)})
    return row


@verb("talent.submit_application", roles=FIRM, scope=firm_of)
def submit_application(actor: Any, thing: AwardApplication) -> AwardApplication:
    """Apply. A returned application may be handed in again after the day, until the review begins."""
    row = own_application(actor, thing)
    returned = row.submitted_on is not None
    in_round(row.round, "announced", *(("eligibility",) if returned else ()))
    refuse([None if returned else _late(row.round)])
    facts = {"contact": row.contact, "self_evaluation": Attachment.objects.filter(thing=name_of(row)).count()}
    move(actor, row, "submit", "talent.submit_application", facts=facts, submitted_on=timezone.localdate(), reason="")
    if row.round.status == "eligibility":
        asked = RegulatorOpinion.objects.filter(application__round=row.round).values("department").distinct()
        for department in Organisation.objects.filter(pk__in=asked):
            ask(row, department)
    return row


@verb("talent.withdraw_application", roles=FIRM, scope=firm_of)
def withdraw_application(actor: Any, thing: AwardApplication, reason: str) -> AwardApplication:
    """Withdraw; nothing is held against the firm."""
    row, said = own_application(actor, thing), reason.strip()[:1000]
    move(actor, row, "withdraw", "talent.withdraw_application", facts={"reason": said}, reason=said)
    return row


@verb("talent.return_application", roles=PLANNER)
def return_application(actor: Any, thing: AwardApplication, reason: str) -> AwardApplication:
    """Return the papers to be completed."""
    row, said = locked(thing, "round"), reason.strip()[:1000]
    in_round(row.round, "announced", "eligibility")
    move(actor, row, "return", "talent.return_application", facts={"reason": said}, for_good=True, reason=said)
    return row


def ask(application: AwardApplication, department: Organisation) -> RegulatorOpinion:
    """Ask one regulator about one applicant, once."""
    today = timezone.localdate()
    due = deadline("award.opinion", today).due
    return RegulatorOpinion.objects.get_or_create(
        application=application, department=department, defaults={"asked_on": today, "due_on": due}
    )[0]


@verb("talent.give_opinion", roles=(*ASKED, *PLANNER))
def give_opinion(actor: Any, thing: RegulatorOpinion, says: str, words: str = "") -> RegulatorOpinion:
    """Say what a regulator has against an applicant; the office may note a letter."""
    row = RegulatorOpinion.objects.select_for_update(of=("self",)).select_related("application__round").get(pk=thing.pk)
    if row.department_id not in organisations_of(actor, ASKED) and not city_wide(actor, (*PLANNER, SYSTEM)):
        raise PermissionDenied(_("Another authority was asked."))
    in_round(row.application.round, "eligibility")
    against = says == RegulatorOpinion.Says.AGAINST
    refuse(
        [
            None if says in RegulatorOpinion.Says.values else Problem("no_opinion", msg("Choose the opinion."), place="says"),
            None if words.strip() or not against else Problem("no_words", msg("Say what speaks against it."), place="words"),
            Problem("decided", msg("The applicant has been decided on already.")) if row.application.status != "submitted" else None,
        ]
    )  # fmt: skip
    row.says, row.words, row.given_by, row.given_on = says, words.strip()[:1000], person_of(actor), timezone.localdate()
    row.save(update_fields=["says", "words", "given_by", "given_on"])
    record(actor, "talent.give_opinion", row.application, {"says": says})
    return row


def opinion_facts(row: AwardApplication) -> dict[str, Any]:
    """Return the facts on the opinions; without anybody asked, none has been given."""
    asked = row.opinions.count()
    open_now = row.opinions.filter(says="").count()
    return {
        "open_opinions": open_now if asked else None,
        "against": row.opinions.filter(says="against").count(),
        "override": row.override,
    }


@verb("talent.admit_applicant", roles=PLANNER)
def admit_applicant(actor: Any, thing: AwardApplication, override: str = "") -> AwardApplication:
    """Admit an applicant; against a regulator only with written reasons."""
    row, said = locked(thing, "round"), override.strip()[:1000]
    in_round(row.round, "eligibility")
    facts = opinion_facts(row) | {"override": said}
    move(actor, row, "accept", "talent.admit_applicant", {"against": facts["against"]}, facts=facts, override=said)
    return row


@verb("talent.reject_applicant", roles=PLANNER)
def reject_applicant(actor: Any, thing: AwardApplication, reason: str) -> AwardApplication:
    """Do not admit an applicant, with the reason."""
    row, said = locked(thing, "round"), reason.strip()[:1000]
    in_round(row.round, "eligibility")
    move(actor, row, "reject", "talent.reject_applicant", facts=opinion_facts(row) | {"reason": said}, reason=said)
    return row
