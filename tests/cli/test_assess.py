"""From two tables to a release, with one command and no server."""

from __future__ import annotations

import csv
import io
import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import load_workbook

from .conftest import DATA, META, Desk

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "asem.toml"
FILES = {"scores.csv", "intervals.csv", "results.xlsx", "report.pdf", "release.json", "inputs"}


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))


def test_it_writes_all_that_is_promised(desk: Desk):
    said = desk.assess()
    assert said.code == 0, said.err
    assert {path.name for path in desk.out.iterdir()} == FILES
    assert list(rows(desk.out / "scores.csv")[0]) == ["unit", "node", "level", "score", "rank"]
    assert list(rows(desk.out / "intervals.csv")[0]) == ["unit", "node", "rank_p05", "rank_median", "rank_p95"]
    assert (desk.out / "report.pdf").read_bytes().startswith(b"%PDF-")
    assert (desk.out / "inputs" / "meta.csv").read_text() == META
    assert json.loads((desk.out / "release.json").read_bytes())["release_hash"] in said.out


def test_what_it_writes_verifies(desk: Desk):
    desk.assess("--synthetic", "--title", "演示")
    said = desk.call("verify", "release", desk.out)
    assert said.code == 0, said.err
    assert "The release holds" in said.out


def test_a_missing_value_is_no_zero(desk: Desk):
    desk.assess()
    cell = next(row for row in rows(desk.out / "scores.csv") if (row["unit"], row["node"]) == ("D", "q3"))
    assert (cell["score"], cell["rank"]) == ("", "")


def test_the_same_seed_gives_the_same_numbers_and_another_seed_others(desk: Desk):
    found = []
    for seed in (1, 1, 2):
        desk.assess("--seed", seed, "--uncertainty", 15, "--force")
        found.append((desk.out / "intervals.csv").read_bytes())
    assert found[0] == found[1] != found[2]


def test_it_does_without_intervals(desk: Desk):
    assert desk.assess("--uncertainty", 0).code == 0
    assert {path.name for path in desk.out.iterdir()} == FILES - {"intervals.csv"}
    assert desk.call("verify", "release", desk.out).code == 0


def test_the_workbook_holds_numbers_and_stages(desk: Desk):
    desk.assess()
    book = load_workbook(desk.out / "results.xlsx")
    assert [*book.sheetnames[:4], book.sheetnames[-1]] == ["Scores", "Ranks", "Framework", "1 raw", "Notes"]
    first = [cell.value for cell in book["Scores"][2]]
    assert first[:2] == ["A", "甲镇"]
    assert isinstance(first[2], float)
    assert any("Method version" in str(row[0].value) for row in book["Notes"])


def test_text_never_leaves_as_a_formula(desk: Desk):
    evil = "=HYPERLINK(1)"
    said = desk.assess(meta=META.replace("Pass rate", "@SUM(1)"), data=DATA.replace("A,甲镇", f"{evil},+1+1甲"))
    assert said.code == 0, said.err
    assert rows(desk.out / "scores.csv")[0]["unit"] == "'" + evil
    book = load_workbook(desk.out / "results.xlsx")
    cells = [cell for sheet in book for row in sheet for cell in row]
    assert evil in [cell.value for cell in cells]
    assert {cell.data_type for cell in cells} <= {"s", "n", "b"}
    assert desk.call("verify", "release", desk.out).code == 0


def test_one_workbook_may_hold_both_tables(desk: Desk):
    from openpyxl import Workbook

    book = Workbook()
    for title, text in (("指标", META), ("数据", DATA)):
        sheet = book.create_sheet(title)
        for row in csv.reader(io.StringIO(text)):
            sheet.append([float(cell) if cell.replace(".", "").isdigit() else cell or None for cell in row])
    del book["Sheet"]
    path = desk.folder / "both.xlsx"
    book.save(path)
    said = desk.on(path, path)
    assert said.code == 0, said.err
    document = json.loads((desk.out / "release.json").read_bytes())
    assert [document["inputs"][role]["sheet"] for role in ("framework", "data")] == ["指标", "数据"]
    assert desk.call("verify", "release", desk.out).code == 0
    other = Desk(desk.folder / "csv", desk.call)
    other.folder.mkdir()
    other.assess()
    assert rows(other.out / "scores.csv") == rows(desk.out / "scores.csv")


def test_it_refuses_a_directory_that_is_not_empty(desk: Desk):
    desk.out.mkdir()
    (desk.out / "thesis.doc").write_text("years of work")
    for options in ((), ("--force",)):
        said = desk.assess(*options)
        assert said.code == 2
        assert "another directory" in said.err
    assert [path.name for path in desk.out.iterdir()] == ["thesis.doc"]


def test_force_replaces_a_release_and_nothing_else(desk: Desk):
    desk.assess("--number", "1")
    assert "--force" in desk.assess("--number", "2").err
    assert desk.assess("--number", "2", "--force").code == 0
    assert json.loads((desk.out / "release.json").read_bytes())["number"] == "2"
    (desk.out / "inputs" / "note.txt").write_text("mine")
    said = desk.assess("--force")
    assert "inputs/note.txt" in said.err
    assert (desk.out / "inputs" / "note.txt").read_text() == "mine"


def test_a_failure_while_rendering_leaves_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    def broken(*_: object) -> bytes:
        raise RuntimeError("no ink")

    monkeypatch.setattr("qualipolis.cli.assess.rendered", broken)
    with pytest.raises(RuntimeError, match="no ink"):
        desk.assess()
    assert sorted(path.name for path in desk.folder.iterdir()) == ["data.csv", "meta.csv"]


def test_a_failure_while_writing_keeps_the_release_before(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    desk.assess()
    before = (desk.out / "release.json").read_bytes()

    def full(*_: object) -> bytes:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("qualipolis.lake.release.write.canonical_json", full)
    said = desk.assess("--force")
    assert said.code == 2
    assert "No space left on device" in said.err
    assert (desk.out / "release.json").read_bytes() == before
    assert sorted(path.name for path in desk.folder.iterdir()) == ["data.csv", "meta.csv", "release"]


def test_what_a_killed_run_left_behind_is_in_nobodys_way(desk: Desk):
    (desk.folder / ".release.abc.partial").mkdir()
    assert desk.assess().code == 0


def test_warnings_are_shown_and_kept(desk: Desk):
    lines = DATA.splitlines()
    constant = "\n".join([lines[0], *(line.rsplit(",", 1)[0] + ",5" for line in lines[1:])]) + "\n"
    said = desk.assess(meta=META.replace("q3,专利,Patents,D,1,+,件,people", "q3,专利,Patents,D,1,+,件,"), data=constant)
    assert said.code == 0, said.err
    assert "column G (q3)" in said.err
    assert "constant_column" in [
        problem["code"] for problem in json.loads((desk.out / "release.json").read_bytes())["problems"]
    ]


def processor_seconds() -> float:
    """Return what the processes called so far have used; other work on the machine does not count."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def asem(shared: Path) -> list[str]:
    folder = shared / "golden/composite/00_input"
    tables = ["--framework", str(folder / "ASEM_iMeta.csv"), "--data", str(folder / "ASEM_iData.csv")]
    return [*tables, "--pipeline", str(EXAMPLE), "--uncertainty", "1000", "--seed", "1"]


def test_it_reproduces_the_reference_scores(desk: Desk, shared: Path):
    assert desk.call("assess", *asem(shared), "--out", desk.out).code == 0
    found = {(row["unit"], row["node"]): row for row in rows(desk.out / "scores.csv")}
    results = shared / "golden/composite/09_results"
    for wanted in rows(results / "aggs_scores.csv"):
        for node, value in list(wanted.items())[3:]:
            assert float(found[wanted["uCode"], node]["score"]) == pytest.approx(float(value), rel=1e-9)
    for wanted in rows(results / "aggs_ranks.csv"):
        for node, value in list(wanted.items())[1:]:
            assert found[wanted["uCode"], node]["rank"] == value


SHELL = """
import sys
from qualipolis.cli import main
try:
    main()
finally:
    print(sorted({name.partition(".")[0] for name in sys.modules} & {"django", "pandas", "duckdb", "ibis"}))
"""


def test_it_takes_less_than_three_seconds_from_the_shell_without_django(desk: Desk, shared: Path):
    environ = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    environ |= {"PYTHONPATH": str(EXAMPLE.parents[1] / "src"), "PYTHONPYCACHEPREFIX": str(desk.folder / "compiled")}
    command = [sys.executable, "-c", SHELL, "assess", *asem(shared), "--out", str(desk.out), "--force"]
    for _ in ("compiles the modules", "is what a user waits for"):
        begun = processor_seconds()
        done = subprocess.run(command, env=environ, capture_output=True, text=True, check=True)
        taken = processor_seconds() - begun
    assert done.stdout.splitlines()[-1] == "[]"
    assert taken < 3
