"""NIST's traps for cancelling digits: mean, standard deviation and lag-1 correlation of numbers with a large common part."""

from __future__ import annotations

import json

import numpy as np
import pytest
from tests.golden.spc.reading import FOLDER

from qualipolis.methods.spc.capability import capability
from qualipolis.methods.spc.cards import lag_one

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the folder ../shared with the reference values is absent")
STARTS = {"NumAcc2": 1.2, "NumAcc3": 1_000_000.2, "NumAcc4": 10_000_000.2}


@pytest.mark.parametrize("name", ["NumAcc1", *STARTS])
def test_large_common_parts_do_not_cost_digits(name):
    found = json.loads((FOLDER / "nist_numacc.json").read_text())[name]
    x = np.array(found.get("x") or [STARTS[name], *([STARTS[name] - 0.1, STARTS[name] + 0.1] * 500)], dtype=float)
    study = capability(x, lower=x.min() - 1, upper=x.max() + 1)
    assert study.mean == pytest.approx(found["mean"], rel=1e-14)
    # the numbers themselves are stored to 2e-9 of their last digits in the fourth case
    assert study.overall == pytest.approx(found["sd"], rel=1e-14 if name == "NumAcc1" else 2e-8)
    if len(x) > 8:
        assert lag_one(x)[0] == pytest.approx(found["lag1"], rel=1e-8)
