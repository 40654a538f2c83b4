"""Recorded capability studies computed again; a recorded study without a check fails.

The reference counts n − 1 degrees of freedom for every index and gives approximate limits to one-sided ones; ours are
exact for those, so the recorded limits are compared through the same approximation. Its degrees of freedom for Cpm lack
a square (Boyles: n (1 + ξ²)²/(1 + 2ξ²)); the recorded limits are compared through its own.
"""

from __future__ import annotations

import numpy as np
import pytest
from tests.golden.spc.reading import FOLDER, case, cases, column, rings, rows, trial

from qualipolis.methods.spc.capability import bounds, capability

LOOSE = 5e-4
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the folder ../shared with the reference values is absent")


def study_of(name, found):
    params, path = found["params"], found["input"]
    given = {"lower": params["lsl"], "upper": params["usl"], "target": params["target"]}
    confidence = params.get("conf", 0.95)
    if "pistonrings" in path:
        data = rings()[:25]
    else:
        assert "viscosity" in path, name
        data = column(path, "viscosity")[trial(path)]
    return capability(data, **given, confidence=confidence, count_freedom="total")


@pytest.mark.parametrize("name", [n for n in cases("capability") if n != "ss_ca_cp"])
def test_a_recorded_study_comes_out_again(name):
    found = case("capability", name)
    study, output = study_of(name, found), found["output"]
    assert (study.mean, study.n) == (pytest.approx(output["center"]), output["n"])
    assert study.within == pytest.approx(output["sd_within"], rel=LOOSE)
    assert study.overall == pytest.approx(output["sd_overall"], rel=1e-12)
    for key, recorded in output.items():
        if isinstance(recorded, dict):
            held(study, key.replace("_", ""), recorded)
    for side, place in ((study.below, 0), (study.above, 1)):
        if side is not None:
            # the reference writes expected shares below 0.01 % as 0
            expected = output["exp_pct"][place]
            assert 100 * side.within == pytest.approx(expected, rel=2e-3) if expected else side.within < 1e-4
            assert 100 * side.observed == pytest.approx(output["obs_pct"][place])


def held(study, name, recorded):
    if recorded["value"] is None:
        assert name not in study.indices
        return
    index = study[name]
    exact = 1e-9 if name.startswith("P") else LOOSE
    assert index.value == pytest.approx(recorded["value"], rel=exact)
    level, df = study.confidence, study.n - 1
    if name[-1] in "lu":
        index = bounds.approximate(index.value, study.n, df, 2 * level - 1)
    elif name[-1] == "k":
        index = bounds.approximate(index.value, study.n, df, level)
    elif name[-1] == "m":
        away = (study.mean - study.specification.target) / (study.within if name[0] == "C" else study.overall)
        index = bounds.chi_square(index.value, study.n * (1 + away**2) / (1 + 2 * away**2), level)
    assert [index.low, index.high] == pytest.approx(recorded["ci"], rel=exact)


def test_the_study_of_another_package_comes_out_again():
    found = case("capability", "ss_ca_cp")
    params, output = found["params"], found["output"]
    values = column(found["input"], list(rows(found["input"])[0])[-1])
    study = capability(values, lower=params["lsl"], upper=params["usl"])
    assert (study["Pp"].value, study["Ppk"].value) == (pytest.approx(output["cp"]), pytest.approx(output["cpk"]))
    assert [study["Pp"].low, study["Pp"].high] == pytest.approx(output["cp_ci"], rel=1e-9)
    assert [study["Ppk"].low, study["Ppk"].high] == pytest.approx(output["cpk_ci"], rel=1e-9)


def test_limits_of_one_sided_indices_are_exact():
    for line in rows("cpu_exact_ci.csv"):
        index = bounds.one_sided(float(line["ppu"]), int(line["n"]), int(line["n"]) - 1, 0.95)
        recorded = [float(line["exact_nct_lo95"]), float(line["exact_nct_hi95"])]
        np.testing.assert_allclose([index.low, index.high], recorded, rtol=1e-8)
        approximate = bounds.approximate(index.value, int(line["n"]), int(line["n"]) - 1, 0.95)
        recorded = [float(line["wald_lo"]), float(line["wald_hi"])]
        np.testing.assert_allclose([approximate.low, approximate.high], recorded, rtol=2e-5)  # recorded with z = 1.96
        chi = bounds.chi_square(index.value, int(line["n"]) - 1, 0.95)
        np.testing.assert_allclose(
            [chi.low, chi.high], [float(line["pp_chi2_lo"]), float(line["pp_chi2_hi"])], rtol=1e-8
        )
