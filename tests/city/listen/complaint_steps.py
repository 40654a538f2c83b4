"""How every step of a complaint and of a question to the firm is taken by its verb, with sound arguments."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from django.utils import timezone
from tests.city.listen.belongings import answer_of
from tests.city.listen.cast import SYSTEM, Cast, complaint_in

from qualipolis.city.listen import service
from qualipolis.city.listen.models import Complaint, Identity, MediationPause
from qualipolis.city.listen.reports.documents import unserved

Call = Callable[[Any], Any]
WORDS = "理由写明"


def changed(row: Any, **values: Any) -> Any:
    """Put values into a row behind the back of its verbs."""
    type(row).objects.filter(pk=row.pk).update(**values)
    return type(row).objects.get(pk=row.pk)


def unproved(row: Complaint) -> Complaint:
    Identity.objects.filter(letter=row.letter).update(proved=False)
    return row


def _resumed(state: str, row: Complaint) -> Any:
    MediationPause.objects.create(complaint=row, laboratory="甲检测所", left_days=9)
    return service.resume_mediation(SYSTEM, changed(row, paused_from=state))


def _paused(row: Complaint) -> Any:
    agreed = {"test_laboratory": "甲检测所", "complainant_agrees": True, "respondent_agrees": True}
    return service.pause_mediation(SYSTEM, changed(row, **agreed))


def _agreed(row: Complaint) -> Any:
    return service.agree(SYSTEM, changed(row, terms="退款三百元", no_paper=True))


def _refused(row: Complaint) -> Any:
    past = timezone.localdate() - timedelta(days=9)
    return service.refuse_complaint(SYSTEM, changed(row, due_on=past), "no_dispute", WORDS, WORDS)


def _closed(row: Complaint) -> Any:
    for paper in row.documents.all():
        for party in unserved(paper):
            service.serve_document(SYSTEM, paper, party, "post", proof="挂号信")
    return service.close_complaint(SYSTEM, row)


def complaint_steps(cast: Cast) -> dict[str, Call]:
    """The steps of a complaint."""
    today = timezone.localdate()
    return {
        "request_identity": lambda row: service.request_identity(SYSTEM, unproved(row), WORDS, WORDS),
        "give_identity": lambda row: service.give_identity(SYSTEM, row),
        "dispute": lambda row: service.dispute_competence(SYSTEM, row, "乙市市场监管局", WORDS),
        "settle": lambda row: service.settle_competence(SYSTEM, row, WORDS),
        "transfer": lambda row: service.transfer_complaint(SYSTEM, row, "乙市市场监管局", WORDS, WORDS),
        "accept": lambda row: service.accept_complaint(SYSTEM, changed(row, competent=True), WORDS),
        "refuse": _refused,
        "reopen": lambda row: service.reopen_complaint(SYSTEM, row, "复议1号", WORDS),
        "mediate": lambda row: service.mediate(SYSTEM, row, today, "视频", WORDS),
        "entrust": lambda row: service.entrust(SYSTEM, row, cast.federation, WORDS),
        "hand_back": lambda row: service.hand_back(SYSTEM, row, WORDS),
        "pause": _paused,
        **{f"resume_{state}": partial(_resumed, state) for state in ("mediating", "entrusted")},
        "agree": _agreed,
        "end": lambda row: service.end_mediation(SYSTEM, row, "no_agreement", WORDS, WORDS),
        "withdraw": lambda row: service.withdraw_complaint(SYSTEM, row, WORDS),
        "close": _closed,
    }


def answer_steps() -> dict[str, Call]:
    """The steps of a question to the firm."""
    past = timezone.localdate() - timedelta(days=1)
    return {
        "answer": lambda row: service.answer_complaint(SYSTEM, row, WORDS),
        "lapse": lambda row: service.note_silence(SYSTEM, changed(row, due_on=past)),
        "answer_late": lambda row: service.answer_complaint(SYSTEM, row, WORDS),
        "withdraw": lambda row: service.withdraw_question(SYSTEM, row, WORDS),
    }


def steps(cast: Cast, flow: str) -> dict[str, Call]:
    """Return the calls of a flow."""
    return complaint_steps(cast) if flow == "complaint" else answer_steps()


def make_row(cast: Cast, flow: str) -> Any:
    """Make a row of a flow on which every step can be tried."""
    row = complaint_in(cast, "mediating")
    return row if flow == "complaint" else answer_of(cast, row)
