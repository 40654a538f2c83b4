"""The figures of the pages: years, domains, funnel, items, effects, follow-up, and what a plan can tell."""

from __future__ import annotations

import ast
from decimal import Decimal
from pathlib import Path

import pytest
from tests.city.supervise.cast import make_plan
from tests.city.supervise.counted import YEARS, make_counted

import qualipolis
from qualipolis.city.supervise.models import PlanLine, ResultFact
from qualipolis.city.supervise.statistics import (
    figures_domains,
    figures_effects,
    figures_follow,
    figures_items,
    figures_power,
    figures_series,
    rates,
)


@pytest.fixture
def counted(cast):
    return make_counted(cast)


def test_every_year_has_its_own_interval_and_the_change_since_the_last(counted):
    found = figures_series.series()
    assert [one.year for one in found.years] == list(YEARS)
    assert all(
        one.estimate.weighted and one.estimate.low < one.estimate.estimate < one.estimate.high for one in found.years
    )
    assert found.years[0].change is None and not any(one.change.clear for one in found.years[1:])
    assert found.trend is not None and not found.trend.clear and found.last.rate.parts.provisional


def test_a_year_without_weights_is_not_compared_with_one_that_has_them(counted):
    ResultFact.objects.filter(year=2021).update(weight=None)
    found = figures_series.series()
    assert not found.last.estimate.weighted and not found.last.comparable and found.last.change is None
    assert found.trend is None


def test_a_fall_beyond_chance_is_named(counted):
    ResultFact.objects.filter(year=2021, purpose="random", status="final", number__lte="S2021-040").update(
        verdict="fail"
    )
    assert figures_series.series().last.change.clear


def test_domains_stand_beside_the_whole_and_small_ones_are_drawn_together(counted):
    for kind in figures_domains.KINDS:
        found = figures_domains.domains(kind, 2021)
        assert sum(one.direct.n for one in found.rows) == found.whole.n == 60 and found.market.weighted
    towns = figures_domains.domains("town", 2021)
    assert [one.name for one in towns.rows] == ["1镇", "2镇"] and all(one.pooled for one in towns.rows)


def test_a_town_far_from_the_city_lies_outside_and_one_with_few_batches_does_not(counted):
    ResultFact.objects.filter(year=2021, purpose="random", unit__code="T2", status="final").update(verdict="fail")
    found = figures_domains.funnel(2021)
    assert {spot.code: spot.outside for spot in found.spots} == {"T1": 2, "T2": 2}
    assert [spot.side for spot in figures_domains.outside(found)] == [-1, 1]
    assert figures_domains.funnel(1999) is None and found.expected == pytest.approx(0.1)


def test_towns_that_differ_by_chance_lie_inside(counted):
    found = figures_domains.funnel(2021)
    assert figures_domains.outside(found) == [] and sum(one.n for one in found.spots) == found.n == 60


def test_items_add_up_to_all_failures_the_most_frequent_first(counted):
    found = figures_items.items([2021])
    assert found.rows[-1].added == pytest.approx(1) and sum(one.failed for one in found.rows) == found.failures
    assert found.rows[0].failed >= found.rows[-1].failed and found.without == 0
    assert next(one for one in found.rows if one.name == "甲醛含量").safety
    assert {one.name for one in found.rows} <= {"甲醛含量", "pH值"} and all(one.tested == 60 for one in found.rows)


def test_a_failure_without_its_item_is_told(counted):
    fact = ResultFact.objects.filter(year=2021, purpose="random", verdict="fail").first()
    fact.items.all().delete()
    assert figures_items.items([2021]).without == 1


def test_a_laboratory_that_finds_more_than_its_classes_lead_to_expect_is_apart(counted, cast):
    rows = ResultFact.objects.filter(purpose="random", status="final", laboratory=cast.laboratory)
    ResultFact.objects.filter(pk__in=rows.values("pk"), number__regex=r"-0[0-3]").update(verdict="fail", category="x")
    ResultFact.objects.filter(purpose="random", laboratory=cast.other_laboratory).update(category="x")
    found = figures_effects.effects("laboratory", YEARS)
    assert found.spread and found.rows[0].name == "LAB1检测所" and found.rows[0].apart
    assert found.rows[0].estimate < found.rows[0].share and found.rows[1].estimate > found.rows[1].share


def test_a_batch_counts_for_each_of_its_samplers(counted, cast):
    found = figures_effects.effects("inspector", [2021])
    assert {one.name for one in found.rows} == {"C-inspector", "C-inspector2"} and {one.n for one in found.rows} == {60}
    assert not found.spread and all(one.low is None for one in found.rows)


def test_nobody_else_reads_the_effects_least_of_all_the_risk_of_a_firm():
    """Effects are for overseers to look at: only their own page and list import them."""
    allowed = {"city/supervise/statistics/lists.py", "faces/desk/rooms/supervise/stats_work.py"}
    root = Path(qualipolis.__file__).parent
    readers = set()
    for file in root.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
            module = getattr(node, "module", "") or ""
            if any("figures_effects" in name for name in [*names, module]):
                readers.add(file.relative_to(root).as_posix())
    assert readers == allowed


def test_follow_up_is_told_by_year(counted):
    found = figures_follow.follow()
    assert len(found) == 6 and (found[0].refused.share.part, found[0].refused.share.whole) == (1, 73)
    assert found[0].closed.share.rate is None and found[0].closed.low is None
    assert found[0].refused.low < found[0].refused.share.rate < found[0].refused.high


def plan_with_lines(cast, **more):
    plan = make_plan(cast, year=2022)
    for position, (batches, purpose, rate) in enumerate(
        [(60, "random", None), (300, "random", 0.9), (20, "risk", None)]
    ):
        PlanLine.objects.create(
            plan=plan, position=position, category="儿童服装", batches=batches, purpose=purpose, expected_rate=rate,
            budget=Decimal(1000) * batches, name_zh=f"第{position}行", **more,
        )  # fmt: skip
    return plan


def test_a_plan_says_what_it_can_tell_before_it_is_approved(counted, cast):
    found = figures_power.plan_power(plan_with_lines(cast))
    first, second, third = found.lines
    assert (found.since, found.batches, found.budget) == (2021, 380, Decimal(380_000))
    assert [one.rate_from for one in found.lines] == ["class", "plan", "class"]
    assert (
        first.power.margin > second.power.margin
        and 0.9 < first.power.find < second.power.find
        and third.power.find < 0.65
    )
    assert 0.9 < first.rate < 1
    assert first.missing > 0 and found.needed > found.batches and found.needed_budget == found.needed * 1000
    assert found.city.n == 360 and found.city.margin < second.power.margin and found.deff >= 1


def test_a_plan_of_a_city_without_a_past_is_told_from_what_it_says_itself(cast):
    found = figures_power.plan_power(plan_with_lines(cast, margin=0.05))
    assert found.since is None and found.lines[0].rate_from == "none" and found.lines[0].margin_wanted == 0.05


def test_years_without_a_batch_have_no_figure(cast):
    assert figures_series.series().years == () and figures_follow.follow() == [] and rates.years() == []
    assert figures_domains.domains("town", 2021).rows == () and figures_items.items([2021]).rows == ()
    assert figures_effects.effects("laboratory", [2021]).rows == ()
