"""The command line speaks the language of whoever calls it, and imports only what it calls."""

from __future__ import annotations

import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from qualipolis.cli import COMMANDS, words
from qualipolis.lake import catalogues

from .conftest import DATA, Desk

SOURCE = Path(words.__file__).parent


@pytest.fixture
def chinese(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory):
    """Compile the catalogues of this checkout into a folder of their own."""
    folder = tmp_path_factory.mktemp("words")
    for part in ("cli", "lake", "methods"):
        po = SOURCE.parent / part / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
        mo = folder / part / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.mo"
        mo.parent.mkdir(parents=True)
        with mo.open("wb") as file:
            write_mo(file, read_po(BytesIO(po.read_bytes()), locale="zh_Hans"))
    monkeypatch.setattr(catalogues, "PACKAGE", folder)
    catalogues.translator.cache_clear()
    yield
    catalogues.translator.cache_clear()


@pytest.mark.parametrize(
    ("chosen", "environ", "wanted"),
    [
        ("zh", {"LANG": "en_GB"}, "zh"),
        ("en", {"LANG": "zh_CN.UTF-8"}, "en"),
        (None, {"LANG": "zh_TW.UTF-8"}, "zh"),
        (None, {"LC_ALL": "C.UTF-8", "LANG": "zh_CN.UTF-8"}, "en"),
        (None, {"LC_ALL": "", "LANG": "zh_CN"}, "zh"),
        (None, {}, "en"),
    ],
)
def test_the_language_is_the_one_chosen_or_that_of_the_environment(chosen, environ, wanted):
    assert words.language(chosen, environ) == wanted


def test_problems_and_places_are_said_in_chinese(desk: Desk, chinese):
    said = desk.assess("--lang", "zh", data=DATA.replace("93.5", "约90"))
    assert said.code == 2
    assert "data.csv，第 2 行，E 列（q1）：" in said.err
    assert "约90" in said.err
    assert "row" not in said.err


def test_results_are_written_in_chinese(desk: Desk, chinese):
    from openpyxl import load_workbook

    assert desk.assess("--lang", "zh").code == 0
    assert load_workbook(desk.out / "results.xlsx", read_only=True).sheetnames[0] == "得分"


def test_a_missing_catalogue_leaves_english(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(catalogues, "PACKAGE", tmp_path)
    catalogues.translator.cache_clear()
    assert words.translator("zh")("Please note:") == "Please note:"
    catalogues.translator.cache_clear()


def test_help_names_every_command_and_imports_none(call):
    said = call("--help")
    assert all(name in said.out for name in COMMANDS)
    code = "import sys; from qualipolis.cli import main\ntry: main(['--help'])\nfinally: print([m for m in sys.modules if m.startswith(('django', 'qualipolis.cli.', 'numpy'))])"
    path = {"PYTHONPATH": str(SOURCE.parents[1]), "LC_ALL": "C.UTF-8"}
    done = subprocess.run([sys.executable, "-c", code], env=path, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "['qualipolis.cli.words']"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(call, name: str):
    said = call(name, "--help")
    assert said.code == 0
    assert f"qualipolis {name}" in said.out


def test_an_unknown_command_is_refused(call):
    assert call("asess").code == 2
