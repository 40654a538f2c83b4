"""What a complaint in a later state has: the question to the firm, a meeting, a pause."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from qualipolis.city.listen.models import Complaint, ComplaintAnswer, MediationPause, Meeting

IN_MEDIATION = ("mediating", "entrusted", "paused", "agreed", "ended", "closed")
MET = ("paused", "agreed", "ended", "closed")


def belong(cast: Any, complaint: Complaint) -> None:
    """Make the rows that belong to the state of a complaint."""
    if complaint.status in IN_MEDIATION:
        answer_of(cast, complaint, "asked" if complaint.status == "mediating" else "answered")
    if complaint.status in MET:
        Meeting.objects.create(
            complaint=complaint, held_on=timezone.localdate(), how="视频", complainant_came=True, respondent_came=True,
            kept_by=cast["complaint_desk"],
        )  # fmt: skip
    if complaint.status == "paused":
        MediationPause.objects.create(complaint=complaint, laboratory="甲检测所", paid_by="商家", left_days=20)


def answer_of(cast: Any, complaint: Complaint, state: str = "asked") -> ComplaintAnswer:
    """Make a question to the firm, answered or not."""
    today = timezone.localdate()
    said = {"words": "愿意更换。", "offer": "换一台新的", "answered_on": today} if state == "answered" else {}
    return ComplaintAnswer.objects.create(
        complaint=complaint, status=state, question="请说明情况并提出解决办法。", asked_by=cast["complaint_desk"],
        due_on=None if said else today + timedelta(days=5), **said,
    )  # fmt: skip
