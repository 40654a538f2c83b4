"""An award round taken by its verbs from day to day, as people would."""

from __future__ import annotations

import itertools
from datetime import date
from typing import Any

from tests.city.talent.cast import Cast

from qualipolis.city.core.ledger import name_of
from qualipolis.city.core.models import Attachment, Organisation
from qualipolis.city.talent import service
from qualipolis.city.talent.models import AwardApplication, AwardRound, Reviewer, ScoreRun, ScoreSheet
from qualipolis.law.talent.excellence import ITEMS

REVIEWERS = ("reviewer", "reviewer2", "reviewer3", "reviewer4", "reviewer5")
WHY = "理由写明"
_serial = itertools.count(1)


def go_to(time_machine: Any, day: str) -> date:
    """Let it be nine in the morning of a day."""
    time_machine.move_to(f"{day}T09:00+08:00", tick=False)
    return date.fromisoformat(day)


def again[Row: Any](row: Row) -> Row:
    """Return the row as the database has it now."""
    found: Row = type(row).objects.get(pk=row.pk)
    return found


def reviewer_of(cast: Cast, name: str, level: str = "level_1", **more: Any) -> Reviewer:
    """Return the reviewer behind a person of the cast, made when there is none."""
    values = {"number": f"PS{next(_serial)}", "status": level, "employer": "质量学院", "fields": "金属", "agreed": True}
    return Reviewer.objects.get_or_create(person=cast[name], defaults=values | more)[0]


def announced(cast: Cast, until: date) -> AwardRound:
    """Make a round that is open for applications."""
    row = service.draft_round(
        cast["planner"], None, year=until.year, name_zh="政府质量奖", conditions="注册满三年", apply_until=until
    )
    return service.announce_round(cast["planner"], row, "质奖〔2026〕1号")


def applied(cast: Cast, row: AwardRound, who: str = "enterprise") -> AwardApplication:
    """Let a firm of the cast apply."""
    firm = cast.firm if who == "enterprise" else cast.other_firm
    made = service.begin_application(cast[who], row, firm)
    service.edit_application(cast[who], made, contact="质量部", summary="三十年")
    Attachment.objects.create(
        sha256="0" * 64, name="自评报告.pdf", media_type="application/pdf", size=1, thing=name_of(made)
    )
    return service.submit_application(cast[who], made)


def admitted(cast: Cast, row: AwardApplication) -> AwardApplication:
    """Let the regulators say nothing against the applicant, and admit it."""
    for opinion in row.opinions.all():
        service.give_opinion(cast["planner"], opinion, "nothing")
    return service.admit_applicant(cast["planner"], row)


def team(cast: Cast, row: AwardApplication, size: int = 4) -> list[ScoreSheet]:
    """Put reviewers on the team; the first leads."""
    people = [reviewer_of(cast, name, "level_2" if n == 0 else "level_1") for n, name in enumerate(REVIEWERS[:size])]
    return [service.assign_reviewer(cast["planner"], row, one, lead=n == 0) for n, one in enumerate(people)]


def scored(cast: Cast, sheet: ScoreSheet, score: int = 50, **items: int) -> ScoreSheet:
    """Score every item alike, ``i4_1_2=70`` says otherwise, and hand in."""
    who = sheet.reviewer.person
    service.open_sheet(who, sheet)
    given = {item.code: items.get("i" + item.code.replace(".", "_"), score) for item in ITEMS}
    service.save_sheet(who, sheet, given, {item.code: "有亮点" for item in ITEMS})
    return service.hand_in_sheet(who, sheet)


def reviewing(cast: Cast, time_machine: Any, size: int = 4) -> tuple[AwardApplication, list[ScoreSheet]]:
    """Return an applicant whose papers are with the team, on 2 June 2026."""
    go_to(time_machine, "2026-05-06")
    row = announced(cast, date(2026, 5, 20))
    application = applied(cast, row)
    go_to(time_machine, "2026-05-21")
    service.close_applications(cast["planner"], row, [Organisation.objects.get(code="AMR-QS")])
    admitted(cast, application)
    sheets = team(cast, application, size)
    go_to(time_machine, "2026-06-02")
    service.begin_documents(cast["planner"], row)
    service.begin_review(cast["planner"], application)
    return again(application), sheets


def visited(cast: Cast, application: AwardApplication) -> AwardApplication:
    """Shortlist and visit."""
    planner, lead = cast["planner"], cast["reviewer"]
    service.shortlist_applicant(planner, application)
    row = application.round
    if again(row).status == "document_review":
        service.begin_visits(planner, row)
    people = [sheet.reviewer for sheet in application.sheets.filter(status="handed_in")[:2]]
    return service.hand_in_visit(lead, application, date(2026, 6, 2), "看了现场", people)


def proposed(cast: Cast, application: AwardApplication, tier: str = "award") -> AwardApplication:
    """Deliberate and propose."""
    if again(application.round).status == "on_site":
        service.begin_deliberation(cast["planner"], application.round)
    return service.propose_award(cast["planner"], again(application), tier)


def totals(application: AwardApplication) -> list[tuple[str, Any]]:
    """Return cause and total of every sum, the first first."""
    return list(ScoreRun.objects.filter(application=application).values_list("cause", "total"))
