"""What cannot be computed is said in words, never in an error of the algebra library."""

from __future__ import annotations

import numpy as np
import pytest

from qualipolis.methods.composite import DEFAULT_PIPELINE, Framework, IndicatorData, Node
from qualipolis.methods.composite.analysis import (
    bartlett_sphericity,
    cluster_indicators,
    cluster_units,
    columns,
    correlation_flags,
    correlation_matrix,
    correlations,
    cronbach_alpha,
    factor_structure,
    principal_components,
    sampling_adequacy,
    statistics,
    structure_test,
)
from qualipolis.methods.problems import InputError

RNG = np.random.default_rng(0)
TABLE = RNG.standard_normal((20, 4))


def codes(error: pytest.ExceptionInfo[InputError]) -> set[str]:
    return {problem.code for problem in error.value.problems}


def test_a_constant_column_is_left_out_and_named() -> None:
    table = np.column_stack([TABLE, np.full(20, 3.0)])
    for function in (principal_components, sampling_adequacy, bartlett_sphericity, factor_structure):
        found = function(table)
        assert found.codes == ("c1", "c2", "c3", "c4")
        assert [p.params["node"] for p in found.problems if p.code == "constant_column"] == ["c5"]
    assert cluster_indicators(table).problems[0].code == "constant_column"
    assert np.isnan(correlation_matrix(table).r[4]).all()
    assert cronbach_alpha(table).problems[0].code == "constant_column"


def test_a_doubled_column_makes_no_number_but_a_reason() -> None:
    table = np.column_stack([TABLE, TABLE[:, 0] + TABLE[:, 1]])
    for function in (sampling_adequacy, bartlett_sphericity):
        found = function(table)
        assert np.isnan(found.overall if hasattr(found, "overall") else found.chi2)
        assert found.problems[-1].code == "singular"
    assert principal_components(table).sdev[-1] == pytest.approx(0, abs=1e-7)


def test_more_columns_than_units_is_said() -> None:
    table = RNG.standard_normal((5, 8))
    assert sampling_adequacy(table).problems[-1].code == "singular_few_units"
    assert np.isnan(bartlett_sphericity(table).p)
    assert principal_components(table).problems[-1].code == "few_units"
    found = factor_structure(table, factors=2)
    assert found.problems[-1].code == "few_units"
    assert found.rotated.shape == (8, 2)


def test_too_little_data_is_refused_in_words() -> None:
    gaps = TABLE.copy()
    gaps[np.arange(20), np.arange(20) % 4] = np.nan
    for function in (principal_components, sampling_adequacy, bartlett_sphericity, factor_structure):
        with pytest.raises(InputError) as error:
            function(gaps)
        assert codes(error) == {"too_little_data"}
        assert "pairwise" in str(error.value)
        assert function(gaps, missing="pairwise").n == 10
    with pytest.raises(InputError):
        principal_components(np.ones((5, 3)))


def test_empty_columns_give_nothing_and_do_not_break() -> None:
    table = np.column_stack([TABLE, np.full(20, np.nan)])
    found = statistics(table)
    assert found.counts["available"].tolist() == [20, 20, 20, 20, 0]
    assert np.isnan(found.numbers["mean"][4])
    assert found.counts["distinct"][4] == 0
    assert "c5" in found.flagged("low_availability")
    for method in ("pearson", "spearman", "kendall"):
        assert np.isnan(correlation_matrix(table, method).r[4]).all()
    assert cluster_indicators(table, groups=2).members == ("c1", "c2", "c3", "c4")
    assert len(cluster_units(table, groups=2).members) == 20


def test_unknown_words_are_named() -> None:
    tree = Framework((Node("a", parent="X"), Node("b", parent="X"), Node("X", level=2, kind="aggregate")))
    result = DEFAULT_PIPELINE.run(tree, IndicatorData(("u", "v", "w"), ("a", "b"), [[1, 5], [2, 3], [3, 4]]))
    for call in (
        lambda: columns(result, stage="imagined"),
        lambda: columns(result, under="Y"),
        lambda: columns(result, stage="raw", codes=("X",)),
        lambda: columns(TABLE, level=1),
        lambda: columns([[np.inf]]),
        lambda: columns([1.0, 2.0]),
        lambda: correlation_matrix(TABLE, "guess"),
        lambda: correlations(result, within="guess"),
        lambda: correlation_flags(result, kind="guess"),
        lambda: principal_components(TABLE, missing="guess"),
        lambda: factor_structure(TABLE, factors=9),
        lambda: cluster_indicators(TABLE, linkage="guess"),
        lambda: cluster_units(TABLE, groups=0),
    ):
        with pytest.raises(InputError) as error:
            call()
        assert all(str(problem) for problem in error.value.problems)


def test_alpha_of_one_column_is_undefined() -> None:
    found = cronbach_alpha(TABLE[:, :1])
    assert np.isnan(found.alpha)
    assert found.problems[0].code == "alpha_undefined"


def test_few_units_leave_the_structure_untested() -> None:
    tree = Framework((Node("a", parent="X"), Node("b", parent="X"), Node("X", level=2, kind="aggregate")))
    result = DEFAULT_PIPELINE.run(tree, IndicatorData(("u", "v"), ("a", "b"), [[1, 5], [2, 3]]))
    found = structure_test(result)
    assert found.aggregations[0].passed is None
    assert found.problems[0].code == "structure_not_testable"
    assert found.to_frame()["passed"].to_list() == [None]
