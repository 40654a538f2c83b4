"""Triage (分诊): department, severity and urgency; or the case is turned away, with the reason in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qualipolis.city.core.moves import move
from qualipolis.city.core.policy import verb
from qualipolis.city.core.steps import roles_for
from qualipolis.city.core.subscriptions import tell
from qualipolis.city.hospital.consultation.thread import add
from qualipolis.city.hospital.models import Case, Department
from qualipolis.city.hospital.reception.checks import FLOW, case_for, desk_of, one_of, text
from qualipolis.city.hospital.reception.defects import known
from qualipolis.law.hospital.guards import REJECTIONS
from qualipolis.methods.problems import Problem, msg, refuse

TRIAGE = roles_for(FLOW, "triage")
SERIOUS = Case.Severity.DANGEROUS


@dataclass(frozen=True)
class Priority:
    """The place of a case in the queue: severity times urgency, and its class in words."""

    value: int
    kind: str
    words: Promise


CLASSES = (
    (9, "bad", _("at once")),
    (6, "warn", _("first today")),
    (3, "wait", _("in turn")),
    (1, "idle", _("when there is room")),
)


def priority(severity: int, urgency: int) -> Priority:
    """Return the priority of a case by the matrix: severity 1 to 4 times urgency 1 to 3.

    >>> priority(4, 3).value, priority(4, 3).kind, priority(1, 1).kind
    (12, 'bad', 'idle')
    """
    value = severity * urgency
    kind, words = next((kind, words) for least, kind, words in CLASSES if value >= least)
    return Priority(value, kind, words)


def must_be_reported(severity: int | None, on_market: bool | None) -> bool:
    """Whether a case is of a kind that law wants reported: danger to life or health with the product on the market."""
    return severity == SERIOUS and bool(on_market)


@verb("hospital.triage", roles=TRIAGE, scope=desk_of)
def triage(
    actor: Any,
    thing: Case,
    department: Department | None,
    severity: int | None,
    urgency: int | None,
    *,
    on_market: bool | None = None,
    product_class: str = "",
    defect_codes: Iterable[str] | None = None,
) -> Case:
    """Send a case to a department and say how severe and how urgent it is; what law wants reported is flagged."""
    row = case_for(actor, thing)
    wrong = [
        one_of(severity, Case.Severity.values, "severity", msg("Say how severe the problem is.")),
        one_of(urgency, Case.Urgency.values, "urgency", msg("Say how urgent it is.")),
    ]
    if department is not None and not department.open:
        wrong.append(Problem("closed", msg("This department takes no cases now."), place="department"))
    refuse(wrong)
    market = row.on_market if on_market is None else on_market
    codes = known(defect_codes) if defect_codes is not None else row.defect_codes
    facts = {"department": department.code if department else "", "severity": severity, "urgency": urgency}
    told = {k: v for k, v in facts.items() if v} | {"on_market": market, "defects": codes}
    move(actor, row, "triage", "hospital.triage", told, facts=facts, for_good=True, department=department,
         severity=severity, urgency=urgency, on_market=market, defect_codes=codes,
         product_class=product_class.strip()[:60] or row.product_class,
         duty_report=row.duty_report or must_be_reported(severity, market))  # fmt: skip
    tell(actor, "hospital.case_triaged", row)
    return row


@verb("hospital.reject_case", roles=roles_for(FLOW, "reject"), scope=desk_of)
def reject_case(actor: Any, thing: Case, reason_code: str, reason: str, other: Case | None = None) -> Case:
    """Turn a case away; the firm reads the reason. ``other``: the case it repeats, of the same firm."""
    row = case_for(actor, thing)
    wrong = [
        one_of(reason_code, REJECTIONS, "reason_code", msg("Choose the reason.")),
        text(reason, "reason", msg("Write to the firm why, and where it finds help instead."), 2000),
    ]
    if other is not None and (other.enterprise_id != row.enterprise_id or other.pk == row.pk):
        wrong.append(Problem("other_firm", msg("The earlier case is one of the same firm."), place="other"))
    refuse(wrong)
    told = {"reason_code": reason_code} | ({"repeats": str(other)} if other else {})
    move(actor, row, "reject", "hospital.reject_case", told, facts={"reason": reason}, reason_code=reason_code,
         ended_on=timezone.localdate())  # fmt: skip
    add(actor, row, reason.strip())
    tell(actor, "hospital.case_ended", row)
    return row
