"""Two small tables, and the command as a user calls it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from qualipolis.cli import main

META = """code,name_zh,name_en,parent,weight,direction,unit,denominator
q1,合格率,Pass rate,Q,2,+,%,
q2,投诉,Complaints,Q,1,-,件,people
q3,专利,Patents,D,1,+,件,people
Q,质量,Quality,T,3,,,
D,发展,Development,T,1,,,
T,总分,Total,,,,,
"""
DATA = """unit,name,group:size,denominator:people,q1,q2,q3
A,甲镇,大,1000,93.5,12,7
B,乙镇,小,500,88,9,11
C,丙镇,小,800,91,3,4
D,丁园区,大,900,90,5,
E,戊园区,大,700,95,2,9
"""


@dataclass
class Said:
    """What a call of the command left: exit code and words."""

    code: int
    out: str
    err: str


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    def run(*args: object) -> Said:
        with pytest.raises(SystemExit) as left:
            main([str(arg) for arg in args])
        said = capsys.readouterr()
        return Said(int(left.value.code or 0), said.out, said.err)

    return run


@dataclass
class Desk:
    """A folder with the two tables and a place for the release."""

    folder: Path
    call: Callable[..., Said]

    @property
    def out(self) -> Path:
        return self.folder / "release"

    def assess(
        self, *options: object, meta: str | bytes = META, data: str | bytes = DATA, names=("meta.csv", "data.csv")
    ) -> Said:
        paths = [self.folder / name for name in names]
        for path, content in zip(paths, (meta, data), strict=True):
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return self.on(*paths, *options)

    def on(self, meta: Path, data: Path, *options: object) -> Said:
        fast = () if "--uncertainty" in options else ("--uncertainty", 20)
        return self.call("assess", "--framework", meta, "--data", data, "--out", self.out, *fast, *options)


@pytest.fixture
def desk(tmp_path: Path, call: Callable[..., Said]) -> Desk:
    return Desk(tmp_path, call)
