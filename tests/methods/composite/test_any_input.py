"""Whatever comes in: a result, or words. Never a traceback, a warning of the number library, or an infinite score."""

from __future__ import annotations

import copy
import pickle
import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qualipolis.methods.composite import (
    DEFAULT_PIPELINE,
    Aggregate,
    Denominate,
    Framework,
    Impute,
    IndicatorData,
    Node,
    Normalise,
    PanelData,
    Pipeline,
    Screen,
    data_availability,
    denominator_correlations,
    outranking_matrix,
    run_panel,
)
from qualipolis.methods.composite.impute import METHODS as IMPUTED
from qualipolis.methods.composite.more_means import METHODS as MEANS
from qualipolis.methods.composite.normalise_checks import METHODS as SCALES
from qualipolis.methods.composite.transforms import TRANSFORMS
from qualipolis.methods.problems import InputError

NAN = float("nan")
NUMBERS = st.one_of(st.sampled_from([0.0, 1.0, -3.0, NAN, 1e-12, 1e12, 1e60]), st.floats(-100, 100, width=16))
TREE = Framework(
    (
        Node("a", parent="A", floor=0.0, target=5.0),
        Node("b", parent="A", direction=-1, weight=2.0, floor=9.0, target=1.0, denominator="people"),
        Node("c", parent="B", direction=0, target_low=0.0, target_high=2.0),
        Node("A", parent="X", level=2, kind="aggregate"),
        Node("B", parent="X", level=2, kind="aggregate"),
        Node("X", level=3, kind="aggregate"),
    )
)


def some(kind: str, **choices: Any) -> st.SearchStrategy[dict[str, Any]]:
    """Return a step with any subset of parameters."""
    optional = {
        name: choice if isinstance(choice, st.SearchStrategy) else st.sampled_from(choice)
        for name, choice in choices.items()
    }
    return st.fixed_dictionaries({"step": st.just(kind)}, optional=optional)


WIDE = st.sampled_from([0.0, 0.5, 1.0, 2.0, -1.0, 10.0, 600.0, -300.0, NAN])
STEPS = st.tuples(
    some("denominate", scale=st.dictionaries(st.sampled_from("abz"), WIDE, max_size=1)),
    some("impute", method=IMPUTED, group=("g", "h"), level=(2, 3, 7), normalise_first=(True, False)),
    some("screen", available=(0.0, 0.5, 1.0), nonzero=(0.0, 0.5), include=([], ["u0"]), exclude=([], ["u1", "q"])),
    some(
        "treat",
        winmax=(0, 1, 99),
        skew=(0.1, 2.0),
        kurt=(0.1, 3.5),
        first=("winsorise", *TRANSFORMS),
        transform=TRANSFORMS,
        force=(True, False),
        power=("auto", 0.0, -5.0, 5.0),
    ),
    some(
        "normalise",
        method=SCALES,
        low=(0.0, 1.0),
        posts=((), (0, 1), (0, 9, 10)),
        target=(2.0, -2.0),
        reference=("u0", "u9"),
        clamp=(True, False),
        mean=(0.0, 100.0),
        sd=(1.0, 10.0),
    ),
    some("weigh", method=("meta", "equal"), weights=st.dictionaries(st.sampled_from("abcAB"), WIDE, max_size=2)),
    some(
        "aggregate",
        method=MEANS,
        levels=st.dictionaries(st.just("3"), st.sampled_from(MEANS)),
        min_share=(0.0, 0.5, 1.0),
        power=WIDE,
    ),
)


@settings(max_examples=60)
@given(
    st.integers(1, 8).flatmap(lambda n: st.lists(st.tuples(*[NUMBERS] * 4), min_size=n, max_size=n)),
    STEPS,
    st.lists(st.booleans(), min_size=7, max_size=7),
)
def test_it_gives_a_result_or_words(
    rows: list[tuple[float, ...]], steps: tuple[dict[str, Any], ...], on: list[bool]
) -> None:
    chosen = [step for step, one in zip(steps, on, strict=True) if one or step["step"] == "aggregate"]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            data = IndicatorData(
                [f"u{k}" for k in range(len(rows))],
                ("a", "b", "c"),
                [row[:3] for row in rows],
                groups={"g": [("p", "q", None)[k % 3] for k in range(len(rows))]},
                denominators={"people": [row[3] for row in rows]},
            )
            result = Pipeline.from_dict({"steps": chosen}).run(TREE, data)
        except InputError as error:
            assert all(problem.text() for problem in error.problems)
            return
        assert not np.isinf(result.scores).any()
        assert result.to_frame().height == len(result.units) * 6
        try:
            parts = result.contribution("X")
        except InputError:
            return
        size = max(1.0, float(np.nanmax(np.abs(result.scores), initial=0.0)))
        told = ~np.isnan(parts).any(axis=1)
        np.testing.assert_allclose(parts[told].sum(axis=1), result.score("X")[told], rtol=1e-6, atol=1e-6 * size)


def run(*steps: Any, values: list[list[float]]) -> Any:
    tree = Framework((Node("a", parent="X"), Node("b", parent="X"), Node("X", level=2, kind="aggregate")))
    data = IndicatorData([f"u{k}" for k in range(len(values))], ("a", "b"), values, groups={"g": ["p"] * len(values)})
    return Pipeline((*steps, Aggregate())).run(tree, data)


def test_an_absurd_value_is_named_with_its_cell() -> None:
    with pytest.raises(InputError) as caught:
        IndicatorData(("u",), ("a",), [[1e61]], denominators={"d": [-1e99]})
    assert [(p.code, p.place) for p in caught.value.problems] == [
        ("too_large", "DATA u, a"),
        ("too_large", "DATA u, d"),
    ]
    assert np.isfinite(run(Normalise("zscore"), values=[[1e60, 1], [-1e60, 2], [0, 5]]).scores).all()


def test_a_scale_of_zero_or_below_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        Denominate(scale={"a": 0.0, "b": -1.0, "c": 1e99, "d": NAN})
    assert len(caught.value.problems) == 4


def test_a_grouping_that_the_method_does_not_use_is_not_asked_for() -> None:
    values = [[1.0, 2.0], [NAN, 3.0], [5.0, 4.0]]
    assert run(Impute("mean", group="nowhere"), values=values).stages["impute"].values[1, 0] == 3.0


def test_a_screen_says_which_indicator_it_left_without_values() -> None:
    result = run(Screen(0.5, exclude=("u0",)), values=[[1.0, 2.0], [NAN, 3.0], [NAN, 4.0]])
    assert [p.params["code"] for p in result.problems if p.code == "emptied_column"] == ["a"]


def test_an_infinite_score_of_the_reference_is_spoken_of_and_ranked() -> None:
    values = [[0.0, 1.0], [0.0, 2.0], [4.0, 3.0]]
    step = Normalise("fracmax", low=0.0, high=1.0, direction=-1, compat="coinr-1.1.14")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = run(step, values=values)
        assert [p.params["code"] for p in result.problems if p.code == "infinite_score"] == ["a"]
        assert np.isinf(result.score("a")).any()
        assert result.ranks("X").tolist()[2] in (1.0, 3.0)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ([["1", "x"], ["2", "3"]], "not_a_number"),
        ([[1, 2], [3]], "ragged_table"),
        (np.array([[1j, 2], [3, 4]]), "not_a_number"),
        (np.array([["2024-01-01"] * 2] * 2, dtype="datetime64[D]"), "not_a_number"),
    ],
)
def test_a_table_that_is_not_of_numbers_is_refused_with_words(values: Any, code: str) -> None:
    with pytest.raises(InputError) as caught:
        IndicatorData(("u", "v"), ("a", "b"), values)
    assert {p.code for p in caught.value.problems} == {code}


def test_numbers_of_any_kind_are_taken_and_what_is_masked_is_missing() -> None:
    masked = np.ma.masked_greater([[1.0, 9.0], [3.0, 4.0]], 5)
    for values in ([[1, None], [3, 4]], np.array([[1, NAN], [3, 4]], dtype=np.float32), masked, [["1", NAN], [3, 4]]):
        data = IndicatorData((1, np.str_("v")), ("a", "b"), values)  # type: ignore[arg-type]
        np.testing.assert_array_equal(data.values, [[1, NAN], [3, 4]])
        assert (data.units, type(data.units[1])) == (("1", "v"), str)


def test_what_is_no_framework_no_data_or_no_code_is_refused_with_words() -> None:
    for wrong in (
        lambda: IndicatorData((None, "v"), ("a",), [[1], [2]]),  # type: ignore[arg-type]
        lambda: Framework(({"code": "a"},)),  # type: ignore[arg-type]
        lambda: Pipeline((Aggregate(),)).run(TREE, None),  # type: ignore[arg-type]
        lambda: Pipeline.from_dict([1]),  # type: ignore[arg-type]
        lambda: IndicatorData(("u",), ("a",), [[1]]).column("b"),
        lambda: outranking_matrix([["x"]], [1]),
    ):
        with pytest.raises(InputError):
            wrong()


def test_an_index_that_nobody_has_is_spoken_of() -> None:
    result = run(Normalise(), values=[[1.0, 2.0], [1.0, 2.0]])
    assert [p.params["node"] for p in result.problems if p.code == "no_scores"] == ["X"]


def test_results_travel_between_processes() -> None:
    panel = PanelData((1, 2), ("u", "v"), ("a",), [[[1.0], [2.0]], [[3.0], [5.0]]])
    tree = Framework((Node("a", parent="X"), Node("X", level=2, kind="aggregate")))
    result = run_panel(DEFAULT_PIPELINE, tree, panel, scale="yearly")
    again = pickle.loads(pickle.dumps(result))
    assert again.result.pipeline == result.result.pipeline
    assert again.to_frame().equals(result.to_frame())
    assert repr(copy.deepcopy(result)) == repr(result)


def test_what_goes_in_can_be_looked_at_as_tables() -> None:
    assert TREE.to_frame().filter(code="b")["floor"].to_list() == [9.0]
    data = IndicatorData(("u", "v"), ("a",), [[1.0], [NAN]], groups={"g": [None, None]}, denominators={"d": [2, 3]})
    assert data.to_frame().rows() == [("u", None, 2.0, 1.0), ("v", None, 3.0, None)]


def test_a_framework_with_more_than_the_data_is_refused_in_the_tables_before_a_run() -> None:
    data = IndicatorData(("u", "v"), ("a",), [[1.0], [2.0]], denominators={"d": [2, 3]})
    for look in (lambda: data_availability(TREE, data), lambda: denominator_correlations(data, TREE)):
        with pytest.raises(InputError) as caught:
            look()
        assert {p.code for p in caught.value.problems} == {"indicator_without_data"}
