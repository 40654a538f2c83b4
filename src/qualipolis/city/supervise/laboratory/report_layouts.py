"""Three layouts in which laboratories send results, read into the same cells: long, wide, and one joined column.

long     one row for each item: code, item, value, unit, uncertainty
wide     one row for each sample, one column for each item (its unit may stand in brackets)
joined   one row for each sample and one column that joins item, result and limit, as public tables of inspection
         results do: ``不合格项目║检验结果║标准值``; several items are separated by ; or a new line
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from qualipolis.city.supervise.laboratory.report_items import Entry
from qualipolis.city.supervise.laboratory.scope_check import plain
from qualipolis.lake.cells import MISSING
from qualipolis.lake.tables import Table
from qualipolis.methods.problems import InputError, Problem, msg

Layout = Literal["long", "wide", "joined"]
TITLES: dict[str, tuple[str, ...]] = {
    "code": ("盲样编号", "样品编号", "样品代码", "样品盲码", "盲码", "编号", "code", "sample", "sample code", "blind code"),
    "item": ("检验项目", "检测项目", "项目", "项目名称", "不合格项目", "检验项目名称", "item", "test item", "parameter"),
    "value": ("检验结果", "检测结果", "实测值", "检测值", "测量值", "结果", "检验值", "result", "value", "measured value"),
    "unit": ("单位", "计量单位", "unit", "units"),
    "uncertainty": ("不确定度", "扩展不确定度", "扩展不确定度U", "U", "uncertainty", "expanded uncertainty"),
    "k": ("包含因子", "包含因子k", "k", "coverage factor"),
    "conforms": ("单项判定", "单项评价", "单项结论", "判定", "是否符合", "conforms", "judgement", "judgment"),
    "limit": ("标准值", "标准要求", "技术要求", "限值", "标准限值", "标准指标", "limit", "limits", "standard value"),
    "other": ("序号", "备注", "说明", "检验依据", "检测方法", "分类", "任务来源", "检验机构", "no", "no.", "note", "remarks", "method"),
}  # fmt: skip
FIRM = re.compile(
    r"企业|厂|公司|被抽样|标称|生产者|销售者|商标|品牌|地址|信用代码|producer|seller|brand|address|firm|company", re.I
)
BARS = re.compile(r"[║|｜‖∥]")
BETWEEN = re.compile(r"[;；\n]+")
IN_BRACKETS = re.compile(r"^(?P<name>.+?)\s*[(（\[](?P<unit>[^()（）\[\]]*)[)）\]]\s*$")
_DIGITS = r"(?:[0-9０-９][0-9０-９.,．]*|[.．][0-9０-９]+)"
WITH_UNIT = re.compile(rf"^(?P<value>[<>＜＞﹤﹥]?\s*[+-]?{_DIGITS}(?:[eE][+-]?[0-9]+)?)\s*(?P<unit>[^0-9\s].*)?$")
_KNOWN = {plain(title): key for key, titles in TITLES.items() for title in titles}
U_ENDING = re.compile(r"^(?P<name>.+?)[\s_]*(?:不确定度|[(（]?U[)）]?|uncertainty)$", re.IGNORECASE)


@dataclass(frozen=True)
class Cell:
    """What a file says of one item of one sample, and where it says it."""

    code: str
    item: str
    entry: Entry
    unit: str = ""
    limit: str = ""
    place: str = ""


@dataclass(frozen=True)
class Laid:
    """How a table was understood: its layout, the meaning of each column, its cells, and codes of rows without any."""

    layout: Layout
    columns: tuple[tuple[str, str], ...]
    cells: tuple[Cell, ...]
    without: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = field(default=())


def lay_out(table: Table, items: Mapping[str, str]) -> Laid:
    """Read a table in whichever layout it has.

    Parameters
    ----------
    items : plain name of every item that may be sent (see ``plain``) to its name

    Raises
    ------
    InputError
        columns that are missing, not understood, or name a firm: all of them together
    """
    meanings = {title: _meaning(title, items) for title in table.columns}
    problems = [_names_firm(table, title) for title, key in meanings.items() if key == "firm"]
    problems += [_unknown(table, title, items) for title, key in meanings.items() if not key]
    keys = set(meanings.values())
    if "code" not in keys:
        what, remedy = msg("The column %(column)s is missing."), msg("Add it; the template shows the table.")
        problems.append(Problem("missing_column", what, remedy, {"column": TITLES["code"][0]}, table.place()))
    layout: Layout | None = "joined" if "joined" in keys else "long" if {"item", "value"} <= keys else None
    if layout is None and any(key.startswith("item:") for key in keys):
        layout = "wide"
    if layout is None and not problems:
        what = msg("None of the three layouts was recognised.")
        remedy = msg("Send item and value columns, one column for each item, or one joined column; see the template.")
        problems.append(Problem("no_layout", what, remedy, place=table.place()))
    if problems or layout is None:
        raise InputError(problems)
    found: list[Problem] = []
    without: list[str] = []
    reader = {"long": _long, "wide": _wide, "joined": _joined}[layout]
    cells = tuple(reader(table, meanings, found, without))
    return Laid(layout, tuple(meanings.items()), cells, tuple(without), tuple(found))


def _meaning(title: str, items: Mapping[str, str]) -> str:
    """Return what a column holds: a key of ``TITLES``, "joined", "item:<name>", "u:<name>", "firm", or nothing."""
    key = _KNOWN.get(plain(title), "")
    if key:
        return key
    parts = [_KNOWN.get(plain(part), "") for part in BARS.split(title)]
    if len(parts) > 1:
        return "joined" if {"item", "value"} <= set(parts) else ""
    if plain(title) in items:
        return f"item:{plain(title)}"
    bracket = IN_BRACKETS.match(title)
    if bracket and plain(bracket["name"]) in items:
        return f"item:{plain(bracket['name'])}"
    ending = U_ENDING.match(title)
    if ending and plain(ending["name"]) in items:
        return f"u:{plain(ending['name'])}"
    return "firm" if FIRM.search(title) else ""


def _names_firm(table: Table, title: str) -> Problem:
    what = msg("The column %(column)s speaks of the firm; a laboratory knows samples by their code only.")
    return Problem("names_firm", what, msg("Remove the column and send the file again."), {"column": title},
                   table.head(title))  # fmt: skip


def _unknown(table: Table, title: str, items: Mapping[str, str]) -> Problem:
    what = msg("The column %(column)s is not known here.")
    remedy = msg("Remove it or rename it; items under test here: %(items)s.")
    names = "、".join(sorted(set(items.values()))[:12]) or "—"
    return Problem("unknown_column", what, remedy, {"column": title, "items": names}, table.head(title))


def _rows(table: Table, meanings: Mapping[str, str]) -> Iterator[tuple[int, dict[str, str], str]]:
    """Yield row index, what the row says by column, and its code."""
    code = next(title for title, key in meanings.items() if key == "code")
    for index, texts in enumerate(table.frame.iter_rows(named=True)):
        said = {title: text or "" for title, text in texts.items()}
        yield index, said, said[code].strip().upper()


def _long(table: Table, meanings: Mapping[str, str], found: list[Problem], without: list[str]) -> Iterator[Cell]:
    titles = {key: title for title, key in meanings.items()}
    for index, said, code in _rows(table, meanings):
        text = {key: said[title].strip() for key, title in titles.items()}
        if not text["value"] and not text.get("conforms"):
            continue
        value, unit = split_unit(text["value"])
        entry = Entry(value, text.get("uncertainty", ""), text.get("k", ""), text.get("conforms", ""))
        place = table.place(index, titles["value"])
        yield Cell(code, text["item"], entry, text.get("unit", "") or unit, text.get("limit", ""), place)


def _wide(table: Table, meanings: Mapping[str, str], found: list[Problem], without: list[str]) -> Iterator[Cell]:
    uncertain = {key[2:]: title for title, key in meanings.items() if key.startswith("u:")}
    for index, said, code in _rows(table, meanings):
        filled = False
        for title, key in meanings.items():
            text = said[title].strip()
            if not key.startswith("item:") or not text:
                continue
            filled, name = True, key[5:]
            value, unit = split_unit(text)
            bracket = IN_BRACKETS.match(title)
            u = said[uncertain[name]].strip() if name in uncertain else ""
            head = bracket["unit"] if bracket and plain(title) != name else ""
            yield Cell(code, name, Entry(value, u), unit or head, "", table.place(index, title))
        if not filled and code:
            without.append(code)


def _joined(table: Table, meanings: Mapping[str, str], found: list[Problem], without: list[str]) -> Iterator[Cell]:
    title = next(title for title, key in meanings.items() if key == "joined")
    keys = [_KNOWN.get(plain(part), "other") for part in BARS.split(title)]
    for index, said, code in _rows(table, meanings):
        texts = [one.strip() for one in BETWEEN.split(said[title])]
        listed = [one for one in texts if one and one not in MISSING]
        if not listed and code:
            without.append(code)
        for one in listed:
            parts = [part.strip() for part in BARS.split(one)]
            if len(parts) != len(keys):
                found.append(_uneven(table, index, title, len(parts), len(keys), one))
                continue
            text = dict(zip(keys, parts, strict=True))
            value, unit = split_unit(text["value"])
            entry = Entry(value, text.get("uncertainty", ""), text.get("k", ""))
            limit = text.get("limit", "")
            yield Cell(code, text["item"], entry, text.get("unit", "") or unit, limit, table.place(index, title))


def _uneven(table: Table, index: int, title: str, parts: int, expected: int, text: str) -> Problem:
    what = msg("“%(text)s” has %(parts)s parts, the head of the column has %(expected)s.")
    remedy = msg("Separate the parts with ║ or |, and several items with ;.")
    params = {"text": text[:40], "parts": parts, "expected": expected}
    return Problem("uneven_cell", what, remedy, params, table.place(index, title))


def split_unit(text: str) -> tuple[str, str]:
    """Split a value from the unit written behind it; what is no number stays whole.

    >>> split_unit("35mg/kg"), split_unit("<0.05 mg/L"), split_unit("未检出(<0.02)"), split_unit("1e-3")
    (('35', 'mg/kg'), ('<0.05', 'mg/L'), ('未检出(<0.02)', ''), ('1e-3', ''))
    """
    hit = WITH_UNIT.match(text.strip())
    return (hit["value"].strip(), (hit["unit"] or "").strip()) if hit else (text.strip(), "")
