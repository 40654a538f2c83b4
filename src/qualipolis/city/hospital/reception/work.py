"""What waits for someone at the reception: cases to triage, to assign, to answer; questions, offers, reports of duty."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from qualipolis.city.core.work_items import WorkItem
from qualipolis.city.hospital.models import Case
from qualipolis.city.hospital.reception import offers, queries
from qualipolis.city.hospital.reception.pauses import open_pause
from qualipolis.city.hospital.reception.visibility import treated_by

STOP = "diagnose"
MOST = 20


def _case(row: Case, title: str, why: str, verb: str) -> WorkItem:
    return WorkItem(STOP, title, why, row.due_on, "hospital:hospital_case", (row.pk,), verb)


def desk_work(actor: Any) -> list[WorkItem]:
    """Return what waits at the desk, case by case, the most urgent first."""
    rows = queries.cases(actor)
    return [*_to_triage(rows), *_to_assign(rows), *_to_report(rows), *_silent(rows)]


def _named(row: Case) -> dict[str, str]:
    return {"number": str(row), "product": row.product_name, "firm": row.enterprise.name}


def _to_triage(rows: Any) -> Iterator[WorkItem]:
    for row in rows.filter(queries.shown("triage"))[:MOST]:
        title = _("New: %(product)s of %(firm)s") % _named(row)
        yield _case(row, title, _("Send it to a department, or turn it away with the reason."), "hospital.triage")


def _to_assign(rows: Any) -> Iterator[WorkItem]:
    for row in rows.filter(queries.shown("assign"))[:MOST]:
        title = _("Find an expert: %(product)s of %(firm)s") % _named(row)
        yield _case(row, title, _("The list ranks who is free, with reasons."), "hospital.propose_expert")


def _to_report(rows: Any) -> Iterator[WorkItem]:
    for row in rows.filter(queries.shown("duty"))[:MOST]:
        title = _("Law wants a report: %(product)s of %(firm)s") % _named(row)
        yield WorkItem(STOP, title, _("Danger to life or health with the product on the market."), None,
                       "hospital:duty_new", (row.pk,), "hospital.report_duty")  # fmt: skip


def _silent(rows: Any) -> Iterator[WorkItem]:
    for row in rows.filter(status="suspended")[:MOST]:
        title = _("No answer: %(product)s of %(firm)s") % _named(row)
        yield _case(row, title, _("Call the firm before the case closes by itself."), "hospital.resume_case")


def expert_work(actor: Any) -> list[WorkItem]:
    """Return the cases that were proposed to an expert."""
    rows = Case.objects.filter(status="proposed", expert__person=getattr(actor, "pk", None), pk__in=treated_by(actor))
    return [
        _case(row, _("Proposed to you: %(product)s of %(firm)s") % _named(row), _("Take it or decline it."), "hospital.accept_case")
        for row in rows.select_related("enterprise").order_by("due_on", "pk")[:MOST]
    ]  # fmt: skip


def firm_work(actor: Any) -> list[WorkItem]:
    """Return what waits for a firm: a draft, a question, an offer after a failed sample."""
    return [*_drafts(actor), *_questions(actor), *_offers(actor)]


def _drafts(actor: Any) -> Iterator[WorkItem]:
    for row in queries.own_cases(actor).filter(status="draft")[:MOST]:
        title = _("Your draft: %(product)s") % {"product": row.product_name or "…"}
        yield WorkItem(STOP, title, _("Hand it in, or withdraw it."), None, "hospital:case_step", (row.pk, 2), "hospital.register_case")  # fmt: skip


def _questions(actor: Any) -> Iterator[WorkItem]:
    for row in queries.own_cases(actor).filter(status__in=queries.WAITING)[:MOST]:
        pause = open_pause(row)
        why = pause.question[:120] if pause else _("The clock stands still until you answer.")
        yield _case(row, _("A question on your case: %(product)s") % _named(row), why, "hospital.resume_case")


def _offers(actor: Any) -> Iterator[WorkItem]:
    for row in offers.open_offers(actor)[:MOST]:
        title = _("Help after the failed sample %(number)s") % {"number": row.result.number}
        why = _("The product hospital treats the product with you; inspectors do not see the case.")
        yield WorkItem(STOP, title, why, None, "hospital:offers", (), "hospital.take_offer")


MAKERS = (
    ("hospital_desk", desk_work),
    ("hospital_manager", desk_work),
    ("expert", expert_work),
    ("enterprise", firm_work),
)
