"""``qualipolis examine`` on a file of a factory."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import typer
from tests.cli.commands import qualipolis
from typer.testing import CliRunner, Result

from qualipolis.cli import COMMANDS
from qualipolis.cli.examine import examine

WORN = [*np.random.default_rng(1).normal(10, 1, 40).round(3).tolist(), 25.0]


def run(*words: str) -> Result:
    app = typer.Typer()
    app.command()(examine)
    return CliRunner().invoke(app, list(words[1:]))


@pytest.fixture
def worn(tmp_path: Path) -> Path:
    path = tmp_path / "bore.csv"
    path.write_text("bore (mm)\n" + "".join(f"{v}\n" for v in WORN), encoding="utf-8")
    return path


def test_it_writes_findings_report_and_charts_that_agree(worn: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = run("examine", str(worn), "--spec", "5:15", "--out", str(out), "--lang", "en")
    assert done.exit_code == 0, done.output
    told = json.loads((out / "findings.json").read_text(encoding="utf-8"))
    one = told["characteristics"][0]
    assert one["n"] == 41 and one["specification"]["upper"] == 15 and told["file"]["bytes"] == worn.stat().st_size
    assert "Point 41 lies above the upper limit: 25.0 mm" in done.output
    assert any("Point 41 " in sentence["text"] for sentence in one["sentences"])
    assert (out / "report.pdf").read_bytes().startswith(b"%PDF")
    assert sorted(path.name for path in (out / "charts").iterdir()) == [
        "01-bore-I.svg",
        "01-bore-MR.svg",
        "01-bore-histogram.svg",
    ]


def test_it_speaks_chinese_and_takes_phases(worn: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = run(
        "examine", str(worn), "--phase", "21:换油", "--out", str(out), "--lang", "zh", "--instrument", "individuals"
    )
    assert done.exit_code == 0, done.output
    phases = json.loads((out / "findings.json").read_text(encoding="utf-8"))["characteristics"][0]["charts"][0][
        "phases"
    ]
    assert [(phase["start"], phase["label"]) for phase in phases] == [(1, ""), (21, "换油")]
    assert "第41点" in done.output


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--spec", "5"),
        ("--spec", "9:1"),
        ("--phase", "x"),
        ("--instrument", "ball"),
        ("--rules", "none"),
        ("--characteristic", "?"),
    ],
)
def test_a_wrong_wish_is_told_and_nothing_is_written(option: str, value: str, worn: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = run("examine", str(worn), option, value, "--out", str(out), "--lang", "en")
    assert done.exit_code == 2 and not out.exists()


def test_a_file_that_is_not_there_is_told_by_the_command_itself(tmp_path: Path) -> None:
    done = qualipolis("examine", tmp_path / "no.csv", "--out", tmp_path / "out", "--lang", "en")
    assert done.returncode == 2 and "no such file" in done.stderr
    assert COMMANDS["examine"].module == "examine"
