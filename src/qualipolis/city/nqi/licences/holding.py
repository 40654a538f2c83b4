"""Verbs of a CMA certificate: noted, renewed in time or not at all, suspended, restored, cancelled, withdrawn, revoked."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from qualipolis.city.core.ledger import record
from qualipolis.city.core.moves import locked, move
from qualipolis.city.core.policy import System, roles_of, verb
from qualipolis.city.core.subscriptions import tell
from qualipolis.city.core.sweeps import one_by_one, sweep
from qualipolis.city.nqi.licences.models import ChangeFiling, Licence
from qualipolis.city.nqi.licences.visibility import LABORATORY, OFFICE, body_of, office_of
from qualipolis.city.registry.models import Institution, Qualification, QualificationPause, ScopeItem
from qualipolis.law.calendar import add_months
from qualipolis.law.nqi.validity import valid_until
from qualipolis.law.terms import rule_number
from qualipolis.methods.problems import Problem, msg, refuse

SYSTEM = System("nqi.licences")
CMA = Qualification.Kind.CMA
DAY, BATCH = timedelta(days=1), 1000
LAPSED = "nqi.certificate_lapsed"


def barred_until(institution: Institution) -> date | None:
    """Return until when a body may not apply again after a revocation for cheating; None when it may."""
    rows = Licence.objects.filter(qualification__institution=institution, status="revoked")
    ends = [on for on in rows.values_list("qualification__ended_on", flat=True) if on]
    return add_months(max(ends), 12 * rule_number("licence.barred")) if ends else None


def blemishes(licence: Licence) -> int:
    """Return how many late filings and suspensions the city knows of since the certificate began."""
    held = licence.qualification
    filings = [one.late for one in ChangeFiling.objects.filter(licence=licence)]
    return QualificationPause.objects.filter(qualification=held).count() + sum(filings)


def _row(thing: Licence) -> Licence:
    return locked(thing, "qualification__institution__unit")


@verb("nqi.note_licence", roles=OFFICE, scope=office_of)
def note_licence(
    actor: Any, thing: Institution, number: str, valid_from: date, document_no: str, valid_to: date | None = None
) -> Licence:
    """Note a CMA certificate that was granted; it lasts six years unless the decision says less."""
    said, until = number.strip()[:40], valid_to or valid_until(valid_from)
    bar = barred_until(thing)
    known = Qualification.objects.filter(kind=CMA, number=said).exclude(institution=thing).exists()
    refuse(
        [
            None if said else Problem("no_number", msg("Give the number of the certificate."), place="number"),
            None if document_no.strip() else Problem("no_document", msg("Give the number of the document."), place="document_no"),
            Problem("number_taken", msg("Another body holds a certificate with this number."), place="number") if known else None,
            Problem("barred", msg("After a revocation for cheating the body may apply again from %(day)s."), "", {"day": bar})
            if bar and valid_from < bar else None,
            None if valid_from < until <= valid_until(valid_from)
            else Problem("bad_period", msg("A certificate lasts six years at most."), place="valid_to"),
        ]
    )  # fmt: skip
    held = Qualification.objects.create(institution=thing, kind=CMA, number=said, valid_from=valid_from, valid_to=until)
    made = Licence.objects.create(qualification=held, decision_no=document_no.strip()[:60])
    record(actor, "nqi.note_licence", made, {"number": said, "from": valid_from, "to": until})
    return made


@verb("nqi.apply_renewal", roles=LABORATORY, scope=body_of)
def apply_renewal(actor: Any, thing: Licence, *, document_only: bool = False) -> Licence:
    """Apply for renewal, at least three months before the end; on paper alone only with a clean record."""
    row, today = _row(thing), timezone.localdate()
    facts = {"valid_to": row.qualification.valid_to, "blemishes": blemishes(row)}
    told = {"document_only": document_only}
    move(
        actor,
        row,
        "apply_renewal",
        "nqi.apply_renewal",
        told,
        facts=facts,
        applied_on=today,
        document_only=document_only,
    )
    return row


@verb("nqi.take_renewal_back", roles=LABORATORY, scope=body_of)
def take_renewal_back(actor: Any, thing: Licence, reason: str) -> Licence:
    """Take an application for renewal back."""
    row = _row(thing)
    move(actor, row, "withdraw_renewal", "nqi.take_renewal_back", facts={"reason": reason.strip()}, applied_on=None)
    return row


@verb("nqi.refuse_renewal", roles=OFFICE, scope=office_of)
def refuse_renewal(actor: Any, thing: Licence, document_no: str, reason: str) -> Licence:
    """Note that renewal was refused: the certificate holds to its end."""
    row, facts = _row(thing), _decision(document_no, reason)
    move(actor, row, "refuse_renewal", "nqi.refuse_renewal", facts=facts, applied_on=None, **_kept(facts))
    return row


def _decision(document_no: str, reason: str, second_person: Any = None) -> dict[str, Any]:
    second = getattr(second_person, "pk", None)
    return {"document_no": document_no.strip()[:60], "reason": reason.strip()[:400], "second_person": second}


def _kept(facts: dict[str, Any]) -> dict[str, str]:
    return {"decision_no": facts["document_no"], "reason": facts["reason"]}


@verb("nqi.renew_licence", roles=OFFICE, scope=office_of)
def renew_licence(
    actor: Any, thing: Licence, document_no: str, number: str, valid_from: date, valid_to: date | None = None
) -> Licence:
    """Note the renewed certificate: a new qualification with the lines of the scope in force; the old one ends as it did."""
    row, until = _row(thing), valid_to or valid_until(valid_from)
    old, said = row.qualification, (number or row.qualification.number).strip()[:40]
    gap = old.valid_to is not None and valid_from <= old.valid_from
    refuse(
        [
            Problem("bad_period", msg("The new certificate begins after the old one."), place="valid_from")
            if gap
            else None
        ]
    )
    facts = {"applied_on": row.applied_on, "new_from": valid_from, "new_to": until, "document_no": document_no.strip()}
    move(actor, row, "renew", "nqi.renew_licence", {"new_from": valid_from, "new_to": until}, facts=facts,
         decision_no=document_no.strip()[:60])  # fmt: skip
    held = Qualification.objects.create(
        institution=old.institution,
        kind=old.kind,
        number=said,
        issuer=old.issuer,
        valid_from=valid_from,
        valid_to=until,
    )
    _carry_over(old, held, valid_from)
    return Licence.objects.create(qualification=held, previous=row, decision_no=document_no.strip()[:60])


def _carry_over(old: Qualification, new: Qualification, day: date) -> None:
    """Copy the lines of the scope that were not ended; where each came from stays with it."""
    lines = ScopeItem.objects.filter(qualification=old, valid_to=None)
    copies = []
    for line in lines.iterator(BATCH):
        line.pk, line.qualification, line.valid_from = None, new, day
        copies.append(line)
    ScopeItem.objects.bulk_create(copies, batch_size=BATCH)


@verb("nqi.suspend_licence", roles=OFFICE, scope=office_of)
def suspend_licence(actor: Any, thing: Licence, document_no: str, reason: str, until: date) -> Licence:
    """Suspend a certificate for six months at most: from today it covers nothing."""
    row, today, facts = _row(thing), timezone.localdate(), _decision(document_no, reason)
    move(actor, row, "suspend", "nqi.suspend_licence", {"until": until}, facts=facts, suspended_on=today,
         suspended_until=until, due_on=until, **_kept(facts))  # fmt: skip
    QualificationPause.objects.create(qualification=row.qualification, starts_on=today, reason=facts["reason"][:200])
    tell(actor, LAPSED, row.qualification)
    return row


@verb("nqi.restore_licence", roles=OFFICE, scope=office_of)
def restore_licence(actor: Any, thing: Licence, document_no: str, finding: str) -> Licence:
    """Restore a suspended certificate, within six months and once the fault is mended."""
    row, today = _row(thing), timezone.localdate()
    facts = {"suspended_on": row.suspended_on, "finding": finding.strip(), "document_no": document_no.strip()}
    move(actor, row, "restore", "nqi.restore_licence", facts=facts, suspended_on=None, suspended_until=None,
         decision_no=document_no.strip()[:60], reason=finding.strip()[:400])  # fmt: skip
    QualificationPause.objects.filter(qualification=row.qualification, ends_on=None).update(ends_on=today - DAY)
    return row


@verb("nqi.ask_licence_cancelled", roles=LABORATORY, scope=body_of)
def ask_licence_cancelled(actor: Any, thing: Licence, reason: str) -> Licence:
    """Ask that the certificate is cancelled."""
    row, said = _row(thing), reason.strip()[:400]
    move(actor, row, "ask_cancellation", "nqi.ask_licence_cancelled", facts={"reason": said}, reason=said)
    return row


@verb("nqi.keep_licence", roles=LABORATORY, scope=body_of)
def keep_licence(actor: Any, thing: Licence, reason: str) -> Licence:
    """Keep the certificate after all."""
    row, said = _row(thing), reason.strip()[:400]
    move(actor, row, "keep", "nqi.keep_licence", facts={"reason": said}, reason=said)
    return row


@verb("nqi.cancel_licence", roles=OFFICE, scope=office_of)
def cancel_licence(actor: Any, thing: Licence, document_no: str, reason: str) -> Licence:
    """Cancel a certificate that its holder gives back, or that expired without renewal."""
    return _end(actor, thing, "cancel", "nqi.cancel_licence", "cancelled", _decision(document_no, reason))


@verb("nqi.withdraw_licence", roles=OFFICE, scope=office_of)
def withdraw_licence(actor: Any, thing: Licence, document_no: str, reason: str, second_person: Any) -> Licence:
    """Withdraw a certificate because its conditions are lost; two people decide."""
    facts = _decision(document_no, reason, second_person)
    return _end(actor, thing, "withdraw", "nqi.withdraw_licence", "withdrawn", facts, second_person)


@verb("nqi.revoke_licence", roles=OFFICE, scope=office_of)
def revoke_licence(actor: Any, thing: Licence, document_no: str, reason: str, second_person: Any) -> Licence:
    """Revoke a certificate that was obtained by cheating; two people decide, and three years nobody may apply."""
    facts = _decision(document_no, reason, second_person)
    return _end(actor, thing, "revoke", "nqi.revoke_licence", "revoked", facts, second_person)


def _end(
    actor: Any, thing: Licence, step: str, name: str, how: str, facts: dict[str, Any], second: Any = None
) -> Licence:
    row, today = _row(thing), timezone.localdate()
    if second is not None and not roles_of(second) & set(OFFICE):
        what = msg("The second person must work in an office that decides on certificates.")
        refuse([Problem("wrong_second", what, place="second_person")])
    move(actor, row, step, name, facts=facts, **_kept(facts))
    held = row.qualification
    held.ended_on, held.ended_how = today, how
    held.save(update_fields=["ended_on", "ended_how"])
    tell(actor, LAPSED, held)
    return row


@sweep("nqi.licences")
def sweep_licences(now: datetime) -> int:
    """Give every CMA certificate its life cycle, and let those expire whose last day is over."""
    found = Qualification.objects.filter(kind=CMA, licence=None, ended_on=None)
    Licence.objects.bulk_create([Licence(qualification=one) for one in found], batch_size=BATCH)
    over = Licence.objects.filter(qualification__valid_to__lt=timezone.localdate(), status__in=_held())
    return one_by_one(over.order_by("pk"), _expired)


def _held() -> tuple[str, ...]:
    return next(step.sources for step in Licence(status="valid").flow.steps if step.name == "expire")


def _expired(licence: Licence) -> int:
    row = _row(licence)
    facts = {"valid_to": row.qualification.valid_to}
    move(SYSTEM, row, "expire", "nqi.expire_licence", facts=facts)
    tell(SYSTEM, LAPSED, row.qualification)
    return 1
