"""Verbs of certificates: issue, revoke, replace; the sweep that lets them run out; the check on our own page."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone

from qualipolis.city.core.ledger import record
from qualipolis.city.core.moves import locked, move
from qualipolis.city.core.numbering import next_number
from qualipolis.city.core.policy import System, roles_of, verb
from qualipolis.city.core.subscriptions import tell
from qualipolis.city.core.sweeps import one_by_one, sweep
from qualipolis.city.talent.models import Enrolment, Session, TrainingCertificate
from qualipolis.city.talent.officers.filings import officer_certified
from qualipolis.city.talent.training.signing import public_keys, register_now, signed
from qualipolis.city.talent.training.visibility import TRAINERS
from qualipolis.law.terms import deadline
from qualipolis.methods.exams.certificate import UNREADABLE, Verdict, check, digest_of, read
from qualipolis.methods.problems import Problem, msg, refuse

SYSTEM = System("talent")


@verb("talent.issue_certificate", roles=TRAINERS)
def issue_certificate(actor: Any, thing: Enrolment) -> TrainingCertificate:
    """Issue the certificate of a course that was passed; an officer is certified with it."""
    row = locked(thing)
    standing = TrainingCertificate.objects.filter(enrolment=row).exclude(status="revoked").exists()
    refuse(
        [
            None if row.status == "passed" else Problem("not_passed", msg("The course has not been passed.")),
            Problem("issued", msg("The certificate has been issued already.")) if standing else None,
        ]
    )
    return _issue(actor, row)


def _issue(actor: Any, row: Enrolment, **more: Any) -> TrainingCertificate:
    today = timezone.localdate()
    until = deadline("training.certificate", today).due
    made = _made(row, today, until, **more)
    told = {"of": made.number, "enrolment": row.number, "digest": digest_of(made.payload), "valid_to": until}
    record(actor, "talent.issue_certificate", made, told)
    if row.officer is not None and row.officer.status == "trained":
        officer_certified(SYSTEM, row.officer, made.number)
    return made


def _made(row: Enrolment, issued: date, until: date, **more: Any) -> TrainingCertificate:
    number = next_number("ZS", timezone.localdate().year)
    replaced = {"replaces": more["replaces"].number} if more.get("replaces") else {}
    payload, signature, key = signed(number, row.learner, row.session.course, issued, until, **replaced)
    return TrainingCertificate.objects.create(
        number=number, learner=row.learner, enrolment=row, course=row.session.course, officer=row.officer, issued_on=issued,
        valid_to=until, payload=payload, signature=signature, public_key=key, due_on=None, **more,
    )  # fmt: skip


@verb("talent.issue_certificates", roles=TRAINERS)
def issue_certificates(actor: Any, thing: Session) -> int:
    """Issue the certificates of everybody who passed and has none."""
    session = locked(thing)
    have = TrainingCertificate.objects.filter(enrolment__session=session).values("enrolment")
    rows = session.enrolments.filter(status="passed").exclude(pk__in=have).order_by("pk")
    issued = [_issue(actor, locked(row)) for row in rows]
    refuse([None if issued else Problem("none_open", msg("Nobody waits for a certificate of this course."))])
    return len(issued)


@verb("talent.revoke_certificate", roles=TRAINERS)
def revoke_certificate(actor: Any, thing: TrainingCertificate, reason: str, second_person: Any) -> TrainingCertificate:
    """Revoke a certificate (obtained by cheating, or issued in error); two trainers decide."""
    row, said, today = locked(thing), reason.strip()[:400], timezone.localdate()
    if second_person is not None and not roles_of(second_person) & set(TRAINERS):
        refuse([Problem("wrong_second", msg("The second person must be a trainer."), place="second_person")])
    step = "revoke_late" if row.status == "expired" else "revoke"
    told = {"second_person": getattr(second_person, "pk", None), "on": today}
    move(actor, row, step, "talent.revoke_certificate", told, facts={"reason": said}, ended_on=today, end_reason=said)
    tell(actor, "talent.certificate_revoked", row)
    return row


@verb("talent.replace_certificate", roles=TRAINERS)
def replace_certificate(actor: Any, thing: TrainingCertificate, reason: str) -> TrainingCertificate:
    """Replace a certificate by a corrected one (a name, a course): it holds as long as the first one did."""
    row, said, today = locked(thing), reason.strip()[:400], timezone.localdate()
    move(
        actor,
        row,
        "replace",
        "talent.replace_certificate",
        {"on": today},
        facts={"reason": said},
        ended_on=today,
        end_reason=said,
    )
    if row.enrolment is None:
        refuse([Problem("no_enrolment", msg("The course of this certificate is not known."))])
    made = _made(row.enrolment, row.issued_on, row.valid_to, replaces=row)
    told = {"of": made.number, "replaces": row.number, "digest": digest_of(made.payload), "valid_to": made.valid_to}
    record(actor, "talent.issue_certificate", made, told)
    return made


@sweep("talent.certificates")
def sweep_certificates(now: datetime) -> int:
    """Let certificates run out after their last day."""
    rows = TrainingCertificate.objects.filter(status="issued", valid_to__lt=timezone.localdate(now))
    return one_by_one(rows, _expire)


def _expire(thing: TrainingCertificate) -> int:
    row = locked(thing)
    move(SYSTEM, row, "expire", "talent.expire_certificate", facts={"valid_to": row.valid_to}, for_good=True)
    return 1


def checked(text: str, on: date | None = None) -> Verdict:
    """Return the verdict on a pasted text, with what our own register says now."""
    found = read(text)
    if found is None:
        return Verdict(UNREADABLE)
    rows = list(TrainingCertificate.objects.filter(number=str(found[2]["no"])[:32]))
    return check(text, public_keys(), on or timezone.localdate(), register_now(rows))


def by_number(number: str) -> TrainingCertificate | None:
    """Return the certificate with a number, however it was typed."""
    said = "".join(number.split()).upper()[:32]
    return TrainingCertificate.objects.select_related("course", "learner").filter(number=said).first() if said else None


def masked(name: str) -> str:
    """Return a name as the public page shows it: the first character.

    >>> masked("欧阳示例"), masked("")
    ('欧**', '')
    """
    return f"{name[0]}**" if name else ""
