"""Which column of a list of scope lines means what: known headings in two rows, and what the cells themselves say."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from qualipolis.lake.scopes.numbers import numbers
from qualipolis.lake.scopes.sheets import Sheet
from qualipolis.methods.problems import msg
from qualipolis.methods.text.normalise import normalise

FIELDS = ("product", "parameter", "standard", "field", "limits")
FIELD_WORDS = {
    "product": msg("Product"),
    "parameter": msg("Item"),
    "standard": msg("Standard number"),
    "field": msg("Field"),
    "limits": msg("Limits and remarks"),
}
SEVERAL = ("limits",)
NEEDED = ("product", "parameter", "standard")
LOOKED_AT = 60
CARRIED = ("product", "field", "parameter")
KNOWN: Mapping[str, tuple[str, ...]] = {
    "standard": (
        "依据的标准(方法)名称及编号(含年号)", "依据的标准(方法)名称及编号", "检测标准(方法)名称及编号(含年号)", "检测标准(方法)",
        "检测依据", "检验依据", "标准编号", "标准号", "标准(方法)编号", "标准代号", "方法标准", "检测方法", "检验方法", "依据标准",
        "标准名称及编号", "标准(方法)名称及编号", "标准", "检测标准", "规程编号", "校准规范", "技术依据", "testmethod", "standard", "standardno",
        "standardnumber", "method", "standardormethod", "titleandcodeofstandardormethod", "teststandard", "specification",
        "编号(含年号)", "方法编号", "依据",
    ),
    "parameter": (
        "参数", "项目", "检测项目", "检验项目", "检测参数", "项目/参数", "产品/项目/参数", "检测项目/参数", "检验检测项目", "项目名称", "参数名称",
        "测试项目", "指标", "被测量", "测量参数", "parameter", "parameters", "item", "testitem", "itemparameter", "item/parameter", "test",
        "characteristic", "measurand", "property",
    ),
    "product": (
        "产品", "检测对象", "检验对象", "产品名称", "样品名称", "检测产品", "产品类别", "对象", "类别(产品/项目/参数)", "产品/类别", "检测产品/类别",
        "测量仪器名称", "器具名称", "被检对象", "样品类型", "检测产品名称", "product", "testobject", "object", "productcategory", "materialtested",
        "products", "materials/productstested", "sampletype", "instrument",
    ),
    "field": ("领域", "检测领域", "大类", "专业", "专业领域", "领域代码", "类别", "分类", "field", "category", "sector", "section", "testfield"),
    "limits": (
        "限制范围", "限制范围或说明", "说明", "备注", "限制说明", "限制条件", "检测范围", "测量范围", "注", "limits", "limitation", "remarks", "remark",
        "note", "notes", "restriction", "range",
    ),
}  # fmt: skip
WEAK = re.compile(r"^(?:序号|名称|no\.?|number|name|编号)$")
LOOK = {name: {normalise(word).replace(" ", "") for word in words} for name, words in KNOWN.items()}


@dataclass(frozen=True)
class Heading:
    """Where the heading of a sheet ends, and what each column is called; ``top`` is the first row of the heading."""

    top: int
    bottom: int
    names: tuple[str, ...]


@dataclass(frozen=True)
class Reading:
    """What each column means, by its name; ``splits`` says which mark parts several parameters of one cell, if any."""

    columns: Mapping[str, str]
    splits: str = ""
    carried: tuple[str, ...] = CARRIED

    def to_json(self) -> dict[str, object]:
        """Return the reading as it is kept."""
        return {"columns": dict(self.columns), "splits": self.splits, "carried": list(self.carried)}

    @classmethod
    def from_json(cls, said: Mapping[str, object]) -> Reading:
        """Return a reading that was kept; unknown fields are dropped."""
        given, carried = said.get("columns"), said.get("carried")
        columns = {str(k): str(v) for k, v in given.items() if v in FIELDS} if isinstance(given, dict) else {}
        kept = tuple(one for one in carried if one in CARRIED) if isinstance(carried, list) else CARRIED
        return cls(columns, str(said.get("splits", ""))[:1], kept)


@dataclass(frozen=True)
class Guess:
    """What a column was taken for, and why: ``heading``, ``cells`` or nothing."""

    name: str
    field: str
    why: str
    samples: tuple[str, ...] = field(default=())


@lru_cache(maxsize=100_000)
def plain(name: str) -> str:
    """Return a heading without blanks, marks of order and a star.

    >>> plain(" 检测 项目／参数 * ")
    '检测项目/参数'
    """
    return re.sub(r"[\s*＊:：]+", "", normalise(name))


def heading(sheet: Sheet) -> Heading | None:
    """Return the heading of a sheet: the first row that names two kinds of column, with the row below when it goes on."""
    for at, row in enumerate(sheet.rows[:LOOKED_AT]):
        kinds = {kind for cell in row if cell and (kind := kind_of(cell))}
        if len(kinds) < 2 or "standard" not in kinds | _below(sheet, at):
            continue
        bottom = at
        if at + 1 < len(sheet.rows) and _goes_on(sheet.rows[at + 1]):
            bottom = at + 1
        return Heading(at, bottom, _names(sheet, at, bottom))
    return None


def _below(sheet: Sheet, at: int) -> set[str]:
    return {kind for row in sheet.rows[at + 1 : at + 2] for cell in row if (kind := kind_of(cell))}


def _goes_on(row: Sequence[str]) -> bool:
    """Whether a row is the second of a heading: every cell of it is a word of headings, and none a standard."""
    cells = [cell for cell in row if cell]
    return (
        bool(cells) and all(WEAK.match(plain(cell)) or kind_of(cell) for cell in cells) and not numbers(" ".join(cells))
    )


def _names(sheet: Sheet, top: int, bottom: int) -> tuple[str, ...]:
    """Return the name of each column, its parts joined; the same name again gets a number."""
    found: list[str] = []
    for column in range(len(sheet.letters)):
        parts = dict.fromkeys(sheet.rows[row][column] for row in range(top, bottom + 1) if sheet.rows[row][column])
        name = " / ".join(" ".join(part.split()) for part in parts)
        found.append(name)
    seen: dict[str, int] = {}
    for at, name in enumerate(found):
        if name:
            seen[name] = seen.get(name, 0) + 1
            found[at] = name if seen[name] == 1 else f"{name} ({seen[name]})"
    return tuple(found)


def kind_of(name: str) -> str:
    """Return what a heading names: the whole, or a part of a joined one; empty for a number or a name alone.

    >>> kind_of("检测项目/参数"), kind_of("依据的标准（方法）名称及编号（含年号）"), kind_of("序号"), kind_of("Test method")
    ('parameter', 'standard', '', 'standard')
    """
    said = re.sub(r"\(\d\)$", "", plain(name))
    for kind, words in LOOK.items():
        if said in words:
            return kind
    parts = [
        one for one in re.split(r"\s*/\s*(?=名称|序号|编号|name|no)|\s+/\s+", re.sub(r"\s\(\d\)$", "", name)) if one
    ]
    if len(parts) < 2:
        return ""
    kinds = [kind_of(part) for part in parts if not WEAK.match(plain(part))]
    return next((kind for kind in kinds if kind), "")


def guess(sheet: Sheet, top: Heading) -> tuple[Guess, ...]:
    """Return what each named column seems to mean; of two for one field the later, finer one is taken."""
    body = [row for at, row in enumerate(sheet.rows[top.bottom + 1 :]) if at + top.bottom + 1 not in sheet.wide][:400]
    made: list[Guess] = []
    for at, name in enumerate(top.names):
        cells = [row[at] for row in body if row[at]]
        samples = tuple(dict.fromkeys(cell[:60] for cell in cells))[:3]
        ordinal = bool(cells) and sum(bool(re.fullmatch(r"[\d.\-()]{1,8}", cell)) for cell in cells) > 0.6 * len(cells)
        kind = "" if ordinal else kind_of(name)
        why = "heading" if kind else ""
        if name and not kind and cells and sum(bool(numbers(cell)) for cell in cells[:60]) > 0.6 * len(cells[:60]):
            kind, why = "standard", "cells"
        made.append(Guess(name, kind, why, samples))
    return _one_each([one for one in made if one.name])


def _one_each(made: list[Guess]) -> tuple[Guess, ...]:
    """Return the guesses with one column for each field: the last for product and parameter, the fullest of numbers else."""
    taken: dict[str, int] = {}
    for at, one in enumerate(made):
        if one.field and one.field not in SEVERAL:
            better = one.field != "standard" or not _numbered(made[taken[one.field]]) if one.field in taken else True
            if better:
                taken[one.field] = at
    return tuple(
        one if not one.field or one.field in SEVERAL or taken[one.field] == at else Guess(one.name, "", "", one.samples)
        for at, one in enumerate(made)
    )


def _numbered(one: Guess) -> bool:
    return any(numbers(cell) for cell in one.samples)


def fingerprint(names: Sequence[str]) -> str:
    """Return one word for a set of column names, the same however they are spaced."""
    said = "\n".join(sorted({plain(name) for name in names if name}))
    return hashlib.sha256(said.encode()).hexdigest()
