"""A round with four applicants of which every page can show something: scored, open, held, granted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from tests.city.talent.award_walk import REVIEWERS, again, reviewer_of, visited
from tests.city.talent.cast import Cast

from qualipolis.city.core.ledger import name_of
from qualipolis.city.core.models import Attachment, Organisation
from qualipolis.city.talent import service
from qualipolis.city.talent.models import AwardApplication, AwardRound, ScoreSheet
from qualipolis.law.talent.excellence import ITEMS

WORDS = "方法明确，执行到位；对标数据不足，改进记录较少。"


@dataclass
class Scene:
    """A round on 2 June 2026 with its applicants in order; the first has a consensus, the second waits for one."""

    cast: Cast
    round: AwardRound
    applications: list[AwardApplication]
    sheets: dict[int, list[ScoreSheet]]


def application(cast: Cast, row: AwardRound, number: int) -> AwardApplication:
    """Make an application that was handed in, of a firm of the cast, as a row."""
    made = AwardApplication.objects.create(
        number=f"2026-JS{number}", round=row, enterprise=cast.city.firms[number - 1], status="submitted", contact="质量部 林工",
        summary="成立于一九九八年，从事服装制造，员工四百人。", submitted_on=date(2026, 5, 10),
    )  # fmt: skip
    Attachment.objects.create(
        sha256="0" * 64, name="自评报告.pdf", media_type="application/pdf", size=1, thing=name_of(made)
    )
    return made


def scene(cast: Cast, time_machine: Any) -> Scene:
    """Walk a round until the scoring is over for two of three applicants."""
    time_machine.move_to("2026-05-06T09:00+08:00", tick=False)
    planner = cast["planner"]
    row = service.draft_round(
        planner, None, year=2026, name_zh="2026年政府质量奖", name_en="Government quality award 2026",
        conditions="在本市登记满三年，近三年无重大质量、安全、环保事故。", apply_until=date(2026, 5, 20),
    )  # fmt: skip
    row = service.announce_round(planner, row, "质奖〔2026〕1号")
    applications = [application(cast, row, number) for number in (1, 2, 3)]
    time_machine.move_to("2026-05-21T09:00+08:00", tick=False)
    service.close_applications(planner, row, [Organisation.objects.get(code="AMR-QS")])
    for one in applications:
        for opinion in one.opinions.all():
            service.give_opinion(cast["department"], opinion, "nothing")
        service.admit_applicant(planner, one)
    time_machine.move_to("2026-06-02T09:00+08:00", tick=False)
    service.begin_documents(planner, row)
    sheets = {one.pk: _team(cast, one) for one in applications}
    _score(cast, applications[0], sheets[applications[0].pk], 1)
    _score(cast, applications[1], sheets[applications[1].pk], 2)
    _score(cast, applications[2], sheets[applications[2].pk][1:], 3)
    _agree(cast, applications[0])
    return Scene(cast, again(row), [again(one) for one in applications], sheets)


def _team(cast: Cast, application: AwardApplication) -> list[ScoreSheet]:
    people = [reviewer_of(cast, name, "level_2" if n == 0 else "level_1") for n, name in enumerate(REVIEWERS[:4])]
    made = [service.assign_reviewer(cast["planner"], application, one, lead=n == 0) for n, one in enumerate(people)]
    service.begin_review(cast["planner"], application)
    return made


def _score(cast: Cast, application: AwardApplication, sheets: list[ScoreSheet], seed: int) -> None:
    rng = np.random.default_rng(seed)
    level = {item.code: 60 + 5 * seed + rng.integers(-2, 3) * 5 for item in ITEMS}
    for n, sheet in enumerate(sheets):
        who = sheet.reviewer.person
        service.open_sheet(who, sheet)
        given = {code: int(np.clip(value + 5 * rng.integers(-1, 2) - 5 * n, 0, 100)) for code, value in level.items()}
        given |= {"4.1.2": 40 + 10 * n}
        service.save_sheet(who, sheet, given, dict.fromkeys(given, WORDS))
        service.hand_in_sheet(who, sheet)


def _agree(cast: Cast, application: AwardApplication) -> None:
    run = application.runs.order_by("-serial").first()
    assert run is not None
    for item in run.items:
        if item["wide"]:
            score = int(5 * round((item["low"] + item["high"]) / 10))
            service.settle_item(cast["reviewer"], application, item["item"], score, "合议：制度已建立，执行证据齐全。")


def granted(found: Scene, time_machine: Any) -> AwardApplication:
    """Take the first applicant on to the grant; the others are not taken further."""
    cast, row, first = found.cast, found.round, found.applications[0]
    for other in found.applications[1:]:
        AwardApplication.objects.filter(pk=other.pk).update(status="unsuccessful", reason="总分未达到现场评审线")
    visited(cast, first)
    service.begin_deliberation(cast["planner"], row)
    service.propose_award(cast["planner"], again(first), "award")
    time_machine.move_to("2026-06-10T09:00+08:00", tick=False)
    service.give_notice(cast["planner"], row, date(2026, 6, 9))
    time_machine.move_to("2026-06-23T09:00+08:00", tick=False)
    service.end_notice(cast["planner"], row)
    service.grant_awards(cast["leader"], row, "府质〔2026〕9号")
    return again(first)
