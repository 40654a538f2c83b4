"""What single cells of alert tables say: lists, joined findings, countries, and marks for saying nothing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from qualipolis.lake.alerts.fields import JOINTS
from qualipolis.lake.alerts.rows import NONE_FOUND, NOT_STATED, Finding
from qualipolis.lake.cells import BLANKS

SILENT = frozenset(
    {"", "n/a", "na", "nan", "null", "none stated", "not stated", "unknown", "unspecified", "tbd", "[]", "{}", "?"}
    | {
        "-",
        "--",
        "---",
        "—",
        "——",
        "/",
        "//",
        "\\",
        "未标明",
        "未标注",
        "未标识",
        "不详",
        "未知",
        "缺",
        "无数据",
        "未说明",
    }
)
"""What a cell says that says nothing."""
NOTHING_WRONG = frozenset(
    {"none", "no hazard", "none found", "无", "合格", "符合", "未发现", "未检出不合格", "全部合格"}
)
_CODE = re.compile(r"\s*[(（][A-Z]{2,3}[)）]$")
COUNTRIES = {
    "turkey": "Türkiye",
    "turkiye": "Türkiye",
    "usa": "United States",
    "u.s.": "United States",
    "u.s.a.": "United States",
    "united states of america": "United States",
    "uk": "United Kingdom",
    "great britain": "United Kingdom",
    "czechia": "Czech Republic",
    "the netherlands": "Netherlands",
    "holland": "Netherlands",
    "people's republic of china": "China",
    "the people's republic of china": "China",
    "pr china": "China",
    "p.r. china": "China",
    "viet nam": "Vietnam",
    "republic of korea": "South Korea",
    "korea, republic of": "South Korea",
    "russia": "Russian Federation",
}
"""Other names of countries, to the one that is kept; names in other languages stay as they are."""


def text(cell: str) -> str:
    """Return a cell in one line, empty when it says nothing.

    >>> text(" a\\n b "), text("n/a"), text("／")
    ('a b', '', '')
    """
    said = " ".join(cell.strip(BLANKS).split())
    return "" if said.casefold().replace("／", "/") in SILENT else said


def listed(cell: str, separator: str) -> tuple[str, ...]:
    """Return the values of a cell, each once, in their order.

    >>> listed("Salmonella; n/a; Salmonella", ";"), listed("A, B", "")
    (('Salmonella',), ('A, B',))
    """
    pieces = cell.split(separator) if separator else [cell]
    return tuple(dict.fromkeys(said for piece in pieces if (said := text(piece))))


def country(name: str) -> str:
    """Return a country as it is kept: without a code in brackets, under one name.

    >>> country("Germany (DE)"), country("Turkey"), country("中国")
    ('Germany', 'Türkiye', '中国')
    """
    plain = _CODE.sub("", name)
    return COUNTRIES.get(plain.casefold(), plain)


def hazards(cell: str, kinds: str, separator: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return hazards and their kinds, each once; a kind repeated at the end of its hazard is taken off.

    >>> hazards("Cadmium - heavy metals; n/a", "Heavy metals; n/a", ";")
    (('Cadmium',), ('Heavy metals',))
    >>> hazards("", "", ";"), hazards("无", "", "")
    ((('not stated',), ('not stated',)), (('none found',), ('not stated',)))
    """
    names = [text(piece) for piece in (cell.split(separator) if separator else [cell])]
    sorts = [text(piece) for piece in (kinds.split(separator) if separator else [kinds])]
    if len(sorts) == len(names):
        names = [_bare(name, sort) for name, sort in zip(names, sorts, strict=True)]
    stated = tuple(dict.fromkeys(name for name in names if name))
    if stated and all(name.casefold() in NOTHING_WRONG for name in stated):
        stated = (NONE_FOUND,)
    return stated or (NOT_STATED,), tuple(dict.fromkeys(sort for sort in sorts if sort)) or (NOT_STATED,)


def _bare(name: str, sort: str) -> str:
    end = " - " + sort.casefold()
    while sort and name.casefold().endswith(end):
        name = name[: -len(end)].rstrip()
    return name


def findings(cell: str, fields: tuple[str, ...]) -> tuple[tuple[Finding, ...], bool]:
    """Return the findings of a joined cell, and whether each of its lines had a part for every field.

    Several findings stand on lines of their own, or after ``;`` where every piece then has all parts.

    >>> findings("铅║0.5mg/kg║≤0.2\\n镉║0.3║≤0.1", ("hazards", "result", "limit"))[0][1]
    Finding(item='镉', result='0.3', limit='≤0.1')
    >>> findings("铅", ("hazards", "result"))
    ((Finding(item='铅', result='', limit=''),), False)
    """
    if not text(cell):
        return (), True
    lines = [line for line in re.split(r"[\r\n]+|<br\s*/?>", cell) if text(line)]
    pieces = [piece for line in lines for piece in _pieces(line, len(fields))]
    found = [dict(zip(fields, (text(part) for part in piece), strict=False)) for piece in pieces]
    whole = all(len(piece) == len(fields) for piece in pieces)
    made = (Finding(one.get("hazards", ""), one.get("result", ""), one.get("limit", "")) for one in found)
    return tuple(dict.fromkeys(finding for finding in made if finding.item)), whole


def _pieces(line: str, width: int) -> list[list[str]]:
    parts = [part for part in re.split(r"[;；]", line) if text(part)]
    split = [JOINTS.split(part) for part in parts]
    if len(split) > 1 and all(len(one) == width for one in split):
        return split
    return [JOINTS.split(line)]


def separator_of(cells: Iterable[str], marks: tuple[str, ...], least: float = 0.002) -> str:
    """Return the mark that parts several values in a column: the first of ``marks`` in enough of its cells.

    >>> separator_of(["a|b", "c"], ("|", ";")), separator_of(["a", "c"], ("|",))
    ('|', '')
    """
    filled = [cell for cell in cells if cell]
    for mark in marks:
        if filled and sum(mark in cell for cell in filled) >= max(least * len(filled), 1):
            return mark
    return ""


def spellings(texts: Iterable[str]) -> dict[str, str]:
    """Return for each text the commonest spelling of its letters: capitals and spaces make no second name.

    >>> spellings(["Mycotoxins", "mycotoxins", "Mycotoxins"])["mycotoxins"]
    'Mycotoxins'
    """
    counts = Counter(texts)
    best: dict[str, str] = {}
    for said in sorted(counts, key=lambda one: (-counts[one], one)):
        best.setdefault(said.casefold(), said)
    return {said: best[said.casefold()] for said in counts}
