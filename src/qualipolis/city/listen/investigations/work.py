"""What waits in investigations: for the office proof to judge, what is overdue, the next step; for the firm its actions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.work_items import Makers, WorkItem
from qualipolis.city.listen.investigations import queries
from qualipolis.city.listen.investigations.visibility import teams_of, works_on
from qualipolis.city.listen.models import CorrectiveAction, Investigation

STOP, MOST = "listen", 20
PAGE = "desk:listen_investigation"
NEXT = {
    "products": (gettext_lazy("Add the products that it is about."), "listen.add_products"),
    "assess": (gettext_lazy("Assess the risk, or say why it cannot be assessed."), "listen.assess_risk"),
    "act": (gettext_lazy("The risk is high or serious, and nothing has been ordered yet."), "listen.order_action"),
    "send": (gettext_lazy("A request to another authority is drafted and not sent."), "listen.send_request"),
    "close": (gettext_lazy("Everything is settled: close it with its conclusion."), "listen.close_investigation"),
}


def _title(row: Investigation) -> str:
    return _("Investigation %(number)s: %(title)s") % {"number": row.number, "title": row.title}


def office_work(actor: Any) -> list[WorkItem]:
    """Return the proof that somebody's team judges, what is overdue, and the next step of what the team owns."""
    mine = Investigation.objects.filter(works_on(actor, edit=True), status__in=queries.OPEN)
    return [*_proof(mine), *_overdue(mine), *_owned(actor)]


def _proof(mine: Any) -> Iterator[WorkItem]:
    rows = CorrectiveAction.objects.filter(status="proved", investigation__in=mine.values("pk"))
    for one in rows.select_related("investigation", "business__enterprise").order_by("pk")[:MOST]:
        firm = one.business.called if one.business else _("the office")
        why = _("%(firm)s has handed in proof: accept it, or return it with the reason.") % {"firm": firm}
        yield WorkItem(STOP, _title(one.investigation), why, one.due_on, PAGE, (one.investigation_id,), "listen.accept_action")  # fmt: skip


def _overdue(mine: Any) -> Iterator[WorkItem]:
    for one in (
        queries.late_actions().filter(investigation__in=mine.values("pk")).select_related("investigation")[:MOST]
    ):
        why = _("An action that was ordered has not been proved in time.")
        yield WorkItem(STOP, _title(one.investigation), why, one.due_on, PAGE, (one.investigation_id,), "listen.order_action")  # fmt: skip
    for late in queries.late_requests().filter(investigation__in=mine.values("pk")).select_related("investigation")[:MOST]:  # fmt: skip
        why = _("%(authority)s has not answered in time: ask again, or record the answer.") % {
            "authority": late.authority
        }
        yield WorkItem(STOP, _title(late.investigation), why, late.due_on, PAGE, (late.investigation_id,), "listen.answer_request")  # fmt: skip


def _owned(actor: Any) -> Iterator[WorkItem]:
    rows = Investigation.objects.filter(owner__in=teams_of(actor), status__in=queries.OPEN).order_by("pk")
    for row in rows[:MOST]:
        if found := NEXT.get(queries.next_of(row)):
            yield WorkItem(STOP, _title(row), str(found[0]), None, PAGE, (row.pk,), found[1])


def firm_work(actor: Any) -> list[WorkItem]:
    """Return the actions that one's own firm has to carry out and prove."""
    return [
        WorkItem(STOP, _("Carry out: %(kind)s") % {"kind": one.get_kind_display()},
                 (one.remark and _("The proof was returned: read why and hand it in again."))
                 or _("Show in words and pictures that it was carried out."),
                 one.due_on, "desk:my_action", (one.pk,), "listen.prove_action")
        for one in queries.firm_actions(actor).filter(status="ordered")[:MOST]
    ]  # fmt: skip


MAKERS: Makers = (("inspector", office_work), ("department", office_work), ("enterprise", firm_work))
