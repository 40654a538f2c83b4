"""What is shown of complaints: lists under a filter, what waits and for whom, in the order of their days."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Case, F, Q, QuerySet, When
from django.utils import timezone

from qualipolis.city.core.policy import visible
from qualipolis.city.listen.complaints.checks import MEDIATED, UNDER_WAY
from qualipolis.city.listen.complaints.models import Complaint, ComplaintAnswer
from qualipolis.city.listen.complaints.visibility import of_firm
from qualipolis.city.listen.reports.models import Document
from qualipolis.law.flows.listening import COMPLAINT
from qualipolis.law.flows.listening.complaint import BEFORE
from qualipolis.law.listening.rules import ORDER_121_FROM

Params = Mapping[str, str]
RELATED = ("letter", "enterprise", "unit", "officer", "mediator", "mediator_person")
TOLD_AFTER = ("agreed", "ended")


def shown(show: str) -> Q:
    """Return the complaints of a filter; an unknown filter shows all."""
    return {
        "new": Q(status__in=BEFORE),
        "mediation": Q(status__in=UNDER_WAY),
        "tell": Q(status__in=TOLD_AFTER),
        "late": Q(due_on__lt=timezone.localdate()) & ~Q(status__in=COMPLAINT.finals),
        "order_20": Q(received_on__lt=ORDER_121_FROM),
        "order_121": Q(received_on__gte=ORDER_121_FROM),
        "over": Q(status__in=COMPLAINT.finals),
    }.get(show, Q())


def complaints(actor: object, params: Params | None = None) -> QuerySet[Complaint]:
    """Return the complaints that somebody sees under a filter: open ones by their day, then those that are over."""
    said = params or {}
    rows = visible(actor, Complaint.objects.select_related(*RELATED)).filter(shown(said.get("show", "")))
    if text := said.get("q", "").strip()[:60]:
        rows = rows.filter(
            Q(number__icontains=text) | Q(letter__product_name__icontains=text) | Q(letter__respondent_name__icontains=text)
            | Q(enterprise__name_zh__icontains=text) | Q(enterprise__name_en__icontains=text)
        )  # fmt: skip
    place = Case(When(status__in=COMPLAINT.finals, then=1), default=0)
    return (
        rows.annotate(place=place).prefetch_related("pauses").order_by("place", F("due_on").asc(nulls_last=True), "-pk")
    )


def of_own_firm(actor: object) -> QuerySet[Complaint]:
    """Return the accepted complaints about one's own firm, the latest first."""
    return Complaint.objects.select_related(*RELATED, "letter__identity").filter(of_firm(actor)).order_by("-pk")


def questions(actor: object) -> QuerySet[ComplaintAnswer]:
    """Return the questions that wait for one's own firm."""
    rows = ComplaintAnswer.objects.select_related("complaint__letter", "complaint__enterprise")
    mine = of_own_firm(actor).filter(status__in=UNDER_WAY).values("pk")
    return rows.filter(complaint__in=mine, status__in=("asked", "silent")).order_by("due_on", "pk")


def to_sign(actor: object) -> QuerySet[Complaint]:
    """Return the complaints about one's own firm whose agreement it has not signed."""
    rows = of_own_firm(actor).filter(status__in=MEDIATED, no_paper=False, respondent_signed_on=None)
    return rows.exclude(terms="")


def to_agree(actor: object) -> QuerySet[Complaint]:
    """Return the complaints about one's own firm for which a test is proposed."""
    return of_own_firm(actor).filter(status__in=MEDIATED, test_asked_on__isnull=False, respondent_agrees=None)


def to_confirm(actor: object) -> QuerySet[Document]:
    """Return the documents that one's own firm has not confirmed."""
    rows = Document.objects.select_related("complaint").filter(complaint__in=of_own_firm(actor).values("pk"))
    return (
        rows.filter(code__in=("mediation", "ending", "agreement")).exclude(services__party="respondent").order_by("pk")
    )
