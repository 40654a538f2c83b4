"""Who sees complaints: the desk of the town, the body entrusted with the mediation, the firm once it was accepted.

Inspectors, departments, planners, leaders and auditors see none: what they see of complaints are the statistics.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from qualipolis.city.core.attachments import readable
from qualipolis.city.core.models import Organisation
from qualipolis.city.core.policy import city_wide, organisations_of, own_codes, roles_of, visibility, visible
from qualipolis.city.core.roles import SYSTEM
from qualipolis.city.listen.complaints.models import Complaint, ComplaintAnswer, MediationPause, Meeting
from qualipolis.city.listen.reports.models import Document, DocumentService, Report

DESK = ("complaint_desk",)
EVERYTHING, NOTHING = Q(pk__isnull=False), Q(pk__in=())  # an empty Q would vanish beside another
OF_MEDIATOR = ("acceptance", "mediation", "ending", "agreement")
OF_FIRM = ("mediation", "ending", "agreement")


def of_desk(actor: Any, path: str = "") -> Q:
    """The rows (by their unit) that the desk serves: all of them, or those of the towns and branches of its grants."""
    if SYSTEM in roles_of(actor) or city_wide(actor, DESK):
        return EVERYTHING
    mine = organisations_of(actor, DESK)
    if not mine:
        return NOTHING
    branches = Organisation.objects.filter(pk__in=mine, kind="branch").values_list("code", flat=True)
    codes = [code.removeprefix("AMR-") for code in branches]
    return Q(**{f"{path}unit__government__in": mine}) | Q(**{f"{path}unit__code__in": codes})


def of_mediator(actor: Any) -> Q:
    """The complaints entrusted to the body for which somebody mediates, also after it gave them back."""
    return Q(mediator__in=organisations_of(actor, ("mediator",)))


def of_firm(actor: Any) -> Q:
    """The accepted complaints about the firms for which somebody acts."""
    return Q(enterprise__credit_code__in=own_codes(actor), accepted_on__isnull=False)


def seen_complaints(actor: Any, rule: Q) -> QuerySet[Any]:
    """Return the keys of the complaints that a rule lets somebody see."""
    return Complaint.objects.filter(rule).values("pk")


@visibility(Complaint)
def _complaints(actor: Any, rows: QuerySet[Complaint]) -> QuerySet[Complaint]:
    return rows.filter(of_desk(actor) | of_mediator(actor) | of_firm(actor))


def _all(actor: Any) -> QuerySet[Any]:
    return seen_complaints(actor, of_desk(actor) | of_mediator(actor) | of_firm(actor))


def _inside(actor: Any) -> QuerySet[Any]:
    return seen_complaints(actor, of_desk(actor) | of_mediator(actor))


@visibility(ComplaintAnswer)
def _answers(actor: Any, rows: QuerySet[ComplaintAnswer]) -> QuerySet[ComplaintAnswer]:
    return rows.filter(complaint__in=_all(actor))


@visibility(MediationPause)
def _pauses(actor: Any, rows: QuerySet[MediationPause]) -> QuerySet[MediationPause]:
    return rows.filter(complaint__in=_all(actor))


@visibility(Meeting)
def _meetings(actor: Any, rows: QuerySet[Meeting]) -> QuerySet[Meeting]:
    """What was said is the mediator's note: the parties have been there themselves."""
    return rows.filter(complaint__in=_inside(actor))


def _documents_of(actor: Any) -> Q:
    """The desk all of its complaints, the body outside and the firm those that concern them; reports by their own rule."""
    mediator = Q(complaint__in=seen_complaints(actor, of_mediator(actor)), code__in=OF_MEDIATOR)
    firm = Q(complaint__in=seen_complaints(actor, of_firm(actor)), code__in=OF_FIRM)
    reports = Q(report__in=visible(actor, Report.objects.all()).values("pk"))
    return Q(complaint__in=seen_complaints(actor, of_desk(actor))) | mediator | firm | reports


@visibility(Document)
def _documents(actor: Any, rows: QuerySet[Document]) -> QuerySet[Document]:
    return rows.filter(_documents_of(actor))


@visibility(DocumentService)
def _services(actor: Any, rows: QuerySet[DocumentService]) -> QuerySet[DocumentService]:
    """Who may read a document sees its service; the firm only its own."""
    inside = Document.objects.filter(_documents_of(actor)).values("pk")
    rows = rows.filter(document__in=inside)
    outside = {"enterprise"} >= roles_of(actor) - {"public"}
    return rows.filter(party="respondent") if outside else rows


readable(Complaint, ComplaintAnswer, MediationPause, closed=True)
