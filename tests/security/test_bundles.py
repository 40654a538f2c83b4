"""A bundle from a stranger: whatever is written into it, the verification ends soon, in words, and does nothing else."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from qualipolis.lake.canonical import canonical_json, sha256
from qualipolis.lake.release import About, compute, inputs_of, verify_release, write_release
from qualipolis.lake.release.format import release_hash
from qualipolis.lake.release.verify import inside
from qualipolis.methods.composite import DEFAULT_PIPELINE, Framework, IndicatorData, Node

Change = Callable[[dict[str, Any], Path], object]


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    nodes = tuple(Node(f"q{i}", parent="Q", floor=0.0, target=10.0) for i in range(3))
    values = np.random.default_rng(3).uniform(0, 10, (6, 3))
    data = IndicatorData(tuple(f"U{i}" for i in range(6)), ("q0", "q1", "q2"), values)
    inputs = inputs_of(Framework((*nodes, Node("Q", level=2, kind="aggregate"))), data, DEFAULT_PIPELINE)
    folder = tmp_path_factory.mktemp("releases") / "one"
    write_release(
        folder, About("A", datetime(2026, 3, 1, tzinfo=UTC), "2026-1"), compute(inputs, replicates=20, seed=4)
    )
    return folder


def forged(original: Path, folder: Path, change: Change) -> Path:
    """Change a copy of the release and give its document a hash that fits again."""
    shutil.copytree(original, folder)
    document = json.loads((folder / "release.json").read_bytes())
    change(document, folder)
    document["release_hash"] = release_hash(document)
    (folder / "release.json").write_bytes(canonical_json(document))
    return folder


def put(document: dict[str, Any], folder: Path, name: str, content: bytes) -> None:
    (folder / name).write_bytes(content)
    document["files"][name] = {"sha256": sha256(content), "bytes": len(content)}


CHANGES: dict[str, Change] = {
    "a seed below zero": lambda d, f: d["uncertainty"].update(seed=-5),
    "too many replicates": lambda d, f: d["uncertainty"].update(replicates=10**9),
    "replicates that are no number": lambda d, f: d["uncertainty"].update(replicates=True),
    "factors of another kind": lambda d, f: d["uncertainty"].update(factors=[{"factor": "weight_noise", "levels": 5}]),
    "a name too long": lambda d, f: d["files"].update({"a" * 5000: {"sha256": "", "bytes": 1}}),
    "a name with a zero": lambda d, f: d["files"].update({"a\x00b": {"sha256": "", "bytes": 1}}),
    "a name that paints the terminal": lambda d, f: put(d, f, "a\x1b[2Jb", b"x"),
    "a name that leads out": lambda d, f: d["files"].update({"../../keys/secret.key": {"sha256": "", "bytes": 1}}),
    "a pipeline nested without end": lambda d, f: put(d, f, "inputs/pipeline.toml", b"a=" + b"[" * 60_000),
    "a table that is one endless cell": lambda d, f: put(d, f, "scores.csv", b'"' + b"x" * 300_000),
    "numbers beyond counting": lambda d, f: put(d, f, "inputs/data.csv", b"unit,q0,q1,q2\nA,1e308,-1e308,1e308\nB,1,1,1\n"),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_a_forged_bundle_does_not_hold_and_the_check_says_so_soon(original, tmp_path, name) -> None:
    folder, begun = forged(original, tmp_path / "x", CHANGES[name]), time.monotonic()
    found = verify_release(folder)
    assert not found.ok
    assert found.first_problem is not None
    assert str(found.first_problem).isprintable() or "\n" in str(found.first_problem)
    assert time.monotonic() - begun < 20


def test_links_and_pipes_are_not_followed(original, tmp_path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    for name in ("scores.csv", "inputs", "release.json", "more.txt"):
        folder = shutil.copytree(original, tmp_path / f"with-{name}")
        target = folder / name
        if target.is_dir():
            shutil.copytree(target, tmp_path / "elsewhere")
            shutil.rmtree(target)
            target.symlink_to(tmp_path / "elsewhere")
        else:
            content = target.read_bytes() if target.exists() else b"x"
            target.unlink(missing_ok=True)
            secret.write_bytes(content)
            target.symlink_to(secret)
        assert not verify_release(folder).ok, name
    folder = shutil.copytree(original, tmp_path / "pipe")
    (folder / "release.json").unlink()
    os.mkfifo(folder / "release.json")
    assert not verify_release(folder).ok


def test_more_work_than_some_minutes_is_refused(original, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("qualipolis.lake.release.verify.MOST_WORK", 100)
    found = verify_release(shutil.copytree(original, tmp_path / "x"))
    assert found.first_problem is not None
    assert found.first_problem.code == "too_many_replicates"


@pytest.mark.parametrize("name", ["a\x1b[2J", "a\nb", "a\u202eb", "a" * 201, "", ".", "a/../b", "a//b", "a/"])
def test_a_name_that_cannot_be_shown_or_leads_elsewhere_is_none(name) -> None:
    assert not inside(name)
