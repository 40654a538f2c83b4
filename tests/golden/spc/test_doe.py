"""Recorded experiments computed again; a recorded one without a check fails."""

from __future__ import annotations

import numpy as np
import pytest
from tests.golden.spc.reading import FOLDER, case, cases, column, rows

from qualipolis.methods.spc import doe

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the folder ../shared with the reference values is absent")


@pytest.mark.parametrize("name", cases("doe"))
def test_a_recorded_experiment_comes_out_again(name):
    found = case("doe", name)
    params, output = found["params"], found["output"]
    if "n_effects" in params:
        unreplicated(found["input"], output)
    elif "formula" in params:
        factorial(found["input"], params["formula"], output)
    else:
        regression(found["input"], params["y"], output)


def coded(path):
    lines = rows(path)
    return {n: np.array([1.0 if line[n] == "+" else -1.0 for line in lines]) for n in ("flour", "salt", "bakPow")}


def regression(path, y, output):
    names = [name for name in output["coef"] if name != "(Intercept)"]
    found = doe.fit({name: column(path, name) for name in names}, column(path, y))
    terms = list(found.terms.values())
    assert [t.value for t in terms] == pytest.approx(list(output["coef"].values()), rel=1e-11)
    assert [t.error for t in terms] == pytest.approx(output["se"], rel=1e-10)
    assert (found.sigma, found.r2) == pytest.approx((output["sigma"], output["r2"]), rel=1e-12)


def factorial(path, formula, output):
    every = doe.model_columns(coded(path), 3)
    kept = {name: every[name] for name in output["terms"][1:]}
    found = doe.fit(kept, column(path, "score"))
    terms = list(found.terms.values())
    for key, got in (("coef", "value"), ("se", "error"), ("t", "t"), ("p", "p")):
        assert [getattr(t, got) for t in terms] == pytest.approx(output[key], rel=1e-8, abs=1e-12)
    assert [*(t.squares for t in terms[1:]), found.residual_squares] == pytest.approx(output["ss"], rel=1e-9)
    got = (found.r2, found.r2_adjusted, found.sigma, found.press)
    assert got == pytest.approx([output[k] for k in ("r2", "adj_r2", "sigma", "press")], rel=1e-9)


def unreplicated(path, output):
    score, every = column(path, "score"), doe.model_columns(coded(path), 3)
    effects = {name: float(x @ score) / 8 for name, x in every.items()}
    assert effects == pytest.approx(output["effects"], rel=1e-9)
    found = doe.lenth(effects)
    got = (found.s0, found.pse, found.margin, found.simultaneous)
    assert got == pytest.approx([output[k] for k in ("s0", "pse", "me_95", "sme_95")], rel=1e-9)
