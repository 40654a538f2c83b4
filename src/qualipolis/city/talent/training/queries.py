"""What is shown of training: the catalogue, the calendar, one's own courses, the bank, sittings and certificates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from qualipolis.city.core.policy import visible
from qualipolis.city.talent.models import Course, Enrolment, Exam, Question, Session, Sitting, TrainingCertificate
from qualipolis.city.talent.training.enrolments import TAKEN

Params = Mapping[str, str]
UNDER_WAY = ("open", "listed", "running", "held")


def courses() -> QuerySet[Course]:
    """Return the catalogue as it is offered now."""
    today = timezone.localdate()
    return Course.objects.filter(Q(ended_on=None) | Q(ended_on__gte=today)).order_by("kind", "code")


def _counted(rows: QuerySet[Session]) -> QuerySet[Session]:
    taken = Count("enrolments", filter=Q(enrolments__status__in=TAKEN), distinct=True)
    waiting = Count("enrolments", filter=Q(enrolments__status__in=("applied", "waiting")), distinct=True)
    return rows.select_related("course", "unit").annotate(taken=taken, waiting=waiting)


def sessions(actor: object, params: Params | None = None) -> QuerySet[Session]:
    """Return the sessions somebody sees under a filter, the next one first."""
    said = params or {}
    shown = {
        "open": Q(status="open"),
        "answer": Q(status__in=("open", "listed"), enrolments__status="applied"),
        "running": Q(status__in=("listed", "running")),
        "held": Q(status="held"),
        "over": Q(status__in=("settled", "cancelled")),
    }.get(said.get("show", ""), Q())
    rows = _counted(visible(actor, Session.objects.all())).filter(shown)
    if text := said.get("q", "").strip()[:60]:
        name = Q(course__name_zh__icontains=text) | Q(course__name_en__icontains=text)
        rows = rows.filter(Q(number__icontains=text) | name | Q(place__icontains=text))
    return rows.order_by("-starts_on", "-pk")


def calendar() -> QuerySet[Session]:
    """Return what is announced and not over, the next one first; open to everybody."""
    today = timezone.localdate()
    rows = _counted(Session.objects.filter(status__in=("open", "listed", "running"), ends_on__gte=today))
    return rows.order_by("starts_on", "pk")


def seats_left(row: Any) -> int:
    """Return the seats left of a row of the calendar."""
    return max(0, (row.seats or 0) - row.taken)


def enrolments(actor: object) -> QuerySet[Enrolment]:
    """Return the enrolments somebody sees, the latest first."""
    rows = Enrolment.objects.select_related("session__course", "learner__account", "enterprise", "officer")
    return visible(actor, rows).order_by("-session__starts_on", "-pk")


def own_sittings(actor: object) -> QuerySet[Sitting]:
    """Return one's own sittings, those to be written first."""
    rows = Sitting.objects.select_related("exam__session__course", "enrolment__learner")
    return rows.filter(enrolment__learner__account=getattr(actor, "pk", None) or 0).order_by("-pk")


def exams(actor: object) -> QuerySet[Exam]:
    """Return the examinations somebody sees."""
    return visible(actor, Exam.objects.select_related("session__course"))


def certificates(actor: object, params: Params | None = None) -> QuerySet[TrainingCertificate]:
    """Return the certificates somebody sees under a filter."""
    said = params or {}
    rows = visible(actor, TrainingCertificate.objects.select_related("course", "learner__enterprise"))
    if (show := said.get("show", "")) in ("issued", "expired", "revoked", "replaced"):
        rows = rows.filter(status=show)
    if text := said.get("q", "").strip()[:60]:
        firm = Q(learner__enterprise__name_zh__icontains=text) | Q(learner__enterprise__name_en__icontains=text)
        rows = rows.filter(Q(number__iexact=text) | Q(learner__name=text) | firm)
    return rows.order_by("-pk")


def questions(actor: object, params: Params | None = None) -> QuerySet[Question]:
    """Return the bank under a filter."""
    said = params or {}
    rows = visible(actor, Question.objects.select_related("batch"))
    show = said.get("show", "")
    rows = rows.filter(current=False) if show == "old" else rows.filter(current=True)
    if show in Question.Kind.values:
        rows = rows.filter(kind=show)
    if text := said.get("q", "").strip()[:60]:
        rows = rows.filter(Q(code__icontains=text) | Q(stem__icontains=text) | Q(topic__icontains=text))
    return rows.order_by("code", "-version")
