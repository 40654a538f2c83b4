"""Constants of ranges and deviations against tables computed with other quadratures."""

from __future__ import annotations

import pytest
from tests.golden.spc.reading import FOLDER, rows

from qualipolis.methods.spc.constants import chart_constants, moments_of_average_range

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the folder ../shared with the reference values is absent")
NAMES = {"d4_median_range": "d4"}


def test_every_factor_of_every_subgroup_size_is_right_to_twelve_places():
    for row in rows("constants.csv"):
        found = chart_constants(int(row["n"]))
        for name, value in row.items():
            if name != "n":
                assert getattr(found, NAMES.get(name, name)) == pytest.approx(float(value), abs=2e-12), (row["n"], name)


def test_the_moments_of_an_average_range_are_those_recorded():
    for row in rows("d2star.csv"):
        star, freedom = moments_of_average_range(int(row["g"]), int(row["m"]))
        assert star == pytest.approx(float(row["d2star"]), abs=1e-9)
        assert freedom == pytest.approx(float(row["nu_satterthwaite_approx"]), abs=2e-6)
