"""Supervision sampling in the synthetic city: six years of counted batches, detailed rules, inspectors, laboratories."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
from django.utils import timezone

from qualipolis.city.core.ledger import record
from qualipolis.city.registry.models import Cluster, Institution
from qualipolis.city.supervise.models import (
    HigherLevelTask,
    ItemFact,
    ResultFact,
    RuleItem,
    SamplingRule,
    StratumSize,
)
from qualipolis.demo.generate import CityTables
from qualipolis.demo.rows import insert, keyed, reset_sequences
from qualipolis.demo.supervision_campaigns import run_campaigns
from qualipolis.demo.supervision_facts import make_counted
from qualipolis.demo.supervision_people import make_players
from qualipolis.demo.supervision_words import CLUSTER_OF, ENGLISH, ITEMS, SAID, STANDARDS, Item

Keys = tuple[pl.Series, np.ndarray]
FOOD = "food"
METHOD = (
    "在成品仓库或货架上，按抽样单所列随机数，从同一规格型号、同一批次的合格待售产品中抽取；检验样品与备用样品分别封样，"
    "双方签字。库存少于规定数量的，不抽样并注明原因。" + SAID
)
METHOD_EN = (
    "Taken at random, by the numbers on the form, from one batch of one model that is ready for sale, in the store or on "
    "the shelf; test and backup sample are sealed apart and signed by both sides. Where the stock is below the least "
    "quantity nothing is taken and the reason is noted. (Synthetic)"
)
HIGHER = (
    ("national", "移动电源", "", "演示国监抽〔{year}〕1号"),
    ("national", "智能手表", "", "演示国监抽〔{year}〕1号"),
    ("provincial", "运动帽", "production", "演示省监抽〔{year}〕6号"),
    ("provincial", "酱油", "production", "演示省监抽〔{year}〕6号"),
)
# test sample, backup sample, least stock, unit
_QUANTITIES = {"textiles": (3, 3, 12, "件"), "food": (6, 4, 30, "袋")}
_USUAL = (2, 2, 10, "台")


def load_counted(actor: Any, tables: CityTables, units: Keys, firms: Keys) -> None:
    """Insert every sample of the six years as a counted batch, with its items and the sizes of its strata."""
    counted = make_counted(tables.truth.seed, tables.samples, tables.enterprises, tables.institutions)
    facts = counted.facts
    bodies = dict(Institution.objects.values_list("code", "pk"))
    clusters = dict(Cluster.objects.values_list("code", "pk"))
    frame = facts.drop("unit", "cluster", "credit_code", "laboratory").with_columns(
        unit_id=keyed(*units, facts["unit"]),
        enterprise_id=keyed(*firms, facts["credit_code"]),
        cluster_id=facts["cluster"].replace_strict(clusters, return_dtype=pl.Int64),
        laboratory_id=facts["laboratory"].replace_strict(bodies, default=None, return_dtype=pl.Int64),
        synthetic=pl.lit(True),
    )
    keys = insert(ResultFact, frame)
    of = pl.Series(keys).gather(counted.items["fact"])
    insert(ItemFact, counted.items.drop("fact").with_columns(fact_id=of))
    insert(StratumSize, counted.strata, purpose="random")
    for model, rows in ((ResultFact, frame), (ItemFact, counted.items), (StratumSize, counted.strata)):
        record(actor, "demo.load", model._meta.label_lower, {"rows": rows.height, "synthetic": True})
    reset_sequences(ResultFact, ItemFact, StratumSize)


def make_rules(actor: Any, published_on: date) -> dict[str, SamplingRule]:
    """Write detailed rules for every product class; those of children's clothes replace an older version."""
    rules = {category: _rule(category, 1, published_on) for category in ITEMS}
    rules["儿童服装"] = _rule("儿童服装", 2, published_on + timedelta(days=90), rules["儿童服装"])
    record(actor, "demo.load", "supervise.samplingrule", {"rows": SamplingRule.objects.count(), "synthetic": True})
    return rules


def _rule(category: str, version: int, published_on: date, replaces: SamplingRule | None = None) -> SamplingRule:
    test, backup, least, unit = _QUANTITIES.get(CLUSTER_OF[category], _USUAL)
    rule = SamplingRule.objects.create(
        category=category,
        version=version,
        name_zh=f"{category}产品质量监督抽查实施细则{SAID}",
        name_en=f"Detailed rules for sampling {ENGLISH[category]} (synthetic)",
        standard=STANDARDS[category],
        food=CLUSTER_OF[category] == FOOD,
        method_zh=METHOD,
        method_en=METHOD_EN,
        quantity_unit=unit,
        test_quantity=test,
        backup_quantity=backup,
        least_stock=least,
        published_on=published_on,
        replaces=replaces,
    )
    RuleItem.objects.bulk_create([_item(rule, place, one) for place, one in enumerate(ITEMS[category], 1)])
    return rule


def _item(rule: SamplingRule, place: int, one: Item) -> RuleItem:
    return RuleItem(
        rule=rule,
        position=place,
        name_zh=one.zh,
        name_en=one.en,
        unit=one.unit,
        lower=one.lower,
        upper=one.upper,
        requirement=one.words,
        clause=f"5.{place}{SAID}",
        method=f"{rule.standard} 附录{'ABCDEF'[place - 1]}",
        safety=one.safety,
        decision=one.decision,
    )


def note_higher_levels(actor: Any, years: tuple[int, ...]) -> None:
    """What the state and the province sample themselves, so that the plan of the city leaves it out."""
    for year in years:
        for level, category, stage, document in HIGHER:
            HigherLevelTask.objects.create(
                year=year,
                level=level,
                category=category,
                standard=STANDARDS[category],
                stage=stage,
                document=document.format(year=year),
            )
    rows = len(years) * len(HIGHER)
    record(actor, "demo.load", "supervise.higherleveltask", {"rows": rows, "synthetic": True})


def supervise(actor: Any, seed: int, *, province: bool) -> None:
    """Give the city its supervision sampling; a province has the counted batches and the rules only."""
    today = timezone.localdate()
    make_rules(actor, date(today.year - 2, 3, 1))
    note_higher_levels(actor, (today.year - 1, today.year, today.year + 1))
    if not province:
        players = make_players(actor)
        run_campaigns(actor, players, seed)
