"""How the windows of a result stand, from its services: always computed from the law of the day, never stored."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from qualipolis.city.core.steps import term_of
from qualipolis.city.supervise.models import Objection, Recheck, Result, Sample, ServedResult
from qualipolis.law.supervision.clocks import Finality, Service, Window, final_on
from qualipolis.law.terms import deadline

ONE_DAY = timedelta(days=1)
OPEN = ("received", "studying", "recheck_ordered")
CONCLUDED = ("upheld", "reversed")
RUNNING = ("ordered", "applied", "ready", "designated", "testing")


def rule_of(result: Result) -> str:
    """Return the term that every party has: the Product Quality Law's, or that of the Food Safety Law."""
    return "food.recheck_apply" if result.flow_code == "food_result" else "supervision.objection"


def parties(result: Result) -> list[ServedResult]:
    """Return the services of a result in the order in which they were opened."""
    return list(ServedResult.objects.filter(result=result).select_related("enterprise", "proof").order_by("pk"))


def clock(one: ServedResult) -> Service:
    """Return a service as the clocks of law read it."""
    return Service(one.party, one.served_on, one.proved, one.waived_on, one.ceased_on)


def finality(result: Result) -> Finality:
    """Return from which day the result is final, with the window of every party."""
    return final_on([clock(one) for one in parties(result)], rule_of(result))


def window(one: ServedResult) -> Window:
    """Return the window of one party."""
    return final_on([clock(one)], rule_of(one.result)).windows[0]


def window_until(one: ServedResult) -> date | None:
    """Return the last day on which a party may still object; None while its window has not begun."""
    over = window(one).over_on
    return None if over is None else over - ONE_DAY


def unserved(result: Result) -> int:
    """Return how many parties have not been served with proof; a result that nobody answers for counts as one."""
    rows = parties(result)
    waiting = [one for one in rows if one.ceased_on is None and not (one.served_on and one.proved)]
    return len(waiting) if rows else 1


def is_late(objection: Objection) -> bool:
    """Return whether an objection came after the window of its party."""
    until = window_until(objection.service)
    return until is not None and objection.received_on > until


def open_objections(result: Result, but: Objection | None = None) -> list[Objection]:
    """Return the objections in time that have no answer yet; a late one holds nothing up."""
    rows = Objection.objects.filter(result=result, status__in=OPEN).select_related("service__result")
    return [one for one in rows.order_by("pk") if one != but and not is_late(one)]


def facts(result: Result, objection: Objection | None = None) -> dict[str, Any]:
    """Return what the guards read of a result, and of one objection to it."""
    found: dict[str, Any] = {
        "unserved_parties": unserved(result),
        "open_objections": len(open_objections(result, objection)),
        "final_from": finality(result).day,
        "rechecks_concluded": Recheck.objects.filter(result=result, status__in=CONCLUDED).count(),
        "backup_usable": usable(backup_of(result)),
    }
    if objection is not None:
        found |= {
            "window_until": window_until(objection.service),
            "objection_kind": objection.kind,
            "conclusion_objected": objection.kind == Objection.Kind.CONCLUSION,
            "process_flaw": objection.kind == Objection.Kind.PROCESS or lost(backup_of(result)) or _lost(objection),
        }
    return found


def _lost(objection: Objection) -> bool:
    return Recheck.objects.filter(objection=objection, status="backup_lost").exists()


def backup_of(result: Result) -> Sample | None:
    """Return the backup sample that was taken together with the tested one."""
    rows = Sample.objects.filter(task=result.sample.task_id, part=Sample.Part.BACKUP, attempt=result.sample.attempt)
    return rows.select_related("task__campaign__rule", "laboratory").first()


def usable(backup: Sample | None) -> bool:
    """Return whether a backup sample is kept under seal."""
    return backup is not None and backup.status == "kept"


def lost(backup: Sample | None) -> bool:
    """Return whether a backup sample was lost: the doubt benefits the firm."""
    return backup is not None and backup.status == "lost"


def running_recheck(result: Result) -> Recheck | None:
    """Return the recheck that has not ended."""
    return Recheck.objects.filter(result=result, status__in=RUNNING).order_by("-pk").first()


def due_of(result: Result) -> date | None:
    """Return the day to wait for: notice while somebody is not served, then the last day of the last window."""
    if result.status in ("reported", "notified") and unserved(result):
        return term_of(result.flow_code, "amend", result.reported_on)
    day = finality(result).day
    return None if day is None else day - ONE_DAY


def answer_by(objection_kind: str, result: Result, received_on: date) -> date:
    """Return until when an objection is answered: food decides on a recheck in its own term."""
    food = rule_of(result) == "food.recheck_apply" and objection_kind == Objection.Kind.CONCLUSION
    return deadline("food.recheck_decision" if food else "supervision.objection_answer", received_on).due


def final_since(result: Result) -> date:
    """Return since when a result is final: after the last window, the last answer and the end of the recheck."""
    days = [finality(result).day or timezone.localdate()]
    days += Objection.objects.filter(result=result, replied_on__isnull=False).values_list("replied_on", flat=True)
    days += Recheck.objects.filter(result=result, ended_on__isnull=False).values_list("ended_on", flat=True)
    return max(days)


def formalities_until(recheck: Recheck) -> date | None:
    """Return the last day for the formalities of a recheck; None while its notice is not served."""
    served = recheck.notice_served_on
    return None if served is None else deadline("supervision.recheck_formalities", served).due
