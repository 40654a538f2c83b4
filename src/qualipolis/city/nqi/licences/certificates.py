"""Verbs of the certificates that certification bodies issue: surveillance, suspension for six months at most, endings."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from qualipolis.city.core.days import not_ahead
from qualipolis.city.core.ledger import record
from qualipolis.city.core.moves import locked, move
from qualipolis.city.core.policy import System, verb
from qualipolis.city.core.subscriptions import tell
from qualipolis.city.core.sweeps import one_by_one, sweep
from qualipolis.city.nqi.licences.models import CertificatePause, FollowUp, IssuedCertificate
from qualipolis.city.nqi.licences.visibility import LABORATORY, body_of, holder_of
from qualipolis.city.registry.models import Enterprise, Institution, Qualification
from qualipolis.city.registry.validity import valid_on
from qualipolis.law.calendar import add_months
from qualipolis.law.terms import rule_number
from qualipolis.law.validators.certificate_numbers import ccc_certificate, management_certificate
from qualipolis.methods.problems import Problem, msg, refuse

SYSTEM = System("nqi.certificates")
DAY = timedelta(days=1)
TEXTS = {"number": 60, "scheme": 120, "covers": 400, "standard": 60, "holder_name": 160}
NAMED = {
    "number": msg("Give the number of the certificate."),
    "scheme": msg("Name the scheme."),
    "covers": msg("Say what the certificate covers."),
    "holder_name": msg("Name the holder."),
}
LOST = "nqi.holder_lost_certificate"


def approved_on(body: Institution, day: date) -> bool:
    """Whether a certification body holds an approval valid on ``day``."""
    held = Qualification.objects.filter(institution=body, kind=Qualification.Kind.CNCA)
    return valid_on(day, held).exists()


def next_follow_up(since: date, valid_to: date) -> date | None:
    """Return by when a holder is looked at again; None when the certificate ends before."""
    day = add_months(since, rule_number("certificate.follow_up"))
    return day if day <= valid_to else None


def hints_of(number: str, kind: str) -> list[Problem]:
    """Return what is unusual about a number; it never keeps a certificate out."""
    if kind == IssuedCertificate.Kind.CCC:
        return list(ccc_certificate(number).problems)
    return list(management_certificate(number).problems) if kind == IssuedCertificate.Kind.SYSTEM else []


def faults(body: Institution, values: dict[str, Any]) -> list[Problem | None]:
    """Return what keeps a certificate from being noted, from a form or from a line of a list."""
    issued, until, kind = values["issued_on"], values["valid_to"], values["kind"]
    missing = [Problem(f"no_{name}", what, place=name) for name, what in NAMED.items() if not values[name]]
    authorised = isinstance(issued, date) and approved_on(body, issued)
    return [
        *missing,
        None if kind in IssuedCertificate.Kind.values else Problem("no_kind", msg("Choose the kind of certificate."), place="kind"),
        *not_ahead(issued, "issued_on"),
        None if until > issued else Problem("bad_period", msg("The certificate ends before it begins."), place="valid_to"),
        None if authorised
        else Problem("not_approved", msg("The body holds no approval as a certification body on %(day)s."), "", {"day": issued}, "issued_on"),
    ]  # fmt: skip


@verb("nqi.issue_certificate", roles=LABORATORY, scope=body_of)
def issue_certificate(
    actor: Any, thing: Institution, *, kind: str, issued_on: date, valid_to: date, holder: Enterprise | None = None,
    **given: str,
) -> IssuedCertificate:  # fmt: skip
    """Note a certificate that the body issued inside its approval."""
    values: dict[str, Any] = {name: str(given.get(name) or "").strip()[:most] for name, most in TEXTS.items()}
    values["holder_name"] = holder.name_zh[:160] if holder else values["holder_name"]
    values |= {"kind": kind, "issued_on": issued_on, "valid_to": valid_to}
    taken = IssuedCertificate.objects.filter(certifier=thing, number=values["number"]).exists()
    what = msg("There is a certificate with this number already.")
    refuse([*faults(thing, values), Problem("number_taken", what, place="number") if taken else None])
    made = IssuedCertificate.objects.create(
        certifier=thing, holder=holder, follow_up_on=next_follow_up(issued_on, valid_to), **values
    )
    record(actor, "nqi.issue_certificate", made, {"number": made.number, "kind": kind, "to": valid_to})
    return made


def _row(thing: IssuedCertificate) -> IssuedCertificate:
    return locked(thing, "certifier__unit", "holder")


@verb("nqi.suspend_certificate", roles=LABORATORY, scope=body_of)
def suspend_certificate(actor: Any, thing: IssuedCertificate, reason: str, until: date) -> IssuedCertificate:
    """Suspend a certificate when conformity is in doubt; the state is public at once."""
    row, today, said = _row(thing), timezone.localdate(), reason.strip()[:400]
    move(actor, row, "suspend", "nqi.suspend_certificate", {"until": until}, facts={"reason": said}, suspended_on=today,
         suspended_until=until, due_on=until, reason=said)  # fmt: skip
    CertificatePause.objects.create(certificate=row, starts_on=today, reason=said[:200])
    tell(actor, LOST, row)
    return row


@verb("nqi.restore_certificate", roles=LABORATORY, scope=body_of)
def restore_certificate(actor: Any, thing: IssuedCertificate, finding: str) -> IssuedCertificate:
    """Restore a suspended certificate within six months."""
    row, today, said = _row(thing), timezone.localdate(), finding.strip()[:400]
    facts = {"suspended_on": row.suspended_on, "finding": said}
    move(
        actor,
        row,
        "restore",
        "nqi.restore_certificate",
        facts=facts,
        suspended_on=None,
        suspended_until=None,
        reason=said,
    )
    row.pauses.filter(ends_on=None).update(ends_on=today - DAY)
    return row


@verb("nqi.withdraw_certificate", roles=LABORATORY, scope=body_of)
def withdraw_certificate(actor: Any, thing: IssuedCertificate, reason: str) -> IssuedCertificate:
    """Withdraw a certificate because conformity is lost."""
    return _end(actor, thing, "withdraw", "nqi.withdraw_certificate", reason)


@verb("nqi.cancel_certificate", roles=LABORATORY, scope=body_of)
def cancel_certificate(actor: Any, thing: IssuedCertificate, reason: str) -> IssuedCertificate:
    """Cancel a certificate at the wish of its holder."""
    return _end(actor, thing, "cancel", "nqi.cancel_certificate", reason)


def _end(actor: Any, thing: IssuedCertificate, step: str, name: str, reason: str) -> IssuedCertificate:
    row, said = _row(thing), reason.strip()[:400]
    move(actor, row, step, name, facts={"reason": said}, reason=said, ended_on=timezone.localdate())
    tell(actor, LOST, row)
    return row


@verb("nqi.ask_certificate_cancelled", roles=("enterprise",), scope=holder_of)
def ask_certificate_cancelled(actor: Any, thing: IssuedCertificate, reason: str) -> IssuedCertificate:
    """Ask the body to cancel one's certificate."""
    row, said = _row(thing), reason.strip()[:400]
    move(actor, row, "ask_cancellation", "nqi.ask_certificate_cancelled", facts={"reason": said}, reason=said)
    return row


@verb("nqi.keep_certificate", roles=("enterprise",), scope=holder_of)
def keep_certificate(actor: Any, thing: IssuedCertificate, reason: str) -> IssuedCertificate:
    """Keep one's certificate after all."""
    row, said = _row(thing), reason.strip()[:400]
    move(actor, row, "keep", "nqi.keep_certificate", facts={"reason": said}, reason=said)
    return row


@verb("nqi.follow_up_certificate", roles=LABORATORY, scope=body_of)
def follow_up_certificate(actor: Any, thing: IssuedCertificate, on: date, conforms: bool, finding: str) -> FollowUp:
    """Note a surveillance; what does not conform is followed by a suspension or a withdrawal."""
    row = _row(thing)
    standing = row.status in ("valid", "suspended", "cancellation_asked")
    refuse(
        [
            None if standing else Problem("not_standing", msg("The certificate does not stand any more.")),
            None if finding.strip() else Problem("no_finding", msg("Write what was found."), place="finding"),
            *not_ahead(on, "on", row.issued_on),
        ]
    )
    made = FollowUp.objects.create(certificate=row, on=on, conforms=conforms, finding=finding.strip()[:1000])
    row.follow_up_on = next_follow_up(on, row.valid_to)
    row.save(update_fields=["follow_up_on"])
    record(actor, "nqi.follow_up_certificate", row, {"on": on, "conforms": conforms})
    return made


@sweep("nqi.certificates")
def sweep_certificates(now: datetime) -> int:
    """Let certificates expire whose last day is over; safe to run at any time, and twice."""
    open_states = ("valid", "suspended", "cancellation_asked")
    over = IssuedCertificate.objects.filter(valid_to__lt=timezone.localdate(), status__in=open_states)
    return one_by_one(over.order_by("pk"), _expired)


def _expired(certificate: IssuedCertificate) -> int:
    row = _row(certificate)
    move(SYSTEM, row, "expire", "nqi.expire_certificate", facts={"valid_to": row.valid_to}, ended_on=row.valid_to + DAY)
    return 1


def stood_on(row: IssuedCertificate, day: date) -> bool:
    """Whether a certificate was valid on ``day``: issued, not over, not ended, not suspended on that day."""
    ended = row.ended_on is not None and day >= row.ended_on
    paused = any(one.starts_on <= day and (one.ends_on is None or day <= one.ends_on) for one in row.pauses.all())
    return row.issued_on <= day <= row.valid_to and not ended and not paused
