"""What law requires to be reported from a case: written by the desk, told to the firm, and nothing else goes out."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext, override

from qualipolis.city.core.days import given_day
from qualipolis.city.core.ledger import record
from qualipolis.city.core.policy import verb
from qualipolis.city.core.subscriptions import tell
from qualipolis.city.hospital.consultation.thread import add
from qualipolis.city.hospital.models import Case, DutyReport
from qualipolis.city.hospital.reception.checks import case_for, desk_of, firm_and_desk, one_of, text
from qualipolis.city.hospital.reception.visibility import DESKS
from qualipolis.law.terms import deadline
from qualipolis.methods.problems import Problem, msg, refuse

RULE = "hospital.duty_report"


@verb("hospital.report_duty", roles=DESKS, scope=desk_of)
def report_duty(actor: Any, thing: Case, ground: str, statement: str) -> DutyReport:
    """Report what law requires, in words written for it; the firm is told at once what was reported and why.

    Danger to life and a defect on the market start the term in which the producer itself reports.
    """
    row = case_for(actor, thing)
    wrong = [
        one_of(ground, DutyReport.Ground.values, "ground", msg("Name the ground in law."), blank=False),
        text(statement, "statement", msg("Write what is reported, and nothing else."), 2000),
    ]
    if row.status == "draft":
        wrong.append(Problem("draft", msg("The case is not registered yet.")))
    if row.duty_reports.filter(ground=ground).exists():
        wrong.append(Problem("repeated", msg("This was reported already on the same ground."), place="ground"))
    refuse(wrong)
    today = timezone.localdate()
    due = None if ground == DutyReport.Ground.CRIME else deadline(RULE, today).due
    made = DutyReport.objects.create(
        case=row, ground=ground, statement=statement.strip(), enterprise=row.enterprise, unit=row.unit, due_on=due,
        product_name=row.product_name, made_by=actor if getattr(actor, "pk", None) else None, firm_told_on=today,
    )  # fmt: skip
    row.duty_report = True
    row.save(update_fields=["duty_report"])
    add(actor, row, _told(made))
    record(actor, "hospital.report_duty", made, {"of": str(row), "ground": ground, "due_on": due})
    tell(actor, "hospital.duty_reported", made)
    return made


def _told(report: DutyReport) -> str:
    """Return in Chinese what the firm reads about a report."""
    with override("zh-hans"):
        ground = str(DutyReport.Ground(report.ground).label)
        words = gettext("The law obliges us to report this (%(ground)s). Reported, and nothing else: %(statement)s")
        told = words % {"ground": ground, "statement": report.statement}
        if report.due_on:
            told += " " + gettext("As the producer you report yourself by %(day)s.") % {"day": report.due_on}
    return told


@verb("hospital.note_own_report", roles=("enterprise", *DESKS), scope=firm_and_desk)
def note_own_report(actor: Any, thing: DutyReport, reported_on: date) -> DutyReport:
    """Note on which day the producer reported itself."""
    case_for(actor, thing.case)
    row = DutyReport.objects.select_for_update().get(pk=thing.pk)
    wrong = given_day(reported_on, "reported_on")
    if row.firm_reported_on is not None:
        wrong.append(Problem("repeated", msg("The day is noted already.")))
    refuse(wrong)
    row.firm_reported_on = reported_on
    row.save(update_fields=["firm_reported_on"])
    in_time = row.due_on is None or reported_on <= row.due_on
    record(actor, "hospital.note_own_report", row, {"of": str(row.case), "on": reported_on, "in_time": in_time})
    return row


def flagged(case: Case) -> bool:
    """Whether a case is flagged for a report that nobody has written yet."""
    return case.duty_report and not case.duty_reports.exists()
