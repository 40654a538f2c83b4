"""Six years of counted batches of the synthetic city: the same samples as elsewhere, with their design and their items."""

from __future__ import annotations

import polars as pl
import pytest

from qualipolis.demo import DEFAULT_SEED
from qualipolis.demo.generate import CityTables
from qualipolis.demo.scale import YEARS
from qualipolis.demo.supervision_facts import Counted, contracted, make_counted, strict_laboratory
from qualipolis.demo.supervision_words import ITEMS, STANDARDS, item_for
from qualipolis.demo.words import FAILED_ITEMS
from qualipolis.law.supervision.pass_rate import STATES, pass_rate_parts


@pytest.fixture(scope="module")
def counted(city: CityTables) -> Counted:
    return make_counted(DEFAULT_SEED, city.samples, city.enterprises, city.institutions)


def test_every_sample_is_one_counted_batch_in_the_same_order(city: CityTables, counted: Counted) -> None:
    assert counted.facts["number"].to_list() == city.samples["number"].to_list()
    assert counted.facts["status"].is_in(list(STATES)).all()
    outcome = {"pass": ("final", "pass"), "fail": ("final", "fail")}
    outcome |= {"refused": ("refusal_reported", ""), "untestable": ("untestable", "")}
    seen = zip(counted.facts["status"], counted.facts["verdict"], strict=True)
    assert [outcome[one] for one in city.samples["outcome"]] == list(seen)


def test_the_same_seed_gives_the_same_cells(city: CityTables, counted: Counted) -> None:
    again = make_counted(DEFAULT_SEED, city.samples, city.enterprises, city.institutions)
    assert again.facts.equals(counted.facts) and again.items.equals(counted.items)
    other = make_counted(DEFAULT_SEED + 1, city.samples, city.enterprises, city.institutions)
    assert not other.facts["laboratory"].equals(counted.facts["laboratory"])


def test_the_weights_of_a_year_add_up_to_the_firms_of_the_strata_that_were_drawn(counted: Counted) -> None:
    for year in YEARS:
        random = counted.facts.filter((pl.col("year") == year) & (pl.col("purpose") == "random"))
        sizes = counted.strata.filter(pl.col("year") == year)
        reached = sizes.filter(pl.col("stratum").is_in(random["stratum"].unique().to_list()))
        assert random["weight"].sum() == pytest.approx(reached["units"].sum())
        assert sizes["units"].sum() == 12_000 and reached["units"].sum() >= 0.99 * 12_000


def test_only_random_batches_have_a_probability(counted: Counted) -> None:
    risk = counted.facts.filter(pl.col("purpose") == "risk")
    assert risk.height and risk["weight"].null_count() == risk.height and set(risk["stratum"]) == {""}


def test_the_weighted_rate_finds_the_truth_of_the_firms(city: CityTables, counted: Counted) -> None:
    """Truth for the market: the true rate of each town, weighted by its firms. Five standard errors are allowed."""
    firms = city.enterprises.group_by("unit").len()
    truth = pl.DataFrame({"unit": city.truth.units, "rates": city.truth.unit_pass_rate}).join(firms, on="unit")
    for place, year in enumerate(YEARS):
        true = sum(row["rates"][place] * row["len"] for row in truth.iter_rows(named=True)) / truth["len"].sum() / 100
        drawn = counted.facts.filter((pl.col("year") == year) & (pl.col("weight") > 0) & (pl.col("verdict") != ""))
        seen = drawn.filter(pl.col("verdict") == "pass")["weight"].sum() / drawn["weight"].sum()
        assert abs(seen - true) < 5 * (true * (1 - true) / drawn.height) ** 0.5


def test_a_failed_batch_failed_in_the_item_of_its_reason_and_a_passed_one_in_none(
    city: CityTables, counted: Counted
) -> None:
    rows = city.samples.with_row_index("fact").filter(pl.col("outcome").is_in(["pass", "fail"]))
    failed = counted.items.filter("failed").group_by("fact").agg("name")
    names = dict(zip(failed["fact"], failed["name"], strict=True))
    for row in rows.iter_rows(named=True):
        found = names.get(row["fact"], [])
        if row["outcome"] == "pass":
            assert found == []
        else:
            assert item_for(row["category"], row["failed_item"]) in found
    assert counted.items.height == rows.height * len(FAILED_ITEMS)


def test_every_class_has_its_items_limits_and_standard() -> None:
    assert set(ITEMS) == set(STANDARDS)
    for category, items in ITEMS.items():
        assert len(items) == len(FAILED_ITEMS) == len({item.zh for item in items}), category
        assert any(item.safety for item in items), category
        for item in items:
            limited = item.lower is not None or item.upper is not None
            assert limited != bool(item.words) and limited == bool(item.unit), item.zh
            if limited:
                assert item.typical is not None and item.spread > 0
                assert (item.lower is None or item.lower < item.typical) and (
                    item.upper is None or item.typical < item.upper
                )


def test_one_laboratory_of_its_field_finds_more_and_the_truth_names_it(city: CityTables, counted: Counted) -> None:
    strict = city.truth.planted["strict_laboratory"]
    assert strict == strict_laboratory(city.institutions)
    field = next(codes for codes in contracted(city.institutions) if strict in codes)
    rate = dict(
        counted.facts.filter(pl.col("laboratory").is_in(field) & (pl.col("verdict") != ""))
        .group_by("laboratory")
        .agg((pl.col("verdict") == "fail").mean())
        .iter_rows()
    )
    assert rate[strict] > 1.5 * max(value for code, value in rate.items() if code != strict)


def test_the_law_counts_them_as_the_demo_states(city: CityTables, counted: Counted) -> None:
    rows = counted.facts.filter(pl.col("year") == YEARS[-1]).select(
        "purpose", "verdict", id="number", state="status", first_verdict="verdict"
    )
    parts = pass_rate_parts(rows.to_dicts(), "random")
    mine = city.samples.filter((pl.col("year") == YEARS[-1]) & (pl.col("purpose") == "random"))
    outcome = dict(mine["outcome"].value_counts().iter_rows())
    assert (parts.passed, parts.failed) == (outcome["pass"], outcome["fail"])
    assert not parts.provisional
