"""The reference's own inputs and its example path, stage by stage."""

from __future__ import annotations

import math
from pathlib import Path

from tests.golden.composite import cast
from tests.golden.composite.manifest import Entry, golden

STAGES = {
    "Raw": "raw",
    "Denominated": "denominate",
    "Imputed": "impute",
    "Screened": "screen",
    "Treated": "treat",
    "Normalised": "normalise",
    "Aggregated": "aggregate",
}


@golden(*[f"01_example_path/{stage}" for stage in STAGES])
def example_path(folder: Path, entry: Entry) -> None:
    stage = cast.asem(folder).stages[STAGES[Path(entry["file"]).stem]]
    cast.assert_same_table(folder / entry["file"], stage.units, stage.codes, stage.values)


@golden("00_input/ASEM_iData", "00_input/ASEM_iMeta")
def tables(folder: Path, entry: Entry) -> None:
    tree, data = cast.framework(folder), cast.data(folder)
    rows = cast.read(folder / entry["file"])
    if entry["id"].endswith("iMeta"):
        assert [row["iCode"] for row in rows if row["Type"] == "Indicator"] == list(tree.indicators)
        assert [row["iCode"] for row in rows if row["Type"] == "Aggregate"] == list(tree.aggregates)
        assert {row["iCode"]: float(row["Weight"]) for row in rows if row["Level"] != "NA"} == {
            node.code: node.weight for node in tree.nodes
        }
        return
    for at, row in enumerate(rows):
        mine = dict(zip(data.codes, data.values[at].tolist(), strict=True))
        theirs = {code: cast.number(row[code]) for code in data.codes}
        assert {k: v for k, v in mine.items() if not math.isnan(v)} == {
            k: v for k, v in theirs.items() if not math.isnan(v)
        }


@golden("00_input/lineage")
def lineage(folder: Path, entry: Entry) -> None:
    tree = cast.framework(folder)
    for row in cast.read(folder / entry["file"]):
        pillar = tree.node(row["Indicator"]).parent
        assert pillar is not None
        above = tree.node(pillar).parent
        assert above is not None
        assert (pillar, above, tree.node(above).parent) == (row["Pillar"], row["Sub-index"], row["Index"])
