"""What waits for someone around the values: comments to make and to answer, served documents to acknowledge."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qualipolis.city.core.policy import organisations_of
from qualipolis.city.core.work_items import WorkItem
from qualipolis.city.measure.models import Comment, IndicatorSet, Served
from qualipolis.city.measure.serving import window_of
from qualipolis.law.calendar import add_days
from qualipolis.law.rules import rule_on

CONSULTED = IndicatorSet.Status.CONSULTED


def _to_comment(actor: Any) -> Iterator[WorkItem]:
    """Those who are asked and whose body has said nothing yet."""
    body = getattr(actor, "organisation_id", None)
    said = Comment.objects.filter(Q(person=actor.pk) | Q(organisation=body, organisation__isnull=False))
    rows = IndicatorSet.objects.filter(status=CONSULTED, comments_until__gte=timezone.localdate())
    for row in rows.exclude(pk__in=said.values("set")):
        yield WorkItem(
            "measure",
            _("Indicator set %(year)s: comments are asked for") % {"year": row.year},
            _("Comment on the set or on one indicator; each comment gets an answer."),
            row.comments_until,
            "measure:set",
            (row.year, row.version),
            "measure.comment_set",
        )


def _to_answer(actor: Any) -> Iterator[WorkItem]:
    waiting = Count("comments", filter=Q(comments__answer="", comments__withdrawn_at=None))
    for row in IndicatorSet.objects.filter(status__in=(CONSULTED, "draft")).annotate(n=waiting).filter(n__gt=0):
        yield WorkItem(
            "measure",
            ngettext("%(n)s comment to answer", "%(n)s comments to answer", row.n) % {"n": row.n},
            _("The set of %(year)s is approved only when every comment has its answer.") % {"year": row.year},
            row.comments_until,
            "measure:set",
            (row.year, row.version),
            "measure.answer_comment",
            row.n,
        )


def _to_acknowledge(actor: Any) -> Iterator[WorkItem]:
    towns = organisations_of(actor, ("town_officer",))
    rows = Served.objects.filter(unit__government__in=towns, ended_on=None, acknowledged_at=None)
    for row in rows.select_related("unit", "round").order_by("-served_on"):
        preview = row.kind == Served.Kind.PREVIEW
        days = int(str(rule_on("notice.acknowledge", row.served_on).value))
        due = window_of(row.served_on) if preview else add_days(row.served_on, days, "working").due
        titles = {True: _("Preview %(period)s to acknowledge"), False: _("Notice %(period)s to acknowledge")}
        yield WorkItem(
            "assess",
            titles[preview] % {"period": row.round.period},
            _("It was served on %(unit)s; say that it was read.") % {"unit": row.unit.name},
            due,
            "measure:served",
            (row.pk,),
            "measure.acknowledge",
        )


MAKERS: tuple[tuple[str, Callable[[Any], Iterator[WorkItem]]], ...] = (
    ("town_officer", _to_comment),
    ("department", _to_comment),
    ("planner", _to_answer),
    ("town_officer", _to_acknowledge),
)
