"""Where the reference values of process control lie, and how their inputs are read."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np

FOLDER = Path(__file__).resolve().parents[4] / "shared" / "golden" / "spc"


def cases(topic: str) -> list[str]:
    """Return the ids of the recorded cases of a topic; none where the folder is absent."""
    return sorted(path.stem for path in (FOLDER / topic).glob("*.json"))


def case(topic: str, name: str) -> dict[str, Any]:
    return json.loads((FOLDER / topic / f"{name}.json").read_text())


def rows(path: str) -> list[dict[str, str]]:
    with (FOLDER / path).open(newline="") as file:
        return list(csv.DictReader(file))


def column(path: str, name: str) -> np.ndarray:
    return np.array([float(row[name]) for row in rows(path)])


def trial(path: str) -> np.ndarray:
    """Return which rows set the limits."""
    return np.array([row["trial"].lower() == "true" for row in rows(path)])


def rings() -> np.ndarray:
    """The piston rings: 40 subgroups of 5; the first 25 set the limits."""
    return column("data/pistonrings.csv", "diameter").reshape(-1, 5)
