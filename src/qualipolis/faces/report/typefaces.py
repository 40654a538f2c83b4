"""The fonts of the documents, and the check that every character of a document has a shape in them.

Without that check a rare character of a name would vanish from the PDF without a word.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from qualipolis.methods.problems import InputError, Problem, msg

BUNDLED = Path(__file__).parent / "fonts"
SYSTEM = (
    Path("/usr/share/fonts/opentype/noto"),
    Path("/usr/share/fonts/noto-cjk"),
    Path("/usr/share/fonts/google-noto-cjk"),
    Path("/Library/Fonts"),
)
SANS = ("Noto Sans SC", "Noto Sans SC Rare", "Noto Sans CJK SC")
SERIF = ("Noto Serif SC", "Noto Serif CJK SC", *SANS)
MONO = ("DejaVu Sans Mono", *SANS)
MAX_FINDINGS = 20

NO_FONTS = msg("No fonts for documents were found in %(folder)s.")
NO_FONTS_REMEDY = msg("Run the asset build once (make setup), or install the Noto CJK fonts.")
NO_GLYPH = msg("The character %(char)s (%(codepoint)s) has no shape in the fonts of the document.")
NO_GLYPH_REMEDY = msg("Replace the character, or install the Noto CJK fonts on this machine and try again.")
CONTROL = msg("The text holds the invisible character %(codepoint)s.")
CONTROL_REMEDY = msg("Delete it: type the text again instead of pasting it.")


@dataclass(frozen=True)
class FontSet:
    """Folders that are given to the compiler, and the characters they can draw."""

    folders: tuple[Path, ...]
    covered: frozenset[int]


def _files(folder: Path) -> list[Path]:
    names = ("*.ttf", "*.otf", "NotoSansCJK-Regular.ttc", "NotoSerifCJK-Regular.ttc")
    return sorted(path for name in names for path in folder.glob(name) if "Noto" in path.name)


@cache
def _codepoints(path: Path) -> frozenset[int]:
    from fontTools.ttLib import TTCollection, TTFont  # slow to import, and not needed when all is ASCII

    if path.suffix == ".ttc":
        with TTCollection(path, lazy=True) as fonts:
            for font in fonts.fonts:
                if (font["name"].getDebugName(1) or "") in (*SANS, *SERIF):
                    return frozenset(font.getBestCmap())
        return frozenset()
    with TTFont(path, lazy=True) as font:
        font.setGlyphOrder([str(number) for number in range(font["maxp"].numGlyphs)])  # or it looks for their names
        return frozenset(font.getBestCmap())


@cache
def _covered(folder: Path) -> frozenset[int]:
    return frozenset().union(*(_codepoints(path) for path in _files(folder)))


def _usable() -> list[Path]:
    return [folder for folder in (BUNDLED, *SYSTEM) if folder.is_dir() and _files(folder)]


def choose(characters: Iterable[int]) -> FontSet:
    """Return the smallest set of folders that can draw ``characters``; all of them when none can."""
    folders = _usable()
    if not folders:
        raise InputError([Problem("no_fonts", NO_FONTS, NO_FONTS_REMEDY, {"folder": BUNDLED.name})])
    wanted = frozenset(code for code in characters if code >= 0x7F)
    taken: list[Path] = []
    covered: frozenset[int] = frozenset(range(0x20, 0x7F))
    for folder in folders:
        taken.append(folder)
        if not wanted:
            break
        covered |= _covered(folder)
        if wanted <= covered:
            break
    return FontSet(tuple(taken), covered)


def tidy(text: str) -> str:
    """Return ``text`` in composed form, with line breaks and tabs as spaces."""
    if text.isascii() and text.isprintable():
        return text
    composed = unicodedata.normalize("NFC", text)
    return "".join(" " if c in "\n\r\t\u2028\u2029\x0b\x0c" else c for c in composed)


def texts(value: object, place: str = "") -> Iterator[tuple[str, str]]:
    """Yield ``(place, text)`` for every string inside nested sequences and mappings."""
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from texts(inner, f"{place}.{key}" if place else str(key))
    elif isinstance(value, Sequence):
        for index, inner in enumerate(value, start=1):
            yield from texts(inner, f"{place} {index}" if place else str(index))


def _problem(char: str, place: str) -> Problem:
    codepoint = f"U+{ord(char):04X}"
    if unicodedata.category(char) in ("Cc", "Cf", "Cs"):
        return Problem("invisible_character", CONTROL, CONTROL_REMEDY, {"codepoint": codepoint}, place)
    return Problem("no_glyph", NO_GLYPH, NO_GLYPH_REMEDY, {"char": char, "codepoint": codepoint}, place)


def _hidden(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Cn")


def lint(found: Iterable[tuple[str, str]]) -> FontSet:
    """Return the fonts that draw all the texts.

    Raises
    ------
    InputError : a character has no shape in any font at hand; every such character is named with its place
    """
    pairs = list(found)
    used = {ord(c) for _, text in pairs for c in text}
    fonts = choose(used)
    bad = {code for code in used if code not in fonts.covered or _hidden(chr(code))}
    if not bad:
        return fonts
    problems: dict[tuple[str, str], Problem] = {}
    for place, text in pairs:
        for char in text:
            if ord(char) in bad:
                problems.setdefault((place, char), _problem(char, place))
    raise InputError(list(problems.values())[:MAX_FINDINGS])
