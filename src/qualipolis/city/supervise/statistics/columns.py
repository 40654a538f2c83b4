"""The columns of a table of older results, and what a person may write in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

# field: (Chinese header, English header)
COLUMNS: dict[str, tuple[str, str]] = {
    "number": ("抽样单编号", "Number"),
    "sampled_on": ("抽样日期", "Sampled on"),
    "purpose": ("抽查类型", "Purpose"),
    "unit": ("镇街代码", "Unit code"),
    "enterprise": ("统一社会信用代码", "Credit code"),
    "category": ("产品种类", "Product class"),
    "outcome": ("结果", "Outcome"),
    "stage": ("抽样环节", "Sampled where"),
    "laboratory": ("检验机构代码", "Laboratory code"),
    "tested": ("检验项目", "Items tested"),
    "failed": ("不合格项目", "Items nonconforming"),
    "stratum": ("层", "Stratum"),
    "units": ("层内单位数", "Units in the stratum"),
    "weight": ("权重", "Weight"),
}
REQUIRED = ("number", "sampled_on", "purpose", "unit", "outcome")
# what may be written for each value; the first is what the template shows
WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "purpose": {
        "random": ("随机", "random"),
        "risk": ("风险", "by risk", "risk"),
        "follow_up": ("跟踪", "follow-up", "follow_up"),
        "emergency": ("应急", "emergency"),
        "online": ("网络买样", "online", "online purchase"),
    },
    "outcome": {
        "pass": ("未发现不合格", "合格", "pass", "no nonconformity found"),
        "fail": ("不合格", "fail", "nonconforming"),
        "untestable": ("无法检验", "untestable"),
        "voided": ("作废", "voided"),
        "refused": ("拒绝抽样", "拒检", "refused"),
        "not_sampled": ("未抽到样", "未抽样", "not sampled", "not_sampled"),
    },
    "stage": {
        "production": ("生产", "production", "at the producer"),
        "sale": ("销售", "流通", "sale", "at the seller"),
        "online": ("网络", "online", "online shop"),
    },
}
# state and verdict of a counted row for each outcome
STATES = {
    "pass": ("final", "pass"),
    "fail": ("final", "fail"),
    "untestable": ("untestable", ""),
    "voided": ("voided", ""),
    "refused": ("refusal_reported", ""),
    "not_sampled": ("closed", ""),
}
_DAY = re.compile(r"(\d{4})\s*[-/.年]?\s*(\d{1,2})\s*[-/.月]?\s*(\d{1,2})\s*日?(?:[ T]00:00(?::00)?)?")
_ITEMS = re.compile(r"[;；、\n]+")


@dataclass(frozen=True)
class OldResult:
    """One row as understood; foreign rows by their keys."""

    number: str
    sampled_on: date
    purpose: str
    outcome: str
    unit_id: int
    cluster_id: int | None
    enterprise_id: int | None
    laboratory_id: int | None
    category: str
    stage: str
    stratum: str
    units: int | None
    weight: float | None
    tested: tuple[str, ...]
    failed: tuple[str, ...]
    psu: str


def chosen(field: str, text: str) -> str | None:
    """Return the value that a word stands for.

    >>> chosen("outcome", "合格"), chosen("purpose", "Risk"), chosen("stage", "moon")
    ('pass', 'risk', None)
    """
    said = text.strip().lower()
    return next((value for value, words in WORDS[field].items() if said in words), None)


def day_of(text: str) -> date | None:
    """Return a day as it is written in tables.

    >>> day_of("2020-5-1"), day_of("2020年05月01日"), day_of("20200501"), day_of("2020-13-01"), day_of("May")
    (datetime.date(2020, 5, 1), datetime.date(2020, 5, 1), datetime.date(2020, 5, 1), None, None)
    """
    found = _DAY.fullmatch(text.strip())
    if found is None:
        return None
    try:
        return date(*(int(part) for part in found.groups()))
    except ValueError:
        return None


def items_of(text: str) -> tuple[str, ...]:
    """Return the items named in a cell, each once.

    >>> items_of("甲醛含量；pH值、甲醛含量")
    ('甲醛含量', 'pH值')
    """
    return tuple(dict.fromkeys(one.strip()[:120] for one in _ITEMS.split(text) if one.strip()))
