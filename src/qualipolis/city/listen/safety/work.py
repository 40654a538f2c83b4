"""What waits for someone in product safety: incidents, recalls with their day, warnings to publish, what a firm owes."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.work_items import Makers, WorkItem
from qualipolis.city.listen.models import Incident, PublicWarning, Recall
from qualipolis.city.listen.safety import queries
from qualipolis.city.listen.safety.lists import product_words
from qualipolis.city.listen.statistics.naming import class_words

STOP, MOST = "listen", 20
OFFICE = {
    "clue": (gettext_lazy("Assess whether the product is defective."), "listen.assess_defect"),
    "assessing": (gettext_lazy("Say whether the product is defective."), "listen.find_defect"),
    "defect_found": (gettext_lazy("The plan of the producer is due; without one, order the recall."), "listen.order_recall"),
    "ordered": (gettext_lazy("The plan of the producer is due."), "listen.file_recall_plan"),
    "ordered_again": (gettext_lazy("The plan of the producer is due."), "listen.file_recall_plan"),
    "plan_filed": (gettext_lazy("Check the plan and announce the recall."), "listen.announce_recall"),
    "completed": (gettext_lazy("Check with a sample whether the owners were reached."), "listen.evaluate_recall"),
    "evaluated": (gettext_lazy("Close the recall, or order it again."), "listen.close_recall"),
}  # fmt: skip
RUNNING = ("announced", "executing")
FIRM = {
    **dict.fromkeys(queries.TO_PLAN, (gettext_lazy("File the recall plan."), "listen.file_recall_plan")),
    **dict.fromkeys(RUNNING, (gettext_lazy("Report how many pieces are corrected."), "listen.report_recall_progress")),
}
LEFT_TO_THE_FIRM = ("defect_found", "ordered", "ordered_again")


def incident_work(actor: Any) -> list[WorkItem]:
    """Return the incidents to verify and the serious ones to report upward."""
    rows = queries.incidents(actor).filter(status__in=("reported", "verified"))[: 3 * MOST]
    return [_incident(row) for row in rows if row.status == "reported" or row.serious][:MOST]


def _incident(row: Incident) -> WorkItem:
    title = _("Incident %(number)s: %(about)s") % {
        "number": row.number,
        "about": product_words(row) or class_words("hazard", row.hazard),
    }
    if row.status == "verified":
        why, verb = _("A death or serious injury: report it to the authority above."), "listen.report_upward"
    else:
        why, verb = _("Verify it, and say how badly people were hurt."), "listen.verify_incident"
    return WorkItem(STOP, title.rstrip(": ："), why, row.due_on, "desk:listen_incident", (row.pk,), verb)


def desk_work(actor: Any) -> list[WorkItem]:
    """Return the incidents to verify; reporting upward is for those who investigate."""
    rows = queries.incidents(actor).filter(status="reported")[:MOST]
    return [_incident(row) for row in rows]


def recall_work(actor: Any) -> list[WorkItem]:
    """Return the recalls in which the offices take the next step, and those whose term is over."""
    found = []
    for row in queries.recalls(actor).filter(status__in=(*OFFICE, *RUNNING))[: 3 * MOST]:
        late = queries.is_late(row)
        if row.status in (*LEFT_TO_THE_FIRM, *RUNNING) and not late:
            continue  # the firm takes the next step, in its term
        why, verb = OFFICE.get(
            row.status, (_("The report on the progress is overdue."), "listen.report_recall_progress")
        )
        found.append(_recall(row, str(why), "desk:listen_recall", verb))
    return found[:MOST]


def _recall(row: Recall, why: str, page: str, verb: str) -> WorkItem:
    title = _("Recall %(number)s: %(about)s") % {"number": row.number, "about": product_words(row)}
    return WorkItem(STOP, title, why, row.due_on, page, (row.pk,), verb)


def investigator_work(actor: Any) -> list[WorkItem]:
    """Return what waits for an office that investigates."""
    drafts = PublicWarning.objects.filter(status="drafted", written_by=getattr(actor, "pk", None) or 0)[:MOST]
    return [*incident_work(actor), *recall_work(actor),
            *(_warning(row, _("Finish the draft and hand it in."), "listen.hand_in_warning") for row in drafts)]  # fmt: skip


def _warning(row: PublicWarning, why: str, verb: str) -> WorkItem:
    title = _("Warning %(number)s: %(title)s") % {"number": row.number, "title": row.title}
    return WorkItem(STOP, title, why, row.due_on, "desk:listen_warning", (row.pk,), verb)


def signer_work(actor: Any) -> list[WorkItem]:
    """Return the warnings that wait to be published; nobody publishes one's own."""
    rows = queries.warnings(actor).filter(status="reviewing").exclude(written_by=getattr(actor, "pk", None) or 0)
    why = _("Read it, and publish or return it.")
    return [_warning(row, why, "listen.publish_warning") for row in rows[:MOST]]


def firm_work(actor: Any) -> list[WorkItem]:
    """Return what a firm owes in its recalls: a plan, the progress."""
    rows = queries.of_own_firm(actor, Recall).filter(status__in=FIRM)[:MOST]
    return [_recall(row, str(FIRM[row.status][0]), "desk:my_recall", FIRM[row.status][1]) for row in rows]


MAKERS: Makers = (
    ("inspector", investigator_work),
    ("department", investigator_work),
    ("complaint_desk", desk_work),
    ("leader", signer_work),
    ("planner", signer_work),
    ("enterprise", firm_work),
)
