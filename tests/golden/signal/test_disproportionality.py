"""Every measure of disproportionality against the reference packages, on reports of dietary supplements."""

from __future__ import annotations

import json
import time

import numpy as np
import polars as pl
import pytest

from qualipolis.methods.signal.disproportionality import (
    Posterior,
    Theta,
    all_cells,
    count_pairs,
    disproportionality,
    fit_theta,
    negative_log_likelihood,
    tables_of_counts,
)

# Our column: the column of the reference, decimals to which it was rounded (None: not rounded).
COLUMNS = {
    "E": ("E", None),
    "RR": ("RR", None),
    "PRR": ("PRR", None),
    "PRR_low": ("PRR_lo", None),
    "PRR_high": ("PRR_hi", None),
    "ROR": ("ROR", None),
    "ROR_low": ("ROR_lo", None),
    "ROR_high": ("ROR_hi", None),
    "chi2": ("chi2", None),
    "chi2_yates": ("chi2_yates", None),
    "IC_bcpnn": ("IC_bcpnn", None),
    "IC_bcpnn_var": ("IC_bcpnn_var", None),
    "IC_bcpnn_low": ("IC_bcpnn_lo", None),
    "IC": ("IC", None),
    "IC025": ("IC025", None),
    "IC975": ("IC975", None),
    "Qn": ("Qn", None),
    "EBGM": ("EBGM", 10),
    "EB05": ("EB05", 8),
    "EB95": ("EB95", 8),
}


@pytest.fixture(scope="module")
def told(shared):
    return json.loads((shared / "golden/signal/disprop/caers_summary.json").read_text())


@pytest.fixture(scope="module")
def counted(shared):
    table = pl.read_csv(shared / "golden/signal/disprop/caers_reports.csv.gz")
    return count_pairs(*(table[name].to_list() for name in ("id", "var1", "var2")))


@pytest.fixture(scope="module")
def reference(shared, counted):
    """The recorded rows in our order."""
    names = ("PRR", "PRR_lo", "PRR_hi", "ROR", "ROR_lo", "ROR_hi")
    table = pl.read_csv(
        shared / "golden/signal/disprop/caers_scores.csv.gz",
        schema_overrides=dict.fromkeys(names, pl.Float64),
        infer_schema_length=20_000,
        null_values=[""],
    )
    place = {pair: i for i, pair in enumerate(zip(table["var1"], table["var2"], strict=True))}
    return table[[place[pair] for pair in zip(counted.left, counted.right, strict=True)]]


@pytest.fixture(scope="module")
def scores(counted, told):
    return disproportionality(counted, theta=tuple(told["theta"].values()))


def test_distinct_reports_are_counted_as_recorded(counted, reference, told):
    assert len(counted) == told["n_pairs"] == len(reference)
    assert set(counted.n.tolist()) == {told["n_reports"]}
    for name in "abcd":
        assert getattr(counted, name).tolist() == reference[name].to_list()


@pytest.mark.parametrize("name", COLUMNS)
def test_each_measure_is_the_recorded_one(scores, reference, name):
    column, decimals = COLUMNS[name]
    ours, theirs = getattr(scores, name), reference[column].cast(pl.Float64).to_numpy()
    assert np.array_equal(np.isnan(ours), np.isnan(theirs))
    off = 1e-13 if decimals is None else 10**-decimals
    np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=off)
    np.testing.assert_allclose(ours, theirs, rtol=1e-6)


def test_as_many_pairs_are_flagged_as_recorded(scores, told):
    assert int(scores.eb05_flag.sum()) == told["n_eb05_ge2"]
    assert int(scores.ic_flag.sum()) == told["n_ic025_gt0"]


def test_the_likelihood_of_the_recorded_prior_is_the_recorded_one(counted, told):
    value = negative_log_likelihood(counted.a, counted.expected, Theta(*told["theta"].values()))
    assert value == pytest.approx(told["nll_unsquashed"], rel=1e-10)


@pytest.mark.parametrize("squashed", [True, False])
def test_our_own_prior_is_as_likely_as_the_recorded_one(counted, told, squashed):
    found = fit_theta(counted.a, counted.expected, squashed=squashed)
    assert found.nll <= told["nll_unsquashed"] + 0.001
    assert not found.at_boundary
    assert found.numbers == pytest.approx(tuple(told["theta"].values()), rel=0.02)


def test_a_hundred_thousand_pairs_are_scored_in_the_time_allowed(shared):
    table = pl.read_csv(shared / "golden/inputs/signal/disprop/phvid_counts.csv.gz")
    tables = tables_of_counts(table["var1"].to_list(), table["var2"].to_list(), table["n"].to_numpy())
    assert len(tables) == 102_483
    theta = fit_theta(tables.a, tables.expected)
    start = time.process_time()
    posterior = Posterior(tables.a, tables.expected, theta)
    middle, low, high = posterior.geometric_mean(), posterior.quantile(0.05), posterior.quantile(0.95)
    took = time.process_time() - start
    assert took < 0.5
    assert np.all(low < middle) and np.all(middle < high)
    n, expected = all_cells(tables)
    assert n.sum() == tables.a.sum() == pytest.approx(expected.sum())
