"""Every interval of a share of independent cases in the reference."""

from __future__ import annotations

import json

import numpy as np
import pytest
from tests.golden.sampling.survey_data import FOLDER

from qualipolis.methods.sampling.estimation.binomial import METHODS, binomial_interval, lot_interval, one_sided

FILE = FOLDER / "binomial_intervals.json"
CASES = json.loads(FILE.read_text())["cases"] if FILE.is_file() else []


@pytest.mark.parametrize("case", CASES or [None], ids=lambda c: f"{c['x']}-{c['n']}-{c['level']}" if c else "absent")
def test_it_agrees_with_the_reference(shared, case):
    assert case, "the reference has no cases"
    known = {"x", "n", "level", *METHODS, "one_sided_upper", "one_sided_lower", "hypergeom_exact"}
    assert set(case) <= known, "nothing checks " + ", ".join(set(case) - known)
    x, n, level = case["x"], case["n"], case["level"]
    for method in METHODS:
        found = binomial_interval(x, n, level, method)
        np.testing.assert_allclose(found, case[method], rtol=1e-8, atol=1e-12, err_msg=method)
    low, high = one_sided(x, n, level)
    np.testing.assert_allclose([low, high], [case["one_sided_lower"], case["one_sided_upper"]], rtol=1e-8, atol=1e-12)
    for size, expected in case["hypergeom_exact"].items():
        np.testing.assert_allclose(lot_interval(x, n, int(size), level), expected, rtol=1e-9)
