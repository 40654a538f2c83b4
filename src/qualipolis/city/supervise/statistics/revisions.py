"""What a reversal or a voiding changed in a year that had been told: both figures are kept for ever, with the reason."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.utils import timezone

from qualipolis.city.core.subscriptions import subscriber
from qualipolis.city.supervise.models import Result, ResultRevision
from qualipolis.city.supervise.statistics import estimates, facts, rates
from qualipolis.law.supervision.pass_rate import revision

COUNTED = ("pass", "fail")


def count_result(result: Result, reason: str = "") -> ResultRevision | None:
    """Count the task of a result anew; return the revision when a figure that had been told has changed."""
    counted = facts.count_task(facts.of_result(result))
    if counted is None or counted.was == counted.now:
        return None
    told_before = counted.was in COUNTED or ResultRevision.objects.filter(result=result).exists()
    return _write(result, counted, reason) if told_before else None


def note(result: Result, reason: str, now: str) -> ResultRevision:
    """Count anew and make sure that a reversal or voiding has its record, also where the result was not final yet."""
    made = count_result(result, reason)
    today = timezone.localdate()
    kept = made or ResultRevision.objects.filter(result=result, on=today).order_by("-pk").first()
    if kept is None:
        counted = facts.count_task(facts.of_result(result))
        assert counted is not None
        kept = _write(result, facts.Counted(counted.fact, "open", counted.now), reason, now)
    elif not kept.reason:
        kept.reason = reason
        kept.save(update_fields=["reason"])
    return kept


def _write(result: Result, counted: facts.Counted, reason: str, now: str = "") -> ResultRevision:
    fact = counted.fact
    period = str(fact.year)
    after_rows = rates.rows(years=[fact.year])
    before_rows = [row if row["id"] != fact.number else _as_was(row, counted.was) for row in after_rows]
    before, after = (rates.parts(rows, fact.purpose) for rows in (before_rows, after_rows))
    found = revision(before, after, period, timezone.localdate())
    told = {
        "purpose": fact.purpose,
        "before": [before.passed, before.n],
        "after": [after.passed, after.n],
        "changes": [asdict(change) for change in found.changes] if found else [],
        "estimates": [_estimate(rows, fact) for rows in (before_rows, after_rows)],
    }
    return ResultRevision.objects.create(
        result=result,
        was=counted.was,
        now=now or counted.now,
        period=period,
        reason=(reason or result.reversal_reason)[:2000],
        rates=told,
    )


def _as_was(row: dict[str, Any], was: str) -> dict[str, Any]:
    if was in COUNTED:
        return row | {"state": "final", "verdict": was}
    return row | {"state": "notified" if was == "open" else "voided", "verdict": ""}


def _estimate(rows: list[dict[str, Any]], fact: Any) -> dict[str, Any] | None:
    found = estimates.market(rows, fact.purpose, fact.year).whole
    if found is None:
        return None
    return {"estimate": found.estimate, "low": found.low, "high": found.high, "weighted": found.weighted}


@subscriber("supervise.result_moved")
def _moved(actor: Any, result: Result, **told: Any) -> None:
    count_result(result)


@subscriber("supervise.result_reversed")
def _reversed(actor: Any, result: Result, reason: str = "", **told: Any) -> None:
    note(result, reason, result.verdict)


@subscriber("supervise.result_voided")
def _voided(actor: Any, result: Result, reason: str = "", sides: Any = (), **told: Any) -> None:
    note(result, reason, "voided")
