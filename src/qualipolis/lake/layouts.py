"""The two layouts in which a framework and its data may come, and what a cell may say in them.

The own layout has readable columns, in English or Chinese; the other is the pair of tables known as ``iMeta`` and
``iData``. Which one a table is in shows from its columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from qualipolis.lake.cells import BLANKS, MISSING, number

ABSENT = MISSING - {"-"}
NAMESPACES = {"group:": "group", "分组:": "group", "denominator:": "denominator", "分母:": "denominator"}

OWN_FRAMEWORK: Mapping[str, tuple[str, ...]] = {
    "code": ("code", "代码", "编码", "指标代码"),
    "name_zh": ("name_zh", "名称", "中文名称", "指标名称", "中文名"),
    "name_en": ("name_en", "name", "英文名称", "英文名"),
    "parent": ("parent", "上级", "上级代码", "上级指标"),
    "weight": ("weight", "权重"),
    "level": ("level", "层级", "级别"),
    "kind": ("kind", "类型", "类别"),
    "direction": ("direction", "方向", "指标方向"),
    "unit": ("unit", "单位", "计量单位"),
    "denominator": ("denominator", "分母"),
    "floor": ("floor", "底线", "底线值"),
    "target": ("target", "目标", "目标值"),
    "target_low": ("target_low", "目标下限", "适度下限"),
    "target_high": ("target_high", "目标上限", "适度上限"),
}
COIN_FRAMEWORK: Mapping[str, tuple[str, ...]] = {
    "level": ("level",),
    "code": ("icode",),
    "name_en": ("iname",),
    "direction": ("direction",),
    "weight": ("weight",),
    "unit": ("unit",),
    "target": ("target",),
    "denominator": ("denominator",),
    "parent": ("parent",),
    "kind": ("type",),
}
OWN_DATA: Mapping[str, tuple[str, ...]] = {
    "unit": ("unit", "code", "单位代码", "单元", "单元代码", "对象代码", "代码", "编码"),
    "name": ("name", "name_zh", "名称", "单位名称", "单元名称", "对象名称"),
    "time": ("period", "year", "time", "年份", "年度", "时期"),
}
COIN_DATA: Mapping[str, tuple[str, ...]] = {"unit": ("ucode",), "name": ("uname",), "time": ("time",)}

DIRECTIONS = {
    **dict.fromkeys(("+", "1", "+1", "positive", "正", "正向"), 1),
    **dict.fromkeys(("-", "−", "-1", "negative", "负", "负向", "逆向"), -1),
    **dict.fromkeys(("target", "0", "适度", "适中", "目标", "区间"), 0),
}
KINDS = {
    **dict.fromkeys(("indicator", "指标"), "indicator"),
    **dict.fromkeys(("aggregate", "汇总", "维度", "指数", "分指数"), "aggregate"),
    **dict.fromkeys(("group", "分组"), "group"),
    **dict.fromkeys(("denominator", "分母"), "denominator"),
    "other": "other",
}


@dataclass(frozen=True)
class Layout:
    """A recognised layout: its name, and at which position each of its fields stands."""

    name: str
    fields: Mapping[str, int]


def plain(header: object) -> str:
    """Return ``header`` as it is compared: lower case, no spaces, ASCII colon."""
    return re.sub(r"\s+", "", str(header or "")).lower().replace("：", ":").lstrip("\ufeff")


def fields_of(headers: Iterable[object], names: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    """Return field -> position for the ``headers`` that are one of its ``names``; the first name listed wins.

    >>> fields_of(["代码", "名称", "权重", "x"], OWN_FRAMEWORK)
    {'code': 0, 'name_zh': 1, 'weight': 2}
    """
    places = {plain(header): at for at, header in reversed(list(enumerate(headers)))}
    return {field: places[hit] for field, aliases in names.items() if (hit := first(aliases, places)) is not None}


def first(aliases: Iterable[str], places: Mapping[str, int]) -> str | None:
    return next((alias for alias in aliases if alias in places), None)


def framework_layout(headers: Iterable[object]) -> Layout | None:
    """Return the layout of a table of indicators, or ``None`` when its columns are of neither."""
    heads = list(headers)
    coin = fields_of(heads, COIN_FRAMEWORK)
    if {"code", "parent", "kind"} <= coin.keys():
        return Layout("coin", coin)
    own = fields_of(heads, OWN_FRAMEWORK)
    return Layout("own", own) if {"code", "parent"} <= own.keys() else None


def data_layout(headers: Iterable[object]) -> Layout | None:
    """Return the layout of a table of units, or ``None`` when its columns are of neither."""
    heads = list(headers)
    for name, names in (("coin", COIN_DATA), ("own", OWN_DATA)):
        found = fields_of(heads, names)
        if "unit" in found:
            return Layout(name, found)
    return None


def namespace(header: object) -> tuple[str, str]:
    """Return what a data column is marked as, and its bare name.

    >>> namespace("group:size"), namespace("分母：人口"), namespace(" q1 ")
    (('group', 'size'), ('denominator', '人口'), ('', 'q1'))
    """
    text = str(header or "").strip().lstrip("\ufeff").replace("：", ":")
    for mark, kind in NAMESPACES.items():
        if text.lower().startswith(mark):
            return kind, text[len(mark) :].strip()
    return "", text


def words_of(text: str | None) -> str:
    """Return a cell as a code or a name; a mark for missing is empty.

    >>> words_of(" a "), words_of(None), words_of("NA"), words_of("-")
    ('a', '', '', '-')
    """
    plain = (text or "").strip(BLANKS)
    return "" if plain in ABSENT else plain


def number_of(text: str | None, place: str) -> float | None:
    """Return the number in a cell, ``None`` where it is missing.

    Raises
    ------
    InputError
        for anything else, naming ``place``

    >>> number_of("1.5e3", ""), number_of("NaN", ""), number_of("2", "")
    (1500.0, None, 2.0)
    """
    return None if (text or "").strip().lower() == "nan" else number(text, place=place)
