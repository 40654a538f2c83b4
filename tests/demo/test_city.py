"""The synthetic city: determinism, published magnitudes, honest names, known truth."""

from __future__ import annotations

import math
import re
import time
from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest

from qualipolis.city.measure.catalogue import INDICATORS
from qualipolis.demo.generate import generate
from qualipolis.demo.scale import YEARS
from qualipolis.law.validators.credit_codes import credit_code
from qualipolis.law.validators.dongguan_units import UNITS


def test_the_same_seed_gives_the_same_city(city):
    assert generate(city.truth.seed).digest() == city.digest()


def test_another_seed_gives_another_city(city):
    assert generate(city.truth.seed + 1).digest() != city.digest()


def test_no_table_depends_on_the_size_of_another(city, monkeypatch):
    from qualipolis.demo import scale

    larger = replace(scale.CITY, products_per_firm=2.5, scope_per_lab=3)
    monkeypatch.setitem(scale.SCALES, "city", larger)
    other = generate(city.truth.seed)
    assert other.products.height > city.products.height and other.scope_items.height < city.scope_items.height
    for name, frame in city.frames().items():
        assert name in {"products", "scope_items"} or frame.equals(other.frames()[name]), name


def test_it_is_made_in_under_two_seconds():
    start = time.process_time()
    generate(7)
    assert time.process_time() - start < 2.0


def test_it_has_the_published_magnitudes(city):
    kinds = dict(city.institutions["kind"].value_counts().iter_rows())
    assert kinds == {
        "national_centre": 8,
        "metrology_centre": 1,
        "provincial_station": 18,
        "certifier": 21,
        "laboratory": 393,
    }
    assert city.enterprises.height == 12_000
    assert dict(city.units["kind"].value_counts().iter_rows()) == {"town": 28, "subdistrict": 4, "park": 1}
    assert sorted(city.observations["year"].unique()) == list(YEARS)


def test_1970_firms_have_an_active_quality_officer(city):
    active = city.quality_officers.filter(pl.col("ended_on").is_null())
    assert active["credit_code"].n_unique() == active.height == 1_970
    above = city.enterprises.filter("above_scale")["credit_code"].to_list()
    assert active["credit_code"].is_in(above).all()


def test_one_cluster_is_above_a_trillion_and_four_above_a_hundred_billion(city):
    output = sorted(city.enterprises.group_by("cluster").agg(pl.col("output").sum() * 1e4)["output"])
    assert output[-1] >= 1e12
    assert len(output) == 5 and all(1e11 <= value < 1e12 for value in output[:-1])


def test_393_laboratories_hold_a_valid_cma_at_the_end_of_the_last_year(city):
    day = date(YEARS[-1], 12, 31)
    held = city.qualifications.filter(pl.col("kind") == "cma", pl.col("valid_from") <= day, pl.col("valid_to") > day)
    assert held["institution"].n_unique() == 393


def test_the_generated_pass_rate_agrees_with_its_truth(city):
    final = city.samples.filter(pl.col("purpose") == "random", pl.col("outcome").is_in(["pass", "fail"]))
    for year, truth in city.truth.pass_rate.items():
        outcome = final.filter(pl.col("year") == year)["outcome"] == "pass"
        p = truth / 100
        assert abs(outcome.mean() - p) < 2.576 * math.sqrt(p * (1 - p) / len(outcome)), year
        assert outcome.mean() > 0.94, "published: above 94 % six years running"


def test_the_true_pass_rate_rises_slowly_from_just_above_94(city):
    rates = list(city.truth.pass_rate.values())
    assert 94 < rates[0] < 95 and rates == sorted(rates) and rates[-1] < 96


def test_risk_sampling_is_never_pooled_with_random_sampling(city):
    final = city.samples.filter(pl.col("outcome").is_in(["pass", "fail"]))
    rates = dict(final.group_by("purpose").agg((pl.col("outcome") == "pass").mean()).iter_rows())
    assert rates["risk"] < 0.9 < rates["random"]


def test_about_eight_thousand_complaints_come_in_each_year(city):
    counts = city.complaints["year"].value_counts()["count"]
    assert counts.min() > 6_500 and counts.max() < 10_000


def test_credit_codes_pass_the_formal_checks_in_an_area_that_does_not_exist(city):
    codes = [*city.enterprises["credit_code"].sample(500, seed=1), *city.institutions["code"]]
    assert not [problem for code in codes for problem in credit_code(code).problems]
    assert {code[2:8] for code in codes} == {"990100"}
    assert city.enterprises["credit_code"].n_unique() == 12_000


def test_names_are_distinct_and_synthetic(city):
    assert city.enterprises["name_zh"].n_unique() == 12_000
    for name in ("units", "enterprises", "institutions", "samples", "complaints", "patents", "quality_officers"):
        assert city.frames()[name]["synthetic"].all(), name
    assert city.quality_officers["number"].str.contains(r"^首席质量官-\d{6}$").all()


def _bare(name: str) -> str:
    return re.sub("(街道|园区|镇|乡|市)$", "", name)


@pytest.mark.parametrize("scale", ["city", "province"])
def test_no_unit_has_the_name_of_a_real_town(shared, scale):
    real = pl.read_csv(shared / "data" / "admin_divisions" / "streets.csv.gz")["name"].to_list()
    real += pl.read_csv(shared / "data" / "admin_divisions" / "areas.csv")["name"].to_list()
    known = {_bare(name) for name in real}
    tables = _small(scale)
    assert not known & {_bare(name) for name in [*tables["units"], *tables["cities"]]}


def test_no_unit_resembles_a_unit_of_dongguan(city):
    assert not {unit.zh[0] for unit in UNITS.values()} & {name[0] for name in city.units["name_zh"]}
    real = {re.sub(" (Subdistrict|Town|Park)$", "", unit.en) for unit in UNITS.values()}
    assert not real & {name.removesuffix(" Park") for name in city.units["name_en"]}
    assert not set(UNITS) & set(city.units["code"])


def _small(scale: str) -> dict[str, list[str]]:
    from qualipolis.demo.places import make_places
    from qualipolis.demo.scale import SCALES

    places = make_places(1, SCALES[scale])
    return {"units": places.frame["name_zh"].to_list(), "cities": places.cities["name_zh"].to_list()}


def test_trades_use_classes_of_the_national_table(shared, city):
    known = set(pl.read_csv(shared / "data" / "gbt4754" / "gbt4754.csv")["code"])
    assert set(city.enterprises["industry"]) <= known


def test_every_indicator_is_observed_for_every_unit_and_year(city):
    keys = city.observations.select("indicator", "unit", "year").unique()
    assert keys.height == city.observations.height == 44 * 33 * len(YEARS)


@pytest.mark.parametrize("indicator", INDICATORS, ids=[i.code for i in INDICATORS])
def test_a_value_is_its_numerator_over_its_denominator(city, indicator):
    rows = city.observations.filter(pl.col("indicator") == indicator.code, pl.col("value").is_not_null())
    assert rows.height > 100
    if indicator.kind != "median":
        made = [indicator.value(n, d) for n, d in rows.select("numerator", "denominator").iter_rows()]
        assert np.allclose(rows["value"], made, rtol=1e-12)
    if indicator.counted:
        assert rows.select((pl.col("numerator") <= pl.col("denominator")).all()).item()


def test_missing_is_null_with_a_reason_and_never_zero(city):
    rows = city.observations
    assert rows.filter(pl.col("value").is_null() != (pl.col("missing_reason") != "")).is_empty()
    assert set(rows["missing_reason"]) == {"", "not_applicable", "late", "not_collected"}
    void = rows.filter(pl.col("missing_reason") == "not_applicable")
    assert (void["denominator"] == 0).all()


def test_two_units_are_late_in_the_last_year(city):
    late = city.observations.filter(pl.col("missing_reason") == "late")
    assert dict(late["unit"].value_counts().iter_rows()) == dict.fromkeys(city.truth.planted["late"], 9)
    assert set(late["year"]) == {YEARS[-1]}


def test_a_small_unit_has_a_handful_of_batches(city):
    rows = city.observations.filter(pl.col("unit") == city.truth.planted["tiny"], pl.col("indicator") == "PQ01")
    assert rows["denominator"].max() <= 4


def test_two_units_tie_exactly_in_the_last_year(city):
    first, second = city.truth.planted["tie"]
    last = city.observations.filter(pl.col("year") == YEARS[-1])
    columns = ["indicator", "numerator", "denominator", "value", "missing_reason"]
    pair = [last.filter(pl.col("unit") == unit).select(columns) for unit in (first, second)]
    assert pair[0].equals(pair[1])
    ranks = {u: city.truth.rank[city.truth.units.index(u)][-1] for u in (first, second)}
    assert ranks[first] == ranks[second]


def test_one_unit_has_one_systemic_incident(city):
    events = city.observations.filter(pl.col("indicator") == "SR06", pl.col("value") > 0)
    assert events.select("unit", "year").rows() == city.vetoes.select("unit", "year").rows()


def test_the_truth_can_be_found_again(city):
    """Scores computed from what was seen rank the units nearly as the truth does."""
    from scipy.stats import spearmanr

    score = {i.code: i for i in INDICATORS}
    last = city.observations.filter(pl.col("year") == YEARS[-1], pl.col("value").is_not_null())
    seen = dict.fromkeys(city.truth.units, 0.0)
    from qualipolis.city.measure.catalogue import path_weights

    weights, total = path_weights(), dict.fromkeys(city.truth.units, 0.0)
    for code, unit, value in last.select("indicator", "unit", "value").iter_rows():
        seen[unit] += weights[code] * score[code].score(value)
        total[unit] += weights[code]
    found = [seen[u] / total[u] for u in city.truth.units]
    true = [row[-1] for row in city.truth.composite]
    assert spearmanr(found, true).statistic > 0.95
