"""Experiments: exact on hard data, effects come back, aliases are named, a surface finds its summit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualipolis.methods.problems import InputError
from qualipolis.methods.spc import doe


@given(st.integers(0, 2**32 - 1), st.floats(1e-3, 1e3), st.floats(-100, 100))
def test_unit_and_zero_point_of_a_factor_do_not_matter(seed, scale, shift):
    rng = np.random.default_rng(seed)
    x, z, y = rng.normal(0, 1, (3, 15))
    one, two = doe.fit({"x": x, "z": z}, y), doe.fit({"x": scale * x + shift, "z": z}, y)
    assert two.terms["x"].value * scale == pytest.approx(one.terms["x"].value, rel=1e-6, abs=1e-9)
    assert (two.terms["z"].value, two.press) == pytest.approx((one.terms["z"].value, one.press), rel=1e-6)


def test_leaving_each_run_out_gives_press():
    rng = np.random.default_rng(1)
    x, y = rng.normal(0, 1, 12), rng.normal(0, 1, 12)
    missed = 0.0
    for i in range(12):
        kept = np.arange(12) != i
        terms = doe.fit({"x": x[kept]}, y[kept]).terms
        missed += (y[i] - terms["(intercept)"].value - terms["x"].value * x[i]) ** 2
    assert doe.fit({"x": x}, y).press == pytest.approx(missed)


def test_nearly_parallel_columns_keep_nine_digits():
    x = np.arange(20.0) + 1e6
    y = 3 + 2 * x - 0.5 * x**2
    found = doe.fit({"x": x, "xx": (x - 1e6 - 9.5) ** 2}, y - y[0])
    assert found.terms["xx"].value == pytest.approx(-0.5, rel=1e-9)


def test_limits_of_a_coefficient_hold_their_truth():
    rng, hits, design = np.random.default_rng(2), [], doe.two_level_design(["A", "B", "C"])
    for _ in range(1000):
        term = doe.fit(design, 1 + 0.5 * design["B"] + rng.normal(0, 1, 8)).terms["B"]
        hits.append(term.low <= 0.5 <= term.high)
    assert 0.93 <= np.mean(hits) <= 0.97


def test_a_fraction_is_balanced_and_its_aliases_are_those_of_the_book():
    design = doe.two_level_design(list("ABCD"), {"D": ["A", "B", "C"]})
    matrix = np.stack(list(design.values()), axis=1)
    np.testing.assert_allclose(matrix.T @ matrix, 8 * np.eye(4))
    assert doe.aliases(design) == {"A:B": ("C:D",), "A:C": ("B:D",), "A:D": ("B:C",)}


def test_effects_without_replicates_are_called_active_seldom_by_chance():
    rng = np.random.default_rng(3)
    names = [f"e{i}" for i in range(15)]
    found = [doe.lenth(dict(zip(names, rng.normal(0, 1, 15), strict=True))) for _ in range(800)]
    assert np.mean([len(f.active) for f in found]) / 15 == pytest.approx(0.04, abs=0.02)
    assert np.mean([bool(f.surely_active) for f in found]) <= 0.06


@given(st.floats(-0.8, 0.8), st.floats(-0.8, 0.8))
def test_a_surface_finds_its_summit(a, b):
    x, z = (v.ravel() for v in np.meshgrid([-1.0, 0, 1], [-1.0, 0, 1]))
    found = doe.response_surface({"x": x, "z": z}, 3 - (x - a) ** 2 - 2 * (z - b) ** 2 + 0.5 * (x - a) * (z - b))
    assert found.shape == "maximum" and found.inside
    assert (found.point["x"], found.point["z"], found.value) == pytest.approx((a, b, 3), abs=1e-9)
    ridge = doe.response_surface({"x": x, "z": z}, 3 - (x + z) ** 2)
    assert ridge.shape == "ridge"


def test_a_saturated_design_has_effects_and_no_errors():
    design = doe.model_columns(doe.two_level_design(["A", "B"]), 2)
    found = doe.fit(design, [1.0, 2, 3, 5])
    assert found.freedom == 0 and np.isnan(found.terms["A"].error) and np.isinf(found.press)
    assert found.terms["A"].value == pytest.approx(0.75)


def test_what_cannot_be_fitted_is_named():
    design = doe.two_level_design(["A", "B", "C"], {"C": ["A", "B"]})
    for columns, y, code in (
        (design | {"A:B": design["A"] * design["B"]}, [1.0, 2, 3, 4], "few_runs"),
        ({"a": [1, 2, 3, 4, 5], "b": [2, 4, 6, 8, 10]}, [1, 2, 1, 2, 2], "aliased"),
        ({"a": [1, 1, 1]}, [1, 2, 3], "flat"),
    ):
        with pytest.raises(InputError) as error:
            doe.fit(columns, y)
        assert {p.code for p in error.value.problems} == {code}
    with pytest.raises(InputError):
        doe.two_level_design(["A", "B"], {"B": ["C", "A"]})


def replicated(seed=4, bend=0.0):
    rng = np.random.default_rng(seed)
    a, b = (np.tile(v, 4) for v in ([-1.0, 1, -1, 1, 0], [-1.0, -1, 1, 1, 0]))
    return {"A": a, "B": b}, 5 + a + bend * a**2 + rng.normal(0, 0.5, 20)


def test_curvature_shows_as_lack_of_fit_and_a_plane_does_not():
    terms = [("A",), ("B",), ("A", "B")]
    flat, bent = (doe.experiment(*replicated(bend=bend), terms=terms) for bend in (0, 2))
    assert flat.lack_of_fit.p > 0.05 and bent.lack_of_fit.p < 1e-4
    assert (flat.lack_of_fit.freedom, flat.pure_error.freedom, flat.error.freedom) == (1, 15, 16)
    assert flat.lack_of_fit.squares + flat.pure_error.squares == pytest.approx(flat.error.squares)
    assert flat.kinds["model"].squares + flat.error.squares == pytest.approx(flat.total.squares)


def test_a_difference_of_blocks_is_taken_out_before_effects_are_judged():
    factors, y = replicated()
    block = np.repeat(["a", "b"], 10)
    moved = y + np.where(block == "b", 30.0, 0.0)
    plain, blocked = doe.experiment(factors, moved), doe.experiment(factors, moved, blocks=block)
    assert plain.terms["A"].p > 0.05 > blocked.terms["A"].p
    assert blocked.fit.terms["A"].value == pytest.approx(doe.experiment(factors, y, blocks=block).fit.terms["A"].value)


def test_aliased_terms_are_left_out_and_named():
    design = doe.fractional_factorial("ABC", 4)
    twice = {name: np.tile(x, 2) for name, x in design.factors.items()}
    found = doe.experiment(twice, np.random.default_rng(1).normal(0, 1, 8))
    assert found.dropped == ("A:B", "A:C", "B:C")
    assert list(found.inflation.values()) == pytest.approx([1, 1, 1])


@given(st.integers(0, 2**32 - 1))
def test_coding_and_order_of_runs_do_not_change_the_verdict(seed):
    rng = np.random.default_rng(seed)
    factors, y = replicated(seed)
    own = {"A": 200 + 15 * factors["A"], "B": np.where(factors["B"] > 0, 7.0, 3.0)}
    one, two = doe.experiment(factors | {"B": own["B"]}, y), doe.experiment(own, y, coded=False)
    turn = rng.permutation(20)
    three = doe.experiment({n: v[turn] for n, v in own.items()}, y[turn])
    for name, line in one.terms.items():
        assert [two.terms[name].p, three.terms[name].p] == pytest.approx([line.p] * 2, rel=1e-6)
    assert one.fit.r2 == pytest.approx(two.fit.r2)


def test_an_experiment_that_makes_no_sense_is_refused_all_at_once():
    with pytest.raises(InputError) as error:
        doe.experiment({"A": [1, 2, 3], "B": ["x", "x", "x"]}, [1.0, 2.0, np.nan], terms=[("A",), ("C",)])
    assert [p.code for p in error.value.problems] == ["columns", "flat", "unknown_factor"]


def test_the_best_setting_weighs_results_against_each_other():
    x, z = (v.ravel() for v in np.meshgrid([-1.0, 0, 1], [-1.0, 0, 1]))
    terms = [("x",), ("z",), ("x", "x"), ("z", "z")]
    strong, dear = 5 - (x - 0.5) ** 2 - z**2, 2 + x
    made = {n: doe.experiment({"x": x, "z": z}, y, terms=terms) for n, y in (("strong", strong), ("dear", dear))}
    alone = doe.optimum({"strong": made["strong"]}, {"strong": doe.Goal("more", 1.0, 5.0)})
    assert [alone.settings["x"], alone.settings["z"], alone.overall] == pytest.approx([0.5, 0, 1], abs=1e-4)
    both = doe.optimum(made, {"strong": doe.Goal("more", 1.0, 5.0), "dear": doe.Goal("less", 1.0, 3.0)})
    assert both.settings["x"] < 0.2 and 0 < both.overall < 1
    assert both.predicted["dear"] == pytest.approx(2 + both.settings["x"], abs=1e-6)
    with pytest.raises(InputError) as error:
        doe.optimum(made, {"strong": doe.Goal("most", 1.0, 5.0)})
    assert {p.code for p in error.value.problems} == {"goals", "bad_goal"}
    with pytest.raises(InputError):
        made["strong"].predict({"x": [1.0]})
