"""A final failure with its case, and the case brought as far as a test needs it, through the verbs."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from tests.city.supervise.cast import SYSTEM, Cast, make_report, make_result, make_sample, make_task

from qualipolis.city.core.models import Person
from qualipolis.city.core.subscriptions import tell
from qualipolis.city.supervise import service
from qualipolis.city.supervise.models import Campaign, HandlingCase, Result

PDF = (b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n",)
PROOF = ("回执.pdf", PDF)


def hand(cast: Cast) -> Person:
    """Return the inspector of the branch of the first firm's town."""
    return cast["inspector_elsewhere"]


def final(cast: Cast, campaign: Campaign | None = None, *, firm: int = 0, verdict: str = "fail", **more: Any) -> Result:
    """Make a final result of a firm and tell the news."""
    today = timezone.localdate()
    task = make_task(cast, campaign, status="sampled", sampled_on=today, enterprise=cast.firms[firm])
    report = make_report(cast, make_sample(cast, task, status="tested"), status="accepted", verdict=verdict)
    made = make_result(cast, status="final", report=report, verdict=verdict, final_on=today, **more)
    with transaction.atomic():
        tell(SYSTEM, "supervise.result_final", made)
    return made


def opened(cast: Cast, **more: Any) -> HandlingCase:
    """Return the case of a new final failure."""
    return final(cast, **more).handling.get()


def served(cast: Cast, case: HandlingCase | None = None, on: date | None = None) -> HandlingCase:
    """Order the correction and serve the order."""
    case = case or opened(cast)
    service.order_correction(hand(cast), case, "责改〔2026〕1号")
    return service.serve_order(hand(cast), case, on or timezone.localdate(), PROOF)


def reported(cast: Cast, case: HandlingCase | None = None) -> HandlingCase:
    """Let the firm report with evidence."""
    case = case or served(cast)
    service.attach_correction(cast["enterprise"], case, "整改.pdf", PDF)
    return service.report_correction(cast["enterprise"], case, "停产停售，改进面料检验。")


def announced(cast: Cast, on: date | None = None) -> HandlingCase:
    """Let the review fail, escalate and record the announcement."""
    case = reported(cast)
    service.fail_review(hand(cast), case, "复查〔2026〕1号")
    service.escalate_handling(cast["department"], case, "报告〔2026〕1号")
    return service.announce_failure(cast["department"], case, "公告〔2026〕1号", on)


def suspended(cast: Cast, traveller: Any) -> HandlingCase:
    """Let the second review fail on its first day."""
    case = announced(cast)
    assert case.second_from is not None
    traveller.move_to(case.second_from)
    return service.fail_second_review(hand(cast), case, "复查〔2026〕2号")


def reverse(result: Result, reason: str = "复检结论为未发现不合格") -> None:
    """Turn a result round as a recheck does, and tell the news."""
    result.verdict, result.status, result.reversal_reason = "pass", "reversed", reason
    result.reversed_on = timezone.localdate()
    result.save()
    with transaction.atomic():
        tell(SYSTEM, "supervise.result_reversed", result, reason=reason)


def void(result: Result, *sides: str, reason: str = "样品不是其生产") -> None:
    """Void a result, for all or for some sides, and tell the news."""
    result.status = result.status if sides else "voided"
    result.voided_for, result.reversal_reason = list(sides), reason
    result.save()
    with transaction.atomic():
        tell(SYSTEM, "supervise.result_voided", result, reason=reason, sides=list(sides))


def later(days: int) -> date:
    """Return the day so many days from today."""
    return timezone.localdate() + timedelta(days=days)
