"""A clue is checked: an officer takes the report, an inspector may be sent, the check begins and may be extended once."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from qualipolis.city.core.ledger import record
from qualipolis.city.core.models import Person
from qualipolis.city.core.moves import move
from qualipolis.city.core.policy import can, person_of, verb
from qualipolis.city.core.steps import roles_for
from qualipolis.city.listen.complaints.scope import desk_of
from qualipolis.city.listen.reports.checks import FLOW, WHY, at_desk, report_for, written
from qualipolis.city.listen.reports.documents import issue
from qualipolis.city.listen.reports.models import Report
from qualipolis.law.listening.grounds import order_on
from qualipolis.methods.problems import Problem, msg, refuse

HANDLERS = roles_for(FLOW, "check")
OPEN = ("received", "checking", "extended", "filed", "not_filed", "informed")
REGISTER = gettext_noop("Report about %(respondent)s, received on %(received)s; handled under: %(order)s.")


@verb("listen.take_report", roles=("complaint_desk",), scope=desk_of)
def take_report(actor: Any, thing: Report) -> Report:
    """Take a report as its officer, who alone may open the seal of its informant; it enters the register (document 2)."""
    row = report_for(actor, thing)
    if row.officer_id not in (None, getattr(actor, "pk", None)):
        refuse([Problem("taken", msg("Another officer has this report; ask that officer to hand it over."))])
    refuse([None if row.status in OPEN else Problem("over", msg("This report is closed."))])
    row.officer = person_of(actor)
    row.save(update_fields=["officer"])
    record(actor, "listen.take_report", row, {"of": row.number, "document": _registered(actor, row)})
    return row


def _registered(actor: Any, row: Report) -> str:
    """Return the number of the register's entry, made on the first call."""
    known = row.documents.filter(code="report_register").first()
    return (
        known or issue(actor, "report_register", report=row, text=_entry(row, "zh-hans"), text_en=_entry(row, "en"))
    ).number


def _entry(row: Report, language: str) -> str:
    with override(language):
        order = _(order_on(row.received_on))
        return _(REGISTER) % {"respondent": row.respondent_name, "received": row.received_on, "order": order}


@verb("listen.hand_over_report", roles=("complaint_desk",), scope=desk_of)
def hand_over_report(actor: Any, thing: Report, officer: Person) -> Report:
    """Hand a report over to another officer of the desk; from then on that one alone may open the seal."""
    row = report_for(actor, thing)
    wrong = None
    if row.officer_id != getattr(actor, "pk", None):
        wrong = Problem("not_yours", msg("Only the officer of the report hands it over."))
    elif not can(officer, "listen.take_report", row) or not at_desk(officer):
        wrong = Problem("no_officer", msg("Choose an officer whose desk serves this town."), place="officer")
    refuse([wrong])
    row.officer = officer
    row.save(update_fields=["officer"])
    record(actor, "listen.hand_over_report", row, {"of": row.number, "to": officer.username})
    return row


@verb("listen.assign_inspector", roles=("complaint_desk",), scope=desk_of)
def assign_inspector(actor: Any, thing: Report, inspector: Person) -> Report:
    """Give a report to an inspector of its branch; the inspector reads the facts, never who sent them."""
    row = report_for(actor, thing)
    wrong = [None if row.status in ("received", "checking", "extended") else Problem("over", msg("The check is over."))]
    if "inspector" not in _roles(inspector) or not can(inspector, "listen.check_report", row):
        wrong.append(Problem("no_inspector", msg("Choose an inspector of the branch of this town."), place="inspector"))
    refuse(wrong)
    row.inspector, row.officer = inspector, row.officer or person_of(actor)
    row.save(update_fields=["inspector", "officer"])
    record(actor, "listen.assign_inspector", row, {"of": row.number, "to": inspector.username})
    return row


def _roles(person: Person) -> set[str]:
    from qualipolis.city.core.policy import roles_of

    return roles_of(person)


@verb("listen.check_report", roles=HANDLERS, scope=desk_of)
def begin_check(actor: Any, thing: Report) -> Report:
    """Begin to check the clue; the term runs from the day of receipt under the order of that day."""
    row = report_for(actor, thing)
    officer = row.officer or (person_of(actor) if at_desk(actor) else None)
    move(actor, row, "check", "listen.check_report", start=row.received_on, in_force=row.received_on, officer=officer)
    return row


@verb("listen.extend_check", roles=HANDLERS, scope=desk_of)
def extend_check(actor: Any, thing: Report, reason: str, second_person: Person | None) -> Report:
    """Extend the check once, with a second person who agrees; the extension begins when the first term ends."""
    row = report_for(actor, thing)
    refuse([
        written(reason, "reason", WHY),
        None if second_person and can(second_person, "listen.extend_check", row)
        else Problem("no_second", msg("Name the second person who agrees."), place="second_person"),
    ])  # fmt: skip
    told = {"second_person": second_person.pk if second_person else None}
    move(actor, row, "extend", "listen.extend_check", told, facts={"reason": reason}, start=row.due_on, for_good=True,
         in_force=row.received_on, reason=reason.strip(), second_person=second_person)  # fmt: skip
    return row
