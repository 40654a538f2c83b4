"""What waits in the laboratory, and reports that wait for the organiser. A laboratory reads codes and classes only."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from qualipolis.city.core.policy import city_wide, organisations_of
from qualipolis.city.core.work_items import WorkItem
from qualipolis.city.supervise.laboratory.queries import LabReport, LabSample, lab_reports, lab_samples
from qualipolis.city.supervise.laboratory.reports import own_work
from qualipolis.city.supervise.models import TestReport

SINGLY = 3


def of_laboratory(actor: Any) -> list[WorkItem]:
    """Return what waits for the laboratory: samples to receive, begin, enter; reports to sign and issue."""
    samples = [one for one in lab_samples(actor) if not one.ended]
    reports = lab_reports(actor, [one.code for one in samples])
    groups: dict[str, list[LabSample]] = defaultdict(list)
    for sample in samples:
        latest = next(iter(reports.get(sample.code, [])), None)
        step = step_of(actor, sample, latest)
        if step:
            groups[step].append(sample)
    return [item for step, found in groups.items() for item in _items(step, found)]


def step_of(actor: Any, sample: LabSample, report: LabReport | None) -> str:
    """Return the step of a sample that waits for ``actor``, or nothing."""
    if sample.status in ("in_transit", "designated"):
        return "receive_sample"
    if sample.status == "received":
        return "begin_test"
    if report is None:
        return "enter_items" if sample.under_test else ""
    if report.status == "checked":
        return "" if own_work(actor, report) else "sign_report"
    if report.status == "signed":
        return "issue_report"
    return "enter_items" if report.writable else ""


def _items(step: str, samples: list[LabSample]) -> list[WorkItem]:
    title, why = _words(step)
    verb = f"supervise.{step}"
    if len(samples) <= SINGLY:
        return [
            WorkItem("supervise", title % {"what": f"{one.category} {one.code}"}, why, one.due_on,
                     "supervise:lab_sample", (one.code,), verb)
            for one in samples
        ]  # fmt: skip
    due = min((one.due_on for one in samples if one.due_on), default=None)
    what = _("%(n)s samples") % {"n": len(samples)}
    return [WorkItem("supervise", title % {"what": what}, why, due, "supervise:lab", (), verb, len(samples))]


def _words(step: str) -> tuple[str, str]:
    return {
        "receive_sample": (_("Receive %(what)s"), _("Check seal, appearance and quantity; what is irregular is refused.")),
        "begin_test": (_("Begin the test of %(what)s"), _("Check the licence first.")),
        "enter_items": (_("Enter the results of %(what)s"), _("Every item needs a result before the report is submitted.")),
        "sign_report": (_("Sign the report on %(what)s"), _("Somebody else entered the values.")),
        "issue_report": (_("Issue the report on %(what)s"), _("It is signed and waits for its number.")),
    }[step]  # fmt: skip


def of_organiser(actor: Any) -> list[WorkItem]:
    """Return the issued reports that wait to be accepted."""
    rows = TestReport.objects.filter(status="issued", replaced_by=None)
    if not city_wide(actor, ("planner", "department")):
        rows = rows.filter(sample__task__campaign__organiser__in=organisations_of(actor, ("department",)))
    found = list(rows.order_by("issued_on").values_list("issued_on", flat=True))
    if not found:
        return []
    first: date | None = found[0]
    why = _("The oldest was issued on %(day)s.") % {"day": first}
    title = _("Accept %(n)s test reports") % {"n": len(found)}
    args: tuple[Any, ...] = ()
    return [
        WorkItem("supervise", title, why, None, "supervise:lab_reports", args, "supervise.accept_report", len(found))
    ]


MAKERS = (("laboratory", of_laboratory), ("planner", of_organiser), ("department", of_organiser))
