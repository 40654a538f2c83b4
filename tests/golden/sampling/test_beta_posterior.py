"""Every beta posterior of the reference."""

from __future__ import annotations

import json

import pytest
from tests.golden.sampling.survey_data import FOLDER

from qualipolis.methods.sampling.estimation.binomial import posterior

FILE = FOLDER / "beta_posterior.json"
CASES = json.loads(FILE.read_text())["cases"] if FILE.is_file() else []


@pytest.mark.parametrize("case", CASES or [None], ids=lambda c: f"{c['a']}-{c['x']}-{c['n']}" if c else "absent")
def test_it_agrees_with_the_reference(shared, case):
    assert case, "the reference has no cases"
    assert set(case) == {"a", "b", "x", "n", "post_mean", "ci95", "p_gt_5pct", "pred_0_of_10"}
    found = posterior(case["x"], case["n"], case["a"], case["b"])
    assert found.mean == pytest.approx(case["post_mean"], rel=1e-10)
    assert found.interval() == pytest.approx(case["ci95"], rel=1e-8)
    assert found.above(0.05) == pytest.approx(case["p_gt_5pct"], rel=1e-10)
    assert found.none_of(10) == pytest.approx(case["pred_0_of_10"], rel=1e-10)
