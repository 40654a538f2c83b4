"""Division by size, and which indicators follow size."""

from __future__ import annotations

import numpy as np
import pytest

from qualipolis.methods.composite import (
    Aggregate,
    Denominate,
    Framework,
    IndicatorData,
    Node,
    Normalise,
    Pipeline,
    Weigh,
    denominator_correlations,
)
from qualipolis.methods.problems import InputError

TREE = Framework(
    (Node("firms", parent="X", denominator="people"), Node("rate", parent="X"), Node("X", level=2, kind="aggregate"))
)
PEOPLE = np.array([10.0, 20.0, 40.0, 80.0, 0.0])
DATA = IndicatorData(
    tuple("abcde"),
    ("firms", "rate"),
    [[11, 3], [19, 1], [42, 2], [78, 3], [5, 2]],
    denominators={"people": PEOPLE, "area": [1.0, 2.0, 1.0, float("nan"), 3.0]},
)


def pipeline(**parameters: object) -> Pipeline:
    return Pipeline((Denominate(**parameters), Normalise(), Weigh(), Aggregate()))


def test_the_framework_and_the_step_say_what_is_divided_by_what() -> None:
    plain = pipeline().run(TREE, DATA).stages["denominate"].values
    np.testing.assert_allclose(plain[:4], [[1.1, 3], [0.95, 1], [1.05, 2], [0.975, 3]])
    own = pipeline(by={"firms": "", "rate": "area"}, scale={"rate": 100}).run(TREE, DATA).stages["denominate"].values
    np.testing.assert_allclose(own[:, 0], DATA.values[:, 0])
    np.testing.assert_allclose(own[:3, 1], [300, 50, 200])


def test_a_zero_denominator_makes_the_cell_missing_and_is_named() -> None:
    result = pipeline().run(TREE, DATA)
    assert np.isnan(result.stages["denominate"].values[4, 0])
    assert not np.isinf(result.scores).any()
    (problem,) = [p for p in result.problems if p.code == "zero_denominator"]
    assert (problem.place, problem.params["name"], problem.severity) == ("DATA e, firms", "people", "warning")


def test_an_unknown_denominator_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        pipeline(by={"rate": "cars"}, scale={"x": 2}).run(TREE, DATA)
    assert [p.code for p in caught.value.problems] == ["missing_denominator", "unknown_indicator"]


def test_it_finds_what_goes_with_size_over_the_pairs_present() -> None:
    rows = denominator_correlations(DATA, threshold=0.0).to_dicts()
    found = {(row["indicator"], row["denominator"]): (row["correlation"], row["n"]) for row in rows}
    value, n = found["firms", "people"]
    assert (value, n) == (pytest.approx(np.corrcoef(DATA.column("firms"), PEOPLE)[0, 1]), 5)
    assert found["rate", "area"][1] == 4
    assert [row["indicator"] for row in denominator_correlations(DATA, TREE, 0.9).to_dicts()] == ["firms"]


def test_after_dividing_the_size_effect_is_gone() -> None:
    result = pipeline().run(TREE, DATA)
    assert denominator_correlations(DATA, threshold=0.95)["indicator"].to_list() == ["firms"]
    assert denominator_correlations(result, threshold=0.95).is_empty()


def test_a_correlation_says_nothing_without_variation_or_with_two_units() -> None:
    data = IndicatorData(
        tuple("abc"), ("flat", "few"), [[1, 1], [1, 2], [1, float("nan")]], denominators={"d": [1, 2, 3]}
    )
    assert denominator_correlations(data, threshold=0.0).is_empty()


def test_a_table_without_denominators_or_a_strange_threshold_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        denominator_correlations(IndicatorData(("u",), ("a",), [[1.0]]), threshold=2)
    assert [p.code for p in caught.value.problems] == ["no_denominators", "bad_threshold"]


def test_a_batch_has_the_digits_of_single_runs() -> None:
    from qualipolis.methods.composite.pipeline import start

    many = np.stack([DATA.values * k for k in (1.0, 1.7, 0.3)])
    step = Denominate(by={"rate": "area"}, scale={"firms": 1000})
    batch = step.apply(start(TREE, DATA, many)).values
    for one, values in zip(batch, many, strict=True):
        np.testing.assert_array_equal(one, step.apply(start(TREE, DATA, values)).values)
