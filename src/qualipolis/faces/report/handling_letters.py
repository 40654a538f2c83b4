"""The letters after a failed result: order to correct (责令整改通知书), announcement (公告), form of the firm's report."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from qualipolis.city.core.queries import city
from qualipolis.city.supervise.aftermath.publication_rows import Row, row_of
from qualipolis.city.supervise.aftermath.scope import campaign_of, responsible
from qualipolis.city.supervise.models import HandlingCase
from qualipolis.faces.report.handling_paper import Paper, render_paper
from qualipolis.lake.cells import plain

W: dict[str, tuple[str, str]] = {
    "order": ("责令整改通知书", "Order to correct"),
    "announcement": ("监督抽查不合格企业公告", "Announcement of a firm that did not correct"),
    "report": ("整改报告表", "Report of the correction"),
    "draft": ("草稿，尚未编号", "Draft, not numbered"),
    "item": ("检验项目", "Item"),
    "measured": ("实测值", "Measured"),
    "required": ("标准要求", "Required"),
    "clause": ("条款", "Clause"),
    "failed": ("表1　不合格项目", "Table 1  Failed items"),
    "product": ("产品", "Product"),
    "batch": ("批号", "Batch"),
    "brand": ("商标", "Brand"),
    "firm": ("企业", "Firm"),
    "code": ("统一社会信用代码", "Unified social credit code"),
    "result": ("检验结果编号", "Number of the result"),
    "laboratory": ("检验机构", "Laboratory"),
    "report_no": ("检验报告", "Test report"),
    "served": ("送达日期", "Received on"),
    "correct_by": ("整改期限", "Correct by"),
    "review_by": ("复查期限", "Review by"),
    "memory": (
        "《产品质量监督抽查管理暂行办法》的条款凭记忆引用，尚未核对原文；条号可能相差一条。",
        "Clauses of Order 18 are cited from memory; the text was not compared and numbers may differ by one.",
    ),
    "dayoff": (
        "期限最后一日遇休息日的，顺延至下一工作日。",
        "A last day on a day off moves to the next working day.",
    ),
}


def pdf(case: HandlingCase, kind: str, lang: str) -> bytes:
    """Return the letter ``kind`` (order, announcement, report) of a case in Chinese or English."""
    return render_paper(LETTERS[kind](case, lang == "zh"))


def _w(key: str, zh: bool) -> str:
    return W[key][0 if zh else 1]


def _day(day: date | None, zh: bool) -> str:
    if day is None:
        return "—"
    return f"{day.year}年{day.month}月{day.day}日" if zh else f"{day.day} {day:%B} {day.year}"


def _name(pair: Mapping[str, str], zh: bool) -> str:
    return (pair["zh"] or pair["en"]) if zh else (pair["en"] or pair["zh"])


def _items(row: Row, zh: bool) -> list[list[str]]:
    found = []
    for item in row["items"]:
        lower, upper = plain(item["lower"]), plain(item["upper"])
        limit = f"{lower}–{upper}" if lower and upper else f"≤ {upper}" if upper else f"≥ {lower}" if lower else ""
        value = f"{item['censored']}{plain(item['measured'])} {item['unit']}".strip()
        shown = value if item["measured"] is not None else item["observed"]
        wanted = f"{limit} {item['unit']}".strip() if limit else item["requirement"]
        found.append([_name(item, zh), shown or "—", wanted or "—", item["clause"] or "—"])
    return found


def _facts(case: HandlingCase, row: Row, zh: bool, *keys: str) -> list[tuple[str, str]]:
    firm = responsible(case)
    values = {
        "firm": firm.name_zh if zh else firm.name_en or firm.name_zh,
        "code": firm.credit_code,
        "product": f"{row['product']} {row['model']}".strip(),
        "brand": row["brand"] or "—",
        "batch": row["batch"] or "—",
        "result": row["result"],
        "laboratory": _name(row["laboratory"], zh),
        "report_no": row["report"] or "—",
        "served": _day(case.order_served_on, zh),
        "correct_by": _day(case.correct_by, zh),
        "review_by": _day(case.review_by, zh),
    }
    return [(_w(key, zh), str(values[key])) for key in keys]


def _letter(case: HandlingCase, zh: bool, kind: str, **more: Any) -> Paper:
    here, row = city(), row_of(case.result)
    made = datetime.combine(case.order_served_on or case.created_at.date(), time(4), UTC)
    values = {
        "number": case.document_no or f"{_w('draft', zh)}（{case.number}）",
        "table_title": _w("failed", zh),
        "heads": [_w(key, zh) for key in ("item", "measured", "required", "clause")] if row["items"] else [],
        "rows": _items(row, zh),
        "notes": [_w("memory", zh), _w("dayoff", zh)],
        "created_at": made,
    }
    name = (here.name_zh if zh else here.name_en or here.name_zh) if here else ""
    synthetic = bool(here and here.synthetic)
    return Paper("zh" if zh else "en", name, synthetic, _w(kind, zh), **values | more)


def _order(case: HandlingCase, zh: bool) -> Paper:
    row, firm = row_of(case.result), responsible(case)
    name = firm.name_zh if zh else firm.name_en or firm.name_zh
    handler = case.handler.name_zh if zh else case.handler.name_en or case.handler.name_zh
    words = _ORDER_ZH if zh else _ORDER_EN
    given = {"product": f"{row['product']} {row['model']}".strip(), "batch": row["batch"] or "—"}
    given |= {"laboratory": _name(row["laboratory"], zh), "result": row["result"]}
    return _letter(
        case,
        zh,
        "order",
        addressee=f"{name}：" if zh else f"To: {name}",
        paragraphs=[one % given for one in words],
        facts=_facts(case, row, zh, "code", "report_no", "served", "correct_by", "review_by"),
        signed=[handler, "年　　月　　日" if zh else "Date: ____________"],
    )


_ORDER_ZH = (
    "经监督抽查，你单位的%(product)s（批号：%(batch)s）由%(laboratory)s检验，结果不合格（结果编号%(result)s），异议期已满，结果已为最终结果。",
    "依据《中华人民共和国产品质量法》第十七条，责令你单位立即停止生产、销售同一产品，查明不合格原因，采取整改措施。",
    "自收到本通知书之日起60日内完成整改，并提交整改报告和证明材料，申请复查；复查合格前不得恢复生产、销售同一产品。",
    "复查自收到本通知书之日起75日内进行，复查样品由你单位无偿提供。逾期不整改或者复查不合格的，依法上报公告。",
)
_ORDER_EN = (
    "In supervision sampling %(product)s (batch %(batch)s) was tested by %(laboratory)s and found nonconforming "
    "(result %(result)s). The windows for objections are over; the result is final.",
    "Under article 17 of the Product Quality Law you are ordered to stop making and selling the same product at once, "
    "to find the cause and to correct it.",
    "Correct within 60 days from the receipt of this order, hand in a report with evidence and ask for a review. "
    "Do not make or sell the same product again before the review is passed.",
    "The review is made within 75 days from the receipt; its samples are provided free of charge. When nothing is "
    "corrected in time, or the review fails, this is reported and announced under the law.",
)


def _announcement(case: HandlingCase, zh: bool) -> Paper:
    row, firm = row_of(case.result), responsible(case)
    name = firm.name_zh if zh else firm.name_en or firm.name_zh
    given = {
        "firm": name, "product": f"{row['product']} {row['model']}".strip(), "day": _day(case.announced_on, zh),
        "first": _day(case.second_from, zh), "last": _day(case.second_until, zh),
    }  # fmt: skip
    organiser = campaign_of(case.result).organiser
    return _letter(
        case,
        zh,
        "announcement",
        addressee="",
        paragraphs=[one % given for one in (_ANNOUNCE_ZH if zh else _ANNOUNCE_EN)],
        facts=_facts(case, row, zh, "firm", "product", "batch", "result", "laboratory"),
        signed=[organiser.name_zh if zh else organiser.name_en or organiser.name_zh, _day(case.announced_on, zh)],
    )


_ANNOUNCE_ZH = (
    "%(firm)s生产、销售的%(product)s监督抽查不合格，经责令整改，逾期未整改或者复查仍不合格，现依据《中华人民共和国产品质量法》第十七条予以公告（%(day)s）。",
    "公告后的再次复查在%(first)s至%(last)s之间进行；再次复查仍不合格的，责令停业整顿；整顿期满复查仍不合格的，吊销营业执照。",
)
_ANNOUNCE_EN = (
    "%(product)s of %(firm)s failed in supervision sampling. It was not corrected in time, or failed its review. It is "
    "announced under article 17 of the Product Quality Law (%(day)s).",
    "The second review takes place from %(first)s to %(last)s. When it fails, business is stopped for rectification; "
    "when that fails too, the licence is revoked.",
)


def _report(case: HandlingCase, zh: bool) -> Paper:
    row = row_of(case.result)
    labels = (
        (
            ("一、不合格原因", 3),
            ("二、已采取的措施（停产停售、召回、处置）", 4),
            ("三、如何保证不再发生", 3),
            ("四、附件清单", 2),
        )
        if zh
        else (
            ("1. Cause", 3),
            ("2. What was done (stop, recall, disposal)", 4),
            ("3. How it stays so", 3),
            ("4. Annexes", 2),
        )
    )
    return _letter(
        case,
        zh,
        "report",
        addressee="",
        paragraphs=[],
        facts=_facts(case, row, zh, "firm", "code", "product", "batch", "result", "served", "correct_by"),
        heads=[],
        rows=[],
        blanks=labels,
        signed=["企业盖章：　　　　　　　", "年　　月　　日"]
        if zh
        else ["Seal of the firm: ____________", "Date: ____________"],
        notes=[_w("dayoff", zh)],
    )


LETTERS: dict[str, Callable[[HandlingCase, bool], Paper]] = {
    "order": _order,
    "announcement": _announcement,
    "report": _report,
}
