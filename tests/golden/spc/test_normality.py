"""Recorded tests of normality computed again; a recorded one without a check fails."""

from __future__ import annotations

import pytest
from tests.golden.spc.reading import FOLDER, case, cases, rows

from qualipolis.methods.spc.normality import normality

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the folder ../shared with the reference values is absent")
COLUMNS = {"pistonrings": "diameter", "strings_len": "len"}


@pytest.mark.parametrize("name", cases("normality"))
def test_a_recorded_test_comes_out_again(name):
    found = case("normality", name)
    lines = rows(found["input"])
    column = COLUMNS.get(name, next(iter(lines[0])))
    values = [float(line[column]) for line in lines if line[column] not in ("", "NA")]
    output, ours = found["output"], normality(values)
    assert ours.n == output["n"]
    assert (ours.skewness, ours.kurtosis) == pytest.approx((output["skew_g1"], output["kurt_g2"]), rel=1e-9)
    pairs = ((ours.shapiro_wilk, "shapiro", "w", 1e-6), (ours.anderson_darling, "ad", "a2", 1e-9),
             (ours.lilliefors, "lillie", "d", 1e-9), (ours.cramer_von_mises, "cvm", "w", 1e-9))  # fmt: skip
    for fit, key, statistic, exact in pairs:
        assert (fit.statistic, fit.p) == pytest.approx((output[key][statistic], output[key]["p"]), rel=exact)
