"""A small city whose campaign was drawn in public, for the pages that tell and replay it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone
from tests.city.supervise.cast import Cast, make_campaign, make_cast, make_plan

from qualipolis.city.core.models import City
from qualipolis.city.supervise.draws import ceremony
from qualipolis.city.supervise.draws.frames import FrameRule
from qualipolis.city.supervise.draws.plan import DrawPlan
from qualipolis.city.supervise.models import Campaign, DrawRun

WORDS = "公证员当众掷十面骰八次"
NUMBERS = "8 3 0 7 7 1 4 9"


@dataclass
class PublicDraw:
    """The cast, the campaign and its draw."""

    cast: Cast
    campaign: Campaign
    draw: DrawRun

    @property
    def path(self) -> str:
        """The address of the draw."""
        return f"/supervision/campaigns/{self.campaign.number}/draws/{self.draw.number}/"


def make_city(firms: int = 24) -> Cast:
    """Found the city, with a published plan."""
    City.objects.create(code="990100", name_zh="云汀市", name_en="Yunting City", synthetic=True)
    cast = make_cast(firms)
    plan = make_plan(
        cast, status="public", published_at=timezone.now(), filed_no="备案1号", document_no="市监质〔2026〕1号"
    )
    plan.lines.create(position=1, category="儿童服装", standard="GB 31701-2015", batches=40, name_zh="儿童服装")
    return cast


def committed(cast: Cast, method: str = "pps_pareto") -> DrawRun:
    """Commit the draw of a campaign by dice."""
    campaign = make_campaign(cast, status="rules_public", size=6, begins_on=timezone.localdate())
    plan = DrawPlan(method, 6, allocation="count", least=1, reserve=0.5)
    run = ceremony.prepare(cast["planner"], campaign, plan, FrameRule("enterprise", "town", "employees"))
    run = ceremony.freeze(cast["planner"], run)
    return ceremony.commit(cast["planner"], run, "dice", timezone.now() + timedelta(seconds=30), words=WORDS)


def drawn(run: DrawRun, cast: Cast, published: bool = True) -> DrawRun:
    """Reveal the numbers as if their moment had come, and publish."""
    DrawRun.objects.filter(pk=run.pk).update(
        committed_at=run.committed_at - timedelta(hours=59), source_at=run.source_at - timedelta(hours=1)
    )
    run.refresh_from_db()
    run = ceremony.reveal(cast["planner"], run, numbers=NUMBERS)
    return ceremony.publish(cast["planner"], run) if published else run


def public_draw(status: str = "testing", **how: Any) -> PublicDraw:
    """Found a city with one published draw of a campaign in a state."""
    cast = make_city()
    run = drawn(committed(cast, **how), cast)
    return PublicDraw(cast, moved(run, status), run)


def moved(run: DrawRun, status: str) -> Campaign:
    """Put the campaign of a draw into a state."""
    Campaign.objects.filter(pk=run.campaign_id).update(status=status)
    run.campaign.refresh_from_db()
    return run.campaign
