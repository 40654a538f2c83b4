"""What is shown of officers: lists under a filter, who owes a successor, whose training runs out, acts and vetoes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, F, Q, QuerySet, When
from django.utils import timezone

from qualipolis.city.core.policy import own_codes, visible
from qualipolis.city.talent.models import Learner, Officer, OfficerAct, QualityDepartment, RemovalAdvice
from qualipolis.law.flows.talent.officers import CHIEF_QUALITY_OFFICER
from qualipolis.law.rules import rule_on
from qualipolis.law.talent.officer_guards import trained_until
from qualipolis.law.terms import rule_number

Params = Mapping[str, str]
RELATED = ("enterprise__unit", "learner", "filing", "predecessor")
LEFT = ("replaced", "removed")
IN_OFFICE = ("filed", "trained", "certified", "active")


def _lapse_before(day: date) -> date:
    """Return the last day of training that no longer reaches beyond ``day``."""
    value = rule_on("officer.lapse", day).value
    year = day.year - (int(value) if isinstance(value, int) else 0)
    return day.replace(year=year, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=year)


def _shown(show: str) -> Q:
    today = timezone.localdate()
    soon = _lapse_before(today + timedelta(days=rule_number("officer.reminder")))
    late = Q(due_on__lt=today) & ~Q(status__in=CHIEF_QUALITY_OFFICER.finals)
    return {
        "to_file": Q(status="nominated"),
        "to_train": Q(status="filed"),
        "to_certify": Q(status__in=("trained", "certified")),
        "active": Q(status="active"),
        "lapsing": Q(status__in=("certified", "active"), trained_on__lte=soon),
        "lapsed": Q(status="lapsed"),
        "refiling": owes_successor(),
        "late": late | (owes_successor() & Q(due_on__lt=today)),
        "over": Q(status__in=CHIEF_QUALITY_OFFICER.finals),
    }.get(show, Q())


def owes_successor() -> Q:
    """The officers who left a firm that still exists and has named nobody since."""
    return Q(status__in=LEFT, refiled_on=None, enterprise__closed_on=None)


def officers(actor: object, params: Params | None = None) -> QuerySet[Officer]:
    """Return the officers somebody sees under a filter, by their next day."""
    said = params or {}
    rows = visible(actor, Officer.objects.select_related(*RELATED)).filter(_shown(said.get("show", "")))
    if town := said.get("town", "")[:12]:
        rows = rows.filter(enterprise__unit__code=town)
    if text := said.get("q", "").strip()[:60]:
        firm = Q(enterprise__name_zh__icontains=text) | Q(enterprise__name_en__icontains=text)
        rows = rows.filter(
            Q(number__icontains=text) | firm | Q(enterprise__credit_code__iexact=text) | Q(learner__name=text)
        )
    place = Case(When(status__in=CHIEF_QUALITY_OFFICER.finals, then=1), default=0)
    return rows.annotate(place=place).order_by("place", F("due_on").asc(nulls_last=True), "-pk")


def refiling(actor: object, *, late: bool = False) -> QuerySet[Officer]:
    """Return the officers who left without a successor; with ``late`` those whose term is over."""
    rows = visible(actor, Officer.objects.select_related(*RELATED)).filter(owes_successor())
    return (rows.filter(due_on__lt=timezone.localdate()) if late else rows).order_by("due_on", "pk")


def lapsing(actor: object) -> QuerySet[Officer]:
    """Return the officers whose training runs out within the days of the reminder."""
    return officers(actor, {"show": "lapsing"})


def holds_until(row: Officer) -> date | None:
    """Return until when the training of an officer holds."""
    return trained_until(row.trained_on) if row.trained_on else None


def of_own_firm(actor: object) -> QuerySet[Officer]:
    """Return the officers of the firms for which somebody acts."""
    rows = visible(actor, Officer.objects.select_related(*RELATED))
    return rows.filter(enterprise__credit_code__in=own_codes(actor)).order_by("-pk")


def learners_of_firm(actor: object) -> QuerySet[Learner]:
    """Return the people whom the firms of somebody registered."""
    rows = visible(actor, Learner.objects.select_related("enterprise", "account"))
    return rows.filter(enterprise__credit_code__in=own_codes(actor))


def acts(actor: object, params: Params | None = None) -> QuerySet[OfficerAct]:
    """Return the acts somebody sees; ``show=standing`` the vetoes that were not lifted."""
    said = params or {}
    rows = visible(actor, OfficerAct.objects.select_related("officer__enterprise__unit", "officer__learner", "about"))
    if said.get("show") == "veto":
        rows = rows.filter(kind=OfficerAct.Kind.VETO)
    if said.get("show") == "standing":
        rows = standing_vetoes(rows)
    if text := said.get("q", "").strip()[:60]:
        firm = Q(officer__enterprise__name_zh__icontains=text) | Q(officer__enterprise__name_en__icontains=text)
        rows = rows.filter(Q(number__icontains=text) | firm | Q(product__icontains=text) | Q(batch__icontains=text))
    return rows


def standing_vetoes(rows: QuerySet[OfficerAct]) -> QuerySet[OfficerAct]:
    """Return the vetoes among ``rows`` that nobody lifted."""
    lifted = OfficerAct.objects.filter(kind=OfficerAct.Kind.RELEASE).values("about")
    return rows.filter(kind=OfficerAct.Kind.VETO).exclude(pk__in=lifted)


def advices_open(actor: object) -> QuerySet[RemovalAdvice]:
    """Return the advices that wait for the answer of a firm."""
    rows = visible(actor, RemovalAdvice.objects.select_related("officer__enterprise", "officer__learner"))
    return rows.filter(answered_on=None).order_by("due_on")


def departments(actor: object) -> QuerySet[QualityDepartment]:
    """Return the quality departments that stand."""
    rows = visible(actor, QualityDepartment.objects.select_related("enterprise__unit"))
    return rows.filter(ended_on=None)


def is_late(row: Any) -> bool:
    """Whether the term of a row is over; a successor that was named stops the one after an officer left."""
    if row.status in LEFT:
        return row.refiled_on is None and row.due_on is not None and row.due_on < timezone.localdate()
    return not row.ended and row.due_on is not None and row.due_on < timezone.localdate()
