"""A release stands for its numbers: whatever is changed in it is found, and named."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from qualipolis.lake.canonical import canonical_json, sha256
from qualipolis.lake.grids import Source
from qualipolis.lake.release import (
    About,
    Inputs,
    Verification,
    compute,
    default_pipeline,
    inputs_of,
    pipeline_source,
    verify_release,
    write_release,
)
from qualipolis.lake.release.format import release_hash
from qualipolis.methods.composite import (
    CITY_PIPELINE,
    DEFAULT_PIPELINE,
    Alternatives,
    Framework,
    IndicatorData,
    Node,
    WeightNoise,
)
from qualipolis.methods.problems import InputError

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
ABOUT = About("Assessment", NOW, "2026-1", synthetic=True)


def city() -> tuple[Framework, IndicatorData]:
    nodes = tuple(Node(f"q{i}", parent="Q", floor=0.0, target=10.0) for i in range(4))
    values = np.random.default_rng(3).uniform(0, 10, (8, 4))
    values[1, 2] = np.nan
    units = tuple(f"U{i}" for i in range(8))
    return Framework((*nodes, Node("Q", level=2, kind="aggregate"))), IndicatorData(
        units, ("q0", "q1", "q2", "q3"), values
    )


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("releases") / "one"
    assessment = compute(inputs_of(*city(), DEFAULT_PIPELINE), replicates=50, seed=4)
    write_release(folder, ABOUT, assessment, {"report.pdf": b"%PDF-1.7"})
    return folder


@pytest.fixture
def release(original: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(original, tmp_path / "release"))


def failing(found: Verification) -> str:
    assert not found.ok
    return str(found.first_problem)


def sealed(folder: Path, change: Callable[[dict], object]) -> None:
    """Change the document and give it the hashes that a forger would."""
    document = json.loads((folder / "release.json").read_bytes())
    change(document)
    for name, entry in document["files"].items():
        if (folder / name).is_file():
            entry["sha256"] = sha256((folder / name).read_bytes())
    document["release_hash"] = release_hash(document)
    (folder / "release.json").write_bytes(canonical_json(document))


def test_it_holds_as_written(release: Path):
    found = verify_release(release)
    assert found.ok, found.first_problem
    document = json.loads((release / "release.json").read_bytes())
    assert document["release_hash"] == found.release_hash
    assert (document["format"], document["synthetic"], document["created_at"]) == (
        "qualipolis-release/1",
        True,
        "2026-03-01T08:00:00Z",
    )
    assert document["counts"] | {"warnings": 0} == {
        "units": 8,
        "units_scored": 8,
        "indicators": 4,
        "aggregates": 1,
        "cells": 32,
        "cells_missing": 1,
        "warnings": 0,
    }


def test_the_same_inputs_give_the_same_bytes(original: Path, tmp_path: Path):
    again = tmp_path / "again"
    assessment = compute(inputs_of(*city(), DEFAULT_PIPELINE), replicates=50, seed=4)
    write_release(again, ABOUT, assessment, {"report.pdf": b"%PDF-1.7"})
    names = sorted(path.relative_to(again) for path in again.rglob("*") if path.is_file())
    assert [(again / name).read_bytes() for name in names] == [(original / name).read_bytes() for name in names]


@pytest.mark.parametrize(
    "name", ["inputs/data.csv", "inputs/meta.csv", "inputs/pipeline.toml", "scores.csv", "intervals.csv", "report.pdf"]
)
def test_one_byte_changed_in_a_file_names_the_file(release: Path, name: str):
    path = release / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    assert f"The file {name} was changed" in failing(verify_release(release))


def test_a_file_taken_away_is_named(release: Path):
    (release / "intervals.csv").unlink()
    assert "The file intervals.csv is missing" in failing(verify_release(release))


def test_a_file_put_in_is_named(release: Path):
    (release / "inputs" / "more.csv").write_text("x")
    assert "inputs/more.csv does not belong to the release" in failing(verify_release(release))


def test_a_link_is_no_file_of_a_release(release: Path, tmp_path: Path):
    shutil.move(release / "scores.csv", tmp_path / "elsewhere.csv")
    (release / "scores.csv").symlink_to(tmp_path / "elsewhere.csv")
    assert "scores.csv" in failing(verify_release(release))


@pytest.mark.parametrize("change", ["title", "number", "seed"])
def test_a_changed_document_is_found(release: Path, change: str):
    path = release / "release.json"
    old = {"title": b'"Assessment"', "number": b'"2026-1"', "seed": b'"seed":4'}[change]
    path.write_bytes(path.read_bytes().replace(old, old[:-1] + b'9"' if change != "seed" else b'"seed":5'))
    assert "document was changed" in failing(verify_release(release))


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b'{"a":1,"a":2}', b"\xff", b'{"format":"qualipolis-release/2"}'])
def test_a_document_that_is_none_is_said_so(release: Path, content: bytes):
    (release / "release.json").write_bytes(content)
    assert "cannot be read" in failing(verify_release(release))


def test_an_input_changed_with_all_hashes_mended_no_longer_gives_the_scores(release: Path):
    path = release / "inputs" / "data.csv"
    lines = path.read_text().splitlines()
    lines[3] = lines[3].rsplit(",", 1)[0] + ",9.5"
    path.write_text("\n".join(lines) + "\n")
    sealed(release, lambda document: None)
    found = verify_release(release)
    assert [check.file for check in found.steps if not check.ok][-2:] == ["scores.csv", "intervals.csv"]
    assert "hash printed in the report" in failing(found)


def test_a_score_changed_with_all_hashes_mended_is_found(release: Path):
    path = release / "scores.csv"
    lines = path.read_text().splitlines()
    lines[5] = "U0,Q,2,99.5,1"
    path.write_text("\n".join(lines) + "\n")
    sealed(release, lambda document: document.pop("content_hash"))
    problems = [str(check.detail) for check in verify_release(release).steps if not check.ok]
    assert any("Row 6 of scores.csv says U0, Q, 2, 99.5, 1" in text for text in problems)


def test_another_seed_than_the_one_named_is_found(release: Path):
    sealed(release, lambda document: document["uncertainty"].update(seed=5))
    assert "intervals.csv" in failing(verify_release(release))


def test_other_libraries_are_named_and_the_last_digit_forgiven(release: Path):
    sealed(release, lambda document: document["libraries"].update(numpy="1.0"))
    found = verify_release(release)
    assert found.ok
    assert any(check.detail and "numpy 1.0" in str(check.detail) for check in found.steps)


@pytest.mark.parametrize("name", ["../outside.csv", "/etc/hostname", "inputs\\..\\x"])
def test_a_document_cannot_reach_outside_its_folder(release: Path, name: str):
    sealed(release, lambda document: document["files"].update({name: {"sha256": "0", "bytes": 0}}))
    assert "cannot be read" in failing(verify_release(release))


def test_a_document_cannot_ask_for_endless_work(release: Path):
    sealed(release, lambda document: document["uncertainty"].update(replicates=10**9))
    assert "at most 100000" in failing(verify_release(release))


def test_other_factors_are_kept_with_the_release(tmp_path: Path):
    factors = (WeightNoise(0.1, levels=(1,)), Alternatives("normalise.clamp", (True, False)))
    assessment = compute(inputs_of(*city(), CITY_PIPELINE, factors), replicates=40, seed=2)
    assert assessment.factors == factors
    write_release(tmp_path / "r", ABOUT, assessment)
    assert verify_release(tmp_path / "r").ok


def test_two_inputs_of_one_name_are_both_kept(tmp_path: Path):
    own = inputs_of(*city(), DEFAULT_PIPELINE)
    meta = Source("table.csv", own.framework.content)
    inputs = Inputs(meta, Source("table.csv", own.data.content), default_pipeline())
    write_release(tmp_path / "r", ABOUT, compute(inputs))
    assert {path.name for path in (tmp_path / "r" / "inputs").iterdir()} == {
        "table.csv",
        "data-table.csv",
        "pipeline.toml",
    }
    assert verify_release(tmp_path / "r").ok


def test_the_default_pipeline_reads_back_as_itself():
    source = pipeline_source(DEFAULT_PIPELINE)
    assert compute(inputs_of(*city(), DEFAULT_PIPELINE)).result.pipeline == DEFAULT_PIPELINE
    assert source == default_pipeline()


def test_each_stage_is_the_reference(shared: Path):
    folder = shared / "golden/composite"
    files = [folder / "00_input" / name for name in ("ASEM_iMeta.csv", "ASEM_iData.csv")]
    example = Path(__file__).resolve().parents[2] / "examples" / "asem.toml"
    result = compute(Inputs(*(Source(path.name, path.read_bytes()) for path in (*files, example)))).result
    stages = {"raw": "Raw", "denominate": "Denominated", "impute": "Imputed", "screen": "Screened", "treat": "Treated"}
    for step, name in {**stages, "normalise": "Normalised", "aggregate": "Aggregated"}.items():
        lines = (folder / "01_example_path" / f"{name}.csv").read_text().replace('"', "").splitlines()
        codes = lines[0].split(",")[1:]
        wanted = {
            row.split(",")[0]: [float(cell.replace("NA", "nan")) for cell in row.split(",")[1:]] for row in lines[1:]
        }
        stage = result.stages[step]
        columns = [stage.codes.index(code) for code in codes]
        found = stage.values[:, columns]
        np.testing.assert_allclose(found, [wanted[unit] for unit in stage.units], rtol=1e-9, err_msg=name)


def test_an_input_error_writes_nothing(tmp_path: Path):
    own = inputs_of(*city(), DEFAULT_PIPELINE)
    broken = Inputs(own.framework, Source("data.csv", own.data.content.replace(b"U1", b"U0")), own.pipeline)
    with pytest.raises(InputError):
        write_release(tmp_path / "r", ABOUT, compute(broken))
    assert not list(tmp_path.iterdir())


def test_other_code_of_the_method_is_named(release: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("qualipolis.lake.release.format.method_code", lambda: "0" * 16)
    noted = [str(step.detail) for step in verify_release(release).steps if step.detail]
    assert len(noted) == 1
    assert "method code" in noted[0]


def test_a_release_from_before_a_step_got_a_parameter_still_holds(release: Path):
    def older(document: dict) -> None:
        for step in document["method"]["pipeline"]["steps"]:
            step.pop("combine", None)
            step.pop("power", None)
        document["method"]["version"] = sha256(canonical_json(document["method"]["pipeline"]))
        document["libraries"].pop("scipy")
        document["libraries"]["method code"] = "0" * 16
        files = {
            name: document["files"][name]["sha256"]
            for name in ("scores.csv", "intervals.csv", *(one["file"] for one in document["inputs"].values()))
        }
        document["content_hash"] = sha256(canonical_json({"method": document["method"]["version"], "files": files}))

    sealed(release, older)
    found = verify_release(release)
    assert found.ok, found.first_problem
    notes = [str(step.detail) for step in found.steps if step.detail]
    assert len(notes) == 1
    assert "scipy" not in notes[0]


def test_another_method_than_the_one_named_is_found(release: Path):
    sealed(release, lambda document: document["method"]["pipeline"]["steps"][0].update(scale={"q0": 2.0}))
    sealed(release, lambda document: document["method"].update(version="0" * 64))
    assert "not the method that the release names" in failing(verify_release(release))
