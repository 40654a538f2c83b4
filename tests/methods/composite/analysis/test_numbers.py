"""Against published and hand-computed numbers."""

from __future__ import annotations

import numpy as np
import pytest

from qualipolis.methods.composite.analysis import (
    bartlett_sphericity,
    columns,
    correlation_matrix,
    cronbach_alpha,
    factor_structure,
    principal_components,
    sampling_adequacy,
    statistics,
    varimax,
)
from qualipolis.methods.composite.analysis.factors import random_eigenvalues

MOTOR_TRENDS = """
21 6 160 110 3.9 2.62 16.46 0 1 4 4;21 6 160 110 3.9 2.875 17.02 0 1 4 4;22.8 4 108 93 3.85 2.32 18.61 1 1 4 1
21.4 6 258 110 3.08 3.215 19.44 1 0 3 1;18.7 8 360 175 3.15 3.44 17.02 0 0 3 2;18.1 6 225 105 2.76 3.46 20.22 1 0 3 1
14.3 8 360 245 3.21 3.57 15.84 0 0 3 4;24.4 4 146.7 62 3.69 3.19 20 1 0 4 2;22.8 4 140.8 95 3.92 3.15 22.9 1 0 4 2
19.2 6 167.6 123 3.92 3.44 18.3 1 0 4 4;17.8 6 167.6 123 3.92 3.44 18.9 1 0 4 4;16.4 8 275.8 180 3.07 4.07 17.4 0 0 3 3
17.3 8 275.8 180 3.07 3.73 17.6 0 0 3 3;15.2 8 275.8 180 3.07 3.78 18 0 0 3 3;10.4 8 472 205 2.93 5.25 17.98 0 0 3 4
10.4 8 460 215 3 5.424 17.82 0 0 3 4;14.7 8 440 230 3.23 5.345 17.42 0 0 3 4;32.4 4 78.7 66 4.08 2.2 19.47 1 1 4 1
30.4 4 75.7 52 4.93 1.615 18.52 1 1 4 2;33.9 4 71.1 65 4.22 1.835 19.9 1 1 4 1;21.5 4 120.1 97 3.7 2.465 20.01 1 0 3 1
15.5 8 318 150 2.76 3.52 16.87 0 0 3 2;15.2 8 304 150 3.15 3.435 17.3 0 0 3 2;13.3 8 350 245 3.73 3.84 15.41 0 0 3 4
19.2 8 400 175 3.08 3.845 17.05 0 0 3 2;27.3 4 79 66 4.08 1.935 18.9 1 1 4 1;26 4 120.3 91 4.43 2.14 16.7 0 1 5 2
30.4 4 95.1 113 3.77 1.513 16.9 1 1 5 2;15.8 8 351 264 4.22 3.17 14.5 0 1 5 4;19.7 6 145 175 3.62 2.77 15.5 0 1 5 6
15 8 301 335 3.54 3.57 14.6 0 1 5 8;21.4 4 121 109 4.11 2.78 18.6 1 1 4 2
"""
"""Henderson and Velleman (1981), 32 cars from Motor Trend 1974: the example of many statistics manuals."""


@pytest.fixture(scope="module")
def cars() -> np.ndarray:
    return np.array([[float(x) for x in row.split()] for row in MOTOR_TRENDS.strip().replace("\n", ";").split(";")])


def test_it_gives_the_published_test_of_sphericity(cars: np.ndarray) -> None:
    """Manual of the R package parameters: Chisq(55) = 408.01, p < .001."""
    found = bartlett_sphericity(cars)
    assert (round(found.chi2, 2), found.df, found.n) == (408.01, 55, 32)
    assert found.p < 1e-50


def test_it_gives_the_published_sampling_adequacy(cars: np.ndarray) -> None:
    """Manual of the R package parameters: overall 0.83; mpg .93, cyl .90, disp .76, hp .84, drat .95, wt .74, ..."""
    found = sampling_adequacy(cars)
    assert round(found.overall, 2) == 0.83
    assert found.each.round(2).tolist() == [0.93, 0.9, 0.76, 0.84, 0.95, 0.74, 0.74, 0.91, 0.88, 0.85, 0.62]
    assert found.grade == "meritorious"


def test_it_gives_the_published_components(cars: np.ndarray) -> None:
    """prcomp(mtcars, scale. = TRUE): standard deviations 2.5707, 1.6280, 0.7919; 60.08 % and 24.09 %."""
    found = principal_components(cars)
    assert found.sdev[:3].round(4).tolist() == [2.5707, 1.628, 0.7920]
    assert (found.explained[:2] * 100).round(2).tolist() == [60.08, 24.1]


def test_equal_correlations_have_a_closed_form() -> None:
    """Three columns with correlation 1/2: partial correlations 1/3, so KMO = (1/4) / (1/4 + 1/9) = 9/13; alpha = 3/4."""
    table = exact(np.array([[1, 0.5, 0.5], [0.5, 1, 0.5], [0.5, 0.5, 1]]))
    assert sampling_adequacy(table).overall == pytest.approx(9 / 13, rel=1e-9)
    assert cronbach_alpha(table).alpha == pytest.approx(0.75, rel=1e-9)
    assert bartlett_sphericity(table).chi2 == pytest.approx(-(len(table) - 1 - 11 / 6) * np.log(0.5), rel=1e-9)


def exact(r: np.ndarray, n: int = 12) -> np.ndarray:
    """A table whose sample correlations are exactly r."""
    table = np.random.default_rng(3).standard_normal((n, len(r)))
    q, _ = np.linalg.qr(table - table.mean(axis=0))
    return q @ np.linalg.cholesky(r).T


def test_alpha_by_hand() -> None:
    """Variances 5/3, 5/3 and 20/3; covariances 1, 2, 10/3: alpha = 3/2 (1 - 10 / (10 + 2 * 19/3))."""
    rows = [[1.0, 2.0, 2.0], [2.0, 1.0, 4.0], [3.0, 4.0, 6.0], [4.0, 3.0, 8.0]]
    found = cronbach_alpha(rows)
    assert found.alpha == pytest.approx(1.5 * (1 - 10 / (10 + 38 / 3)), rel=1e-12)
    assert found.dropped[2] == pytest.approx(2 * (1 - (10 / 3) / (10 / 3 + 2)), rel=1e-12)


def test_kendall_and_spearman_by_hand() -> None:
    """Ranks 1 2 3 4 5 against 2 1 4 3 5: rho = 1 - 6*4/120 = 0.8; 8 pairs in order, 2 not: tau = 0.6, p = 28/120."""
    rows = np.array([[1, 2], [2, 1], [3, 4], [4, 3], [5, 5]], dtype=float)
    assert correlation_matrix(rows, "spearman").between("c1", "c2") == pytest.approx(0.8)
    tau = correlation_matrix(rows, "kendall")
    assert tau.between("c1", "c2") == pytest.approx(0.6)
    assert tau.p[0, 1] == pytest.approx(28 / 120)


def test_statistics_by_hand() -> None:
    rows = [[0.0], [1.0], [1.0], [2.0], [6.0], [np.nan]]
    found = statistics(rows)
    numbers = {name: float(value[0]) for name, value in found.numbers.items()}
    assert (numbers["mean"], numbers["median"], numbers["sd"]) == (2.0, 1.0, pytest.approx(np.sqrt(5.5)))
    assert (numbers["q25"], numbers["q75"], numbers["q95"]) == (1.0, 2.0, pytest.approx(5.2))
    counts = [int(found.counts[name][0]) for name in ("available", "nonzero", "distinct", "most_frequent")]
    assert counts == [5, 4, 4, 2]
    assert float(found.shares["available_share"][0]) == pytest.approx(5 / 6)


def test_parallel_analysis_agrees_with_drawing_whole_tables() -> None:
    """Bartlett's decomposition has the distribution of the sums of squares of normal columns."""
    rng = np.random.default_rng(5)
    tables = (rng.standard_normal((25, 6)) for _ in range(400))
    direct = [np.linalg.eigvalsh(np.corrcoef(one, rowvar=False))[::-1] for one in tables]
    ours = random_eigenvalues(25, 6, np.random.default_rng(6), 400, 0.5)
    assert ours == pytest.approx(np.median(direct, axis=0), abs=0.03)


def test_varimax_finds_the_simple_structure_that_was_turned_away() -> None:
    simple = np.array([[0.9, 0.0, 0.0], [0.8, 0.0, 0.0], [0, 0.7, 0], [0, 0.9, 0], [0, 0, 0.8], [0, 0, 0.6]])
    turn, _ = np.linalg.qr(np.random.default_rng(2).standard_normal((3, 3)))
    found = np.abs(varimax(simple @ turn))
    order = np.argmax(found[[0, 2, 4]], axis=1)
    assert found[:, order] == pytest.approx(simple, abs=1e-8)


def test_factors_are_counted_and_members_found() -> None:
    rng = np.random.default_rng(4)
    common = np.repeat(rng.standard_normal((200, 3)), 4, axis=1)
    found = factor_structure(common + 0.6 * rng.standard_normal((200, 12)), seed=1)
    assert (found.by_kaiser, found.by_parallel) == (3, 3)
    groups = [set(list(found.factor_of.values())[k : k + 4]) for k in (0, 4, 8)]
    assert all(len(group) == 1 for group in groups)
    assert found.explained.sum() == pytest.approx(found.communality.mean())


def test_columns_of_an_array_take_names() -> None:
    assert columns([[1.0, 2.0]], codes=("a", "b")).only(("b",)).values.tolist() == [[2.0]]


def test_gaps_are_no_zeros_and_no_repetition_but_in_the_reference() -> None:
    column = [[1.0], [2.0], [3.0], [0.0], *[[float("nan")]] * 5]
    ours, theirs = statistics(column), statistics(column, compat="coinr-1.1.14")
    assert (ours.flagged("many_zeros"), ours.flagged("few_distinct")) == ((), ())
    assert (theirs.flagged("many_zeros"), theirs.flagged("few_distinct")) == (("c1",), ("c1",))
    assert ours.shares["nonzero_share"].tolist() == theirs.shares["nonzero_share"].tolist() == [0.75]
