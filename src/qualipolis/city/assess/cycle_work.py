"""What waits for someone around a run: self-evaluations, checks on site, notices, rectifications."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import Count, Min, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qualipolis.city.assess.models import (
    Notice,
    Rectification,
    RectificationItem,
    SelfEvaluation,
    SiteCheck,
    SiteVisit,
)
from qualipolis.city.assess.registers import latest_release
from qualipolis.city.core.policy import city_wide, organisations_of
from qualipolis.city.measure.queries import WorkItem

Self, Visit, Rect = SelfEvaluation.Status, SiteVisit.Status, Rectification.Status


def _towns(actor: Any) -> set[int]:
    return organisations_of(actor, ("town_officer",))


def _town_self(actor: Any) -> Iterator[WorkItem]:
    rows = SelfEvaluation.objects.filter(unit__government__in=_towns(actor), status__in=(Self.DRAFT, Self.RETURNED))
    for row in rows.select_related("round", "unit").order_by("due_on"):
        back = row.status == Self.RETURNED
        why = _("The office returned it: %(reason)s") % {"reason": row.reason} if back else ""
        yield WorkItem(
            "assess",
            _("Self-evaluation %(period)s") % {"period": row.round.period},
            why or _("Score each item, say what it rests on, attach the evidence, sign."),
            row.due_on,
            "assess:self_evaluation",
            (row.pk,),
            "assess.submit_self_evaluation",
        )


def _town_visits(actor: Any) -> Iterator[WorkItem]:
    rows = SiteVisit.objects.filter(unit__government__in=_towns(actor), status=Visit.RUNNING)
    rows = rows.annotate(blank=Count("findings", filter=Q(findings__result=""))).filter(blank=0)
    for row in rows.select_related("check_plan__round"):
        yield WorkItem(
            "assess",
            _("Check on site %(period)s to sign") % {"period": row.check_plan.round.period},
            _("The findings are written; sign the record or object to it."),
            row.due_on,
            "assess:site_visit",
            (row.pk,),
            "assess.sign_visit",
        )


def _town_rectifications(actor: Any) -> Iterator[WorkItem]:
    rows = Rectification.objects.filter(unit__government__in=_towns(actor))
    rows = rows.filter(status__in=(Rect.OPEN, Rect.PLANNED, Rect.RETURNED)).select_related("round")
    words = {
        Rect.OPEN: (_("Write the plan: what, by whom, by when."), "assess.plan_rectification"),
        Rect.PLANNED: (_("Report with a result for each item and the evidence."), "assess.report_rectification"),
        Rect.RETURNED: (
            _("The report came back with a reason; answer within the term."),
            "assess.report_rectification",
        ),
    }
    late, today = _("Overdue."), timezone.localdate()
    for row in rows.order_by("due_on"):
        why, verb = words[Rect(row.status)]
        yield WorkItem(
            "assess",
            _("Rectification %(period)s") % {"period": row.round.period},
            f"{late} {why}" if row.overdue_on(today) else why,
            row.due_on,
            "assess:rectification",
            (row.pk,),
            verb,
        )


def _checker(actor: Any) -> Iterator[WorkItem]:
    """The visits one was named for, before the town signs."""
    rows = SiteVisit.objects.filter(checkers=actor.pk, status__in=(Visit.PLANNED, Visit.RUNNING))
    rows = rows.annotate(blank=Count("findings", filter=Q(findings__result="")))
    for row in rows.select_related("unit", "check_plan__round").order_by("unit__code"):
        if row.status == Visit.RUNNING and not row.blank:
            continue
        yield WorkItem(
            "assess",
            _("Check on site: %(unit)s") % {"unit": row.unit.name},
            ngettext("%(n)s value to look at.", "%(n)s values to look at.", row.blank) % {"n": row.blank},
            row.due_on,
            "assess:site_visit",
            (row.pk,),
            "assess.record_finding",
            row.blank or 1,
        )


def _department(actor: Any) -> Iterator[WorkItem]:
    rows = RectificationItem.objects.filter(rectification__status=Rect.REPORTED, fulfilled=None)
    if not city_wide(actor, ("department",)):
        rows = rows.filter(owner__in=organisations_of(actor, ("department",)))
    grouped = rows.order_by().values_list("rectification_id", "rectification__unit__name_zh")
    for pk, name, n, due in grouped.annotate(n=Count("pk"), due=Min("rectification__due_on")).order_by("due"):
        yield WorkItem(
            "assess",
            _("Rectification of %(unit)s to check") % {"unit": name},
            ngettext("%(n)s item is reported.", "%(n)s items are reported.", n) % {"n": n},
            due,
            "assess:rectification",
            (pk,),
            "assess.check_item",
            n,
        )


def _planner_self(actor: Any) -> Iterator[WorkItem]:
    rows = SelfEvaluation.objects.filter(status=Self.SUBMITTED).order_by()
    for period, n in rows.values_list("round__period").annotate(n=Count("pk")).order_by("round__period"):
        yield WorkItem(
            "assess",
            ngettext("%(n)s self-evaluation to check", "%(n)s self-evaluations to check", n) % {"n": n},
            _("Compare with the computed scores and the evidence; accept, or return with reasons."),
            None,
            "assess:self_evaluations",
            (period,),
            "assess.accept_self_evaluation",
            n,
        )


def _planner_visits(actor: Any) -> Iterator[WorkItem]:
    for plan in SiteCheck.objects.filter(drawn_at=None).select_related("round"):
        title = _("Check on site %(period)s to draw") % {"period": plan.round.period}
        why = _("The seed is written down; draw the units.")
        yield WorkItem("assess", title, why, None, "assess:site_check", (plan.pk,), "assess.draw_site_check")
    words = {
        Visit.OBJECTED: (_("Objection of %(unit)s to answer"), _("Check again, or keep the findings, in writing.")),
        Visit.SIGNED: (_("Check on site of %(unit)s to conclude"), _("Act on what was found, then conclude.")),
    }
    verbs = {Visit.OBJECTED: "assess.answer_visit", Visit.SIGNED: "assess.conclude_visit"}
    rows = SiteVisit.objects.filter(status__in=words).select_related("unit")
    for row in rows.order_by("unit__code"):
        title, why = words[Visit(row.status)]
        said = title % {"unit": row.unit.name}
        yield WorkItem("assess", said, why, row.due_on, "assess:site_visit", (row.pk,), verbs[Visit(row.status)])


def _planner_notice(actor: Any) -> Iterator[WorkItem]:
    release = latest_release()
    if release is None:
        return
    standing = release.notices.exclude(status=Notice.Status.WITHDRAWN).first()
    title = _("Notice of release %(number)s") % {"number": release.number}
    if standing is None:
        why = _("The release is published; write the notice and serve it on the units.")
        yield WorkItem("assess", title, why, None, "assess:notices", (release.number,), "assess.draft_notice")
    elif standing.status == Notice.Status.DRAFT:
        why = _("The draft is written; issue it with its number and date.")
        yield WorkItem("assess", title, why, None, "assess:notice", (standing.pk,), "assess.issue_notice")


def _planner_rectifications(actor: Any) -> Iterator[WorkItem]:
    rows = Rectification.objects.filter(status=Rect.REPORTED)
    rows = rows.exclude(items__in=RectificationItem.objects.filter(Q(fulfilled=None) | Q(fulfilled=False)))
    for row in rows.select_related("unit"):
        title = _("Rectification of %(unit)s to close") % {"unit": row.unit.name}
        why = _("Every item was found to be fulfilled.")
        yield WorkItem(
            "assess", title, why, row.due_on, "assess:rectification", (row.pk,), "assess.close_rectification"
        )
    late = Rectification.objects.filter(
        status__in=(Rect.OPEN, Rect.PLANNED, Rect.RETURNED), due_on__lt=timezone.localdate()
    )
    for period, n, due in late.order_by().values_list("round__period").annotate(n=Count("pk"), due=Min("due_on")):
        yield WorkItem(
            "assess",
            ngettext("%(n)s rectification is overdue", "%(n)s rectifications are overdue", n) % {"n": n},
            _("Remind the units, or give a later day with the reason."),
            due,
            "assess:rectifications",
            (period,),
            "assess.extend_rectification",
            n,
        )


MAKERS: tuple[tuple[str, Callable[[Any], Iterator[WorkItem]]], ...] = (
    ("town_officer", _town_self),
    ("town_officer", _town_visits),
    ("town_officer", _town_rectifications),
    ("inspector", _checker),
    ("reviewer", _checker),
    ("department", _checker),
    ("department", _department),
    ("planner", _planner_self),
    ("planner", _planner_visits),
    ("planner", _planner_notice),
    ("planner", _planner_rectifications),
)
