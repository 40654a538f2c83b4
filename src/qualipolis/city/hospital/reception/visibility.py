"""Who sees what of the hospital: the firm its own, doctors what they were named for, the desk its towns, enforcement nothing.

Planners, leaders, town officers, departments, inspectors, auditors and administrators see no case. What they see is what
law requires to be reported (:class:`DutyReport`), what was published, and statistics that are made elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from qualipolis.city.core.attachments import readable
from qualipolis.city.core.models import Organisation
from qualipolis.city.core.policy import city_wide, organisations_of, own_codes, roles_of, visibility
from qualipolis.city.core.roles import SYSTEM
from qualipolis.city.hospital import models as rows_of
from qualipolis.city.hospital.models import (
    Case,
    CaseLink,
    CheckUp,
    Department,
    DutyReport,
    Examination,
    Expert,
    GroupDisease,
    KnowledgeCase,
    Message,
    Offer,
    PanelSeat,
    Prescription,
    PrescriptionItem,
    Rating,
)
from qualipolis.city.registry.models import Unit

DESKS = ("hospital_desk", "hospital_manager")
OVERSEERS = ("leader", "planner", "auditor")
Rule = Callable[[Any, QuerySet[Any]], QuerySet[Any]]
EVERYTHING, NOTHING = Q(pk__isnull=False), Q(pk__in=())  # an empty Q would vanish beside another


def enforces(actor: Any) -> bool:
    """Whether somebody also works in enforcement: such a person never treats and never sits at the desk."""
    return "inspector" in roles_of(actor)


def _of_desk(actor: Any, path: str = "") -> Q:
    """The rows (by their unit) that the desk serves: all of them, or those of the towns of its grants."""
    if SYSTEM in roles_of(actor):
        return EVERYTHING
    if enforces(actor):
        return NOTHING
    if "hospital_manager" in roles_of(actor) or city_wide(actor, ("hospital_desk",)):
        return EVERYTHING
    return Q(**{f"{path}unit__government__in": organisations_of(actor, ("hospital_desk",))})


def _named(actor: Any) -> Q:
    """The cases for which an expert was named, while the term of the expert runs."""
    key, today = getattr(actor, "pk", None), timezone.localdate()
    if not key or "expert" not in roles_of(actor) or enforces(actor):
        return NOTHING
    found = Expert.objects.filter(person=key, term_from__lte=today).exclude(term_to__lt=today).values("pk")
    seat = PanelSeat.objects.filter(expert__in=found).values("panel__case")
    opinion = rows_of.SecondOpinion.objects.filter(expert__in=found).values("case")
    return Q(expert__in=found) | Q(pk__in=seat) | Q(pk__in=opinion)


def treated_by(actor: Any) -> QuerySet[Case]:
    """Return the cases that somebody sees as a doctor, as the desk or as the manager."""
    handed_in = ~Q(status="draft") | Q(registered_by=getattr(actor, "pk", None) or 0)
    seen = _of_desk(actor) | _named(actor)
    return Case.objects.filter(seen if SYSTEM in roles_of(actor) else seen & handed_in)


def owned_by(actor: Any) -> QuerySet[Case]:
    """Return the cases of the firms for which somebody acts."""
    return Case.objects.filter(enterprise__credit_code__in=own_codes(actor))


@visibility(Case)
def seen_cases(actor: Any, rows: QuerySet[Case]) -> QuerySet[Case]:
    """The firm's own, and those that somebody treats."""
    return rows.filter(Q(pk__in=treated_by(actor).values("pk")) | Q(pk__in=owned_by(actor).values("pk")))


def _seen(actor: Any) -> QuerySet[Any]:
    return seen_cases(actor, Case.objects.all()).values("pk")


def with_case(path: str = "case") -> Rule:
    """Return the rule of rows that are seen by whoever sees their case."""
    return lambda actor, rows: rows.filter(**{f"{path}__in": _seen(actor)})


def _shared(path: str, **shown: Any) -> Rule:
    """Return the rule of rows that the doctors see all and the firm only where ``shown`` holds."""

    def rule(actor: Any, rows: QuerySet[Any]) -> QuerySet[Any]:
        doctors = Q(**{f"{path}__in": treated_by(actor).values("pk")})
        return rows.filter(doctors | Q(**{f"{path}__in": owned_by(actor).values("pk")} | shown))

    return rule


for _model in (
    rows_of.Pause,
    rows_of.Panel,
    rows_of.Diagnosis,
    rows_of.SecondOpinion,
    rows_of.Proof,
    rows_of.FollowUp,
    rows_of.FailureModeRow,
    rows_of.ControlPlanLine,
    rows_of.MeasurementFile,
):
    visibility(_model)(with_case())
visibility(Message)(_shared("case", doctors_only=False))
visibility(PanelSeat)(_shared("panel__case", panel__status="concluded"))


@visibility(Prescription)
def _prescriptions(actor: Any, rows: QuerySet[Prescription]) -> QuerySet[Prescription]:
    """The firm sees a prescription once it was given."""
    given = Q(case__in=owned_by(actor).values("pk")) & ~Q(status="draft")
    return rows.filter(given | Q(case__in=treated_by(actor).values("pk")))


@visibility(PrescriptionItem)
def _items(actor: Any, rows: QuerySet[PrescriptionItem]) -> QuerySet[PrescriptionItem]:
    """A containment is seen before any prescription; other items with theirs."""
    given = Q(case__in=owned_by(actor).values("pk"))
    given &= Q(prescription=None) | ~Q(prescription__status="draft")
    return rows.filter(given | Q(case__in=treated_by(actor).values("pk")))


@visibility(Examination)
def _examinations(actor: Any, rows: QuerySet[Examination]) -> QuerySet[Examination]:
    """Who sees the case, and the laboratory its own orders; the order names no firm and no problem."""
    own = Organisation.objects.filter(pk__in=organisations_of(actor, ("laboratory",))).values("code")
    return rows.filter(Q(case__in=_seen(actor)) | Q(laboratory__code__in=own))


@visibility(CaseLink)
def _links(actor: Any, rows: QuerySet[CaseLink]) -> QuerySet[CaseLink]:
    """A supplier does not learn whose case led to its own: without being a doctor one must see both."""
    both = Q(case__in=_seen(actor), other__in=_seen(actor))
    return rows.filter(both | Q(case__in=treated_by(actor).values("pk")))


@visibility(Offer)
def _offers(actor: Any, rows: QuerySet[Offer]) -> QuerySet[Offer]:
    """The firm and the desk of its town."""
    return rows.filter(_of_desk(actor, "enterprise__") | Q(enterprise__credit_code__in=own_codes(actor)))


def _served_units(actor: Any) -> QuerySet[Any]:
    """Return the towns whose enforcement somebody is: a branch by its code, a town by its government."""
    branches = Organisation.objects.filter(pk__in=organisations_of(actor, ("inspector",)), kind="branch")
    codes = [code.removeprefix("AMR-") for code in branches.values_list("code", flat=True)]
    towns = organisations_of(actor, ("town_officer",))
    return Unit.objects.filter(Q(code__in=codes) | Q(government__in=towns)).values("pk")


def _of_bureau(actor: Any) -> bool:
    """Whether somebody works in a section of the market regulation bureau, or in the bureau itself."""
    mine = Organisation.objects.filter(pk__in=organisations_of(actor, ("department", "inspector")))
    return mine.filter(Q(kind="bureau") | Q(kind="department", code__startswith="AMR-")).exists()


@visibility(DutyReport)
def _duty_reports(actor: Any, rows: QuerySet[DutyReport]) -> QuerySet[DutyReport]:
    """What law requires: the bureau, the branch and the town of the unit, the overseers; the firm and its doctors too."""
    if city_wide(actor, OVERSEERS) or _of_bureau(actor):
        return rows
    return rows.filter(Q(unit__in=_served_units(actor)) | Q(case__in=_seen(actor)))


@visibility(Department)
def _departments(actor: Any, rows: QuerySet[Department]) -> QuerySet[Department]:
    return rows


@visibility(Expert)
def _experts(actor: Any, rows: QuerySet[Expert]) -> QuerySet[Expert]:
    """Everyone sees who treats today; the desk also who did. Ties to firms are shown by the desk's pages only."""
    today = timezone.localdate()
    if roles_of(actor) & {*DESKS, SYSTEM}:
        return rows
    return rows.filter(term_from__lte=today).exclude(term_to__lt=today)


@visibility(KnowledgeCase)
def _knowledge(actor: Any, rows: QuerySet[KnowledgeCase]) -> QuerySet[KnowledgeCase]:
    """Everyone what is published; what is on its way who sees the case behind it, and the desk of the whole city."""
    whole_city = "hospital_manager" in roles_of(actor) or city_wide(actor, ("hospital_desk",))
    if whole_city and not enforces(actor):
        return rows
    drafts = Q(case__in=treated_by(actor).values("pk"))
    asked = Q(case__in=owned_by(actor).values("pk")) & ~Q(status="draft")
    return rows.filter(Q(status="published") | drafts | asked)


@visibility(GroupDisease)
def _groups(actor: Any, rows: QuerySet[GroupDisease]) -> QuerySet[GroupDisease]:
    """The desk all; who plans campaigns what was taken up and comes from three firms or more, never the cases."""
    if roles_of(actor) & {*DESKS, SYSTEM} and not enforces(actor):
        return rows
    planners = bool(roles_of(actor) & {"leader", "planner", "department"})
    told = Q(status__in=("taken_up", "concluded"), firms__gte=3) if planners else NOTHING
    return rows.filter(
        told | Q(pk__in=GroupDisease.cases.through.objects.filter(_through(actor)).values("groupdisease"))
    )


def _through(actor: Any) -> Q:
    return Q(case__in=_named_cases(actor))


def _named_cases(actor: Any) -> QuerySet[Any]:
    return Case.objects.filter(_named(actor)).values("pk")


@visibility(Rating)
def _ratings(actor: Any, rows: QuerySet[Rating]) -> QuerySet[Rating]:
    """The firm and the desk; experts see the mean alone."""
    return rows.filter(
        Q(case__in=owned_by(actor).values("pk")) | Q(case__in=Case.objects.filter(_of_desk(actor)).values("pk"))
    )


@visibility(CheckUp)
def _check_ups(actor: Any, rows: QuerySet[CheckUp]) -> QuerySet[CheckUp]:
    """A firm's look at itself is its own."""
    return rows if SYSTEM in roles_of(actor) else rows.filter(enterprise__credit_code__in=own_codes(actor))


for _name in rows_of.__all__:  # files of a row are read by who sees the row, and by no overseer
    if isinstance(_kept := getattr(rows_of, _name), type) and issubclass(_kept, Model):
        readable(_kept, closed=True)
