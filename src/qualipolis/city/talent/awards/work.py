"""What waits for someone in a round: sheets, consensus, visits, opinions, applicants to decide on, concerns, objections."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.work_items import Makers, WorkItem
from qualipolis.city.talent.awards import queries
from qualipolis.city.talent.awards.parties import OPEN_SHEETS
from qualipolis.city.talent.awards.summing import current
from qualipolis.city.talent.awards.teams import SCORING
from qualipolis.city.talent.models import AwardApplication, AwardConcern, AwardObjection, AwardRound, RegulatorOpinion

STOP, MOST = "build", 20
ROUND = {
    "drafted": (gettext_lazy("Announce the round."), "talent.announce_round"),
    "announced": (gettext_lazy("Applications are over: ask the regulators."), "talent.close_applications"),
    "eligibility": (gettext_lazy("Admit the applicants and name their teams."), "talent.begin_documents"),
    "document_review": (gettext_lazy("Follow the scoring, and say who is visited."), "talent.begin_visits"),
    "on_site": (gettext_lazy("The site visits are under way."), "talent.begin_deliberation"),
    "deliberation": (gettext_lazy("Record what the meeting proposes."), "talent.give_notice"),
    "public_notice": (gettext_lazy("The public notice is over."), "talent.end_notice"),
}


def planner_work(actor: Any) -> list[WorkItem]:
    """Return the rounds with their next step, applications on hold, concerns and objections."""
    today = timezone.localdate()
    found = []
    for row in AwardRound.objects.filter(status__in=ROUND)[:MOST]:
        waiting = (row.status == "announced" and today <= row.apply_until) or (
            row.status == "public_notice" and row.notice_until is not None and today <= row.notice_until
        )
        if not waiting:
            why, verb = ROUND[row.status]
            found.append(WorkItem(STOP, row.name, str(why), row.due_on, "desk:award_round", (row.pk,), verb))
    held = AwardApplication.objects.filter(status="held").select_related("enterprise", "round")[:MOST]
    words = _("On hold: settle the reason, or end the application.")
    found += [_about(row, words, "talent.release_application") for row in held]
    open_now = AwardConcern.objects.filter(settled_on=None).exclude(application__status="held")
    words = _("A concern about the holder: find out and decide.")
    found += [
        _about(one.application, words, "talent.settle_concern")
        for one in open_now.select_related("application__enterprise")[:MOST]
    ]
    return [*found, *_objections()]


def _objections() -> list[WorkItem]:
    found = []
    for objection in AwardObjection.objects.filter(status__in=("received", "checking")).select_related("round")[:MOST]:
        title = _("Objection %(number)s") % {"number": objection.number}
        found.append(
            WorkItem(
                STOP,
                title,
                _("Check it and answer."),
                objection.due_on,
                "desk:award_objection",
                (objection.pk,),
                "talent.check_objection",
            )
        )
    return found


def _about(row: AwardApplication, why: str, verb: str) -> WorkItem:
    title = _("Award application %(number)s: %(firm)s") % {"number": row.number, "firm": row.enterprise.name}
    return WorkItem(STOP, title, why, row.due_on, "desk:award_application", (row.pk,), verb)


def leader_work(actor: Any) -> list[WorkItem]:
    """Return the rounds to grant, and holders with a serious incident."""
    rows = AwardRound.objects.filter(status="objections_settled")[:MOST]
    found = [
        WorkItem(
            STOP, row.name, _("Decide on the awards."), row.due_on, "desk:award_round", (row.pk,), "talent.grant_awards"
        )
        for row in rows
    ]
    serious = AwardConcern.objects.filter(
        settled_on=None, kind="incident", application__status__in=("granted", "monitored")
    )
    return [*found, *(_about(one.application, _("A serious incident with a product of the holder: decide on the award."), "talent.revoke_award")
                      for one in serious.select_related("application__enterprise")[:MOST])]  # fmt: skip


def reviewer_work(actor: Any) -> list[WorkItem]:
    """Return the sheets to score, and what waits for who leads a team."""
    found = []
    for sheet in queries.own_sheets(actor).filter(
        status__in=OPEN_SHEETS, application__status__in=("reviewing", "held")
    )[:MOST]:
        why = (
            _("Declare whether you have a conflict of interest.")
            if sheet.status == "assigned"
            else _("Score every item by yourself, and hand in.")
        )
        found.append(_sheet(sheet, why, "talent.hand_in_sheet"))
    mine = Q(lead=True, status="handed_in", application__round__status__in=SCORING)
    for sheet in queries.own_sheets(actor).filter(mine, application__status__in=("reviewing", "shortlisted"))[:MOST]:
        run, row = current(sheet.application), sheet.application
        if (
            row.status == "reviewing"
            and run is not None
            and run.open_items
            and not row.sheets.filter(status__in=OPEN_SHEETS).exists()
        ):
            found.append(
                _about(
                    row, _("%(n)s items need a consensus of the team.") % {"n": run.open_items}, "talent.settle_item"
                )
            )
        elif row.status == "shortlisted" and row.round.status in ("on_site", "deliberation"):
            found.append(_about(row, _("Visit the firm and hand in the report."), "talent.hand_in_visit"))
    return found


def _sheet(sheet: Any, why: str, verb: str) -> WorkItem:
    title = _("Review of %(firm)s") % {"firm": sheet.application.enterprise.name}
    return WorkItem(STOP, title, why, sheet.due_on, "desk:award_sheet", (sheet.pk,), verb)


def firm_work(actor: Any) -> list[WorkItem]:
    """Return the applications that a firm has begun or got back."""
    rows = queries.own_applications(actor).filter(status="drafted", round__status__in=("announced", "eligibility"))[
        :MOST
    ]
    return [WorkItem(STOP, row.round.name, _("Finish the application and hand it in."), row.round.apply_until,
                     "desk:my_award", (row.pk,), "talent.submit_application") for row in rows]  # fmt: skip


def regulator_work(actor: Any) -> list[WorkItem]:
    """Return the opinions an authority was asked for, one line."""
    open_now = queries.own_opinions(actor).filter(says="", application__round__status="eligibility")
    rows = [one for one in open_now[:200] if isinstance(one, RegulatorOpinion)]
    if not rows:
        return []
    due = min((one.due_on for one in rows if one.due_on), default=None)
    return [WorkItem(STOP, _("Opinions on applicants for the quality award"), _("Say what speaks against them, or that nothing does."),
                     due, "desk:award_opinions", (), "talent.give_opinion", len(rows))]  # fmt: skip


MAKERS: Makers = (
    ("planner", planner_work),
    ("leader", leader_work),
    ("reviewer", reviewer_work),
    ("enterprise", firm_work),
    ("department", regulator_work),
    ("inspector", regulator_work),
    ("town_officer", regulator_work),
    ("complaint_desk", regulator_work),
)
