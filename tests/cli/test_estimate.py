"""``qualipolis estimate`` from a sample and its design to a file."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from tests.cli.commands import qualipolis

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "estimate.toml"


@pytest.fixture
def sample(tmp_path):
    rows = [
        {
            "id": f"{stratum}{firm}-{batch}",
            "purpose": "random",
            "stratum": stratum,
            "enterprise": f"{stratum}{firm}",
            "frame": size,
            "weight": size / 12,
            "town": f"镇{firm % 3}",
            "product": f"p{batch % 2}",
            "result": "fail" if (firm, batch) in {(1, 0), (4, 2)} else "pass",
            "value": 10 + firm / 10 + batch / 100,
        }
        for stratum, size in (("east", 300), ("west", 150))
        for firm in range(12)
        for batch in range(4)
    ]
    aimed = {**rows[0], "purpose": "targeted", "result": "fail"}
    pl.DataFrame([*rows, aimed]).write_csv(tmp_path / "sample.csv")
    return tmp_path / "sample.csv"


def test_it_estimates_every_domain_of_the_example(sample):
    out = sample.parent / "out.json"
    answer = qualipolis("estimate", "--sample", sample, "--design", EXAMPLE, "--out", out, "--lang", "en")
    assert answer.returncode == 0, answer.stderr
    rows = json.loads(out.read_text("utf-8"))
    towns = {row["domain"]: row for row in rows if row["by"] == "town"}
    assert set(towns) == {"镇0", "镇1", "镇2"}
    assert towns["镇1"]["estimate"] == pytest.approx(4 / 32)
    assert towns["镇0"]["estimate"] == 0
    assert 0 == towns["镇0"]["low"] < towns["镇0"]["high"]
    assert all(row["purpose"] == "random" for row in rows)
    whole = next(row for row in rows if row["statistic"] == "mean")
    assert (whole["n"], whole["df"]) == (96, 22)


def test_it_refuses_to_pool_purposes_and_writes_nothing(sample):
    design, out = sample.parent / "design.toml", sample.parent / "out.csv"
    design.write_text(EXAMPLE.read_text("utf-8").replace('purpose = "random"', ""), "utf-8")
    answer = qualipolis("estimate", "--sample", sample, "--design", design, "--out", out, "--lang", "zh")
    assert answer.returncode == 2
    assert "样本混有不同目的" in answer.stderr
    assert not out.exists()


def test_it_says_all_that_is_wrong_with_a_design(sample):
    design, out = sample.parent / "design.toml", sample.parent / "out.csv"
    design.write_text('weights = "wt"\nstrata = "layer"\n[[estimates]]\nstatistic = "mean"\nvariable = "value"\n')
    answer = qualipolis("estimate", "--sample", sample, "--design", design, "--out", out, "--lang", "en")
    assert answer.returncode == 2
    assert "“wt”" in answer.stderr
    assert "“layer”" in answer.stderr
    design.write_text('weights = "weight"\nstrat = "x"\n[[estimates]]\nstatistic = "mean"\nvariable = "value"\n')
    answer = qualipolis("estimate", "--sample", sample, "--design", design, "--out", out, "--lang", "en")
    assert "strat" in answer.stderr
