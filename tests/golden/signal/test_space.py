"""The scan against values of another implementation, on its own data and on maps kept elsewhere."""

from __future__ import annotations

import json
import math
from pathlib import Path

import polars as pl
import pytest

from qualipolis.methods.signal.space import Cluster, Scan, expected_cases, scan


def found_on(shared: Path, model: str) -> tuple[Scan, dict]:
    folder = shared / "golden" / "signal" / "spatial"
    table = pl.read_csv(folder / "pennLC.csv")
    golden = json.loads((folder / f"pennLC_{model}.json").read_text())
    found = scan(
        table["cases"], table["population"], table.select("x_km", "y_km"), ids=table["id"], model=model,
        expected=table["expected"] if model == "poisson" else None, simulations=golden["n_sim"], seed=20240601,
    )  # fmt: skip
    return found, golden


def holds(one: Cluster, wanted: dict, maps: int) -> None:
    assert list(one.ids) == wanted["ids"]
    assert [i + 1 for i in one.index] == wanted["index1"]
    assert one.observed == wanted["cases"]
    assert one.population == wanted["population"]
    assert one.expected == pytest.approx(wanted["expected"], rel=1e-9)
    assert one.ratio == pytest.approx(wanted["SMR"], rel=1e-9)
    assert one.llr == pytest.approx(wanted["LLR"], rel=1e-9)
    errors = [p * (1 - p) / (maps + 1) for p in (one.p, wanted["p"])]
    assert abs(one.p - wanted["p"]) <= 3 * math.sqrt(sum(errors))  # both shares are drawn


@pytest.mark.parametrize("model", ["poisson", "binomial"])
def test_it_finds_the_clusters_of_pennsylvania(shared: Path, model: str) -> None:
    found, golden = found_on(shared, model)
    assert found.zones == golden["n_zones"]
    significant = found.significant(0.05)
    wanted = [golden["most_likely"], *golden["secondary"]]
    assert len(significant) == len(wanted)
    for one, other in zip(significant, wanted, strict=True):
        holds(one, other, golden["n_sim"])


def test_it_standardises_as_the_reference_does(shared: Path) -> None:
    folder = shared / "golden" / "signal" / "spatial"
    strata = pl.read_csv(folder / "pennLC_strata.csv").with_columns(
        stratum=pl.concat_str("race", "gender", "age", separator="|")
    )
    cases = strata.pivot(on="stratum", index="county", values="cases").drop("county")
    people = strata.pivot(on="stratum", index="county", values="population").drop("county")
    wanted = pl.read_csv(folder / "pennLC.csv")["expected"].to_list()
    assert expected_cases(cases, people).tolist() == pytest.approx(wanted, rel=1e-9)


@pytest.mark.parametrize(("name", "share", "zones"), [("NYleukemia", 0.15, 12939), ("scotland", 0.5, 1284)])
def test_it_reads_maps_kept_elsewhere(shared: Path, name: str, share: float, zones: int) -> None:
    table = pl.read_csv(shared / "golden" / "inputs" / "signal" / "spatial" / f"{name}.csv")
    found = scan(
        table["cases"], table["population"], table.select("x_km", "y_km"), expected=table["expected"],
        ids=table["id"], share=share, simulations=499,
    )  # fmt: skip
    assert found.zones == zones
    first = found.most_likely
    assert first is not None
    assert first.p == 1 / 500
    rows = table.filter(pl.col("id").cast(pl.String).is_in(first.ids))
    observed, expected = rows["cases"].sum(), rows["expected"].sum()
    total, whole = table["cases"].sum(), table["expected"].sum()
    scaled = expected * total / whole
    rest = (total - observed) * math.log((total - observed) / (total - scaled))
    assert first.llr == pytest.approx(observed * math.log(observed / scaled) + rest, rel=1e-9)
