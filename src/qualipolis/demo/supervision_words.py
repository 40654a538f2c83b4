"""Invented detailed rules of the product classes: what is tested, in which unit, within which limits.

Items, limits and clauses are plausible and invented: the group standards of the synthetic city do not exist. The six
items of a class stand in the order of :data:`qualipolis.demo.words.FAILED_ITEMS`, so that a batch that failed for one of
those reasons failed in the item of the same place.
"""

from __future__ import annotations

from dataclasses import dataclass

from qualipolis.demo.firms import TRADES, company_standard
from qualipolis.demo.words import FAILED_ITEMS

SAID = "（演示）"


@dataclass(frozen=True)
class Item:
    """One test item of a class. ``typical`` and ``spread`` are where a conforming value usually lies."""

    zh: str
    en: str
    unit: str = ""
    lower: float | None = None
    upper: float | None = None
    words: str = ""
    safety: bool = False
    decision: str = "simple"
    typical: float | None = None
    spread: float = 0.0


def _words(zh: str, en: str, words: str, safety: bool = False) -> Item:
    return Item(zh, en, words=words, safety=safety)


def _most(
    zh: str, en: str, unit: str, upper: float, typical: float, safety: bool = False, decision: str = "simple"
) -> Item:
    return Item(zh, en, unit, None, upper, "", safety, decision, typical, typical / 5)


def _least(zh: str, en: str, unit: str, lower: float, typical: float, safety: bool = False) -> Item:
    return Item(zh, en, unit, lower, None, "", safety, "simple", typical, (typical - lower) / 4)


def _within(zh: str, en: str, unit: str, lower: float, upper: float) -> Item:
    return Item(zh, en, unit, lower, upper, "", False, "simple", (lower + upper) / 2, (upper - lower) / 8)


# marks, size, safety, harmful substances, durability, label: one for each of FAILED_ITEMS
_ELECTRONICS = (
    _words("标志和说明", "Marking and instructions", "标注额定参数、制造者和型号"),
    _least("爬电距离", "Creepage distance", "mm", 4.0, 5.6),
    _words("抗电强度", "Electric strength", "1 min 内不击穿", safety=True),
    _most("铅含量", "Lead", "mg/kg", 1000.0, 240.0, decision="guarded_reject"),
    _most("温升", "Temperature rise", "K", 65.0, 42.0, safety=True),
    _words("能效标识", "Energy label", "与备案一致"),
)
_EQUIPMENT = (
    _words("铭牌", "Rating plate", "标注型号、编号和制造者"),
    _within("尺寸偏差", "Dimensional deviation", "mm", -0.2, 0.2),
    _words("防护装置", "Guards", "运动部件有防护", safety=True),
    _most("六价铬", "Hexavalent chromium", "mg/kg", 1000.0, 130.0),
    _least("表面硬度", "Surface hardness", "HRC", 48.0, 54.0),
    _words("合格证", "Certificate label", "随机附合格证"),
)
_MATERIALS = (
    _words("包装标识", "Marking of the package", "标注牌号、批号和净含量"),
    _within("厚度偏差", "Deviation of thickness", "%", -5.0, 5.0),
    _least("阻燃（氧指数）", "Oxygen index", "%", 26.0, 30.0, safety=True),
    _most("镉含量", "Cadmium", "mg/kg", 100.0, 18.0, decision="guarded_reject"),
    _least("拉伸强度", "Tensile strength", "MPa", 40.0, 49.0),
    _words("标签", "Label", "标注可回收标志"),
)
_FOOD = (
    _words("标示内容", "Particulars on the package", "标注配料、日期和贮存条件"),
    _least("净含量", "Net content", "%", 97.0, 101.0),
    _most("菌落总数", "Aerobic plate count", "lg CFU/g", 4.0, 2.4, safety=True),
    _most("山梨酸", "Sorbic acid", "g/kg", 1.0, 0.38, safety=True),
    _most("酸价", "Acid value", "mg/g", 5.0, 1.9),
    _words("营养标签", "Nutrition label", "与实测值相符"),
)
_TEXTILES = (
    _words("使用说明", "Instructions for use", "标注号型、成分和洗涤方法"),
    _within("水洗尺寸变化率", "Change of size in washing", "%", -3.0, 3.0),
    _words("附件锐利性", "Sharpness of accessories", "无锐利尖端和边缘", safety=True),
    _most("甲醛含量", "Formaldehyde", "mg/kg", 75.0, 22.0, safety=True, decision="guarded_reject"),
    _least("耐摩擦色牢度", "Colour fastness to rubbing", "级", 3.0, 4.0),
    _within("纤维含量偏差", "Deviation of fibre content", "%", -5.0, 5.0),
)
_CHILDREN = (
    *_TEXTILES[:2],
    _words("绳带要求", "Cords and drawstrings", "7 岁以下头颈部无绳带", safety=True),
    _most("甲醛含量", "Formaldehyde", "mg/kg", 20.0, 7.0, safety=True, decision="guarded_reject"),
    *_TEXTILES[4:],
)
_CLASSES = {
    "electronics": _ELECTRONICS, "equipment": _EQUIPMENT, "materials": _MATERIALS, "food": _FOOD, "textiles": _TEXTILES,
}  # fmt: skip
STANDARDS: dict[str, str] = {trade[4]: company_standard(place) for place, trade in enumerate(TRADES)}
CLUSTER_OF: dict[str, str] = {trade[4]: trade[0] for trade in TRADES}
ENGLISH: dict[str, str] = {trade[4]: trade[5] for trade in TRADES}
ITEMS: dict[str, tuple[Item, ...]] = {trade[4]: _CLASSES[trade[0]] for trade in TRADES} | {"儿童服装": _CHILDREN}
# which field of testing (place in words.FIELDS) takes the products of a cluster
FIELD_OF = {"electronics": 0, "equipment": 1, "materials": 2, "food": 3, "textiles": 4}


def item_for(category: str, reason: str) -> str:
    """Return the item of a class in which a batch failed that failed for ``reason``.

    >>> item_for("儿童服装", "有害物质"), item_for("糕点", "标签")
    ('甲醛含量', '营养标签')
    """
    return ITEMS[category][FAILED_ITEMS.index(reason)].zh
