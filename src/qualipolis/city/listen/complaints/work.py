"""What waits for someone in complaints: the desk by its days, the mediator what was entrusted, the firm what it is asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.policy import organisations_of
from qualipolis.city.core.work_items import Makers, WorkItem
from qualipolis.city.listen.complaints import queries
from qualipolis.city.listen.complaints.models import Complaint

STOP, MOST = "listen", 20
DESK = {
    "received": (gettext_lazy("Accept or refuse, with the ground."), "listen.accept_complaint"),
    "identity_requested": (gettext_lazy("The term to give proof of identity runs."), "listen.refuse_complaint"),
    "jurisdiction": (gettext_lazy("Competence is settled, or the complaint is passed on."), "listen.settle_competence"),
    "accepted": (gettext_lazy("Call the parties, or entrust the mediation."), "listen.mediate"),
    "mediating": (gettext_lazy("Bring the parties to an agreement, or end the mediation."), "listen.note_meeting"),
    "paused": (gettext_lazy("The clock stands still for a test."), "listen.resume_mediation"),
    "agreed": (gettext_lazy("Tell both parties and close."), "listen.close_complaint"),
    "ended": (gettext_lazy("Tell both parties and close."), "listen.close_complaint"),
}


def _item(row: Complaint, why: str, verb: str) -> WorkItem:
    about = row.letter.product_name or row.letter.respondent_name
    title = _("Complaint %(number)s: %(about)s") % {"number": row.number, "about": about}
    return WorkItem(STOP, title, why, row.due_on, "desk:listen_complaint", (row.pk,), verb)


def desk_work(actor: Any) -> list[WorkItem]:
    """Return the complaints in which the desk takes the next step, by their days; those of other officers are theirs."""
    mine = getattr(actor, "pk", None)
    rows = queries.complaints(actor).filter(status__in=DESK)
    return [
        _item(row, str(DESK[row.status][0]), DESK[row.status][1])
        for row in [one for one in rows[: 3 * MOST] if one.officer_id in (None, mine)][:MOST]
    ]


def mediator_work(actor: Any) -> list[WorkItem]:
    """Return the complaints that are entrusted to one's body now."""
    bodies = organisations_of(actor, ("mediator",))
    rows = queries.complaints(actor).filter(mediator__in=bodies)
    entrusted = [one for one in rows[: 3 * MOST] if "entrusted" in (one.status, one.paused_from)]
    why = {"entrusted": _("Entrusted to you: bring the parties together."), "paused": str(DESK["paused"][0])}
    return [_item(row, why[row.status], "listen.note_meeting") for row in entrusted[:MOST] if row.status in why]


def firm_work(actor: Any) -> list[WorkItem]:
    """Return what a firm is asked: a question, a test, a signature, the receipt of a document."""
    return [*_questions(actor), *_others(actor)][:MOST]


def _questions(actor: Any) -> Iterator[WorkItem]:
    for one in queries.questions(actor)[:MOST]:
        title = _("A consumer complains: %(about)s") % {
            "about": one.complaint.letter.product_name or one.complaint.number
        }
        why = _("Say what happened and what you offer.")
        yield WorkItem(
            STOP, title, why, one.due_on, "desk:my_complaint", (one.complaint_id,), "listen.answer_complaint"
        )


def _others(actor: Any) -> Iterator[WorkItem]:
    for why, verb, rows in (
        (_("Read the agreement and sign it."), "listen.sign_agreement", queries.to_sign(actor)),
        (_("A test is proposed: do you agree?"), "listen.answer_test", queries.to_agree(actor)),
    ):
        for row in rows[:MOST]:
            title = _("Complaint %(number)s") % {"number": row.number}
            yield WorkItem(STOP, title, why, row.due_on, "desk:my_complaint", (row.pk,), verb)
    for paper in queries.to_confirm(actor)[:MOST]:
        title = _("Document %(number)s") % {"number": paper.number}
        why = _("Confirm that you have received it.")
        yield WorkItem(STOP, title, why, None, "desk:my_complaint", (paper.complaint_id,), "listen.confirm_document")


MAKERS: Makers = (("complaint_desk", desk_work), ("mediator", mediator_work), ("enterprise", firm_work))
