"""The tables of GB/T 2828.1-2012 / ISO 2859-1:1999, the switching traces and the derived rule, entry by entry."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from qualipolis.methods.problems import InputError
from qualipolis.methods.sampling.acceptance import (
    EDITIONS,
    AttributePlan,
    LotResult,
    declared_plan,
    oc_curve,
    standard_plan,
    table_plan,
    trace,
)
from qualipolis.methods.sampling.acceptance.tables import CODES, LEVELS, code_letter

FOLDER = Path(__file__).resolve().parents[4] / "shared" / "golden" / "sampling"


def table(name):
    path = FOLDER / name
    return list(csv.DictReader(path.open(encoding="utf-8"))) if path.is_file() else []


def document(name):
    path = FOLDER / name
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


SINGLE = table("iso2859_1_single.csv")
CELLS = sorted({(row["state"], row["code"]) for row in SINGLE})
DOUBLE = document("iso2859_1_double.json").get("plans", [])
TRACES = document("iso2859_1_switching.json").get("traces", {})
DERIVED = document("iso2859_4_derived.json").get("rows", [])
GBT = "GB/T 2828.1-2012"


def test_it_gives_every_code_letter(shared):
    rows = table("iso2859_1_code_letters.csv")
    assert len(rows) == 15
    for row in rows:
        for lot in (int(row["lot_min"]), int(row["lot_max"] or 10**9)):
            assert {level: code_letter(lot, level) for level in LEVELS} == {level: row[level] for level in LEVELS}


@pytest.mark.parametrize("cell", CELLS or [None], ids=["-".join(cell) for cell in CELLS] or ["absent"])
def test_it_gives_every_single_plan_with_its_risks(shared, cell):
    rows = [row for row in SINGLE if (row["state"], row["code"]) == cell]
    assert rows
    for row in rows:
        found = table_plan(row["code"], row["aql"], row["state"])
        plan = (found.printed, found.used_code, found.n, found.ac, found.re, found.regime)
        numbers = tuple((int(row[name]),) for name in ("n", "ac", "re"))
        assert plan == (row["cell"], row["resolved_code"], *numbers, row["regime"]), row
        pa = found.oc([found.aql_fraction]).pa[0]
        assert (pa, 1 - pa) == pytest.approx((float(row["pa_at_aql"]), float(row["producer_risk"])), abs=1e-9)
        limits = (100 * found.quality_at(0.95), 100 * found.quality_at(0.10))
        assert limits == pytest.approx((float(row["quality_at_pa95"]), float(row["quality_at_pa10"])), rel=1e-6)
        assert not found.disputed


def test_the_edition_is_on_every_plan(shared):
    assert {row["edition"] for row in SINGLE} == {"ISO2859-1:1999/GBT2828.1-2012"}
    assert table_plan("J", "1.0").edition is EDITIONS[GBT]
    assert "ISO 2859-1:1999" in EDITIONS[GBT].title and "2026" in EDITIONS[GBT].status


def test_a_disputed_cell_is_marked_with_both_readings(shared):
    entries = document("iso2859_1_disputed.json")["disputed"]
    for entry in entries:
        found = table_plan(entry["code"], entry["aql"], entry["state"])
        assert found.disputed and found.notes
        for number, reading in enumerate(found.readings, 1):
            said = entry[f"reading_{number}"]
            assert f"n={reading.n}, Ac={reading.ac}" in said and reading.code in said
            chosen = table_plan(entry["code"], entry["aql"], entry["state"], reading=number)
            assert (chosen.n, chosen.ac, chosen.disputed) == ((reading.n,), (reading.ac,), True)
    keys = {(e["state"], e["code"], e["aql"]) for e in entries}
    assert not keys & {(row["state"], row["code"], row["aql"]) for row in SINGLE}


def test_the_conflict_on_reduced_inspection_is_settled_as_the_reference_says(shared):
    assert "5 adopted" in document("iso2859_1_disputed.json")["reduced_conflict"]
    assert table_plan("L", "1.5", "reduced").ac == (5,)


@pytest.mark.parametrize("row", DOUBLE or [None], ids=lambda row: f"{row['state']}-{row['single_ac']}" if row else "no")
def test_it_gives_every_double_plan(shared, row):
    aql = next(
        name
        for name in ("0.40", "0.65", "1.0", "1.5", "2.5", "4.0", "6.5", "10", "15")
        if table_plan(row["example_code"], name, row["state"]).ac == (row["single_ac"],)
        and not table_plan(row["example_code"], name, row["state"]).arrow
    )
    single = table_plan(row["example_code"], aql, row["state"])
    found = table_plan(row["example_code"], aql, row["state"], sampling="double")
    assert single.n == (row["n_single"],)
    assert (found.n, found.ac, found.re) == (
        (row["n1"], row["n2"]),
        (row["ac1"], row["ac2"]),
        (row["re1"], row["re2"]),
    )
    assert found.disputed == ("disputed" in row) and found.notes
    grid = np.linspace(0, 1.2, 4001)
    gap = np.abs(oc_curve(found.plan, grid, "poisson").pa - oc_curve(single.plan, grid, "poisson").pa).max()
    assert gap == pytest.approx(row["max_abs_oc_diff_vs_single"], abs=2e-4)


def lots(name, steps):
    """What the traces were simulated from: Ac 0 or 1 gives 2 points, else 3 where the AQL one step tighter accepts."""
    points = 2 if name == "to_reduced_ac01" else 3
    lost = {("score_reset", 6)}
    return [LotResult(s["accepted"], points if s["accepted"] and (name, s["lot"]) not in lost else 0) for s in steps]


@pytest.mark.parametrize("name", list(TRACES) or [None])
def test_it_walks_every_switching_trace(shared, name):
    expected = TRACES[name]
    assert [vars(step) for step in trace(lots(name, expected))] == expected


@pytest.mark.parametrize("row", DERIVED or [None], ids=lambda r: f"{r['dql_percent']}-{r['c']}" if r else "absent")
def test_it_follows_the_derived_rule(shared, row):
    found = declared_plan(row["dql_percent"] / 100, row["c"])
    assert (found.n, found.limit) == (row["n_max"], row["c"])
    assert found.risk == pytest.approx(row["risk_contradict_correct"], rel=1e-10)
    assert found.lqr == pytest.approx(row["lqr"], rel=1e-9)
    assert "Derived" in found.status


def test_the_derived_rule_says_where_it_does_not_reproduce_the_standard(shared):
    assert "n=127" in document("iso2859_4_derived.json")["status"]
    found = declared_plan(0.0065, 2)
    assert found.n == 126
    assert "n = 127" in found.status and "not reproduced" in found.status
    with pytest.raises(InputError, match="no sample keeps the risk"):
        declared_plan(0.065, 0)  # the level that the derived table leaves out


@pytest.mark.parametrize("inspection", ["normal", "tightened", "reduced"])
def test_a_sample_as_large_as_the_lot_is_full_inspection(inspection):
    plan = standard_plan(20, "II", 0.10, inspection)
    assert plan.full_inspection and plan.n == (20,) and plan.notes
    assert AttributePlan.single(20, plan.ac[0]) == plan.plan
    assert plan.quality_at(0.5) is None
    assert set(CODES) >= {plan.code}
