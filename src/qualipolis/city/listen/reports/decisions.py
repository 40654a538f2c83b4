"""The decision on a report: a case is opened or not, passed on or joined; the informant who gave a name is told."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from qualipolis.city.core.moves import move
from qualipolis.city.core.policy import person_of, verb, visible
from qualipolis.city.core.steps import roles_for
from qualipolis.city.core.subscriptions import tell
from qualipolis.city.listen.complaints.scope import desk_of
from qualipolis.city.listen.reports.checks import FLOW, WHY, report_for, written
from qualipolis.city.listen.reports.documents import issue
from qualipolis.city.listen.reports.models import Report
from qualipolis.methods.problems import Problem, msg, refuse

HANDLERS, OFFICERS = roles_for(FLOW, "file"), roles_for(FLOW, "inform")
CLOSING = {"filed": "close_anonymous", "not_filed": "close_anonymous", "informed": "close"}


@verb("listen.file_report", roles=HANDLERS, scope=desk_of)
def file_report(actor: Any, thing: Report, case_no: str, reason: str) -> Report:
    """Open a case; from here on the procedure of penalties runs, and a named informant is told within the term."""
    row = report_for(actor, thing)
    refuse([written(reason, "reason", WHY), written(case_no, "case_no", msg("Give the number of the case."), 60)])
    told = {"document_no": case_no.strip()}
    move(actor, row, "file", "listen.file_report", told, facts={"reason": reason}, in_force=row.received_on,
         for_good=True, case_no=case_no.strip(), reason_code="", reason=reason.strip(), decided_on=timezone.localdate())  # fmt: skip
    tell(actor, "listen.report_filed", row)
    return row


@verb("listen.not_file_report", roles=HANDLERS, scope=desk_of)
def not_file_report(actor: Any, thing: Report, reason_code: str, reason: str) -> Report:
    """Open no case, with the ground; a named informant is told within the term."""
    row = report_for(actor, thing)
    refuse([written(reason, "reason", WHY)])
    facts = {"reason": reason, "received_on": row.received_on}
    move(actor, row, "not_file", "listen.not_file_report", {"reason_code": reason_code}, facts=facts,
         in_force=row.received_on, reason_code=reason_code, reason=reason.strip(), decided_on=timezone.localdate())  # fmt: skip
    return row


@verb("listen.transfer_report", roles=roles_for(FLOW, "transfer"), scope=desk_of)
def transfer_report(actor: Any, thing: Report, authority: str, reason: str, text: str, text_en: str = "") -> Report:
    """Pass a report on to the competent authority with document 3; the seal of the informant stays here."""
    row = report_for(actor, thing)
    refuse([
        written(reason, "reason", WHY),
        written(authority, "authority", msg("Name the competent authority."), 120),
    ])  # fmt: skip
    made = issue(actor, "transfer", report=row, text=text, text_en=text_en, facts={"authority": authority.strip()})
    told = {"authority": authority.strip(), "document": made.number}
    move(actor, row, "transfer", "listen.transfer_report", told, facts={"reason": reason}, for_good=True,
         authority=authority.strip(), reason=reason.strip(), decided_on=timezone.localdate())  # fmt: skip
    return row


@verb("listen.merge_report", roles=roles_for(FLOW, "merge"), scope=desk_of)
def merge_report(actor: Any, thing: Report, other: Report, reason: str) -> Report:
    """Join a report with an earlier one of the same facts; what is decided there is told to this informant too."""
    row = report_for(actor, thing)
    refuse([written(reason, "reason", WHY), *_not_joined(actor, row, other)])
    move(actor, row, "merge", "listen.merge_report", {"with": other.number}, facts={"reason": reason}, for_good=True,
         merged_into=other, reason=reason.strip())  # fmt: skip
    return row


def _not_joined(actor: Any, row: Report, other: Report) -> list[Problem]:
    """Return why a report cannot be joined with another."""
    if not visible(actor, Report.objects.filter(pk=other.pk)).exists():
        return [Problem("no_report", msg("Choose a report that you see."), place="other")]
    found = []
    if other.pk == row.pk or other.merged_into_id or other.status == "transferred":
        found.append(
            Problem("bad_report", msg("A report is joined with another one that is still handled."), place="other")
        )
    if (other.received_on, other.pk) > (row.received_on, row.pk):
        found.append(
            Problem("later", msg("A report is joined with an earlier one, not with a later one."), place="other")
        )
    if other.respondent_name != row.respondent_name and (
        other.enterprise_id is None or other.enterprise_id != row.enterprise_id
    ):
        found.append(Problem("other_firm", msg("The other report is about somebody else."), place="other"))
    return found


@verb("listen.inform_informant", roles=OFFICERS, scope=desk_of)
def inform_informant(actor: Any, thing: Report, text: str, text_en: str = "") -> Report:
    """Tell a named informant of the decision with document 10, which says nothing of who the informant is."""
    row = report_for(actor, thing)
    made = issue(actor, "report_result", report=row, text=text, text_en=text_en, facts={"decided_on": row.decided_on})
    move(actor, row, "inform", "listen.inform_informant", {"document": made.number}, facts={"named": row.named},
         for_good=True, informed_on=timezone.localdate(), officer=row.officer or person_of(actor))  # fmt: skip
    return row


@verb("listen.close_report", roles=OFFICERS, scope=desk_of)
def close_report(actor: Any, thing: Report) -> Report:
    """Close a report: an anonymous one after the decision, a named one once the informant was told."""
    row = report_for(actor, thing)
    move(actor, row, CLOSING.get(row.status, "close"), "listen.close_report", facts={"named": row.named})
    return row


@verb("listen.reopen_report", roles=roles_for(FLOW, "reopen"), scope=desk_of)
def reopen_report(actor: Any, thing: Report, reason: str) -> Report:
    """Check a report again on new facts; a new term begins today."""
    row = report_for(actor, thing)
    refuse([written(reason, "reason", WHY)])
    move(actor, row, "reopen", "listen.reopen_report", facts={"reason": reason}, in_force=row.received_on,
         reason=reason.strip(), reason_code="", decided_on=None, informed_on=None)  # fmt: skip
    return row
