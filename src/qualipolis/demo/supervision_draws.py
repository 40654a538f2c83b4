"""The draws of the demo's campaigns, by the ceremony that a city holds.

The numbers of the invented lottery are looked for until those whom a visitor plays are among the drawn: a story needs
its people. Everything else is as in a city, and every one of these draws can be replayed.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import numpy as np
from django.utils import timezone

from qualipolis.city.registry.models import Enterprise
from qualipolis.city.supervise.draws import bundle as draw_bundle
from qualipolis.city.supervise.draws import ceremony
from qualipolis.city.supervise.draws.frames import FrameRule
from qualipolis.city.supervise.draws.plan import DrawPlan, plan_in
from qualipolis.city.supervise.models import Campaign, DrawRun
from qualipolis.demo.clock import Clock
from qualipolis.demo.supervision_people import Players
from qualipolis.demo.supervision_words import SAID
from qualipolis.methods.sampling.draws import plans, records
from qualipolis.methods.sampling.draws.draw import Rule, draw

WORDS = "虚构的公益彩票当期开奖号码，七个号码按开出次序" + SAID
TRIES = 3_000
Wanted = Callable[[set[str]], bool]


def commit_draw(players: Players, campaign: Campaign, numbers_on: date, *, hour: int = 20) -> DrawRun:
    """Freeze the frame, and commit the rule and the evening whose numbers will count."""
    plan = DrawPlan("pps_pareto", campaign.size, allocation="size", reserve=0.5)
    run = ceremony.prepare(players.section, campaign, plan, FrameRule("enterprise", "size", "employees"))
    ceremony.freeze(players.section, run)
    at = datetime.combine(numbers_on, time(hour), tzinfo=timezone.get_default_timezone())
    return ceremony.commit(players.section, run, "lottery", at, words=WORDS)


def reveal_draw(players: Players, clock: Clock, run: DrawRun, chance: np.random.Generator, wanted: Wanted) -> DrawRun:
    """Hand in the numbers on the morning after, publish the draw, make the tasks and draw their samplers."""
    run.refresh_from_db()
    numbers = _numbers(run, chance, wanted)
    clock.to(timezone.localdate(run.source_at) + timedelta(days=1))
    ceremony.reveal(players.section, run, numbers=numbers, random_at=run.source_at)
    ceremony.publish(players.section, run)
    return run


def _numbers(run: DrawRun, chance: np.random.Generator, wanted: Wanted) -> str:
    plan = plan_in(run.rule)
    frame = draw_bundle.read_frame(draw_bundle.content(run, draw_bundle.FRAME))
    rule = plans.rule_of(plan, frame)
    working = records.read_working(draw_bundle.content(run, draw_bundle.WORKING))
    fixed = Rule(rule.method, rule.n, rule.reserve, working)
    numbers = ""
    for _ in range(TRIES):
        numbers = " ".join(f"{n:02d}" for n in chance.integers(1, 37, 7))
        drawn = draw(frame, fixed, records.seed_of(plan, numbers).seed)
        if wanted({str(row["id"]) for row in drawn.rows()}):
            break
    return numbers


def firms_of(unit_code: str, least: int = 1) -> Wanted:
    """Return whether so many firms of a town are among the drawn."""
    codes = set(Enterprise.objects.filter(unit__code=unit_code).values_list("credit_code", flat=True))
    return lambda drawn: len(drawn & codes) >= least


def firm(code: str) -> Wanted:
    """Return whether a firm is among the drawn."""
    return lambda drawn: code in drawn


def anyone(drawn: set[str]) -> bool:
    """Whoever is drawn will do."""
    return bool(drawn)
