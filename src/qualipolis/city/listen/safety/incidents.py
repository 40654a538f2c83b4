"""Verbs of incidents: reported by hospitals, firms and consumers, verified, reported upward when serious, closed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from qualipolis.city.core.attachments import store
from qualipolis.city.core.days import not_ahead
from qualipolis.city.core.ledger import record
from qualipolis.city.core.moves import move
from qualipolis.city.core.numbering import next_number
from qualipolis.city.core.policy import own_codes, roles_of, verb
from qualipolis.city.core.steps import term
from qualipolis.city.core.subscriptions import tell
from qualipolis.city.listen.investigations.opening import still_open
from qualipolis.city.listen.investigations.visibility import INVESTIGATORS, changing
from qualipolis.city.listen.models import Incident, Investigation, Letter, SafetyProduct
from qualipolis.city.listen.safety.visibility import acting
from qualipolis.city.registry.models import Enterprise, Unit
from qualipolis.law.listening.rules import GUANGDONG_FROM
from qualipolis.law.terms import due
from qualipolis.methods.problems import Problem, msg, refuse

FLOW = "incident"
HANDLERS = (*INVESTIGATORS, "complaint_desk")
FIRM_TERM, VERIFY_TERM, UPWARD_TERM = (
    due(code) for code in ("recall.firm_report", "incident.verification", "incident.upward")
)
MOST_FILES = 10
TEXTS = {"product_class": 60, "hazard": 60, "narrative": 4000}


@verb("listen.report_incident", roles=("enterprise", *HANDLERS))
def report_incident(
    actor: Any, source: str, *, product: SafetyProduct | None = None, enterprise: Enterprise | None = None,
    unit: Unit | None = None, letter: Letter | None = None, files: Iterable[Any] = (), **given: Any,
) -> Incident:  # fmt: skip
    """Report an injury or a damage. A firm reports its own, within two working days of learning of it.

    ``given``: happened_on, learned_on, product_class, hazard, harm (0 to 4 or None), people, narrative. No name of a
    person who was hurt belongs here.
    """
    if roles_of(actor) & {"enterprise"} and not roles_of(actor) & set(HANDLERS):
        _own_firm(actor, enterprise, source)
    values = _cleaned(source, given)
    today = timezone.localdate()
    learned = values["learned_on"]
    made = Incident.objects.create(
        number=next_number("IN", today.year), source=source, product=product, enterprise=enterprise,
        unit=unit or (enterprise.unit if enterprise else None), letter=letter, reported_on=today,
        due_on=term(VERIFY_TERM, today), firm_due_on=_firm_term(learned),
        firm_reported_on=today if source == Incident.Source.FIRM else None, **values,
    )  # fmt: skip
    for file in [file for file in files if file][:MOST_FILES]:
        store(actor, made, file.name, file.chunks())
    told = {"source": source, "harm": made.harm, "people": made.people}
    record(actor, "listen.report_incident", made, told)
    return made


def _firm_term(learned: date | None) -> date | None:
    """Return until when the firm reports; before the rule was in force there was no such duty."""
    return term(FIRM_TERM, learned) if learned and learned >= GUANGDONG_FROM else None


def _own_firm(actor: Any, enterprise: Enterprise | None, source: str) -> None:
    own = enterprise is not None and own_codes(actor).filter(code=enterprise.credit_code).exists()
    if not own or source != Incident.Source.FIRM:
        raise PermissionDenied(_("A firm reports incidents with its own products."))


def _cleaned(source: str, given: dict[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {name: str(given.get(name) or "").strip()[:most] for name, most in TEXTS.items()}
    values |= {name: given.get(name) for name in ("happened_on", "learned_on", "harm", "people")}
    harm, people, since = values["harm"], values["people"], values["happened_on"]
    days = [
        *(not_ahead(since, "happened_on") if since else []),
        *(not_ahead(values["learned_on"], "learned_on", since) if values["learned_on"] else []),
    ]
    known = source in Incident.Source.values
    refuse(
        [
            None if known else Problem("bad_source", msg("Say who reported it."), place="source"),
            None if values["narrative"] else Problem("no_narrative", msg("Say what happened."), place="narrative"),
            None if harm is None or harm in Incident.Harm.values else Problem("bad_harm", msg("Choose the harm."), place="harm"),
            None if people is None or 0 <= people < 10000 else Problem("bad_people", msg("Say how many people were hurt, from 0 on."), place="people"),
            *days,
        ]
    )  # fmt: skip
    return values


@verb("listen.grade_incident", roles=HANDLERS)
def grade_incident(actor: Any, thing: Incident, harm: int, people: int | None = None) -> Incident:
    """Say how badly people were hurt, before or after the verification; it is never guessed."""
    row = acting(actor, thing)
    wrong = None if harm in Incident.Harm.values else Problem("bad_harm", msg("Choose the harm."), place="harm")
    open_now = None if not row.ended else Problem("wrong_state", msg("The incident is closed: take it up again first."))
    refuse([wrong, open_now])
    row.harm, row.people = harm, people if people is not None else row.people
    if row.status == "verified":  # what turns out serious later must go upward from today on, and only that
        row.due_on = (row.due_on or term(UPWARD_TERM, timezone.localdate())) if row.serious else None
    row.save(update_fields=["harm", "people", "due_on"])
    record(actor, "listen.grade_incident", row, {"harm": harm, "people": row.people})
    return row


@verb("listen.verify_incident", roles=HANDLERS)
def verify_incident(actor: Any, thing: Incident, *, product: SafetyProduct | None = None) -> Incident:
    """The incident is verified; a serious one must go to the authority above at once."""
    row = acting(actor, thing)
    if row.harm is None:
        refuse([Problem("severity_unknown", msg("Say how badly people were hurt first."), place="harm")])
    changes = {"product": product} if product is not None else {}
    move(actor, row, "verify", "listen.verify_incident", {"harm": row.harm}, **changes)
    if not row.serious:
        row.due_on = None
        row.save(update_fields=["due_on"])
    tell(actor, "listen.incident_verified", row)
    return row


@verb("listen.dismiss_incident", roles=HANDLERS)
def dismiss_incident(actor: Any, thing: Incident, reason: str) -> Incident:
    """No product was involved."""
    row = acting(actor, thing)
    move(actor, row, "dismiss", "listen.dismiss_incident", facts={"reason": reason.strip()})
    return row


@verb("listen.report_upward", roles=INVESTIGATORS)
def report_upward(actor: Any, thing: Incident, authority: str, document_no: str) -> Incident:
    """Report a death or serious injury to the authority above."""
    row = acting(actor, thing)
    told = {"authority": authority.strip()[:120], "document_no": document_no.strip()[:60]}
    facts = {"serious": row.serious}
    move(actor, row, "report_up", "listen.report_upward", told, facts=facts, upward_no=told["document_no"])
    return row


@verb("listen.close_incident", roles=INVESTIGATORS)
def close_incident(actor: Any, thing: Incident, report: str) -> Incident:
    """Close an incident: what was done about it; a serious one only after it was reported upward."""
    row = acting(actor, thing)
    step = "close" if row.status == "reported_up" else "close_slight"
    move(actor, row, step, "listen.close_incident", facts={"report": report.strip(), "serious": row.serious})
    return row


@verb("listen.reopen_incident", roles=INVESTIGATORS)
def reopen_incident(actor: Any, thing: Incident, reason: str) -> Incident:
    """Take a closed or dismissed incident up again."""
    row = acting(actor, thing)
    move(actor, row, "reopen", "listen.reopen_incident", facts={"reason": reason.strip()})
    return row


@verb("listen.note_firm_report", roles=HANDLERS)
def note_firm_report(actor: Any, thing: Incident, reported_on: date | None, learned_on: date | None = None) -> Incident:
    """Note on which day the firm learned of the danger and on which it reported itself; None: it has not reported."""
    row = acting(actor, thing)
    learned = learned_on or row.learned_on
    refuse(
        [
            *(not_ahead(learned_on, "learned_on", row.happened_on) if learned_on else []),
            *(not_ahead(reported_on, "reported_on", learned) if reported_on else []),
            None if reported_on or learned else Problem("no_day", msg("Give the day."), place="learned_on"),
        ]
    )
    row.learned_on, row.firm_due_on, row.firm_reported_on = learned, _firm_term(learned), reported_on
    row.save(update_fields=["learned_on", "firm_due_on", "firm_reported_on"])
    late = bool(row.firm_due_on and (reported_on or timezone.localdate()) > row.firm_due_on)
    record(actor, "listen.note_firm_report", row, {"on": reported_on, "learned": learned, "late": late})
    return row


@verb("listen.link_incident", roles=INVESTIGATORS)
def link_incident(actor: Any, thing: Incident, investigation: Investigation) -> Incident:
    """Put an incident into an investigation."""
    row = acting(actor, thing)
    still_open(changing(actor, investigation))
    row.investigation = investigation
    row.save(update_fields=["investigation"])
    record(actor, "listen.link_incident", row, {"to": str(investigation)})
    return row
