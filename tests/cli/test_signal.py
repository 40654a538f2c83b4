"""``qualipolis signal`` from two files to a folder, in both languages."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
from tests.cli.commands import RUN, environment, qualipolis

CONFIG = '[columns]\ndate = "date"\nproduct = "product"\nhazard = "hazard"\n'


def files(folder: Path) -> tuple[Path, Path]:
    rng = np.random.default_rng(5)
    days = np.datetime64("2023-01-02") + rng.integers(0, 546, 600)
    rows = [f"{day},{rng.choice(['灯具', '玩具', '大米'])},{rng.choice(['触电', '铅'])}" for day in days]
    rows += ["2024-06-25,灯具,触电"] * 12
    data, config = folder / "reports.csv", folder / "signal.toml"
    data.write_text("date,product,hazard\n" + "\n".join(rows) + "\n", encoding="utf-8")
    config.write_text(CONFIG, encoding="utf-8")
    return data, config


def test_it_tells_what_is_unusual_and_writes_it(tmp_path: Path) -> None:
    data, config = files(tmp_path)
    done = qualipolis("signal", "--data", data, "--config", config, "--out", tmp_path / "out", "--lang", "en")
    assert done.returncode == 0, done.stderr
    assert "! 灯具 · 触电" in done.stdout
    told = json.loads((tmp_path / "out" / "signals.json").read_text(encoding="utf-8"))
    assert ("灯具", "触电") in [(one["product"], one["hazard"]) for one in told["signals"]]
    record = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    assert set(record["inputs"]) == {"reports.csv", "signal.toml"}


def test_it_speaks_chinese_and_says_what_to_mend(tmp_path: Path) -> None:
    data, config = files(tmp_path)
    config.write_text('[columns]\ndate = "日期"\n[signals]\nalpha = 3\n', encoding="utf-8")
    done = qualipolis("signal", "--data", data, "--config", config, "--out", tmp_path / "out", "--lang", "zh")
    assert done.returncode == 2
    assert "signals.alpha" in done.stderr and "0.5" in done.stderr
    assert not (tmp_path / "out").exists()
    done = qualipolis("signal", "--data", tmp_path / "no.csv", "--config", config, "--out", tmp_path / "out")
    assert done.returncode == 2


def test_its_example_is_a_configuration(tmp_path: Path) -> None:
    from qualipolis.lake.signals import read_config

    example = Path(__file__).resolve().parents[2] / "examples" / "signal.toml"
    assert read_config(example.read_bytes(), example.name).signals.weeks == 4


def test_a_reader_who_has_seen_enough_is_no_error(tmp_path: Path) -> None:
    data, config = files(tmp_path)
    line = [sys.executable, "-c", RUN, "signal", "--data", data, "--config", config, "--out", tmp_path / "out"]
    read, told = os.pipe()
    os.close(read)
    done = subprocess.run(
        [str(one) for one in line], stdout=told, stderr=subprocess.PIPE, env=environment(), timeout=60, check=False
    )
    os.close(told)
    assert (done.returncode, (tmp_path / "out" / "run.json").exists()) == (0, True), done.stderr
    assert b"Broken pipe" not in done.stderr
