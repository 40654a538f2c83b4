"""What waits for someone about reviewers: applicants to admit, hours that are missing."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.work_items import Makers, WorkItem
from qualipolis.city.talent.models import Reviewer

STOP, MOST = "build", 20
STEPS = {
    "applied": (gettext_lazy("Record the training."), "talent.train_reviewer"),
    "trained": (gettext_lazy("Record the examination."), "talent.examine_reviewer"),
    "exam_passed": (gettext_lazy("Decide on the appointment."), "talent.appoint_reviewer"),
}


def _work(rows: Any) -> list[WorkItem]:
    found = []
    for row in rows[:MOST]:
        why, verb = STEPS[row.status]
        title = _("Reviewer %(number)s: %(name)s") % {"number": row.number, "name": str(row.person)}
        found.append(WorkItem(STOP, title, str(why), row.due_on, "desk:award_reviewer", (row.pk,), verb))
    return found


def planner_work(actor: Any) -> list[WorkItem]:
    """Return who waits for an appointment."""
    return _work(Reviewer.objects.filter(status="exam_passed").select_related("person"))


def trainer_work(actor: Any) -> list[WorkItem]:
    """Return who waits for training or examination."""
    return _work(Reviewer.objects.filter(status__in=("applied", "trained")).select_related("person"))


MAKERS: Makers = (("planner", planner_work), ("trainer", trainer_work))
