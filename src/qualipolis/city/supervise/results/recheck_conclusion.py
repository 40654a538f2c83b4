"""What the report on a backup sample concludes: the result is upheld or reversed, the objection answered, the fee borne."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from qualipolis.city.core.moves import move
from qualipolis.city.core.subscriptions import subscriber, tell
from qualipolis.city.supervise.models import Recheck, Sample, TestReport
from qualipolis.city.supervise.results.clocks import RUNNING, backup_of
from qualipolis.city.supervise.results.ends import concluded
from qualipolis.city.supervise.results.objections import answered
from qualipolis.city.supervise.results.recheck_laboratories import items_out_of_scope
from qualipolis.city.supervise.results.rechecks import lost, recheck_locked, recheck_of, spoiled
from qualipolis.city.supervise.results.steps import SYSTEM, on_file
from qualipolis.law.supervision.consequences import fee_borne_by
from qualipolis.methods.problems import msg

UPHELD = msg("The recheck agrees with the first result (report %(number)s); this conclusion is final.")
GONE = msg("recorded on the backup sample")
REVERSED = msg("The recheck comes to another conclusion than the first result (report %(number)s); it is final.")


@subscriber("supervise.report_issued")
def backup_reported(actor: Any, report: TestReport, **_facts: Any) -> Recheck | None:
    """Conclude the recheck that a report on a backup sample belongs to."""
    if report.sample.part != Sample.Part.BACKUP:
        return None
    found = recheck_of(report.sample)
    return None if found is None else conclude(actor, recheck_locked(found), report)


def conclude(actor: Any, row: Recheck, report: TestReport) -> Recheck:
    """Take the conclusion of the recheck: the same as the first one upholds it, another one reverses it."""
    same = report.verdict == row.result.verdict
    step, outcome = ("uphold", "upheld") if same else ("reverse", "reversed")
    known = {
        "open_items_left": report.items.filter(outcome="").count() if report.items.exists() else None,
        "items_out_of_scope": items_out_of_scope(row.result, row.laboratory),
    }
    told = {"document_no": report.number, "verdict": report.verdict}
    move(actor, row, step, "supervise.conclude_recheck", told, facts=known, report=report, verdict=report.verdict,
         ended_on=timezone.localdate(), fee_by=fee_borne_by(outcome))  # fmt: skip
    tell(actor, "supervise.recheck_moved", row)
    words = on_file(UPHELD if same else REVERSED, number=report.number)
    answered(SYSTEM, row.objection, words)
    if row.result.status == "under_recheck":
        concluded(SYSTEM, row.result, report.verdict, report.number, "" if same else words)
    return row


@subscriber("supervise.sample_lost")
def backup_lost(actor: Any, sample: Sample, **_facts: Any) -> None:
    """Somebody recorded that a backup sample is lost."""
    found = recheck_of(sample) if sample.part == Sample.Part.BACKUP else None
    if found is not None:
        lost(SYSTEM, recheck_locked(found), sample.reason or on_file(GONE))


@subscriber("supervise.sample_spoiled")
def backup_spoiled(actor: Any, sample: Sample, **_facts: Any) -> None:
    """Somebody found that the firm hid, moved, sold or destroyed the backup sample."""
    found = recheck_of(sample) if sample.part == Sample.Part.BACKUP else None
    if found is not None and found.status != "testing":
        spoiled(SYSTEM, recheck_locked(found), sample.reason or on_file(GONE))


def follow_backups() -> int:
    """End the rechecks whose backup sample is gone, wherever that was recorded; return how many."""
    done = 0
    for row in Recheck.objects.filter(status__in=RUNNING).select_related("result__sample").order_by("pk"):
        backup = backup_of(row.result)
        if backup is not None and backup.status in ("lost", "spoiled"):
            (backup_lost if backup.status == "lost" else backup_spoiled)(SYSTEM, backup)
            done += 1
    return done
