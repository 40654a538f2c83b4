"""Verbs on one observation, through its whole life."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from qualipolis.city.core.ledger import name_of, record
from qualipolis.city.core.models import Attachment
from qualipolis.city.core.policy import person_of, verb
from qualipolis.city.core.steps import Took, advance, roles_for
from qualipolis.city.core.undo import undoable
from qualipolis.city.measure.figures import figure, problems
from qualipolis.city.measure.models import CollectionRound, Observation
from qualipolis.city.measure.serving import dispute_until
from qualipolis.city.measure.undoing import RESTORE, REVERSIBLE, before_of
from qualipolis.law.flows import ALL
from qualipolis.methods.problems import InputError, Problem, msg

OPEN = (CollectionRound.Status.OPEN, CollectionRound.Status.CHECKING, CollectionRound.Status.REOPENED)
FLOW = "observation"
WRITERS = roles_for(FLOW, "start")


def scope(thing: Observation) -> Iterable[int | None]:
    """The town that answers for the observation and the department that owns its indicator."""
    return (thing.unit.government_id, thing.indicator.owner_id)


def town_scope(thing: Observation) -> Iterable[int | None]:
    """The town alone."""
    return (thing.unit.government_id,)


def owner_scope(thing: Observation) -> Iterable[int | None]:
    """The owning department alone."""
    return (thing.indicator.owner_id,)


def _locked(thing: Observation) -> Observation:
    rows = Observation.objects.select_for_update(of=("self",))
    row = rows.select_related("indicator", "unit", "round").get(pk=thing.pk)
    if row.round.status not in OPEN:
        raise InputError(
            [
                Problem(
                    "round_closed",
                    msg("The round %(round)s is not open."),
                    msg("A locked round is reopened by the leader and a second person."),
                    {"round": row.round.period},
                )
            ]
        )
    return row


def _save(actor: Any, row: Observation, took: Took, name: str, **payload: Any) -> Observation:
    before = before_of(row) if name in REVERSIBLE else {}
    row.status = took.target
    row.changed_at = timezone.now()
    row.save()
    told = {"status": row.status, "value": row.value, "missing": row.missing} | payload
    event = record(actor, name, row, told, rule_version=took.rule)
    if name in REVERSIBLE:
        undoable(event, actor, RESTORE, observation=row.pk, before=before, after=row.status)
    return row


def fill(row: Observation, numerator: Any, denominator: Any, value: Any) -> None:
    """Put a figure into an observation; ``InputError`` when it cannot be true."""
    indicator = row.indicator
    found = figure(indicator.kind, indicator.factor, numerator, denominator, value)
    place = f"{indicator.code} {row.unit.code}"
    errors = list(problems(found, proportion=indicator.is_proportion, place=place))
    if errors:
        raise InputError(errors)
    row.numerator, row.denominator = found.numerator, found.denominator
    row.value, row.missing = found.value, found.missing


def _draft(actor: Any, row: Observation) -> Took:
    """Writing again into a draft, or into what came back, is no step of the table; the first time is."""
    if row.status in {Observation.Status.DRAFT, Observation.Status.RETURNED}:
        return Took(ALL[FLOW].steps[0], row.status)
    return advance(actor, FLOW, "start", row.status)


@verb("measure.save_draft", roles=WRITERS, scope=scope)
def save_draft(
    actor: Any,
    thing: Observation,
    numerator: float | None = None,
    denominator: float | None = None,
    value: float | None = None,
    note: str = "",
    document: str = "",
) -> Observation:
    """Fill in the parts of a value; the value follows from them."""
    row = _locked(thing)
    _not_computed(row)
    took = _draft(actor, row)
    fill(row, numerator, denominator, value)
    row.note, row.document = note.strip(), document.strip()
    parts = {"numerator": row.numerator, "denominator": row.denominator, "document": row.document}
    return _save(actor, row, took, "measure.save_draft", **parts)


@verb("measure.mark_missing", roles=WRITERS, scope=scope)
def mark_missing(actor: Any, thing: Observation, reason: str, note: str) -> Observation:
    """Say that there is no value and why; it stays missing and is never zero."""
    row = _locked(thing)
    took = _draft(actor, row)
    if reason not in Observation.Missing.values or not note.strip():
        raise InputError(
            [Problem("no_reason", msg("A missing value needs its reason."), msg("Choose a reason and explain it."))]
        )
    row.numerator = row.denominator = row.value = None
    row.missing, row.note = reason, note.strip()
    return _save(actor, row, took, "measure.mark_missing", note=row.note)


@verb("measure.submit", roles=roles_for(FLOW, "submit"), scope=town_scope)
def submit(actor: Any, thing: Observation) -> Observation:
    """Hand an observation in, with its evidence."""
    row = _locked(thing)
    took = advance(actor, FLOW, "submit", row.status, **facts(row))
    row.submitted_by, row.due_on = person_of(actor), None
    return _save(actor, row, took, "measure.submit")


def facts(row: Observation) -> dict[str, Any]:
    """Return the facts that the guards of the table read."""
    required = row.indicator.evidence_required and not row.computed and not row.missing
    return {
        "value": row.value,
        "missing": row.missing,
        "evidence_required": required,
        "evidence": required and (bool(row.document) or Attachment.objects.filter(thing=name_of(row)).exists()),
        "submitted_by": row.submitted_by_id,
        "dispute_until": dispute_until(row.round, row.unit_id),
        "today": timezone.localdate(),
    }


@verb("measure.return", roles=roles_for(FLOW, "return"), scope=owner_scope)
def return_(actor: Any, thing: Observation, reason: str) -> Observation:
    """Send a submitted observation back with the reason; the term to answer starts today."""
    row = _locked(thing)
    took = advance(actor, FLOW, "return", row.status, reason=reason)
    row.due_on, row.note = took.due(timezone.localdate()), reason.strip()[:400]
    return _save(actor, row, took, "measure.return", reason=reason.strip(), due_on=row.due_on)


@verb("measure.verify", roles=roles_for(FLOW, "verify"), scope=owner_scope)
def verify(actor: Any, thing: Observation) -> Observation:
    """Confirm that a submitted observation matches its source; nobody confirms what they handed in themselves."""
    row = _locked(thing)
    took = advance(actor, FLOW, "verify", row.status, **facts(row))
    row.verified_by = person_of(actor)
    return _save(actor, row, took, "measure.verify")


@verb("measure.dispute", roles=roles_for(FLOW, "dispute"), scope=town_scope)
def dispute(actor: Any, thing: Observation, reason: str) -> Observation:
    """Dispute a verified value within the term after the preview."""
    row = _locked(thing)
    told = facts(row)
    took = advance(actor, FLOW, "dispute", row.status, reason=reason, **told)
    row.note, row.due_on = reason.strip()[:400], took.due(timezone.localdate())
    return _save(actor, row, took, "measure.dispute", reason=reason.strip(), last_day=told["dispute_until"])


@verb("measure.question_value", roles=roles_for(FLOW, "question"))
def question(actor: Any, thing: Observation, reason: str) -> Observation:
    """Question a verified value after a check on site; it is then kept or corrected in writing like a disputed one."""
    row = _locked(thing)
    took = advance(actor, FLOW, "question", row.status, reason=reason)
    row.note, row.due_on = reason.strip()[:400], took.due(timezone.localdate())
    return _save(actor, row, took, "measure.question_value", reason=reason.strip(), due_on=row.due_on)


@verb("measure.decide_dispute", roles=roles_for(FLOW, "uphold", "correct"))
def decide_dispute(
    actor: Any,
    thing: Observation,
    reply: str,
    *,
    keep: bool,
    numerator: float | None = None,
    denominator: float | None = None,
    value: float | None = None,
) -> Observation:
    """Answer a disputed or reopened value in writing: keep it, or correct it."""
    row = _locked(thing)
    before = row.value
    if not keep:
        fill(row, numerator, denominator, value)
    took = advance(actor, FLOW, "uphold" if keep else "correct", row.status, reply=reply, **facts(row))
    row.note, row.due_on = reply.strip()[:400], None
    return _save(actor, row, took, "measure.decide_dispute", reply=reply.strip(), keep=keep, before=before)


def _not_computed(row: Observation) -> None:
    if row.indicator.metric and row.computed:
        raise InputError(
            [
                Problem(
                    "computed",
                    msg("The indicator %(code)s is computed from records and is not typed in."),
                    msg("Mend the record; the value follows."),
                    {"code": row.indicator.code},
                )
            ]
        )
