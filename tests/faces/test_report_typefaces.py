"""No character vanishes from a document without a word."""

from __future__ import annotations

import pytest

from qualipolis.faces.report import typefaces
from qualipolis.faces.report.words import WORDS
from qualipolis.methods.problems import InputError


@pytest.fixture
def bundled_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typefaces, "SYSTEM", ())


@pytest.mark.usefixtures("bundled_only")
def test_it_draws_every_word_of_the_documents() -> None:
    typefaces.lint(list(typefaces.texts({key: list(pair) for key, pair in WORDS.items()})))


@pytest.mark.usefixtures("bundled_only")
def test_it_draws_a_rare_character_of_a_name() -> None:
    assert ord("龘") in typefaces.lint([("name", "龘镇")]).covered


@pytest.mark.usefixtures("bundled_only")
@pytest.mark.parametrize("char", ["\U00020bb7", "\U0001f600"])
def test_it_names_what_the_bundled_fonts_lack(char: str) -> None:
    with pytest.raises(InputError) as caught:
        typefaces.lint([("title", "好"), ("unit_rows 3.name", f"{char}野家")])
    (problem,) = caught.value.problems
    assert (problem.code, problem.place) == ("no_glyph", "unit_rows 3.name")
    assert f"U+{ord(char):04X}" in str(problem)


@pytest.mark.parametrize("char", ["\u202e", "\u200b", "\x00", "\ufeff"])
def test_it_refuses_invisible_characters(char: str) -> None:
    with pytest.raises(InputError) as caught:
        typefaces.lint([("title", f"a{char}b")])
    assert caught.value.problems[0].code == "invisible_character"


def test_it_reports_every_bad_character_once_per_place() -> None:
    with pytest.raises(InputError) as caught:
        typefaces.lint([("a", "\U0001f600\U0001f600"), ("b", "\U0001f600\U0001f601")])
    assert [p.place for p in caught.value.problems] == ["a", "b", "b"]


def test_it_says_what_to_do_when_there_are_no_fonts(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setattr(typefaces, "SYSTEM", ())
    monkeypatch.setattr(typefaces, "BUNDLED", tmp_path)
    with pytest.raises(InputError) as caught:
        typefaces.lint([("a", "b")])
    assert caught.value.problems[0].code == "no_fonts"


def test_it_composes_and_joins_lines() -> None:
    assert typefaces.tidy("e\u0301\n中") == "é 中"


def test_it_needs_no_cmap_for_ascii(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typefaces, "_covered", lambda folder: pytest.fail("read a font"))
    typefaces.lint([("a", "plain")])
