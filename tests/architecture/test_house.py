"""The checks that hold the house: sizes, names, layers, words, what may not be committed."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
MOST_LINES, MOST_FUNCTION_LINES = 400, 40
CODE = [
    path
    for folder in ("src", "tests", "tools", "benchmarks")
    for path in sorted((REPOSITORY / folder).rglob("*.py"))
    if "migrations" not in path.parts and "node_modules" not in path.parts
] + [REPOSITORY / "hatch_build.py"]


def tracked() -> list[Path]:
    if not (REPOSITORY / ".git").exists():
        pytest.skip("not a git checkout: what is tracked cannot be told")
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=REPOSITORY, capture_output=True, check=True).stdout
    return [REPOSITORY / name for name in listing.decode().split("\0") if name and (REPOSITORY / name).is_file()]


def test_it_keeps_modules_short():
    long = {str(p.relative_to(REPOSITORY)): n for p in CODE if (n := len(p.read_text().splitlines())) > MOST_LINES}
    assert long == {}


def test_it_keeps_functions_short():
    long = {}
    for path in CODE:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1 - _documentation(node)
                if lines > MOST_FUNCTION_LINES:
                    long[f"{path.relative_to(REPOSITORY)}:{node.name}"] = lines
    assert long == {}


def _documentation(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """A public method owes its reader formula, source, units and an example: those lines are not the function's."""
    first = node.body[0]
    told = ast.get_docstring(node, clean=False) is not None
    return (first.end_lineno or first.lineno) - first.lineno + 1 if told else 0


def test_it_has_no_drawer_for_odds_and_ends():
    odd = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "misc"}
    assert [str(p) for p in CODE if p.stem in odd or odd & set(p.parts)] == []


def test_it_obeys_the_layers():
    run = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_it_has_every_word_in_chinese():
    run = subprocess.run([sys.executable, "tools/messages.py", "check"], cwd=REPOSITORY, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr


FORBIDDEN = {
    "a machine path": re.compile(r"(?<![\w.])/(?:root|work|tmp/bash_jobs)/"),
    "an address of a package registry": re.compile(r"pypi\.org|pythonhosted|registry\.npmjs|deb\.debian\.org"),
    "unfinished work": re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b"),
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_it_commits_nothing_that_speaks_of_elsewhere(what):
    found = []
    for path in tracked():
        if path.suffix in {".png", ".jpg", ".woff2", ".ttf", ".ico"} or path == Path(__file__).resolve():
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if FORBIDDEN[what].search(line):
                found.append(f"{path.relative_to(REPOSITORY)}:{number}")
    assert found == []


def test_it_commits_neither_built_files_nor_locks_that_name_hosts():
    names = {str(path.relative_to(REPOSITORY)) for path in tracked()}
    assert "uv.lock" not in names
    assert not [n for n in names if n.endswith(".mo") or "/dist/" in n or "node_modules" in n]


def test_it_pins_every_dependency_with_a_hash():
    for lock in ("requirements.lock", "requirements-dev.lock", "requirements-engines.lock"):
        pins = [
            line for line in (REPOSITORY / lock).read_text().splitlines() if line and not line.startswith((" ", "#"))
        ]
        assert pins
        assert [line for line in pins if not line.endswith("\\")] == []


def test_it_has_one_page_in_both_languages():
    for folder, other in (("zh", "en"), ("en", "zh")):
        pages = {str(p.relative_to(REPOSITORY / "docs" / folder)) for p in (REPOSITORY / "docs" / folder).rglob("*.md")}
        missing = [page for page in pages if not (REPOSITORY / "docs" / other / page).exists()]
        assert pages and missing == []
