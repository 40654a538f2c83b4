"""The Fay-Herriot case of the reference."""

from __future__ import annotations

import json

import numpy as np
from tests.golden.sampling.survey_data import FOLDER

from qualipolis.methods.sampling.small_areas import fay_herriot


def test_it_agrees_with_the_reference(shared):
    case = json.loads((FOLDER / "fay_herriot.json").read_text())
    assert set(case["expected"]) == {"A", "beta", "gamma", "eblup"}
    found = fay_herriot(case["y"], case["D"], case["X"], method="pr")
    for name, key in (("variance", "A"), ("beta", "beta"), ("gamma", "gamma"), ("estimate", "eblup")):
        np.testing.assert_allclose(getattr(found, name), case["expected"][key], rtol=1e-8, err_msg=name)
