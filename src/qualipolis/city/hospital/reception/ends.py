"""Ends and new beginnings: withdrawn, firm deregistered, come back, and cases that belong together."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from qualipolis.city.core.ledger import record
from qualipolis.city.core.moves import move
from qualipolis.city.core.policy import verb
from qualipolis.city.core.steps import roles_for, sources_of
from qualipolis.city.core.subscriptions import tell
from qualipolis.city.core.sweeps import one_by_one, sweep
from qualipolis.city.hospital.consultation.parties import parties
from qualipolis.city.hospital.consultation.thread import add
from qualipolis.city.hospital.models import Case, CaseLink, Pause
from qualipolis.city.hospital.reception.checks import FLOW, SYSTEM, case_for, desk_of, firm_and_desk, one_of, text
from qualipolis.city.hospital.treatment.planned import cancel_planned
from qualipolis.methods.problems import Problem, msg, refuse


@verb("hospital.withdraw_case", roles=roles_for(FLOW, "withdraw"), scope=firm_and_desk)
def withdraw_case(actor: Any, thing: Case, reason: str) -> Case:
    """Withdraw a case; the firm need not say much, and nothing follows from it."""
    row = case_for(actor, thing)
    refuse([text(reason, "reason", msg("Say in a few words why."), 1000)])
    was_draft = row.status == "draft"
    today = timezone.localdate()
    move(actor, row, "withdraw", "hospital.withdraw_case", facts={"reason": reason}, ended_on=today)
    _rest(row)
    add(actor, row, reason.strip())
    if not was_draft:
        tell(actor, "hospital.case_ended", row)
    return row


@verb("hospital.cease_case", roles=roles_for(FLOW, "cease"), scope=desk_of)
def cease_case(actor: Any, thing: Case) -> Case:
    """Close a case whose firm is deregistered; what was learned stays without its name."""
    row = case_for(actor, thing)
    if row.enterprise.closed_on is None:
        refuse([Problem("not_ceased", msg("The register has this firm as active."))])
    told = {"closed_on": row.enterprise.closed_on}
    move(actor, row, "cease", "hospital.cease_case", told, ended_on=timezone.localdate())
    _rest(row)
    tell(actor, "hospital.case_ended", row)
    return row


def _rest(row: Case) -> None:
    """End what still waits: the pause, and follow-ups that nobody will make."""
    Pause.objects.filter(case=row, until=None).update(until=timezone.localdate())
    cancel_planned(SYSTEM, row)


@sweep("hospital.ceased")
def sweep_ceased(now: datetime) -> int:
    """Close the cases of firms that the register has as deregistered."""
    rows = Case.objects.filter(enterprise__closed_on__lte=timezone.localdate(), status__in=sources_of(FLOW, "cease"))
    return one_by_one(rows.order_by("pk"), _ceased)


def _ceased(case: Case) -> int:
    cease_case(SYSTEM, case)
    return 1


@verb("hospital.reopen_case", roles=roles_for(FLOW, "reopen"), scope=firm_and_desk)
def reopen_case(actor: Any, thing: Case, reason: str) -> Case:
    """Reopen a cured case because it has come back within the term; later, register a new one and link it."""
    row = case_for(actor, thing)
    refuse([text(reason, "reason", msg("Say what has come back."), 2000)])
    return reopened(actor, row, reason.strip())


def reopened(actor: Any, row: Case, reason: str) -> Case:
    """Take the step inside the verb of the caller: the follow-ups that were planned are cancelled, the desk begins anew."""
    facts = {"reason": reason, "cured_on": row.cured_on}
    told = {"cured_on": row.cured_on, "times": row.reopened + 1}
    move(actor, row, "reopen", "hospital.reopen_case", told, facts=facts, for_good=True, reopened=row.reopened + 1,
         ended_on=None, loops=0)  # fmt: skip
    cancel_planned(actor, row)
    add(actor, row, reason)
    tell(actor, "hospital.case_reopened", row)
    return row


@verb("hospital.link_cases", roles=("expert", "hospital_desk", "hospital_manager"), scope=parties)
def link_cases(actor: Any, thing: Case, other: Case, kind: str, note: str = "") -> CaseLink:
    """Say that two cases belong together: the supplier's, the same cause, a recurrence after the term.

    The firms learn nothing of each other from it.
    """
    row, second = case_for(actor, thing), case_for(actor, other)
    wrong = [one_of(kind, CaseLink.Kind.values, "kind", msg("Say how the cases belong together."), blank=False)]
    if row.pk == second.pk:
        wrong.append(Problem("itself", msg("A case is not linked to itself."), place="other"))
    if kind == CaseLink.Kind.RECURRENCE and row.enterprise_id != second.enterprise_id:
        wrong.append(Problem("other_firm", msg("A recurrence is one of the same firm."), place="other"))
    if kind == CaseLink.Kind.SUPPLIER and row.enterprise_id == second.enterprise_id:
        wrong.append(Problem("same_firm", msg("The supplier is another firm."), place="other"))
    if CaseLink.objects.filter(case=row, other=second, kind=kind).exists():
        wrong.append(Problem("repeated", msg("These cases are linked already."), place="other"))
    refuse(wrong)
    made = CaseLink.objects.create(case=row, other=second, kind=kind, note=note.strip()[:400])
    record(actor, "hospital.link_cases", row, {"of": str(row), "other": str(second), "kind": kind})
    return made


def linked(case: Case) -> list[tuple[Case, str, bool]]:
    """Return the linked cases as (case, kind, whether this one leads to it)."""
    found = dict.fromkeys(CaseLink.objects.filter(case=case).values_list("other", "kind"), True)
    found |= dict.fromkeys(CaseLink.objects.filter(other=case).values_list("case", "kind"), False)
    cases = Case.objects.select_related("enterprise").in_bulk({pk for pk, _kind in found})
    return [(cases[pk], kind, leads) for (pk, kind), leads in found.items()]
