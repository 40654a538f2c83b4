"""``assess --audit --sensitivity --compare``, and the audit document run again by somebody else."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from qualipolis.lake.audit.document import CLOSE, OPEN, escaped

from .commands import RUN, environment
from .conftest import Desk
from .test_assess import asem, rows

ZSCORE = """[[steps]]
step = "denominate"

[[steps]]
step = "normalise"
method = "zscore"

[[steps]]
step = "weigh"
method = "equal"

[[steps]]
step = "aggregate"
"""
AUDIT = "audit-7.html"


@pytest.fixture
def tried(desk: Desk) -> Desk:
    (desk.folder / "z.toml").write_text(ZSCORE)
    other = f"z={desk.folder / 'z.toml'}"
    said = desk.assess("--audit", "--sensitivity", 64, "--compare", other, "--number", "7", "--synthetic")
    assert said.code == 0, said.err
    return desk


def tampered(path: Path, old: str, new: str) -> None:
    """Change a table in the document and nothing else."""
    content = path.read_bytes()
    before, _, rest = content.partition(OPEN)
    text, _, after = rest.partition(CLOSE)
    facts = json.loads(text)
    table = facts["files"]["scores.csv"]
    assert old in table["text"]
    table["text"] = table["text"].replace(old, new, 1)
    path.write_bytes(before + OPEN + escaped(facts) + CLOSE + after)


def test_the_release_lists_all_that_was_asked_for(tried: Desk):
    document = json.loads((tried.out / "release.json").read_bytes())
    tables = {"sensitivity.csv", "convergence.csv", "tiers.csv", "comparison.csv", "correlation.csv"}
    assert {*tables, AUDIT, "inputs/compare-z.toml"} <= set(document["files"])
    assert document["sensitivity"] | {"failed": 0} == {
        "rows": 64,
        "seed": 1,
        "runs": 320,
        "complete": 64,
        "failed": 0,
        "combinations": None,
    }
    assert list(document["comparison"]) == ["z"]
    assert tried.call("verify", "release", tried.out).code == 0


def test_it_runs_again_and_says_so(tried: Desk):
    said = tried.call("rerun", tried.out / AUDIT, "--out", tried.folder / "again")
    assert said.code == 0, said.err
    assert "Every number comes out" in said.out
    for name in ("scores.csv", "intervals.csv", "sensitivity.csv", "inputs/data.csv"):
        assert (tried.folder / "again" / name).read_bytes() == (tried.out / name).read_bytes()
    assert tried.call("verify", "release", tried.folder / "again").code == 0
    assert tried.call("verify", "audit", tried.out / AUDIT, "--quiet").out == ""


ELSEWHERE = (
    {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "LC_ALL": "C", "TZ": "Asia/Shanghai"},
    {"OPENBLAS_CORETYPE": "Haswell", "LC_ALL": "zh_CN.UTF-8", "PYTHONHASHSEED": "7"},
)


@pytest.mark.parametrize("machine", ELSEWHERE)
def test_it_runs_again_elsewhere(tried: Desk, machine: dict[str, str]):
    home = tried.folder / "home"
    home.mkdir()
    path = (tried.out / AUDIT).rename(home / "kept.html")
    line = [sys.executable, "-c", RUN, "rerun", str(path), "--quiet"]
    env = environment(HOME=str(home), **machine)
    done = subprocess.run(line, cwd="/", env=env, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


def test_a_cell_that_was_changed_is_named(tried: Desk):
    row = next(",".join(row.values()) for row in rows(tried.out / "scores.csv") if row["node"] == "T")
    tampered(tried.out / AUDIT, row, row.split(",")[0] + ",T,3,100.0,1")
    said = tried.call("rerun", tried.out / AUDIT)
    assert said.code == 1
    assert "says A, T, 3, 100.0, 1, but computed again it is" in said.err


def test_what_is_no_audit_document_is_refused(tried: Desk):
    for path in (tried.out / "report.pdf", tried.out / "gone.html", tried.out):
        said = tried.call("rerun", path)
        assert said.code == 2
        assert "cannot be run again" in said.err


def test_a_place_that_is_taken_is_left_alone(tried: Desk):
    said = tried.call("rerun", tried.out / AUDIT, "--out", tried.out)
    assert said.code == 2
    assert "not empty" in said.err


def test_the_workbook_holds_the_further_sheets(tried: Desk):
    book = load_workbook(tried.out / "results.xlsx")
    assert {"Sensitivity", "Convergence", "Tiers", "Comparison", "Agreement"} <= set(book.sheetnames)
    assert book["Sensitivity"]["A2"].value == "weight noise"
    assert any("failed" in str(row[0].value) for row in book["Notes"])


@pytest.mark.parametrize(("lang", "words"), [("en", "How robust the ranks are"), ("zh", "名次稳不稳")])
def test_the_report_has_a_page_on_robustness(desk: Desk, lang: str, words: str):
    assert desk.assess("--sensitivity", 64, "--lang", lang).code == 0
    text = "".join(page.extract_text() for page in PdfReader(desk.out / "report.pdf").pages).replace(" ", "")
    assert words.replace(" ", "") in text
    assert "A=Σ(w·z)÷Σw" in text


def test_rows_of_its_own_are_the_usual_ones_without_a_number(desk: Desk):
    assert desk.assess("--sensitivity", "--audit").code == 0
    assert json.loads((desk.out / "release.json").read_bytes())["sensitivity"]["rows"] == 1024
    assert (desk.out / next(path.name for path in desk.out.glob("audit-*.html"))).stat().st_size > 10_000


def test_choices_alone_are_all_run(desk: Desk):
    (desk.folder / "p.toml").write_text(
        ZSCORE.replace('"zscore"', '"minmax"\nlow = 1.0')
        + '\n[[factors]]\nfactor = "alternatives"\naddress = "aggregate.method"\nvalues = ["arithmetic", "geometric"]\n'
        + '\n[[factors]]\nfactor = "alternatives"\naddress = "weigh.method"\nvalues = ["equal", "meta"]\n'
    )
    assert desk.assess("--pipeline", desk.folder / "p.toml", "--sensitivity", 64, "--audit").code == 0
    assert json.loads((desk.out / "release.json").read_bytes())["sensitivity"]["combinations"] == 4
    assert "first_exact" in rows(desk.out / "sensitivity.csv")[0]
    assert desk.call("rerun", next(desk.out.glob("audit-*.html"))).code == 0


@pytest.mark.parametrize("other", ["this=z.toml", "../up=z.toml", "a b=z.toml", "q=gone.toml"])
def test_a_comparison_that_cannot_be_is_refused(desk: Desk, other: str):
    (desk.folder / "z.toml").write_text(ZSCORE)
    said = desk.assess("--compare", other.replace("z.toml", str(desk.folder / "z.toml")))
    assert said.code == 2
    assert not desk.out.exists()


def test_a_pipeline_beside_that_fails_is_named(desk: Desk):
    (desk.folder / "bad.toml").write_text(ZSCORE.replace('"zscore"', '"goalposts"'))
    said = desk.assess("--compare", f"bad={desk.folder / 'bad.toml'}")
    assert said.code == 2
    assert "no goalposts" in said.err


def test_factors_that_do_not_fit_are_refused(desk: Desk):
    (desk.folder / "p.toml").write_text(
        ZSCORE.replace('"zscore"', '"minmax"\nlow = 1.0')
        + '\n[[factors]]\nfactor = "alternatives"\naddress = "treat.transform"\nvalues = ["none"]\n'
    )
    said = desk.assess("--pipeline", desk.folder / "p.toml")
    assert said.code == 2
    assert "does not fit" in said.err


def test_the_reference_example_runs_again(desk: Desk, shared: Path):
    options = ["--audit", "--sensitivity", 64, "--number", "7"]
    assert desk.call("assess", *asem(shared), *options, "--out", desk.out).code == 0
    said = desk.call("rerun", desk.out / AUDIT)
    assert said.code == 0, said.err
    table = list(csv.DictReader((desk.out / "importance.csv").read_text().splitlines()))
    shares = [float(row["shapley"]) for row in table if row["node"] == "Index"]
    assert sum(shares) == pytest.approx(1, abs=1e-3)
