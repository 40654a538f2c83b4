"""Who sees what of a round. Independent sheets stay closed: to other reviewers until their own is in, to the firm for ever."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from qualipolis.city.core.attachments import reader
from qualipolis.city.core.parameters import whole
from qualipolis.city.core.policy import organisations_of, own_codes, roles_of, visibility, visible
from qualipolis.city.core.roles import SYSTEM
from qualipolis.city.talent.awards.eligibility import ASKED
from qualipolis.city.talent.awards.parties import READERS
from qualipolis.city.talent.awards.teams import ON_TEAM
from qualipolis.city.talent.models import (
    AwardApplication,
    AwardConcern,
    AwardLook,
    AwardObjection,
    AwardRound,
    Consensus,
    RegulatorOpinion,
    ScoreRun,
    ScoreSheet,
    SeverityRun,
    SiteFinding,
)

ANNOUNCED = ("announced", "eligibility", "document_review", "on_site", "deliberation", "public_notice",
             "objections_settled", "granted", "closed")  # fmt: skip
ON_NOTICE = ("public_notice", "objections_settled")
HOLDERS = ("granted", "monitored", "completed", "revoked")


def inside(actor: Any) -> bool:
    """Whether somebody reads the whole round."""
    return bool(roles_of(actor) & {*READERS, SYSTEM})


def _me(actor: Any) -> int:
    return getattr(actor, "pk", None) or 0


@visibility(AwardRound)
def seen_rounds(actor: Any, rows: QuerySet[AwardRound]) -> QuerySet[AwardRound]:
    """All for the office; what was announced for everybody."""
    return rows if inside(actor) else rows.filter(status__in=ANNOUNCED)


@visibility(AwardApplication)
def seen_applications(actor: Any, rows: QuerySet[AwardApplication]) -> QuerySet[AwardApplication]:
    """The office all that were handed in, a firm its own, a reviewer those of the own team, a regulator those asked about."""
    if inside(actor):
        return rows.exclude(status="drafted", submitted_on=None)
    own = Q(enterprise__credit_code__in=own_codes(actor))
    team = Q(pk__in=ScoreSheet.objects.filter(reviewer__person_id=_me(actor), status__in=ON_TEAM).values("application"))
    bodies = organisations_of(actor, ASKED)
    asked = Q(pk__in=RegulatorOpinion.objects.filter(department_id__in=bodies).values("application"))
    return rows.filter(own | team | asked)


@visibility(RegulatorOpinion)
def seen_opinions(actor: Any, rows: QuerySet[RegulatorOpinion]) -> QuerySet[RegulatorOpinion]:
    """All for the office; a regulator its own."""
    return rows if inside(actor) else rows.filter(department_id__in=organisations_of(actor, ASKED))


def _handed_in_by(actor: Any) -> Any:
    """Return the applications in which ``actor`` has handed in a sheet that counts."""
    return ScoreSheet.objects.filter(reviewer__person_id=_me(actor), status="handed_in").values("application")


@visibility(ScoreSheet)
def seen_sheets(actor: Any, rows: QuerySet[ScoreSheet]) -> QuerySet[ScoreSheet]:
    """The office those of every team; a reviewer the own, and those handed in by the team once the own is in."""
    if inside(actor):
        return rows
    return rows.filter(Q(reviewer__person_id=_me(actor)) | Q(status="handed_in", application__in=_handed_in_by(actor)))


def scores_open(actor: Any, sheet: ScoreSheet) -> bool:
    """Whether somebody may read what a sheet says: oneself always, everybody else only once it is in."""
    mine = sheet.reviewer.person_id == _me(actor)
    return mine or (sheet.handed_in_at is not None and visible(actor, ScoreSheet.objects.filter(pk=sheet.pk)).exists())


def _of_the_team(actor: Any, rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows if inside(actor) else rows.filter(application__in=_handed_in_by(actor))


@visibility(Consensus)
def seen_consensuses(actor: Any, rows: QuerySet[Consensus]) -> QuerySet[Consensus]:
    """The office all, a reviewer those of the team once the own sheet is in."""
    return _of_the_team(actor, rows)


@visibility(SiteFinding)
def seen_findings(actor: Any, rows: QuerySet[SiteFinding]) -> QuerySet[SiteFinding]:
    """The office all, a reviewer those of the team once the own sheet is in."""
    return _of_the_team(actor, rows)


@visibility(ScoreRun)
def seen_runs(actor: Any, rows: QuerySet[ScoreRun]) -> QuerySet[ScoreRun]:
    """The office all, a reviewer those of the team once the own sheet is in."""
    return _of_the_team(actor, rows)


@visibility(AwardConcern)
def seen_concerns(actor: Any, rows: QuerySet[AwardConcern]) -> QuerySet[AwardConcern]:
    """The office all, a firm its own."""
    return rows if inside(actor) else rows.filter(application__enterprise__credit_code__in=own_codes(actor))


@visibility(AwardLook)
def seen_looks(actor: Any, rows: QuerySet[AwardLook]) -> QuerySet[AwardLook]:
    """The office all, a firm its own."""
    return rows if inside(actor) else rows.filter(application__enterprise__credit_code__in=own_codes(actor))


@visibility(AwardObjection)
def seen_objections(actor: Any, rows: QuerySet[AwardObjection]) -> QuerySet[AwardObjection]:
    """The office only: who objects must not fear the firm."""
    return rows if inside(actor) else rows.none()


@visibility(SeverityRun)
def seen_severity(actor: Any, rows: QuerySet[SeverityRun]) -> QuerySet[SeverityRun]:
    """The office only."""
    return rows if inside(actor) else rows.none()


def public_rounds() -> QuerySet[AwardRound]:
    """Return the rounds that were announced, the latest first."""
    return AwardRound.objects.filter(status__in=ANNOUNCED).order_by("-year", "-pk")


def public_proposals(row: AwardRound) -> QuerySet[AwardApplication]:
    """Return what stands on public notice now."""
    if row.status not in ON_NOTICE:
        return AwardApplication.objects.none()
    return (
        row.applications.filter(status="proposed")
        .select_related("enterprise", "enterprise__unit")
        .order_by("tier", "enterprise__name_zh")
    )


def public_holders(year: int | None = None) -> QuerySet[AwardApplication]:
    """Return who was granted an award, those that were revoked too, the latest first."""
    rows = AwardApplication.objects.filter(status__in=HOLDERS).select_related("round", "enterprise", "enterprise__unit")
    rows = rows.filter(round__year=year) if year else rows
    return rows.order_by("-round__year", "tier", "enterprise__name_zh")


@reader("talent.awardapplication", closed=True)
def _files(actor: Any, pk: str) -> bool:
    """The papers of an applicant are read by the office and the team, and by the firm itself."""
    rows = AwardApplication.objects.filter(pk=whole(pk))
    found = seen_applications(actor, rows).first()
    if found is None:
        return False
    regulators_only = not inside(actor) and not own_codes(actor).filter(code=found.enterprise.credit_code).exists()
    return not regulators_only or found.sheets.filter(reviewer__person_id=_me(actor), status__in=ON_TEAM).exists()
