"""Ratios and tails of two-by-two tables against scipy, statsmodels' formulas by hand, and their limits."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from qualipolis.methods.signal.disproportionality import (
    Tables,
    chi_square,
    exact_tail,
    odds_ratio,
    poisson_tail,
    pooled_chi_square,
    pooled_odds_ratio,
    pooled_reporting_ratio,
    reporting_ratio,
)

CELL = st.integers(0, 40)


@given(CELL, CELL, CELL, CELL)
def test_the_exact_tail_is_fishers(a, b, c, d):
    found = exact_tail(Tables([a], [b], [c], [d]))[0]
    assert found == pytest.approx(stats.fisher_exact([[a, b], [c, d]], "greater").pvalue, rel=1e-9, abs=1e-13)


def test_the_exact_tail_of_large_tables_is_the_hypergeometric_one():
    tables = Tables([900, 60, 5], [9100, 4940, 1], [99_100, 4_940, 7], [890_900, 990_060, 2_000_000])
    theirs = stats.hypergeom.sf(tables.a - 1, tables.n, tables.a + tables.b, tables.a + tables.c)
    np.testing.assert_allclose(exact_tail(tables), theirs, rtol=1e-6)


@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 40), st.integers(1, 40))
def test_chi_square_is_pearsons(a, b, c, d):
    theirs = stats.chi2_contingency([[a, b], [c, d]], correction=False).statistic
    assert chi_square(Tables([a], [b], [c], [d]))[0] == pytest.approx(theirs, rel=1e-9, abs=1e-12)


def test_an_unreported_pair_is_no_signal_by_yates():
    unreported = Tables([0], [10], [1], [10_000])
    assert chi_square(unreported, corrected=True)[0] == 0


def test_without_a_comparison_the_ratios_are_infinite_and_have_no_lower_end():
    for found in (reporting_ratio(Tables([2], [3], [0], [9])), odds_ratio(Tables([2], [0], [5], [9]))):
        assert np.isinf(found.estimate[0]) and np.isnan(found.low[0]) and np.isinf(found.high[0])


def test_without_any_report_the_ratios_are_0_without_an_interval():
    found = odds_ratio(Tables([0], [3], [4], [9]))
    assert found.estimate[0] == 0 and np.isnan(found.low[0]) and np.isnan(found.high[0])


@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 40), st.integers(1, 40))
def test_one_stratum_pools_to_itself(a, b, c, d):
    table = Tables([a], [b], [c], [d])
    assert pooled_odds_ratio([table]).estimate[0] == pytest.approx(odds_ratio(table).estimate[0])
    assert pooled_odds_ratio([table]).low[0] == pytest.approx(odds_ratio(table).low[0])
    assert pooled_reporting_ratio([table]).high[0] == pytest.approx(reporting_ratio(table).high[0])
    assert pooled_chi_square([table])[0] == pytest.approx(chi_square(table)[0] * (table.n[0] - 1) / table.n[0])


def test_pooled_odds_are_those_of_scipy_and_undo_simpsons_paradox():
    strata = [Tables([8], [2], [80], [20]), Tables([2], [8], [20], [80])]
    whole = Tables([10], [10], [100], [100])
    confounded = [Tables([80], [20], [8], [2]), Tables([2], [8], [20], [80])]
    assert pooled_odds_ratio(strata).estimate[0] == pytest.approx(1.0) == odds_ratio(whole).estimate[0]
    assert pooled_odds_ratio(confounded).estimate[0] == pytest.approx(1.0)
    assert odds_ratio(Tables([82], [28], [28], [82])).estimate[0] > 8


def test_an_empty_stratum_adds_nothing():
    table, empty = Tables([8], [2], [10], [90]), Tables([0], [0], [0], [0])
    assert pooled_odds_ratio([table, empty]).low[0] == pooled_odds_ratio([table]).low[0]
    assert pooled_chi_square([table, empty])[0] == pooled_chi_square([table])[0]


def test_the_poisson_tail_is_scipys():
    n, e = np.array([0.0, 1, 4, 30]), np.array([2.0, 0.01, 9, 10])
    np.testing.assert_allclose(poisson_tail(n, e), stats.poisson.sf(n - 1, e), rtol=1e-12)
