"""The plans of the synthetic city: the last year's, this year's, and that of the next year on the leader's desk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from qualipolis.city.supervise.models import PlanLine, SamplingPlan
from qualipolis.city.supervise.planning import plans
from qualipolis.demo.supervision_people import Players
from qualipolis.demo.supervision_words import ENGLISH, SAID, STANDARDS

Dated = tuple[date, Callable[[], Any]]
BASIS = "《产品质量法》第十五条和年度重点产品目录；合成数据" + SAID
# product class, purpose, batches, quarter, budget per batch, expected pass rate, margin
LINES = (
    ("皮鞋", "random", 10, 2, 900, 0.95, 0.1),
    ("电源适配器", "random", 12, 3, 1500, 0.94, 0.1),
    ("儿童服装", "random", 10, 3, 1100, 0.95, 0.1),
    ("无线路由器", "random", 18, 4, 1600, 0.96, 0.08),
    ("毛针织衫", "random", 12, 4, 800, 0.95, 0.1),
    ("工程塑料", "risk", 8, 4, 1200, None, None),
    ("糕点", "random", 20, 1, 1000, 0.97, 0.07),
    ("注塑机", "random", 8, 1, 2600, 0.93, 0.15),
)
AT_SELLERS = ("皮鞋",)
WHY = "近年不合格发现率和投诉情况；样本量按预期合格率与允许误差确定" + SAID


def draft(players: Players, year: int, more: float = 1.0) -> SamplingPlan:
    """Write the plan of a year with its lines."""
    plan = plans.create_plan(players.section, players.organiser, year, basis=BASIS, synthetic=True)
    for category, purpose, batches, quarter, price, rate, margin in LINES:
        size = round(batches * more)
        plans.add_line(
            players.section,
            plan,
            category=category,
            name_zh=f"{category}监督抽查",
            name_en=f"Sampling of {ENGLISH[category]}",
            standard=STANDARDS[category],
            purpose=purpose,
            stage="sale" if category in AT_SELLERS else "production",
            batches=size,
            quarter=quarter,
            budget=price * size,
            expected_rate=rate,
            margin=margin,
            reason=WHY,
        )
    return plan


def adopted(players: Players, year: int) -> list[Dated]:
    """The days on which the plan of a year was approved, filed and made public, in the December before it."""

    def plan() -> SamplingPlan:
        return SamplingPlan.objects.get(year=year)

    before, leader, office = year - 1, players.leader, players.section
    authority, number = f"省市场监管局{SAID}", f"演示备〔{before}〕16号"
    return [
        (date(before, 12, 1), lambda: draft(players, year)),
        (date(before, 12, 8), lambda: plans.submit_plan(office, plan())),
        (date(before, 12, 12), lambda: plans.approve_plan(leader, plan(), f"云汀质领〔{before}〕演31号")),
        (date(before, 12, 16), lambda: plans.file_plan(office, plan(), authority, number)),
        (date(before, 12, 17), lambda: plans.publish_plan(office, plan())),
    ]


def closed(players: Players, year: int) -> Dated:
    """The day on which the plan of a year was closed."""
    return date(year + 1, 1, 4), lambda: plans.close_plan(players.section, SamplingPlan.objects.get(year=year))


def line_of(year: int, category: str) -> PlanLine:
    """Return the line of a product class in the plan of a year."""
    return PlanLine.objects.select_related("plan__organiser").get(plan__year=year, category=category)
