"""What waits for someone about officers: to file, to answer, to name a successor, training that runs out."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.policy import visible
from qualipolis.city.core.work_items import Makers, WorkItem
from qualipolis.city.talent.models import Officer, TrainingCertificate
from qualipolis.city.talent.officers import queries

STOP, MOST = "build", 20
FIRM = {
    "returned": (gettext_lazy("The office returned it: correct and hand in again."), "talent.hand_in_officer_again"),
    "certified": (gettext_lazy("Say that the officer has taken up the post."), "talent.activate_officer"),
    "filed": (gettext_lazy("Enrol for the course; the term to pass it runs."), "talent.enrol"),
    "lapsed": (gettext_lazy("Lapsed: enrol for a refresher."), "talent.enrol"),
}


def _item(row: Officer, why: str, verb: str, page: str = "desk:talent_officer") -> WorkItem:
    title = _("Chief quality officer %(number)s: %(firm)s") % {"number": row.number, "firm": row.enterprise.name}
    args = () if page == "desk:my_training" else (row.pk,)
    return WorkItem(STOP, title, why, row.due_on, page, args, verb)


def office_work(actor: Any) -> list[WorkItem]:
    """Return what an office that files has to do: appointments, firms without a successor, certificates revoked."""
    rows = queries.officers(actor, {"show": "to_file"})[:MOST]
    found = [_item(row, _("Check the conditions and file or return it."), "talent.file_officer") for row in rows]
    late = queries.refiling(actor, late=True)[:MOST]
    found += [
        _item(row, _("The term to name a successor is over: remind the firm."), "talent.nominate_officer")
        for row in late
    ]
    doubtful = TrainingCertificate.objects.filter(status="revoked").values("officer")
    rows = visible(actor, Officer.objects.select_related("enterprise")).filter(
        pk__in=doubtful, status__in=queries.IN_OFFICE
    )
    why = _("Its certificate was revoked: check the filing.")
    return found + [_item(row, why, "talent.remove_officer") for row in rows[:MOST]]


def firm_work(actor: Any) -> list[WorkItem]:
    """Return what a firm has to do for its officer."""
    found = []
    for row in queries.of_own_firm(actor).filter(status__in=FIRM)[:MOST]:
        why, verb = FIRM[row.status]
        training = row.status in ("filed", "lapsed")
        found.append(_item(row, str(why), verb, "desk:my_training" if training else "desk:talent_officer"))
    owed = queries.refiling(actor).filter(pk__in=queries.of_own_firm(actor).values("pk"))[:MOST]
    found += [_item(row, _("The officer has left: name a successor."), "talent.nominate_officer") for row in owed]
    soon = queries.lapsing(actor).filter(pk__in=queries.of_own_firm(actor).values("pk"))[:MOST]
    found += [
        _item(row, _("The training runs out soon: enrol for a refresher."), "talent.enrol", "desk:my_training")
        for row in soon
    ]
    for advice in queries.advices_open(actor).filter(officer__in=queries.of_own_firm(actor).values("pk"))[:MOST]:
        title = _("Advice to remove the officer: %(number)s") % {"number": advice.document_no}
        found.append(WorkItem(STOP, title, _("Say whether you follow it."), advice.due_on, "desk:talent_officer",
                              (advice.officer_id,), "talent.answer_advice"))  # fmt: skip
    return found


MAKERS: Makers = (
    ("inspector", office_work),
    ("town_officer", office_work),
    ("department", office_work),
    ("enterprise", firm_work),
)
