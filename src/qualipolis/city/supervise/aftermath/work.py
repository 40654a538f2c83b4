"""What waits for someone after a failed result: orders, reviews, corrections, transfers, publications, penalties."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.policy import city_wide, organisations_of
from qualipolis.city.core.work_items import WorkItem
from qualipolis.city.supervise.aftermath.meetings import proposals
from qualipolis.city.supervise.aftermath.models import HandlingCase, QualityMeeting
from qualipolis.city.supervise.aftermath.publication_queries import to_draft
from qualipolis.city.supervise.aftermath.queries import WITH_FIRM, cases, meetings, penalties, publications, transfers
from qualipolis.city.supervise.aftermath.scope import responsible

STOP = "supervise"
MOST = 40
HANDLER_STEPS = {
    "transferred": ("order_correction", gettext_lazy("Write the order to correct.")),
    "ordered": ("serve_order", gettext_lazy("Serve the order; the terms begin with its receipt.")),
    "review_requested": ("pass_review", gettext_lazy("The firm reported its correction: review it.")),
    "announced": ("pass_second_review", gettext_lazy("The second review may be made now.")),
    "third_review": ("pass_third_review", gettext_lazy("The firm reported its rectification: review it again.")),
    "firm_ceased": ("find_successor", gettext_lazy("The firm has ceased: look for who took it over.")),
    "passed": ("close_handling", gettext_lazy("The review was passed: close the handling.")),
    "running": ("finish_food_handling", gettext_lazy("Finish the handling of the food.")),
}
ORGANISER_STEPS = {
    "failed": ("escalate_handling", gettext_lazy("Report the failed review to the province.")),
    "escalated": ("announce_failure", gettext_lazy("Record the announcement of the province.")),
}
TRANSFER_STEPS = {
    "prepared": ("send_transfer", gettext_lazy("Tell the authority of the producer's area.")),
    "sent": ("acknowledge_transfer", gettext_lazy("Record their receipt.")),
    "acknowledged": ("close_transfer", gettext_lazy("Record what they did.")),
}
PUBLICATION_STEPS = {
    "draft": ("approve_publication", gettext_lazy("Approve the publication.")),
    "approved": ("publish_results", gettext_lazy("Approved: publish the results.")),
}
PENALTY_STEPS = {
    "decided": ("publish_penalty", gettext_lazy("Publish the penalty, or pass it on.")),
    "pushed": ("record_penalty_elsewhere", gettext_lazy("Record that the other province published it.")),
    "annulled": ("withdraw_penalty", gettext_lazy("Take the changed or revoked penalty down.")),
}


def handler_work(actor: Any) -> list[WorkItem]:
    """Return what a branch has to do in its cases."""
    rows = cases(actor).filter(status__in=(*HANDLER_STEPS, "correcting")).order_by("due_on", "number")
    if not city_wide(actor, ("inspector",)):
        rows = rows.filter(handler__in=organisations_of(actor, ("inspector", "department")))
    found = (one for row in rows[: 4 * MOST] if (one := _handler_item(row)) is not None)
    return [one for _n, one in zip(range(MOST), found, strict=False)]


def _handler_item(row: HandlingCase) -> WorkItem | None:
    today = timezone.localdate()
    if row.status == "correcting":
        late = row.correct_by is not None and row.correct_by < today
        return _case_item(row, "note_not_corrected", _("Nothing was reported in time.")) if late else None
    if row.status == "announced" and (row.second_from is None or row.second_from > today):
        return None
    verb, why = HANDLER_STEPS[row.status]
    if row.flow_code == "food_handling" and row.status == "transferred":
        verb, why = "begin_food_handling", gettext_lazy("Begin the handling of the food.")
    return _case_item(row, verb, str(why))


def _case_item(row: HandlingCase, verb: str, why: str, page: str = "handling_case") -> WorkItem:
    title = _("Handling %(number)s, %(firm)s") % {"number": row.number, "firm": responsible(row).name}
    return _item(title, why, row.due_on, page, (row.pk,), verb)


def _item(title: str, why: Any, due: date | None, page: str, args: tuple[Any, ...], verb: str) -> WorkItem:
    return WorkItem(STOP, title, str(why), due, f"supervise:{page}", args, f"supervise.{verb}")


def organiser_work(actor: Any) -> list[WorkItem]:
    """Return what the organiser has to do around cases, transfers, publications, penalties and meetings."""
    parts = (_escalations, _transfers, _drafts, _approved, _penalties, _meetings, _follow_ups)
    return [item for part in parts for item in part(actor)]


def _escalations(actor: Any) -> Iterator[WorkItem]:
    for row in cases(actor).filter(status__in=ORGANISER_STEPS).order_by("due_on")[:MOST]:
        verb, why = ORGANISER_STEPS[row.status]
        yield _case_item(row, verb, str(why))


def _transfers(actor: Any) -> Iterator[WorkItem]:
    for row in transfers(actor).filter(status__in=TRANSFER_STEPS).order_by("due_on")[:MOST]:
        verb, why = TRANSFER_STEPS[row.status]
        yield _item(_("Transfer %(number)s") % {"number": row.number}, why, row.due_on, "transfer", (row.pk,), verb)


def _drafts(actor: Any) -> Iterator[WorkItem]:
    for one in to_draft(actor)[:MOST]:
        title = _("Results of %(name)s") % {"name": one.campaign.name}
        why = _("%(n)s final results are not published yet.") % {"n": one.results}
        yield _item(title, why, one.due_on, "publications", (), "draft_publication")


def _approved(actor: Any) -> Iterator[WorkItem]:
    yield from _in_preparation(actor, "approved")


def leader_work(actor: Any) -> list[WorkItem]:
    """Return the publications that the leader approves."""
    return list(_in_preparation(actor, "draft"))


def _in_preparation(actor: Any, status: str) -> Iterator[WorkItem]:
    verb, why = PUBLICATION_STEPS[status]
    for row in publications(actor).filter(status=status).order_by("due_on")[:MOST]:
        title = _("Publication %(number)s, %(name)s") % {"number": row.number, "name": row.campaign.name}
        yield _item(title, why, row.due_on, "publication", (row.pk,), verb)


def _penalties(actor: Any) -> Iterator[WorkItem]:
    for row in penalties(actor, {"show": "check"})[:MOST]:
        title = _("Penalty %(number)s") % {"number": row.number}
        why = _("The result behind it was reversed or voided: check whether it stands.")
        yield _item(title, why, row.check_since, "penalty", (row.pk,), "annul_penalty")
    for row in penalties(actor).filter(status__in=PENALTY_STEPS, check_since=None).order_by("due_on")[:MOST]:
        verb, words = PENALTY_STEPS[row.status]
        yield _item(_("Penalty %(number)s") % {"number": row.number}, words, row.due_on, "penalty", (row.pk,), verb)


def _meetings(actor: Any) -> Iterator[WorkItem]:
    for one in proposals(actor)[:MOST]:
        title = _("Quality analysis meeting on %(name)s") % {"name": one.campaign.name}
        why = _("%(n)s firms failed in it: a problem of the trade.") % {"n": one.firms}
        yield _item(title, why, None, "meetings", (), "call_meeting")
    due: list[QualityMeeting] = list(meetings(actor).filter(agreed="", held_on__lte=timezone.localdate())[:MOST])
    for row in due:
        title = _("Meeting on %(name)s") % {"name": row.campaign.name}
        yield _item(title, _("Write what was agreed."), row.held_on, "meetings", (), "minute_meeting")


def _follow_ups(actor: Any) -> Iterator[WorkItem]:
    wanted = cases(actor).exclude(follow_up_on=None).exclude(status="cancelled").filter(result__follow_ups=None)
    for row in wanted[:MOST]:
        why = _("A follow-up sample was asked for on %(day)s; make its task.") % {"day": row.follow_up_on}
        yield _case_item(row, "ask_follow_up", why)


def firm_work(actor: Any) -> list[WorkItem]:
    """Return the corrections that a firm has to report."""
    rows = cases(actor).filter(status__in=WITH_FIRM).order_by("due_on")
    title = gettext_lazy("Correction %(number)s")
    why = gettext_lazy("Correct, then report it with evidence and ask for the review.")
    return [
        _item(str(title) % {"number": row.number}, why, row.due_on, "correction", (row.pk,), "report_correction")
        for row in rows[:MOST]
    ]


MAKERS = (
    ("inspector", handler_work),
    ("department", handler_work),
    ("planner", organiser_work),
    ("department", organiser_work),
    ("leader", leader_work),
    ("enterprise", firm_work),
)
