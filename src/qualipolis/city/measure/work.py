"""What waits for someone in this room: each item says what, why, until when, and where to do it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qualipolis.city.core.policy import roles_of
from qualipolis.city.core.work_items import WorkItem
from qualipolis.city.measure import cycle_work
from qualipolis.city.measure.models import CollectionRound, IndicatorSet, Observation
from qualipolis.city.measure.rounds import own_part

__all__ = ["OPEN", "WorkItem", "work"]

Status = Observation.Status
OPEN = (CollectionRound.Status.OPEN, CollectionRound.Status.CHECKING, CollectionRound.Status.REOPENED)


def work(actor: Any) -> list[WorkItem]:
    """Return what waits for ``actor`` in measure, the most urgent first."""
    roles = roles_of(actor)
    makers = dict.fromkeys(make for role, make in (*_MAKERS, *cycle_work.MAKERS) if role in roles)
    found = [item for make in makers for item in make(actor)]
    return sorted(found, key=lambda item: (item.due or date.max, item.title))


def _open() -> QuerySet[Observation]:
    return Observation.objects.filter(round__status__in=OPEN).order_by()


def _grouped(rows: QuerySet[Observation], **extra: Any) -> Iterator[tuple[Any, ...]]:
    yield from (
        rows.values_list("round_id", "round__period", "round__due_on", "unit__code")
        .annotate(n=Count("pk"), due=Min("due_on"))
        .order_by("round__period", "unit__code")
    )


def _town(actor: Any) -> Iterator[WorkItem]:
    rows = own_part(actor, _open(), ("town_officer",))
    returned = rows.filter(status=Status.RETURNED)
    for _pk, period, _due, unit, n, due in _grouped(returned):
        yield WorkItem(
            "measure",
            ngettext("%(n)s value came back", "%(n)s values came back", n) % {"n": n},
            _("The owner department returned them with a reason; answer within the term."),
            due,
            "measure:unit",
            (period, unit),
            "measure.submit",
            n,
        )
    waiting = rows.filter(status__in=(Status.EMPTY, Status.DRAFT), indicator__metric="", missing="")
    for _pk, period, due, unit, n, _first in _grouped(waiting):
        yield WorkItem(
            "measure",
            ngettext("%(n)s value to hand in", "%(n)s values to hand in", n) % {"n": n},
            _("The collection of %(period)s is open.") % {"period": period},
            due,
            "measure:unit",
            (period, unit),
            "measure.submit",
            n,
        )


def _department(actor: Any) -> Iterator[WorkItem]:
    rows = own_part(actor, _open().filter(status=Status.SUBMITTED), ("department",))
    grouped = rows.values_list("round__period", "indicator__code", "indicator__name_zh", "round__due_on")
    for period, code, _name, due, n in grouped.annotate(n=Count("pk")).order_by("round__period", "indicator__code"):
        yield WorkItem(
            "measure",
            ngettext("%(code)s: %(n)s value to check", "%(code)s: %(n)s values to check", n) % {"code": code, "n": n},
            _("Handed in; compare with the source and verify, or return with a reason."),
            due,
            "measure:indicator",
            (period, code),
            "measure.verify",
            n,
        )


def _planner(actor: Any) -> Iterator[WorkItem]:
    disputed = _open().filter(status=Status.DISPUTED)
    for period, n, due in disputed.values_list("round__period").annotate(n=Count("pk"), due=Min("due_on")):
        yield WorkItem(
            "measure",
            ngettext("%(n)s objection to answer", "%(n)s objections to answer", n) % {"n": n},
            _("A town disputes its value; keep or correct it, in writing."),
            due,
            "measure:round",
            (period,),
            "measure.decide_dispute",
            n,
        )
    for row in CollectionRound.objects.filter(status__in=OPEN).select_related("set"):
        yield WorkItem(
            "measure",
            _("Round %(period)s: %(status)s") % {"period": row.period, "status": row.get_status_display()},
            _("Compute what comes from records, follow the progress, then lock the round."),
            row.due_on,
            "measure:round",
            (row.period,),
            "measure.lock_round",
        )
    for row in CollectionRound.objects.exclude(reopening={}):
        if row.reopening.get("by") != getattr(actor, "username", ""):
            yield _second_person(row)
    yield from _sets(
        {
            IndicatorSet.Status.DRAFT: ("measure.consult_set", _("Send it out for comments.")),
            IndicatorSet.Status.APPROVED: ("measure.publish_set", _("It is approved; publish it.")),
            IndicatorSet.Status.PUBLISHED: ("measure.freeze_set", _("Freeze it when its year begins.")),
        }
    )


def _leader(actor: Any) -> Iterator[WorkItem]:
    why = _("The comments are in; approve it with the number of the document.")
    yield from _sets({IndicatorSet.Status.CONSULTED: ("measure.approve_set", why)})


def _auditor(actor: Any) -> Iterator[WorkItem]:
    for row in CollectionRound.objects.exclude(reopening={}):
        yield _second_person(row)


def _second_person(row: CollectionRound) -> WorkItem:
    return WorkItem(
        "measure",
        _("Round %(period)s: agree to reopen it?") % {"period": row.period},
        _("The leader asks: %(reason)s") % {"reason": row.reopening.get("reason", "")},
        None,
        "measure:round",
        (row.period,),
        "measure.confirm_reopen",
    )


def _sets(wanted: dict[str, tuple[str, str]]) -> Iterator[WorkItem]:
    waiting = Count("comments", filter=Q(comments__answer="", comments__withdrawn_at=None))
    rows = IndicatorSet.objects.filter(status__in=wanted).annotate(waiting=waiting)
    for row in rows.filter(waiting=0).order_by("year", "version"):
        name, why = wanted[row.status]
        title = _("Indicator set %(year)s, version %(version)s") % {"year": row.year, "version": row.version}
        yield WorkItem("measure", title, why, None, "measure:set", (row.year, row.version), name)


_MAKERS: tuple[tuple[str, Callable[[Any], Iterator[WorkItem]]], ...] = (
    ("town_officer", _town),
    ("department", _department),
    ("planner", _planner),
    ("leader", _leader),
    ("auditor", _auditor),
)
