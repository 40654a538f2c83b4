"""Verbs of firms around the officer: the quality department, and the list of firms that form one group."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from qualipolis.city.core.days import not_ahead
from qualipolis.city.core.ledger import record
from qualipolis.city.core.policy import person_of, verb
from qualipolis.city.registry.models import Enterprise
from qualipolis.city.talent.models import FirmGroup, GroupFirm, QualityDepartment
from qualipolis.city.talent.officers.visibility import acts_for, serves
from qualipolis.methods.problems import Problem, msg, refuse

REPORTERS = ("enterprise", "inspector", "town_officer", "department")
MOST_PEOPLE = 100_000


@verb("talent.report_department", roles=REPORTERS)
def report_department(
    actor: Any, thing: Enterprise, name: str, established_on: date, *, people: int | None = None, reports: bool = True
) -> QualityDepartment:  # fmt: skip
    """Report the quality department of a firm."""
    _of_firm_or_town(actor, thing)
    said = name.strip()[:120]
    standing = thing.quality_departments.filter(ended_on=None).exists()
    refuse(
        [
            None if said else Problem("no_name", msg("Give the name."), place="name"),
            None if people is None or 0 < people <= MOST_PEOPLE else Problem("bad_people", msg("Say how many people work there, from 1 on."), place="people"),
            Problem("department_stands", msg("A quality department is recorded already: end it first.")) if standing else None,
            *not_ahead(established_on, "established_on"),
        ]
    )  # fmt: skip
    made = QualityDepartment.objects.create(
        enterprise=thing, name=said, people=people, established_on=established_on, reports_to_officer=reports,
        recorded_by=person_of(actor),
    )  # fmt: skip
    record(actor, "talent.report_department", made, {"firm": thing.credit_code, "people": people})
    return made


@verb("talent.end_department", roles=REPORTERS)
def end_department(actor: Any, thing: QualityDepartment, ended_on: date) -> QualityDepartment:
    """Record that the department was dissolved."""
    row = QualityDepartment.objects.select_for_update().get(pk=thing.pk)
    _of_firm_or_town(actor, row.enterprise)
    gone = Problem("ended", msg("The department has been dissolved already."))
    refuse([*not_ahead(ended_on, "ended_on", row.established_on), None if row.ended_on is None else gone])
    row.ended_on = ended_on
    row.save(update_fields=["ended_on"])
    record(actor, "talent.end_department", row, {"firm": row.enterprise.credit_code, "on": ended_on})
    return row


def _of_firm_or_town(actor: Any, firm: Enterprise) -> None:
    if not acts_for(actor, firm) and not serves(actor, firm):
        raise PermissionDenied(_("Only the firm itself and the offices of its town may do this."))


@verb("talent.form_group", roles=("department",))
def form_group(actor: Any, thing: None, name: str, firms: list[Enterprise], document_no: str = "") -> FirmGroup:
    """List the firms in which one person may hold the office together."""
    said = name.strip()[:120]
    refuse(
        [
            None if said else Problem("no_name", msg("Give the name."), place="name"),
            None if len({one.pk for one in firms}) > 1 else Problem("few_firms", msg("A group has two firms at least."), place="firms"),
        ]
    )  # fmt: skip
    made, today = FirmGroup.objects.create(name=said, document_no=document_no.strip()[:60]), timezone.localdate()
    GroupFirm.objects.bulk_create([GroupFirm(group=made, enterprise=one, valid_from=today) for one in firms])
    record(actor, "talent.form_group", made, {"firms": sorted(one.credit_code for one in firms)})
    return made


@verb("talent.leave_group", roles=("department",))
def leave_group(actor: Any, thing: GroupFirm, ended_on: date) -> GroupFirm:
    """Take a firm off the list of a group; offices held in both stand until the next step finds them."""
    row = GroupFirm.objects.select_for_update().get(pk=thing.pk)
    gone = Problem("ended", msg("The firm has left the group already."))
    refuse([*not_ahead(ended_on, "ended_on", row.valid_from), None if row.valid_to is None else gone])
    row.valid_to = ended_on
    row.save(update_fields=["valid_to"])
    record(actor, "talent.leave_group", row.group, {"firm": row.enterprise.credit_code, "on": ended_on})
    return row
