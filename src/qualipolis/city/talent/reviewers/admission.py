"""Verbs of reviewers: applying, training, examination, levels, suspension, the end."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from qualipolis.city.core.days import not_ahead
from qualipolis.city.core.ledger import record
from qualipolis.city.core.moves import locked, move
from qualipolis.city.core.numbering import next_number
from qualipolis.city.core.policy import person_of, roles_of, verb
from qualipolis.city.core.roles import SYSTEM
from qualipolis.city.talent.models import Reviewer
from qualipolis.city.talent.reviewers.standing import standing_of
from qualipolis.law.flows.talent.reviewers import EXCELLENCE_REVIEWER
from qualipolis.law.validators.credit_codes import credit_code
from qualipolis.methods.problems import Problem, msg, refuse

PLANNER, REVIEWER, TRAINER = ("planner",), ("reviewer",), ("planner", "trainer")
PASSING = 60


@verb("talent.apply_reviewer", roles=(*REVIEWER, *PLANNER))
def apply_reviewer(
    actor: Any, thing: Any = None, *, person: Any = None, employer: str = "", employer_code: str = "", fields: str = "",
    experience: str = "", agreed: bool = False, public: bool = False,
) -> Reviewer:  # fmt: skip
    """Apply to become a reviewer; the office may note the application of somebody who has an account."""
    who = person if person is not None and roles_of(actor) & {*PLANNER, SYSTEM} else person_of(actor)
    code = employer_code.strip().upper()
    refuse(
        [
            None if who is not None else Problem("no_person", msg("Say who applies."), place="person"),
            None if employer.strip() else Problem("no_employer", msg("Name the employer."), place="employer"),
            None if fields.strip() else Problem("no_fields", msg("Name the fields."), place="fields"),
            None if agreed else Problem("not_agreed", msg("Agree to the duties of reviewers."), place="agreed"),
            Problem("bad_code", msg("This is not a credit code."), place="employer_code") if code and not credit_code(code).ok else None,
            Problem("applied", msg("There is an application of this person already."))
            if who is not None and Reviewer.objects.filter(person=who).exists() else None,
        ]
    )  # fmt: skip
    made = Reviewer.objects.create(
        number=next_number("PS", timezone.localdate().year), person=who, employer=employer.strip()[:160],
        employer_code=code, fields=fields.strip()[:400], experience=experience.strip()[:2000], agreed=True, public=public,
    )  # fmt: skip
    record(actor, "talent.apply_reviewer", made, {"public": public})
    return made


@verb("talent.train_reviewer", roles=TRAINER)
def train_reviewer(actor: Any, thing: Reviewer) -> Reviewer:
    """The training was taken part in."""
    row = locked(thing)
    move(actor, row, "train", "talent.train_reviewer")
    return row


@verb("talent.examine_reviewer", roles=TRAINER)
def examine_reviewer(actor: Any, thing: Reviewer, score: int, on: date | None = None) -> Reviewer:
    """Record the examination; below the pass mark it may be repeated."""
    row, day = locked(thing), on or timezone.localdate()
    inside = (
        None if 0 <= score <= 100 else Problem("bad_score", msg("The score lies between 0 and 100."), place="score")
    )
    refuse([inside, *not_ahead(day, "on", row.applied_on)])
    facts = {"exam_score": score, "exam_passing": PASSING}
    move(
        actor, row, "pass_exam", "talent.examine_reviewer", {"score": score}, facts=facts, exam_score=score, exam_on=day
    )
    return row


@verb("talent.appoint_reviewer", roles=PLANNER)
def appoint_reviewer(actor: Any, thing: Reviewer, document_no: str) -> Reviewer:
    """Appoint as a trainee."""
    row, said = locked(thing), document_no.strip()[:60]
    facts = {"fields": row.fields, "organisation": row.employer, "consent": row.agreed}
    move(actor, row, "appoint", "talent.appoint_reviewer", {"document_no": said}, facts=facts, document_no=said,
         appointed_on=timezone.localdate())  # fmt: skip
    return row


@verb("talent.promote_reviewer", roles=PLANNER)
def promote_reviewer(actor: Any, thing: Reviewer) -> Reviewer:
    """Take the next level; the numbers are counted from what was done."""
    row = locked(thing)
    standing = standing_of(row)
    step = next(
        (s.name for s in EXCELLENCE_REVIEWER.steps if s.name.startswith("promote") and row.status in s.sources),
        "promote_level_1",
    )
    told = {"reviews": standing.reviews, "rating": standing.rating, "hours": standing.hours}
    move(actor, row, step, "talent.promote_reviewer", told, facts=standing.facts())
    return row


@verb("talent.demote_reviewer", roles=PLANNER)
def demote_reviewer(actor: Any, thing: Reviewer, reason: str) -> Reviewer:
    """Put back one level."""
    row = locked(thing)
    step = "demote_level_2" if row.status == "level_3" else "demote_level_1"
    move(actor, row, step, "talent.demote_reviewer", facts={"reason": reason.strip()}, reason=reason.strip()[:400])
    return row


@verb("talent.suspend_reviewer", roles=PLANNER)
def suspend_reviewer(actor: Any, thing: Reviewer, reason: str) -> Reviewer:
    """No reviews for the time being."""
    row, said = locked(thing), reason.strip()[:400]
    move(actor, row, "suspend", "talent.suspend_reviewer", facts={"reason": said}, held_from=row.status, reason=said)
    return row


@verb("talent.resume_reviewer", roles=PLANNER)
def resume_reviewer(actor: Any, thing: Reviewer, reason: str) -> Reviewer:
    """End the suspension; hours must be kept."""
    row = locked(thing)
    facts = {"reason": reason.strip(), "held_from": row.held_from, **standing_of(row).facts()}
    move(
        actor,
        row,
        f"resume_{row.held_from or 'trainee'}",
        "talent.resume_reviewer",
        facts=facts,
        held_from="",
        reason="",
    )
    return row


@verb("talent.refuse_reviewer", roles=PLANNER)
def refuse_reviewer(actor: Any, thing: Reviewer, reason: str) -> Reviewer:
    """Do not admit somebody."""
    return _end(actor, thing, "refuse", "talent.refuse_reviewer", reason)


@verb("talent.remove_reviewer", roles=PLANNER)
def remove_reviewer(actor: Any, thing: Reviewer, reason: str, document_no: str) -> Reviewer:
    """Take off the list for good."""
    return _end(actor, thing, "remove", "talent.remove_reviewer", reason, document_no=document_no.strip()[:60])


@verb("talent.leave_reviewers", roles=(*REVIEWER, *PLANNER))
def leave_reviewers(actor: Any, thing: Reviewer, reason: str) -> Reviewer:
    """Leave the list by one's own wish."""
    return _end(actor, _own(actor, thing), "leave", "talent.leave_reviewers", reason)


def _end(actor: Any, thing: Reviewer, step: str, name: str, reason: str, **told: Any) -> Reviewer:
    row, said = locked(thing), reason.strip()[:400]
    move(actor, row, step, name, told, facts={"reason": said}, reason=said, ended_on=timezone.localdate())
    return row


def _own(actor: Any, thing: Reviewer) -> Reviewer:
    if thing.person_id == getattr(actor, "pk", None) or roles_of(actor) & {*PLANNER, SYSTEM}:
        return thing
    raise PermissionDenied(_("This is about another reviewer."))


@verb("talent.list_reviewer", roles=(*REVIEWER, *PLANNER))
def list_reviewer(actor: Any, thing: Reviewer, public: bool) -> Reviewer:
    """Agree to be named on the public list, or take the consent back; only the reviewer decides."""
    if thing.person_id != getattr(actor, "pk", None):
        raise PermissionDenied(_("Only the reviewer agrees to be named in public."))
    row = locked(thing)
    row.public = bool(public)
    row.save(update_fields=["public"])
    record(actor, "talent.list_reviewer", row, {"public": row.public})
    return row
