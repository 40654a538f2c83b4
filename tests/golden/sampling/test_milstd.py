"""MIL-STD-105E reduced inspection with its gap between Ac and Re, an edition of its own."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from qualipolis.methods.sampling.acceptance import table_plan
from qualipolis.methods.sampling.acceptance.tables import CODES

FILE = Path(__file__).resolve().parents[4] / "shared" / "golden" / "sampling" / "milstd105e_reduced_single.csv"
ROWS = list(csv.DictReader(FILE.open())) if FILE.is_file() else []


@pytest.mark.parametrize("code", CODES)
def test_it_gives_every_reduced_plan_with_its_gap(shared, code):
    rows = [row for row in ROWS if row["code"] == code]
    assert len(rows) == 26
    for row in rows:
        plan = table_plan(code, row["aql"], "reduced", edition="MIL-STD-105E")
        assert (plan.n, plan.ac, plan.re) == tuple((int(row[name]),) for name in ("n", "ac", "re")), row
        assert plan.gap == (int(row["re"]) > int(row["ac"]) + 1)
        assert plan.plan.ac == (int(row["re"]) - 1,)  # a count in the gap accepts the lot


def test_no_case_is_left_over(shared):
    assert len(ROWS) == 16 * 26
