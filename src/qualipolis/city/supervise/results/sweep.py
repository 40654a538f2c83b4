"""What time alone does to results: missed formalities waive a recheck, served parties open the window, over is final."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.tasks import task
from django.utils import timezone

from qualipolis.city.core.sweeps import one_by_one, sweep
from qualipolis.city.supervise.models import Recheck, Result
from qualipolis.city.supervise.results.clocks import facts, formalities_until, unserved
from qualipolis.city.supervise.results.recheck_conclusion import follow_backups
from qualipolis.city.supervise.results.rechecks import recheck_locked, waived
from qualipolis.city.supervise.results.serving import finalised
from qualipolis.city.supervise.results.steps import SYSTEM, open_when_served, result_locked

WAITING = ("notified", "objection_window", "upheld", "reversed")


@sweep("supervise.results")
def sweep_results(now: datetime) -> int:
    """Do everything that is due; safe to run at any time, and twice."""
    return sum(finalise_due(SYSTEM).values())


@task()
def finalise_due_task() -> dict[str, int]:
    """Run the sweep in the background."""
    return finalise_due(SYSTEM)


def finalise_due(actor: Any = SYSTEM) -> dict[str, int]:
    """Follow lost backups, waive rechecks whose formalities were missed, make results final; return how many."""
    with transaction.atomic():
        gone = follow_backups()
    return {"gone": gone, "waived": _waive_missed(actor), "finalised": _finalise(actor)}


def _waive_missed(actor: Any) -> int:
    rows = Recheck.objects.filter(status="ordered", notice_served_on__isnull=False).order_by("pk")
    return one_by_one(rows, lambda row: _waive(actor, row))


def _waive(actor: Any, one: Recheck) -> int:
    until = formalities_until(one)
    if until is None or timezone.localdate() <= until:
        return 0
    waived(actor, recheck_locked(one))
    return 1


def _finalise(actor: Any) -> int:
    rows = Result.objects.filter(status__in=WAITING).select_related("sample__task__campaign__rule").order_by("pk")
    return one_by_one(rows, lambda row: _move_on(actor, row))


def _move_on(actor: Any, one: Result) -> int:
    if one.status == "notified":
        if unserved(one):
            return 0
        row = result_locked(one)
        open_when_served(row)
    known = facts(one)
    step = one.flow.find("objection_window", "finalise")
    if step is None or step.objection({"today": timezone.localdate()} | known) is not None:
        return 0
    finalised(actor, result_locked(one))
    return 1
