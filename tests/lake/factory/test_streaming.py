"""A long plain table read piece by piece says the very same as the reader that knows everything."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from qualipolis.lake.factory import Bounds, Measurements, read_measurements
from qualipolis.lake.factory.bounds import Asked
from qualipolis.lake.factory.streaming import read_streamed

TALL = "wall (mm)\n" + "".join(f"{25 + i % 7 / 100}\n" for i in range(500))
STACKED = "characteristic,value\n" + "".join(f"bore {i // 100},{i / 3:.4f}\n" for i in range(500))
TURNS = "characteristic;value\n" + "".join(f"C{i % 3};{i / 3:.4f}\n".replace(".", ",") for i in range(300))
GAPS = "characteristic,value\n" + "".join(f"A,{'' if i % 50 == 7 else i}\n" for i in range(300))


def streamed(path: Path) -> Measurements | None:
    return read_streamed(path, path.name, Asked(), Bounds(), large=1)


@pytest.mark.parametrize("text", [TALL, STACKED, TURNS, GAPS, TALL.replace("wall (mm)\n", "")])
def test_it_reads_a_plain_table_as_the_usual_reader_does(text: str, tmp_path: Path) -> None:
    path = tmp_path / "plant.csv"
    path.write_text(text, encoding="utf-8")
    found, usual = streamed(path), read_measurements(path)
    assert found is not None
    assert (found.origin, found.preview(), len(found.warnings)) == (usual.origin, usual.preview(), len(usual.warnings))
    assert [(c.key, c.name, c.unit) for c in found.characteristics] == [
        (c.key, c.name, c.unit) for c in usual.characteristics
    ]
    for one, other in zip(found.characteristics, usual.characteristics, strict=True):
        for name in ("value", "censored", "valid", "row"):
            np.testing.assert_array_equal(getattr(one.readings, name), getattr(other.readings, name), name)


@pytest.mark.parametrize(
    "text",
    [
        TALL + "<0.5\n",  # a censored value
        TALL + "mean\n",  # a word at the foot
        TALL + "\n25.1\n",  # a blank line
        TALL.replace("25.01\n", '"25.01"\n', 1),
        STACKED + ",5\n",  # a row without a name
        STACKED + "bore 9,inf\n",
        STACKED.replace("value\n", "value,operator\n", 1),
        "lower,24\n" + STACKED,  # specifications in the head
        "x,y\n1,2\n" * 200,  # two characteristics side by side
    ],
)
def test_it_leaves_everything_else_to_the_usual_reader(text: str, tmp_path: Path) -> None:
    path = tmp_path / "plant.csv"
    path.write_text(text, encoding="utf-8")
    assert streamed(path) is None


def test_other_encodings_and_small_files_go_the_usual_way(tmp_path: Path) -> None:
    path = tmp_path / "plant.csv"
    path.write_bytes("特性,数值\n".encode("gb18030") + b"A,1\n" * 100)
    assert streamed(path) is None
    path.write_text(STACKED, encoding="utf-8")
    assert read_streamed(path, path.name, Asked(), Bounds()) is None
    assert read_streamed(path.read_bytes(), path.name, Asked(), Bounds(), large=1) is None
