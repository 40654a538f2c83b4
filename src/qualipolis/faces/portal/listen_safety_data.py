"""Recalls and warnings as open data: csv safe from formulas, json with definitions."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.http import Http404, HttpRequest, HttpResponse

from qualipolis.city.listen.models import PublicWarning, Recall
from qualipolis.city.listen.safety import queries
from qualipolis.city.listen.safety.effect import effect_of
from qualipolis.faces.portal import frame
from qualipolis.faces.portal.columns import Column
from qualipolis.faces.portal.results_data import Row, answer

RECALLS = (
    Column("number", "text", "召回编号", "number of the recall"),
    Column("state", "text", "状态代码", "code of the state"),
    Column("product", "text", "产品名称", "product"),
    Column("brand", "text", "商标", "brand"),
    Column("model", "text", "规格型号", "model"),
    Column("barcode", "text", "条码", "barcode"),
    Column("product_class", "text", "产品类别", "product class"),
    Column("batches", "text", "涉及批次", "batches"),
    Column("producer", "text", "生产者", "producer"),
    Column("defect", "text", "缺陷及可能的伤害", "defect and possible harm"),
    Column("measure", "text", "召回措施", "what is done"),
    Column("text_en", "text", "英文说明，空表示没有译文", "words in English; empty: not translated"),
    Column("ordered", "yes_no", "是否责令召回", "ordered by the authority"),
    Column("announced_on", "text", "公告日期", "announced on"),
    Column("until", "text", "召回截止日期", "runs until"),
    Column("units", "integer", "应召回数量；空表示未知，不是零", "pieces to be corrected; empty: not known, not zero"),
    Column("corrected", "integer", "已召回数量（企业报告）；空表示未报告，不是零",
           "pieces corrected, as the firm reports; empty: not reported, not zero"),
    Column("correction_rate", "number", "召回完成率", "share corrected", "0-1"),
    Column("sampled", "integer", "抽查用户或门店数", "owners or shops checked"),
    Column("reached", "integer", "其中已被召回告知的", "of these, reached by the recall"),
    Column("reached_low", "number", "到达率95%区间下端（克洛珀—皮尔逊）", "lower end of the 95 % interval of the share reached (Clopper-Pearson)", "0-1"),
    Column("reached_high", "number", "到达率95%区间上端（克洛珀—皮尔逊）", "upper end of the 95 % interval of the share reached (Clopper-Pearson)", "0-1"),
)  # fmt: skip
WARNINGS = (
    Column("number", "text", "警示编号", "number of the warning"),
    Column("state", "text", "状态代码：published在公布，replaced已更正，taken_down已撤下，lapsed已到期",
           "state: published, replaced, taken_down or lapsed"),
    Column("level", "text", "风险等级代码，空表示未评估", "level of risk; empty: not assessed"),
    Column("title_zh", "text", "标题（中文）", "title, zh"),
    Column("title_en", "text", "标题（英文）", "title, en"),
    Column("products", "text", "涉及产品", "products concerned"),
    Column("hazard", "text", "危险", "danger"),
    Column("advice", "text", "消费者应当怎么做", "what consumers should do"),
    Column("text_en", "text", "英文正文", "text in English"),
    Column("recall", "text", "相关召回编号", "number of the recall"),
    Column("published_on", "text", "公布日期", "published on"),
    Column("ended_on", "text", "停止公布日期", "no longer in force since"),
    Column("end_reason", "text", "撤下原因", "why it was taken down"),
    Column("replaces", "text", "所更正的警示编号", "number of the warning it corrects"),
)  # fmt: skip


def recalls() -> Iterator[Row]:
    """Yield the announced recalls."""
    for row in queries.shown_recalls():
        yield recall_row(row)


def recall_row(row: Recall) -> Row:
    """Return an announced recall as a flat record."""
    product, found = row.product, effect_of(row)
    return {
        "number": row.number, "state": row.status, "product": product.name, "brand": product.brand, "model": product.model,
        "barcode": product.barcode, "product_class": product.product_class, "batches": row.batches,
        "producer": row.enterprise.name_zh if row.enterprise else row.producer_name, "defect": row.defect,
        "measure": row.measure, "text_en": row.body_en, "ordered": row.ordered, "announced_on": _day(row.announced_on),
        "until": _day(row.until), "units": row.units, "corrected": found.corrected, "correction_rate": found.rate,
        "sampled": found.checked, "reached": found.reached, "reached_low": found.low, "reached_high": found.high,
    }  # fmt: skip


def warnings() -> Iterator[Row]:
    """Yield the warnings that stand, then those that no longer do."""
    for ended in (False, True):
        for row in queries.shown_warnings(ended=ended):
            yield warning_row(row)


def warning_row(row: PublicWarning) -> Row:
    """Return a published warning as a flat record."""
    announced = row.recall is not None and row.recall.announced_on is not None
    return {
        "number": row.number, "state": row.status, "level": row.level, "title_zh": row.title_zh, "title_en": row.title_en,
        "products": row.products, "hazard": row.hazard, "advice": row.advice, "text_en": row.body_en,
        "recall": row.recall.number if row.recall and announced else "", "published_on": _day(row.published_on),
        "ended_on": _day(row.ended_on), "end_reason": row.end_reason, "replaces": row.replaces.number if row.replaces else "",
    }  # fmt: skip


def _day(day: object) -> str:
    return str(day) if day else ""


DATASETS: dict[str, tuple[tuple[Column, ...], Callable[[], Iterator[Row]]]] = {
    "recalls": (RECALLS, recalls),
    "warnings": (WARNINGS, warnings),
}


@frame.open_page
def dataset(request: HttpRequest, name: str, form: str) -> HttpResponse:
    """The recalls or the warnings as csv or json."""
    if name not in DATASETS:
        raise Http404
    columns, rows = DATASETS[name]
    return answer(name, form, columns, list(rows()), {})
