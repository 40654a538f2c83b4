"""Pinyin initials, so that ``hydz`` finds 华云电子."""

from __future__ import annotations

from functools import cache

_ORDINARY = str.maketrans("", "", " 　()（）-—·.,，。")


@cache
def _initial(character: str) -> str:
    if character.isascii():
        return character.lower() if character.isalnum() else ""
    from pypinyin import Style, pinyin

    return pinyin(character, style=Style.FIRST_LETTER, errors="ignore")[0][0] if _is_han(character) else ""


def _is_han(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff" or "\U00020000" <= character <= "\U000323af"


def initials(name: str, most: int = 80) -> str:
    """Return the first letters of the syllables of ``name``.

    >>> initials("华云电子（演示）有限公司")
    'hydzysyxgs'
    """
    return "".join(map(_initial, name.translate(_ORDINARY)))[:most]
