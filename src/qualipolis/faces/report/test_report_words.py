"""The fixed words of a laboratory's report on paper, as pairs (Chinese, English)."""

from __future__ import annotations

from types import MappingProxyType

from qualipolis.faces.report.words import told

from .words import Lang

_PAIRS: dict[str, tuple[str, str]] = {
    "kicker": ("检验报告", "Test report"),
    "pass": ("所检样品未发现不合格", "No nonconformity was found in the inspected sample"),
    "fail": ("所检样品不合格", "The inspected sample is nonconforming"),
    "open": ("尚无检验结论", "No verdict yet"),
    "failed_items": ("不合格项目：%s", "Nonconforming items: %s"),
    "caveat": (
        "本结论只对所检样品负责，不代表未经检验的产品。",
        "The verdict speaks of the inspected sample only, not of units that were not inspected.",
    ),
    "blind": (
        "本报告以盲样编号出具，检验机构不知道样品来自哪家企业。",
        "This report goes by the blind code; the laboratory does not know where the sample comes from.",
    ),
    "sample": ("样品", "Sample"),
    "code": ("盲样编号", "Blind code"),
    "class": ("产品类别", "Product class"),
    "standard": ("产品标准", "Product standard"),
    "rule": ("抽查实施细则", "Detailed rules"),
    "quantity": ("样品数量", "Quantity"),
    "received": ("收样日期", "Received on"),
    "tested": ("检验日期", "Tested on"),
    "issued": ("签发日期", "Issued on"),
    "number": ("报告编号", "Report number"),
    "version": ("版本", "Version"),
    "amended": ("第%d版，修改原因：%s", "Version %d, amended because: %s"),
    "first": ("第%d版", "Version %d"),
    "laboratory": ("检验机构", "Laboratory"),
    "signed": ("签字人", "Signed by"),
    "items": ("表1　检验项目与判定", "Table 1  Items and decisions"),
    "item": ("项目", "Item"),
    "limit": ("标准要求", "Requirement"),
    "value": ("检验结果", "Result"),
    "uncertainty": ("扩展不确定度", "Uncertainty"),
    "outcome": ("单项判定", "Decision"),
    "conforming": ("符合", "conforming"),
    "nonconforming": ("不符合", "nonconforming"),
    "not_tested": ("未检", "not tested"),
    "undecided": ("未判定", "open"),
    "rules": (
        "判定规则：简单接受以检验结果直接比较限值；保护接受要求结果在限值以内并留出扩展不确定度；保护拒绝要求结果超出限值并越过扩展不确定度（JCGM 106，ILAC-G8:09/2019）。",
        "Decision rules: simple acceptance compares the value with the limit; guarded acceptance needs it inside by the "
        "expanded uncertainty; guarded rejection needs it outside by the same (JCGM 106, ILAC-G8:09/2019).",
    ),
    "marked": ("资质认定证书：%s；检验当日所检项目全部在有效能力范围内。",
               "CMA certificate: %s; every tested item was within its valid scope on the day of the test."),
    "unmarked": ("检验当日有%d个所检项目不在有效能力范围内，本报告不使用资质认定标志。",
                 "%d tested items were outside the valid scope on the day of the test; this report carries no CMA mark."),
    "unissued": ("未签发，不作为证明", "Not issued; proves nothing"),
    "withdrawn": ("已撤回", "Withdrawn"),
    "remarks": ("备注", "Remarks"),
    "footer": ("%s　第%d版", "%s  version %d"),
}  # fmt: skip
PAIRS = MappingProxyType(_PAIRS)


def said(lang: Lang, key: str, *values: object) -> str:
    """Return the words ``key`` in ``lang`` with ``values`` put into their places.

    >>> said("en", "fail"), said("zh", "first", 2)
    ('The inspected sample is nonconforming', '第2版')
    """
    return told(PAIRS, lang, key, *values)
