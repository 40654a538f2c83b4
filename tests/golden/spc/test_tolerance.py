"""Recorded tolerance factors and intervals computed again; a recorded interval without a check fails.

Two records are not exact: R's non-central t is approximate beyond a non-centrality of 37.6 (n = 300 at 99 %; a direct
integral gives our value its confidence to 1e-12), and its two-sided factors by 60 nodes are good to about 1e-4. Its Weibull
fit of the piston rings did not converge (shape 8334 and scale 132 for values near 74): that record is shown to be wrong. Its
gamma limits take the moments of cube roots from a fitted law and Howe's factor, ours the cube roots themselves.
"""

from __future__ import annotations

import numpy as np
import pytest
from tests.golden.spc.reading import FOLDER, case, cases, column, rows

from qualipolis.methods.spc.distributions import fit
from qualipolis.methods.spc.tolerance import (
    count_tolerance,
    exponential_tolerance,
    factor_one_sided,
    factor_two_sided,
    normal_tolerance,
    order_tolerance,
    smallest_n,
)
from qualipolis.methods.spc.tolerance_skewed import gamma_tolerance, weibull_tolerance

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the folder ../shared with the reference values is absent")


def test_factors_of_normal_populations():
    for line in rows("tolerance_k.csv"):
        n, share, confidence = int(line["n"]), float(line["P"]), float(line["conf"])
        exact = 1e-9 if np.sqrt(n) * 2.33 < 37.6 or share < 0.99 else 5e-4
        assert factor_one_sided(n, share, confidence) == pytest.approx(float(line["k1_exact"]), rel=exact)
        two = factor_two_sided(n, share, confidence)
        assert two == pytest.approx(float(line["k2_exact"]), rel=5e-5)
        assert two == pytest.approx(float(line["k2_spc"]), rel=5e-5)


def test_how_many_values_are_enough_without_a_distribution():
    for line in rows("tolerance_nonparam_n.csv"):
        share, confidence = float(line["P"]), float(line["conf"])
        assert smallest_n(share, confidence, "upper") == int(line["n_one"])
        assert smallest_n(share, confidence) == int(line["n_two"])


@pytest.mark.parametrize("name", cases("tolerance"))
def test_recorded_intervals(name):
    found = case("tolerance", name)
    params, output = found["params"], found["output"]
    values = column(found["input"], next(iter(rows(found["input"])[0])))
    given = {"share": params["P"], "confidence": params["conf"]}
    two = normal_tolerance(values, **given)
    assert [two.low, two.high] == pytest.approx(
        [output["normal2"][f"2-sided.{s}"] for s in ("lower", "upper")], rel=1e-6
    )
    for make, key, kept in ((normal_tolerance, "normal1", given), (exponential_tolerance, "exp1", given)):
        low, high = make(values, sides="lower", **kept).low, make(values, sides="upper", **kept).high
        assert [low, high] == pytest.approx([output[key][f"1-sided.{s}"] for s in ("lower", "upper")], rel=1e-6)
    free = {"share": params["P_wilks"], "confidence": params["conf"]}
    low, high = order_tolerance(values, sides="lower", **free).low, order_tolerance(values, sides="upper", **free).high
    assert [low, high] == [output["wilks1"]["1-sided.lower"], output["wilks1"]["1-sided.upper"]]
    ours, (_alpha, _p, low, high) = order_tolerance(values, **free), output["wilks2"][0]
    assert low <= ours.low and ours.high <= high and ours.confidence >= params["conf"]
    skewed(values, output, given)
    assert set(output) - {"weibull2", "gamma2"} == {"normal1", "normal2", "wilks1", "wilks2", "exp1"}


def skewed(values, output, given):
    law = fit(values, "weibull")
    recorded = output["weibull2"]
    if law.parameters["shape"] == pytest.approx(recorded["shape.1"], rel=1e-6):
        wanted = [recorded["2-sided.lower"], recorded["2-sided.upper"]]
        same = weibull_tolerance(values, way="noncentral t", **given)
        assert [same.low, same.high] == pytest.approx(wanted, rel=6e-3)
        assert same.high == pytest.approx(wanted[1], rel=1e-5)  # below, the non-centrality is beyond R's 37.6
        exact = weibull_tolerance(values, **given)
        assert [exact.low, exact.high] == pytest.approx(wanted, rel=0.25)
    else:  # the recorded fit is far below the top of the likelihood
        wrong = {"shape": recorded["shape.1"], "scale": recorded["shape.2"]}
        assert fit(values, "weibull", wrong).likelihood < law.likelihood - 1000
    if "gamma2" in output:
        ours, recorded = gamma_tolerance(values, **given), output["gamma2"]
        assert [ours.low, ours.high] == pytest.approx([recorded["2-sided.lower"], recorded["2-sided.upper"]], rel=0.05)


COUNT_METHODS = {"WS": "wilson", "CP": "clopper_pearson", "JF": "jeffreys", "AC": "agresti_coull"}


def test_bad_units_of_future_lots():
    """Without a bad unit the reference has no lower limit by Clopper and Pearson; it is 0."""
    for line in rows("tolerance_binomial.csv"):
        seen = (int(line["x"]), int(line["n"]), int(line["m"]))
        found = count_tolerance(*seen, method=COUNT_METHODS[line["method"]])
        assert (found.low, found.high) == (0 if line["lower"] == "NA" else int(line["lower"]), int(line["upper"]))
