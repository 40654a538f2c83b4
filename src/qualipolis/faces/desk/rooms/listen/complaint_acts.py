"""The steps of a complaint that its page offers, and the one that comes next."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from qualipolis.city.core.models import Organisation
from qualipolis.city.listen import service
from qualipolis.city.listen.complaints.checks import identity_facts
from qualipolis.city.listen.complaints.endings import untold
from qualipolis.city.listen.complaints.mediation import ENTRUSTED_KINDS
from qualipolis.city.listen.complaints.models import Complaint
from qualipolis.city.listen.complaints.pauses import RESUME, term_of
from qualipolis.faces.desk.rooms.flow_page import Act
from qualipolis.faces.desk.rooms.listen.complaint_document import PAPERS, page_for
from qualipolis.faces.desk.rooms.supervise.after import area, line

ASIDE = ("refuse", "dispute", "transfer", "withdraw", "entrust", "hand_back", "end", "reopen")
READY = ("agree", "pause")  # they lead on as soon as what they need is there


def facts_of(row: Complaint) -> dict[str, Any]:
    """Return what the guards of the steps read."""
    return identity_facts(row) | {
        "status": row.status,
        "due_on": row.due_on,
        "competent": row.competent,
        "paused_from": row.paused_from,
        "complainant_agrees": row.complainant_agrees,
        "respondent_agrees": row.respondent_agrees,
        "terms": row.terms,
        "no_paper": row.no_paper,
        "complainant_signed": row.complainant_signed_on,
        "respondent_signed": row.respondent_signed_on,
        "untold_parties": len(untold(row)),
        "reason_code": "other",  # a ground that every order knows: which one it is, the page of the step asks
    }


def acts_of(request: HttpRequest, row: Complaint) -> list[Act]:
    """Return the steps of a complaint in the order in which they lead on."""
    found = [_paper(step, row) for step in ("accept", "request_identity", "mediate")]
    found.append(_agree(row))
    found += [_pause(), *_resume(row), _close(), *_competence(), _entrust(), _hand_back()]
    found += [_paper("end", row), _paper("refuse", row), _paper("transfer", row), _reopen(), _withdraw()]
    return found


def parted(found: list[Any], row: Complaint) -> tuple[list[Any], list[Any]]:
    """Return the steps that lead on, and those beside the way; the ending leads on once the term is over."""
    over = _term_over(row)
    lead = [one for one in found if _leads(one, over)]
    return lead, [one for one in found if one not in lead]


def _term_over(row: Complaint) -> bool:
    from django.utils import timezone

    term = term_of(row)
    return bool(term and row.status in ("accepted", "mediating", "entrusted") and timezone.localdate() > term.due)


def _leads(offer: Any, over: bool) -> bool:
    step = offer.act.step
    if step in READY:
        return not offer.blocked
    return step not in ASIDE or (step == "end" and over)


def _nothing(actor: Any, row: Any, said: dict[str, Any]) -> None:
    """A step with a page of its own is not taken on the page of the complaint."""


def _paper(step: str, row: Complaint) -> Act:
    paper, asked = PAPERS[step], ("reason_code", "reason", "authority")
    return Act(
        step, paper.verb, _nothing, dict.fromkeys(asked, forms.CharField), page=page_for(step, row), for_good=True
    )


def _agree(row: Complaint) -> Act:
    """An agreement without a paper is recorded at once; one on paper has its page."""
    if not row.no_paper:
        return _paper("agree", row)
    return Act("agree", "listen.agree", lambda actor, one, said: service.agree(actor, one), for_good=True)


def _pause() -> Act:
    return Act("pause", "listen.pause_mediation", lambda actor, row, said: service.pause_mediation(actor, row),
               {"laboratory": lambda: forms.CharField(required=False, widget=forms.HiddenInput)},
               help=gettext_lazy("From today on no day is counted until the mediation goes on."), for_good=True)  # fmt: skip


def _resume(row: Complaint) -> list[Act]:
    return [
        Act(step, "listen.resume_mediation",
            lambda actor, one, said: service.resume_mediation(actor, one, said["outcome"]),
            {"outcome": line(gettext_lazy("Result of the test"), 400, required=False)},
            help=gettext_lazy("Today counts again; the days that were left are left now."), for_good=True)
        for step in RESUME if step == f"resume_{row.paused_from}"
    ]  # fmt: skip


def _close() -> Act:
    return Act(
        "close", "listen.close_complaint", lambda actor, row, said: service.close_complaint(actor, row), for_good=True
    )


def _competence() -> list[Act]:
    reason = {"reason": area(gettext_lazy("Reason"), 1000)}
    return [
        Act("settle", "listen.settle_competence",
            lambda actor, row, said: service.settle_competence(actor, row, said["reason"]), reason),
        Act("dispute", "listen.dispute_competence",
            lambda actor, row, said: service.dispute_competence(actor, row, said["authority"], said["reason"]),
            {"authority": line(gettext_lazy("Which authority is asked"), 120)} | reason),
    ]  # fmt: skip


def _entrust() -> Act:
    bodies = Organisation.objects.filter(kind__in=ENTRUSTED_KINDS).order_by("kind", "code")
    return Act("entrust", "listen.entrust",
               lambda actor, row, said: service.entrust(actor, row, said["mediator"], said["reason"]),
               {"mediator": lambda: forms.ModelChoiceField(bodies, label=gettext_lazy("Body that mediates")),
                "reason": area(gettext_lazy("Reason"), 1000)},
               help=gettext_lazy("Its people see this complaint from now on; the term runs on."), for_good=True)  # fmt: skip


def _hand_back() -> Act:
    return Act("hand_back", "listen.hand_back", lambda actor, row, said: service.hand_back(actor, row, said["reason"]),
               {"reason": area(gettext_lazy("Reason"), 1000)}, for_good=True)  # fmt: skip


def _reopen() -> Act:
    return Act("reopen", "listen.reopen_complaint",
               lambda actor, row, said: service.reopen_complaint(actor, row, said["document_no"], said["reason"]),
               {"document_no": line(gettext_lazy("Number of the decision of the review or the court"), 80),
                "reason": area(gettext_lazy("Reason"), 1000)})  # fmt: skip


def _withdraw() -> Act:
    return Act("withdraw", "listen.withdraw_complaint",
               lambda actor, row, said: service.withdraw_complaint(actor, row, said["reason"]),
               {"reason": area(gettext_lazy("What the complainant said"), 1000)}, for_good=True)  # fmt: skip
