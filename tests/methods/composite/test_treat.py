"""Outliers: which columns need treatment, what is done, and what is said about it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualipolis.methods.composite import (
    Aggregate,
    Alternatives,
    CompositeResult,
    DataNoise,
    Framework,
    IndicatorData,
    Node,
    Normalise,
    Pipeline,
    Treat,
    Weigh,
    step_from_dict,
)
from qualipolis.methods.composite.pipeline import start
from qualipolis.methods.composite.treat_rows import treat_rows
from qualipolis.methods.problems import InputError

UNITS = 30
CODES = ("calm", "high", "far", "low", "twins")
TREE = Framework((*[Node(code, parent="X") for code in CODES], Node("X", level=2, kind="aggregate")))


def table(seed: int = 0) -> IndicatorData:
    """``far`` is skewed all along, ``high`` and ``low`` have two outliers each, ``twins`` has three tied ones."""
    rng = np.random.default_rng(seed)
    values = rng.normal(10, 1, (UNITS, 5))
    values[:2, 1] = 60, 90
    values[:, 2] = np.exp(np.linspace(0, 18, UNITS))
    values[:2, 3] = -60, -90
    values[:3, 4] = 50
    values[5, :2] = np.nan
    return IndicatorData([f"u{k:02d}" for k in range(UNITS)], CODES, values)


def run(step: Treat, data: IndicatorData | None = None) -> CompositeResult:
    return Pipeline((step, Normalise(), Weigh(), Aggregate())).run(TREE, data or table())


def details(result: CompositeResult) -> dict[str, dict]:
    return {row["node"]: row for row in result.details["treat"].to_dicts()}


def treated(step: Treat, code: str, data: IndicatorData | None = None) -> np.ndarray:
    return run(step, data).stages["treat"].values[:, CODES.index(code)]


def test_it_says_what_was_done_to_each_column_and_each_value() -> None:
    result = run(Treat(winmax=2))
    rows = details(result)
    assert [rows[c]["passed_before"] for c in CODES] == [True, False, False, False, False]
    assert [rows[c]["winsorised"] for c in CODES] == [None, 2, 2, 2, 3]
    assert [rows[c]["transform"] for c in CODES] == [None, None, "log", None, None]
    assert all(rows[c]["passed"] for c in CODES)
    points = result.details["treat.points"].to_dicts()
    low = [(p["unit"], p["winsorised"], p["before"]) for p in points if p["node"] == "low"]
    assert low == [("u00", "low", -60.0), ("u01", "low", -90.0)]
    whole = [p for p in points if p["node"] == "far"]
    assert len(whole) == UNITS
    assert [p["unit"] for p in whole if p["winsorised"]] == ["u28", "u29"]


def test_winmax_counts_values_so_that_ties_are_not_free() -> None:
    row = np.array([[*range(40), 60.0, 60.0, 60.0, 500.0]])
    row[0, -4:] = 900, 900, 900, 5000
    by_points = treat_rows(row, 2, 0.5, 0.5, "none")
    by_steps = treat_rows(row, 2, 0.5, 0.5, "none", count="steps")
    assert by_points.winsorised.tolist() == [4]
    assert by_points.rows[0, -4:].tolist() == [39.0] * 4
    np.testing.assert_array_equal(by_points.rows, by_steps.rows)
    ties = np.array([[*range(40), 900.0, 900.0, 900.0, 950.0, 960.0]])
    assert treat_rows(ties, 2, 0.5, 0.5, "none").rows[0, -5:].tolist() == [900.0] * 5
    assert treat_rows(ties, 3, 0.5, 0.5, "none").winsorised.tolist() == [5]
    assert treat_rows(ties, 2, 0.5, 0.5, "none", count="steps").winsorised.tolist() == [2]


def test_the_log_starts_from_the_original_or_from_the_winsorised_column() -> None:
    far = table().column("far")
    plain, combined = treated(Treat(winmax=2), "far"), treated(Treat(winmax=2, combine=True), "far")
    low, high, third = far.min(), far.max(), np.sort(far)[-3]
    np.testing.assert_allclose(plain, np.log(far - low + 0.01 * (high - low)))
    np.testing.assert_allclose(combined, np.log(np.minimum(far, third) - low + 0.01 * (third - low)))


def test_the_test_and_the_winsorising_may_have_thresholds_of_their_own() -> None:
    gentle = Treat(winmax=10, transform="none", winsor_skew=0.5, winsor_kurt=0.5)
    assert details(run(gentle))["high"]["winsorised"] >= details(run(Treat(transform="none")))["high"]["winsorised"]
    lax = Treat(winmax=10, transform="none", winsor_skew=50.0)
    assert details(run(lax))["high"]["winsorised"] == 0
    assert "high" in {p.params["code"] for p in run(lax).problems if p.code == "still_failing"}


def test_an_indicator_that_passes_can_be_treated_by_force() -> None:
    own = Treat(indicators={"calm": {"force": True, "winmax": 2}})
    assert details(run(own))["calm"]["winsorised"] == 2
    assert details(run(own))["calm"]["passed_before"]
    logged = treated(Treat(indicators={"calm": {"first": "ln", "force": True}}), "calm")
    np.testing.assert_allclose(logged, np.log(table().column("calm")))


def test_each_indicator_may_have_a_treatment_of_its_own() -> None:
    own = {"high": "none", "low": {"winmax": 1, "transform": "none"}, "far": {"first": "log_ct_orig"}}
    result = run(Treat(indicators=own))
    data, values = table(), result.stages["treat"].values
    np.testing.assert_array_equal(values[:, 1], data.values[:, 1])
    assert set(details(result)) == {"calm", "low", "far", "twins"}
    assert details(result)["low"]["winsorised"] == 1
    assert details(result)["far"]["first"] == "log_ct_orig"
    np.testing.assert_allclose(values[:, 2], np.log(data.values[:, 2] - data.values[:, 2].min() + 1))
    np.testing.assert_array_equal(values[:, 4], treated(Treat(), "twins"))
    again = step_from_dict(Treat(indicators=own).to_dict())
    assert again == Treat(indicators=own)


@pytest.mark.parametrize(
    ("own", "codes"),
    [
        ({"far": {"winmx": 3}}, ["unknown_parameter"]),
        ({"far": {"winmax": -1, "transform": "magic"}}, ["out_of_range", "unknown_choice"]),
        ({"far": "nothing"}, ["unknown_choice"]),
        ({"far": {"indicators": {}}}, ["unknown_choice"]),
    ],
)
def test_a_treatment_that_makes_no_sense_is_refused(own: dict, codes: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        Treat(indicators=own)
    assert [p.code for p in caught.value.problems] == codes


@pytest.mark.parametrize(
    "parameters", [{"first": "magic"}, {"count": "values"}, {"power": "best"}, {"compat": "coinr-9"}, {"skew": 0}]
)
def test_parameters_are_checked(parameters: dict) -> None:
    with pytest.raises(InputError):
        Treat(**parameters)


def test_an_unknown_indicator_is_refused_before_running() -> None:
    with pytest.raises(InputError) as caught:
        run(Treat(indicators={"nobody": "none"}))
    assert [p.code for p in caught.value.problems] == ["unknown_indicator"]


@pytest.mark.parametrize("first", ["log", "log_ct", "log_ct_orig", "boxcox", "none"])
def test_a_change_of_the_first_treatment_for_all_is_never_lost(first: str) -> None:
    """The reference keeps the parameters of the old one, fails and returns the column untreated (D9)."""
    result = run(Treat(first=first, transform="none"))
    same = np.array_equal(result.stages["treat"].values[:, 1], table().values[:, 1], equal_nan=True)
    assert same == (first == "none")
    failing = {p.params["code"] for p in result.problems if p.code == "still_failing"}
    assert failing == {code for code, row in details(result).items() if not row["passed"]}
    assert ("high" in failing) == (not details(result)["high"]["passed"])


def test_a_log_that_fails_is_kept_and_named() -> None:
    result = run(Treat(winmax=0, transform="log_ct_orig"))
    row = details(result)["low"]
    assert (row["transformed"], row["passed"]) == (True, False)
    words = [str(p) for p in result.problems if p.code == "still_failing" and p.params["code"] == "low"]
    assert words == [
        f"DATA low: low still has outliers after the treatment: skewness {row['skew_transformed']:.2f}, kurtosis "
        f"{row['kurtosis_transformed']:.2f}. Check the values, or give the indicator a treatment of its own."
    ]


def test_the_mirrored_log_helps_a_left_tail_and_the_plain_one_makes_it_worse() -> None:
    """D6: the plain log is there for who asks for it."""
    ours, theirs = (details(run(Treat(winmax=0, transform=t)))["low"] for t in ("log", "log_ct"))
    before = ours["skew_before"]
    assert before < -2
    assert abs(ours["skew_transformed"]) < abs(before) < abs(theirs["skew_transformed"])
    assert (np.argsort(treated(Treat(winmax=0), "low")) == np.argsort(table().column("low"))).all()


def test_two_values_cannot_be_winsorised_and_it_says_so() -> None:
    values = table().values.copy()
    values[:, 0] = [1.0] + [0.0] * (UNITS - 1)
    result = run(Treat(), IndicatorData(table().units, CODES, values))
    assert [p.params["code"] for p in result.problems if p.code == "few_values"] == ["calm"]
    np.testing.assert_array_equal(result.stages["treat"].values[:, 0], values[:, 0])
    assert details(result)["calm"]["passed_before"] is False


@pytest.mark.parametrize("values", [[1.0] * UNITS, [1.0, 2.0, 3.0] + [np.nan] * (UNITS - 3)])
@pytest.mark.parametrize("step", [Treat(), Treat(force=True), Treat(first="boxcox", force=True)])
def test_a_column_that_tells_nothing_is_left_alone(values: list[float], step: Treat) -> None:
    data = IndicatorData(table().units, CODES, np.column_stack([values, table().values[:, 1:]]))
    result = run(step, data)
    np.testing.assert_array_equal(result.stages["treat"].values[:, 0], values)
    assert details(result)["calm"]["passed"] is None


@pytest.mark.parametrize(
    ("step", "code"),
    [
        (Treat(winmax=0, transform="ln"), "low"),
        (Treat(indicators={"low": {"first": "ln"}}), "low"),
        (Treat(winmax=0, transform="log_gii"), "low"),
    ],
)
def test_a_logarithm_of_nothing_is_refused_before_running(step: Treat, code: str) -> None:
    data = IndicatorData(table().units, CODES, table().values - (20.0 if step.transform == "log_gii" else 0.0))
    pipeline = Pipeline((step, Normalise(), Weigh(), Aggregate()))
    found = [p for p in pipeline.problems(TREE, data) if p.code == "no_logarithm"]
    assert code in {p.params["code"] for p in found}
    with pytest.raises(InputError):
        pipeline.run(TREE, data)


def test_a_replicate_without_logarithm_is_a_failure_that_is_counted() -> None:
    data = IndicatorData(table().units, CODES, np.where(table().values < 0, 10.0, table().values))
    result = run(Treat(winmax=0, transform="ln"), data)
    errors = np.zeros(data.values.shape)
    errors[:, 2] = 3.0
    with pytest.raises(InputError) as caught:
        result.uncertainty(n=5, seed=1, factors=(DataNoise(errors),))
    assert "no_logarithm" in {p.code for p in caught.value.problems}


STEPS = [
    Treat(),
    Treat(winmax=1, transform="log_ct", combine=True),
    Treat(first="boxcox", power="auto"),
    Treat(winmax=1, transform="boxcox", power=0.3),
    Treat(force=True, winmax=4),
    Treat(winmax=1, transform="log_ct_orig", indicators={"far": "none", "low": {"transform": "log", "winmax": 0}}),
    Treat(count="steps", winsor_skew=1.0, winsor_kurt=1.0),
    Treat(winmax=1, transform="log_gii", compat="coinr-1.1.14"),
]


@pytest.mark.parametrize("step", STEPS, ids=range(len(STEPS)))
def test_a_batch_has_the_digits_of_single_runs(step: Treat) -> None:
    many = np.stack([table(seed).values for seed in range(4)])
    batch = step.apply(start(TREE, table(), many))
    assert not batch.tables
    for one, values in zip(batch.values, many, strict=True):
        np.testing.assert_array_equal(one, step.apply(start(TREE, table(), values)).values)


@pytest.mark.parametrize("step", STEPS, ids=range(len(STEPS)))
def test_units_and_columns_may_come_in_any_order(step: Treat) -> None:
    data, before = table(), run(step).stages["treat"].values
    order = np.random.default_rng(3).permutation(UNITS)
    other = IndicatorData([data.units[i] for i in order], CODES[::-1], data.values[order][:, ::-1])
    np.testing.assert_allclose(run(step, other).stages["treat"].values, before[order], rtol=1e-6)


@given(st.integers(0, 10_000), st.sampled_from(STEPS), st.floats(0.5, 20), st.floats(-50, 50))
def test_it_keeps_the_order_of_the_units_and_what_is_missing(
    seed: int, step: Treat, scale: float, shift: float
) -> None:
    data = table(seed)
    data = IndicatorData(data.units, CODES, data.values * scale + shift)
    after = run(step, data).stages["treat"].values
    np.testing.assert_array_equal(np.isnan(after), np.isnan(data.values))
    for column in range(len(CODES)):
        raw, mine = data.values[:, column], after[:, column]
        order = np.argsort(raw[~np.isnan(raw)], kind="stable")
        assert (np.diff(mine[~np.isnan(raw)][order]) >= -1e-9).all()


def test_treatments_can_be_alternatives_of_an_uncertainty_run() -> None:
    factors = (Alternatives("treat.first", ("winsorise", "log")), Alternatives("treat.combine", (False, True)))
    ranks = run(Treat()).uncertainty(n=40, seed=2, factors=factors)
    assert not ranks.failures


def test_a_column_is_never_winsorised_to_one_value_and_the_reference_gives_up_on_it() -> None:
    row = np.array([[0.0] * 47 + [1.0, 1.0, 2.0]])
    ours = treat_rows(row, 5, 2.0, 3.5, "log_ct_orig")
    assert ours.winsorised.tolist() == [1]
    np.testing.assert_allclose(ours.rows, np.log(row + 1))
    theirs = treat_rows(row, 5, 2.0, 3.5, "log_ct_orig", compat="coinr-1.1.14")
    np.testing.assert_array_equal(theirs.rows, row)
    assert (theirs.winsorised.tolist(), theirs.transformed.tolist(), theirs.failing.tolist()) == ([0], [False], [True])
    enough = treat_rows(row, 1, 2.0, 3.5, "log_ct_orig", compat="coinr-1.1.14")
    np.testing.assert_allclose(enough.rows, np.log(row + 1))
