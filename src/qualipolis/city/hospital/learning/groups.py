"""Group disease (群发病): three like cases within sixty days are found by themselves; the manager decides what is done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from qualipolis.city.core.ledger import record
from qualipolis.city.core.moves import locked, move
from qualipolis.city.core.numbering import next_number
from qualipolis.city.core.policy import System, verb, visible
from qualipolis.city.core.steps import roles_for
from qualipolis.city.core.subscriptions import subscriber, tell
from qualipolis.city.core.sweeps import sweep
from qualipolis.city.hospital.consultation.parties import is_system
from qualipolis.city.hospital.models import Case, GroupDisease
from qualipolis.law.terms import rule_number
from qualipolis.methods.problems import Problem, msg, refuse

FLOW = "group_disease"
SYSTEM = System("hospital")
OPEN = ("proposed", "taken_up")
NO_CASE = ("draft", "rejected", "withdrawn")
LONGEST = 2000


@subscriber("hospital.case_registered")
@subscriber("hospital.case_triaged")
def look(actor: Any, case: Case, **facts: Any) -> None:
    """Look whether the case belongs to a group with others, as soon as class and defect are known."""
    if case.product_class and case.registered_on:
        for code in case.defect_codes or []:
            find(case.product_class, code)


@sweep("hospital.groups")
def sweep_groups(now: datetime) -> int:
    """Look at the cases of the last term once more: class or defect may have been put right since."""
    since = now.date() - timedelta(days=rule_number("hospital.group_days"))
    rows = Case.objects.filter(registered_on__gte=since).exclude(status__in=NO_CASE)
    pairs = {(row.product_class, code) for row in rows if row.product_class for code in row.defect_codes or []}
    with transaction.atomic():
        return sum(find(product_class, code) is not None for product_class, code in sorted(pairs))


def find(product_class: str, code: str) -> GroupDisease | None:
    """Join new like cases to the group that is open, or propose one; None when nothing is new."""
    open_one = GroupDisease.objects.filter(product_class=product_class, defect_code=code, status__in=OPEN).first()
    fresh = _like(product_class, code)
    if open_one is not None:
        return _join(open_one, fresh) if fresh else None
    return _propose(product_class, code, fresh) if len(fresh) >= rule_number("hospital.group_cases") else None


def _like(product_class: str, code: str) -> list[Case]:
    """Return the cases of the last term that stand in no group of this class and defect yet, the first registered first."""
    rows: QuerySet[Case] = Case.objects.filter(product_class=product_class, registered_on__isnull=False)
    rows = rows.filter(registered_on__gt=timezone.localdate() - _term())
    grouped = GroupDisease.objects.filter(product_class=product_class, defect_code=code).values("cases")
    rows = rows.exclude(status__in=NO_CASE).exclude(pk__in=grouped).order_by("registered_on", "pk")
    return [row for row in rows if code in (row.defect_codes or [])]


def _term() -> timedelta:
    return timedelta(days=rule_number("hospital.group_days"))


def _propose(product_class: str, code: str, rows: Sequence[Case]) -> GroupDisease:
    days = [_day(row) for row in rows]
    made = GroupDisease.objects.create(
        number=next_number("GD", timezone.localdate().year), product_class=product_class, defect_code=code,
        first_on=min(days), last_on=max(days), firms=len({row.enterprise_id for row in rows}),
    )  # fmt: skip
    made.cases.set(rows)
    told = {"of": made.number, "cases": len(rows), "firms": made.firms}
    record(SYSTEM, "hospital.propose_group", made, told)
    tell(SYSTEM, "hospital.group_proposed", made)
    return made


def _join(row: GroupDisease, new: Sequence[Case]) -> GroupDisease:
    row.cases.add(*new)
    row.first_on = min(row.first_on, *(_day(one) for one in new))
    row.last_on = max(row.last_on, *(_day(one) for one in new))
    row.firms = row.cases.values("enterprise").distinct().count()
    row.save(update_fields=["first_on", "last_on", "firms"])
    told = {"of": row.number, "cases": row.cases.count(), "firms": row.firms}
    record(SYSTEM, "hospital.join_group", row, told)
    return row


def _day(row: Case) -> date:
    assert row.registered_on is not None
    return row.registered_on


def _taken(actor: Any, thing: GroupDisease, words: str, place: str) -> GroupDisease:
    if not is_system(actor) and not visible(actor, GroupDisease.objects.filter(pk=thing.pk)).exists():
        raise PermissionDenied(_("Only those who take part in this case may do this."))
    if len(words) > LONGEST:
        refuse([Problem("too_long", msg("At most %(most)s characters."), "", {"most": LONGEST}, place)])
    return locked(thing)


@verb("hospital.take_up_group", roles=roles_for(FLOW, "take_up"))
def take_up(actor: Any, thing: GroupDisease, plan: str) -> GroupDisease:
    """Take it up: consult the industry, with a plan; who plans campaigns now sees class, defect and numbers."""
    said = plan.strip()
    row = _taken(actor, thing, said, "plan")
    move(actor, row, "take_up", "hospital.take_up_group", facts={"plan": said}, plan=said)
    tell(actor, "hospital.group_taken_up", row)
    return row


@verb("hospital.dismiss_group", roles=roles_for(FLOW, "dismiss"))
def dismiss(actor: Any, thing: GroupDisease, reason: str) -> GroupDisease:
    """Dismiss it with the reason; its cases count towards no other group of the same kind."""
    said = reason.strip()
    row = _taken(actor, thing, said, "reason")
    move(actor, row, "dismiss", "hospital.dismiss_group", facts={"reason": said}, report=said)
    tell(actor, "hospital.group_dismissed", row)
    return row


@verb("hospital.conclude_group", roles=roles_for(FLOW, "conclude"))
def conclude(actor: Any, thing: GroupDisease, report: str) -> GroupDisease:
    """Conclude it with what came of it."""
    said = report.strip()
    row = _taken(actor, thing, said, "report")
    move(actor, row, "conclude", "hospital.conclude_group", facts={"report": said}, report=said)
    return row
