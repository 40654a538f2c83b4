"""The ASEM tables of the reference as framework and data."""

from __future__ import annotations

import csv
import math
import tomllib
from pathlib import Path

import numpy as np

from qualipolis.methods.composite import CompositeResult, Framework, IndicatorData, Node, Pipeline

REPOSITORY = Path(__file__).resolve().parents[3]
Rows = list[dict[str, str]]


def read(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def number(text: str) -> float:
    return math.nan if text in ("NA", "NaN", "") else float(text)


def name(text: str) -> str | None:
    return None if text == "NA" else text


def framework(folder: Path) -> Framework:
    rows = read(folder / "00_input" / "ASEM_iMeta.csv")
    return Framework(
        tuple(
            Node(
                row["iCode"],
                row["iName"],
                parent=name(row["Parent"]),
                weight=float(row["Weight"]),
                level=int(row["Level"]),
                kind=row["Type"].lower(),
                direction=int(row["Direction"]),
                unit=row["Unit"],
                denominator=name(row["Denominator"]),
            )
            for row in rows
            if row["Type"] in ("Indicator", "Aggregate")
        )
    )


def data(folder: Path) -> IndicatorData:
    meta = read(folder / "00_input" / "ASEM_iMeta.csv")
    rows = read(folder / "00_input" / "ASEM_iData.csv")
    of_type = {kind: [m["iCode"] for m in meta if m["Type"] == kind] for kind in ("Indicator", "Group", "Denominator")}
    return IndicatorData(
        [row["uCode"] for row in rows],
        of_type["Indicator"],
        [[number(row[code]) for code in of_type["Indicator"]] for row in rows],
        names={row["uCode"]: row["uName"] for row in rows},
        groups={code: [name(row[code]) for row in rows] for code in of_type["Group"]},
        denominators={code: [number(row[code]) for row in rows] for code in of_type["Denominator"]},
    )


def pipeline() -> Pipeline:
    return Pipeline.from_dict(tomllib.loads((REPOSITORY / "examples" / "asem.toml").read_text(encoding="utf-8")))


def asem(folder: Path) -> CompositeResult:
    return pipeline().run(framework(folder), data(folder))


def assert_same_table(path: Path, units: tuple[str, ...], codes: tuple[str, ...], values: np.ndarray) -> None:
    """Compare with a reference table by code, to relative 1e-9; what is missing there must be missing here."""
    rows = read(path)
    assert {row["uCode"] for row in rows} == set(units)
    wanted = [code for code in rows[0] if code != "uCode"]
    expected = np.array([[number(row[code]) for code in wanted] for row in rows])
    found = values[np.ix_([units.index(row["uCode"]) for row in rows], [codes.index(code) for code in wanted])]
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-13)
