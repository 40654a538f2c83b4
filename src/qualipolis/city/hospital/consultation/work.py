"""What waits around a consultation: cases to examine and diagnose, opinions to give, panels to end, orders to do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from qualipolis.city.core.policy import visible
from qualipolis.city.core.work_items import WorkItem
from qualipolis.city.hospital.consultation.examinations import OPEN
from qualipolis.city.hospital.consultation.parties import as_expert
from qualipolis.city.hospital.models import Case, Examination, Expert, Panel, PanelSeat, SecondOpinion

STOP = "diagnose"
MOST = 20


def doctor_work(actor: Any) -> list[WorkItem]:
    """Return what waits for an expert."""
    mine = as_expert(actor)
    if mine is None:
        return []
    seen = visible(actor, Case.objects.filter(expert=mine)).select_related("enterprise")
    return [*_cases(seen), *_opinions(actor, mine), *_decisions(seen), *_second(actor, mine)]


def _cases(rows: Any) -> Iterator[WorkItem]:
    for one in rows.filter(status__in=("assigned", "examining")).order_by("due_on", "pk")[:MOST]:
        waiting = one.examinations.filter(status__in=OPEN).exists()
        if one.status == "assigned":
            why, verb = _("Look at the problem and begin the examination."), "hospital.examine"
        elif waiting:
            continue
        else:
            why, verb = _("Everything ordered is reported: diagnose, or examine further."), "hospital.diagnose"
        yield _item(_named(one), why, one.due_on, "hospital_case", one.pk, verb)


def _named(case: Case) -> str:
    return _("%(number)s, %(product)s") % {"number": case, "product": case.product_name}


def _item(title: str, why: str, due: Any, page: str, key: int, verb: str) -> WorkItem:
    return WorkItem(STOP, title, why, due, f"hospital:{page}", (key,), verb)


def _opinions(actor: Any, mine: Expert) -> Iterator[WorkItem]:
    rows = PanelSeat.objects.filter(expert=mine, said_at=None, panel__status="called")
    seen = visible(actor, Panel.objects.all()).values("pk")
    for one in rows.filter(panel__in=seen).select_related("panel__case").order_by("panel__due_on")[:MOST]:
        title = _("Panel on %(case)s") % {"case": _named(one.panel.case)}
        why = _("Give your own opinion; then you read the others.")
        yield _item(title, why, one.panel.due_on, "hospital_panel", one.panel_id, "hospital.give_opinion")


def _decisions(cases: Any) -> Iterator[WorkItem]:
    """Yield panels in which everybody has spoken, and cases whose panel has decided or has no members yet."""
    rows = Panel.objects.filter(case__in=cases.values("pk"), status="called").exclude(seats__said_at=None)
    for row in rows.select_related("case").distinct()[:MOST]:
        title = _("Panel on %(case)s") % {"case": _named(row.case)}
        why = _("Everybody has spoken: record the decision.")
        yield _item(title, why, row.due_on, "hospital_panel", row.pk, "hospital.conclude_panel")
    for case in cases.filter(status="panel").exclude(panels__status="called").order_by("due_on")[:MOST]:
        decided = case.panels.filter(status="concluded", loops_before__gte=case.loops).exists()
        why = (
            _("The panel has decided: diagnose, or examine further.")
            if decided
            else _("Name the members of the panel.")
        )
        verb = "hospital.diagnose" if decided else "hospital.call_panel"
        yield _item(_named(case), why, case.due_on, "hospital_case", case.pk, verb)


def _second(actor: Any, mine: Expert) -> Iterator[WorkItem]:
    rows = visible(actor, SecondOpinion.objects.filter(expert=mine, status="appointed")).select_related("case")
    for one in rows[:MOST]:
        title = _("Second opinion on %(case)s") % {"case": _named(one.case)}
        why = _("The firm disputes the diagnosis; look at it again.")
        yield _item(title, why, one.due_on, "hospital_second_opinion", one.pk, "hospital.give_second_opinion")


def manager_work(actor: Any) -> list[WorkItem]:
    """Return the second opinions for which an expert has to be appointed."""
    rows = visible(actor, SecondOpinion.objects.filter(status="asked")).select_related("case").order_by("asked_on")
    return [
        _item(
            _("Second opinion on %(case)s") % {"case": _named(one.case)},
            _("Appoint an expert of another organisation."),
            one.due_on,
            "hospital_second_opinion",
            one.pk,
            "hospital.appoint_second_expert",
        )
        for one in rows[:MOST]
    ]


def laboratory_work(actor: Any) -> list[WorkItem]:
    """Return the orders of the hospital that wait in the laboratory; they name no firm."""
    rows = visible(actor, Examination.objects.filter(status__in=OPEN)).order_by("ordered_on", "pk")
    waits = {
        "ordered": (_("Accept the order, or decline it with a reason."), "hospital.accept_examination"),
        "accepted": (_("Examine, then hand in the report."), "hospital.report_examination"),
    }
    found = []
    for one in rows[:MOST]:
        why, verb = waits[one.status]
        title = _("%(number)s, %(product)s") % {"number": one.number, "product": one.product_name}
        found.append(_item(title, why, one.due_on, "hospital_examination", one.pk, verb))
    return found


MAKERS = (
    ("expert", doctor_work),
    ("hospital_manager", manager_work),
    ("laboratory", laboratory_work),
)
