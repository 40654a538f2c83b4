"""Tables in and lists out, from the shell."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.commands import dongguan

COMMAND = [str(Path(sys.executable).parent / "qualipolis")]


def run(*words: object, home: Path) -> subprocess.CompletedProcess[str]:
    env = {"PATH": "/usr/bin:/bin", "LANG": "en_US.UTF-8", "HOME": str(home.parent)}
    return subprocess.run([*COMMAND, *map(str, words), "--home", str(home)], capture_output=True, text=True, env=env)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return shutil.copytree(dongguan(), tmp_path_factory.mktemp("shell") / "home")


def test_it_takes_a_table_and_hands_it_out_again(home, tmp_path):
    table = tmp_path / "企业.csv"
    table.write_text("统一社会信用代码,名称,登记镇街代码\n91110000600037341L,=甲电子厂,441900119\n", encoding="gb18030")
    taken = run("import", "enterprises", table, home=home)
    assert taken.returncode == 0, taken.stderr
    assert "1 new" in taken.stdout
    out = tmp_path / "firms.csv"
    given = run("export", "enterprises", out, "--where", "unit=441900119", home=home)
    assert given.returncode == 0, given.stderr
    assert "'=甲电子厂" in out.read_text(encoding="utf-8-sig")


def test_it_names_the_bad_cell_and_changes_nothing(home, tmp_path):
    table = tmp_path / "firms.csv"
    table.write_text("统一社会信用代码,名称,登记镇街代码\n91110000600037341N,乙,441900120\n")
    refused = run("import", "enterprises", table, home=home)
    assert refused.returncode == 1
    assert "firms.csv" in refused.stderr + refused.stdout
    assert "441900120" in refused.stderr + refused.stdout


@pytest.mark.parametrize(
    "words", [("import", "towns", "x.csv"), ("export", "towns", "x.csv"), ("export", "units", "x.doc")]
)
def test_it_says_what_there_is_instead(home, tmp_path, words):
    (tmp_path / "x.csv").write_text("a\n1\n")
    refused = run(*words[:2], tmp_path / words[2], home=home)
    assert refused.returncode == 1
    assert "enterprises" in refused.stderr + refused.stdout or "xlsx" in refused.stderr + refused.stdout
