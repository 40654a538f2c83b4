"""One cell: where it stands, its number, and its text made safe for a spreadsheet."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

from qualipolis.methods.problems import InputError, Problem, msg

MISSING = frozenset({"", "NA", "N/A", "—", "-", "/", "缺", "无数据"})
BLANKS = " \t\r\n\v\f\u00a0\u2002\u2003\u2009\u200b\u3000\ufeff"

_HALF = {0xFF01 + i: 0x21 + i for i in range(94)} | {0x3000: 0x20, 0x2212: 0x2D, 0x00A0: 0x20}
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)?(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?")
_PLAIN = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?")
SUSPICIOUS = r"^(?:[\t\r\n]|[ \t\r\n\x0b\x0c\u00a0\u2002\u2003\u2009\u200b\u3000\ufeff]*[=+@＝＋－＠−-])"
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "−")


class Place(str):
    """Where a cell is, readable as it stands, with its parts for a face that translates them."""

    file: str
    sheet: str
    row: int | None
    letter: str
    column: str

    def __new__(cls, file: str, sheet: str = "", row: int | None = None, letter: str = "", column: str = "") -> Place:
        place = super().__new__(cls, _words(file, sheet, row, letter, column, str))
        place.file, place.sheet, place.row, place.letter, place.column = file, sheet, row, letter, column
        return place

    def text(self, translate: Callable[[str], str]) -> str:
        """Return the place in the language of ``translate``."""
        return _words(self.file, self.sheet, self.row, self.letter, self.column, translate)


def _words(file: str, sheet: str, row: int | None, letter: str, column: str, translate: Callable[[str], str]) -> str:
    parts = [file]
    if sheet:
        parts.append(translate(msg("sheet %(sheet)s")) % {"sheet": sheet})
    if row is not None:
        parts.append(translate(msg("row %(row)s")) % {"row": row})
    if letter and column:
        parts.append(translate(msg("column %(letter)s (%(column)s)")) % {"letter": letter, "column": column})
    elif letter:
        parts.append(translate(msg("column %(letter)s")) % {"letter": letter})
    return translate(msg(", ")).join(parts)


def letter_of(index: int) -> str:
    """Return the spreadsheet letters of the column at ``index`` (from 0).

    >>> letter_of(0), letter_of(25), letter_of(26), letter_of(16383)
    ('A', 'Z', 'AA', 'XFD')
    """
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def index_of(letters: str) -> int:
    """Return the column index (from 0) of spreadsheet letters.

    >>> index_of("A"), index_of("XFD")
    (0, 16383)
    """
    value = 0
    for letter in letters:
        value = value * 26 + ord(letter) - 64
    return value - 1


def number(text: str | None, *, percent: bool = False, place: str = "") -> float | None:
    """Return the number a cell holds, or None when the cell says that it is missing.

    Thousands marks in groups of three and full-width digits are read. With ``percent`` the column is in percent and
    the sign is allowed: ``93.5%`` is 93.5. Anything else raises :class:`InputError`; nothing becomes zero.

    >>> number("1,234.5"), number("－３．２"), number("—"), number("93.5%", percent=True)
    (1234.5, -3.2, None, 93.5)
    >>> number("12a")
    Traceback (most recent call last):
    ...
    qualipolis.methods.problems.InputError: "12a" is not a number. Write a plain number such as 1234.5, or leave the cell empty when the value is missing.
    """
    if text and _PLAIN.fullmatch(text) and math.isfinite(value := float(text)):
        return value
    plain = (text or "").translate(_HALF).strip(BLANKS)
    if plain in MISSING:
        return None
    digits = plain.removesuffix("%").rstrip() if percent else plain
    if _NUMBER.fullmatch(digits) and any(c in "0123456789" for c in re.split("[eE]", digits)[0]):
        value = float(digits.replace(",", ""))
        if math.isfinite(value):
            return value
    remedy = msg("Write a plain number such as 1234.5, or leave the cell empty when the value is missing.")
    params = {"text": plain[:40]}
    raise InputError([Problem("not_a_number", msg('"%(text)s" is not a number.'), remedy, params, place=place)])


def plain(value: float | None) -> str:
    """Return a number as it is typed: no marks, no needless places, nothing for none.

    >>> plain(0.1 + 0.2), plain(1200.0), plain(None)
    ('0.3', '1200', '')
    """
    return "" if value is None else f"{value:.10g}"


def safe_cell(text: str) -> str:
    """Return ``text`` so that no spreadsheet program takes it for a formula; plain numbers stay as they are.

    >>> safe_cell("=HYPERLINK(1)"), safe_cell("-3.2"), safe_cell("＝1+1"), safe_cell("质量")
    ("'=HYPERLINK(1)", '-3.2', "'＝1+1", '质量')
    """
    if not text or _PLAIN.fullmatch(text):
        return text
    if text[0] in "\t\r\n" or text.lstrip(BLANKS).startswith(_FORMULA):
        return "'" + text
    return text
