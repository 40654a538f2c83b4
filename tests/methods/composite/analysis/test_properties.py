"""What must not matter: the order of units and columns, units of measurement, a unit without data."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualipolis.methods.composite.analysis import (
    correlation_matrix,
    cronbach_alpha,
    factor_structure,
    principal_components,
    sampling_adequacy,
    statistics,
)

SEEDS = st.integers(0, 10_000)


def table(seed: int, missing: float = 0.0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    values = rng.standard_normal((25, 5)) + rng.standard_normal((25, 1))
    values[rng.random(values.shape) < missing] = np.nan
    return values


@given(SEEDS, st.sampled_from(["pearson", "spearman", "kendall"]))
def test_correlations_follow_a_permutation(seed: int, method: str) -> None:
    values, rng = table(seed, 0.1), np.random.default_rng(seed)
    rows, cols = rng.permutation(25), rng.permutation(5)
    one, other = correlation_matrix(values, method), correlation_matrix(values[rows][:, cols], method)
    np.testing.assert_allclose(other.r, one.r[np.ix_(cols, cols)], atol=1e-12)
    np.testing.assert_allclose(other.p, one.p[np.ix_(cols, cols)], atol=1e-10)
    assert (np.abs(one.r) <= 1).all()
    np.testing.assert_array_equal(one.r, one.r.T)


@given(SEEDS, st.floats(1e-3, 1e6), st.floats(-1e3, 1e3))
def test_correlations_do_not_see_the_unit_of_measurement(seed: int, scale: float, shift: float) -> None:
    values = table(seed, 0.1)
    moved = values.copy()
    moved[:, 0] = moved[:, 0] * scale + shift
    one, other = correlation_matrix(values).r, correlation_matrix(moved).r
    np.testing.assert_allclose(other, one, atol=1e-7)


@given(SEEDS)
def test_pairwise_is_what_each_pair_gives_alone(seed: int) -> None:
    values = table(seed, 0.2)
    both = ~np.isnan(values[:, [1, 3]]).any(axis=1)
    found = correlation_matrix(values)
    alone = np.corrcoef(values[both][:, [1, 3]], rowvar=False)[0, 1]
    assert found.between("c2", "c4") == pytest.approx(alone, abs=1e-12)
    assert found.n[1, 3] == both.sum()


@given(SEEDS)
def test_components_keep_the_variance_and_the_correlations(seed: int) -> None:
    values = table(seed)
    found = principal_components(values)
    assert found.eigenvalues.sum() == pytest.approx(5)
    np.testing.assert_allclose(found.loadings.T @ found.loadings, np.eye(5), atol=1e-10)
    np.testing.assert_allclose(
        (found.loadings * found.eigenvalues) @ found.loadings.T, np.corrcoef(values, rowvar=False), atol=1e-10
    )
    np.testing.assert_allclose(found.scores.var(axis=0, ddof=1), found.eigenvalues, atol=1e-10)
    largest = np.abs(found.loadings).argmax(axis=0)
    assert (found.loadings[largest, np.arange(5)] > 0).all()


@given(SEEDS)
def test_components_do_not_see_the_order_of_the_columns(seed: int) -> None:
    values, order = table(seed), np.random.default_rng(seed).permutation(5)
    one, other = principal_components(values), principal_components(values[:, order])
    np.testing.assert_allclose(other.sdev, one.sdev, atol=1e-10)
    np.testing.assert_allclose(other.loadings, one.loadings[order], atol=1e-6)


@given(SEEDS)
def test_rotation_changes_no_communality(seed: int) -> None:
    values = table(seed)
    two, turned = principal_components(values), factor_structure(values, factors=2, draws=5)
    raw = two.loadings[:, :2] * two.sdev[:2]
    np.testing.assert_allclose(turned.communality, (raw**2).sum(axis=1), atol=1e-9)


@given(SEEDS)
def test_a_unit_without_data_changes_nothing(seed: int) -> None:
    values = table(seed, 0.1)
    more = np.vstack([values, np.full(5, np.nan)])
    assert cronbach_alpha(more).alpha == pytest.approx(cronbach_alpha(values).alpha)
    np.testing.assert_allclose(statistics(more).numbers["sd"], statistics(values).numbers["sd"])
    one, other = sampling_adequacy(table(seed)), sampling_adequacy(np.vstack([table(seed), np.full(5, np.nan)]))
    assert other.overall == pytest.approx(one.overall)
    assert 0 <= one.overall <= 1
