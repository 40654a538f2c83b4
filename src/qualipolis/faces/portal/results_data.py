"""Published results and penalties as open data: csv safe from formulas, json with definitions, terms and hashes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any

import polars as pl
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from qualipolis.city.core.queries import city, file_stem
from qualipolis.city.supervise.aftermath import queries as handling_queries
from qualipolis.city.supervise.aftermath.penalties import take_down_day
from qualipolis.city.supervise.aftermath.publication_queries import Version, newest, public_versions
from qualipolis.city.supervise.aftermath.publication_rows import Row
from qualipolis.city.supervise.models import PenaltyPublication
from qualipolis.faces.portal import frame
from qualipolis.faces.portal.columns import Column
from qualipolis.faces.portal.data import MEDIA, licence
from qualipolis.lake.exports import write_csv

PLAIN = ("product", "model", "brand", "batch", "standard", "category", "stage", "purpose", "sampled_on", "final_on",
         "state", "verdict", "objection")  # fmt: skip
PAIRS = ("producer", "firm", "unit", "laboratory")
RESULT_COLUMNS = (
    Column("publication", "text", "公布编号", "number of the publication"),
    Column("version", "integer", "公布版本，更正后加一", "version, one more after each correction"),
    Column("result", "text", "检验结果编号", "number of the result"),
    Column("product", "text", "产品名称", "product"),
    Column("model", "text", "规格型号", "model"),
    Column("brand", "text", "商标", "brand"),
    Column("batch", "text", "批号", "batch"),
    Column("standard", "text", "明示标准", "standard declared"),
    Column("category", "text", "产品类别", "product class"),
    Column("stage", "text", "抽样环节：production生产、sale销售、online网购", "sampled where: production, sale or online"),
    Column("purpose", "text", "抽查目的；不同目的不合并计算", "purpose of the sampling; never pool different ones"),
    Column("sampled_on", "text", "抽样日期", "day of sampling"),
    Column("final_on", "text", "成为最终结果的日期", "day on which it became final"),
    Column("state", "text", "结果状态：final、reversed、voided、open", "final, reversed, voided, or open: examined again"),
    Column("verdict", "text", "pass所检样品未发现不合格，fail不合格，空为没有结论",
           "pass: no nonconformity found in the inspected sample; fail: nonconforming; empty: none"),
    Column("objection", "text", "异议情况", "what became of objections"),
    *(Column(f"{name}_{lang}", "text", f"{zh}（{'中文' if lang == 'zh' else '英文'}）", f"{en}, {lang}")
      for name, zh, en in (("producer", "标称生产者", "labelled producer"), ("firm", "被抽样企业", "sampled firm"),
                           ("unit", "镇街（园区）", "town"), ("laboratory", "检验机构", "laboratory"))
      for lang in ("zh", "en")),
    Column("failed_items", "text", "不合格项目：实测值和要求", "failed items with value and requirement"),
)  # fmt: skip
PENALTY_COLUMNS = (
    Column("number", "text", "编号", "number"),
    Column("firm_zh", "text", "企业（中文）", "firm, zh"),
    Column("firm_en", "text", "企业（英文）", "firm, en"),
    Column("decision", "text", "决定书文号", "number of the decision"),
    Column("decided_on", "text", "决定日期", "decided on"),
    Column("words", "text", "处罚内容", "the penalty in words"),
    Column("published_on", "text", "公示日期", "published on"),
    Column("shown_until", "text", "公示至（不含）", "first day no longer shown"),
    Column(
        "under_check", "text", "所依据的结果已撤销或改判，正在核查", "the result behind it was reversed; being checked"
    ),
)


def items_text(row: Row) -> str:
    """Return the failed items of a row in one cell."""
    return "; ".join(_item(item) for item in row["items"])


def _item(item: Mapping[str, Any]) -> str:
    value = item["observed"] if item["measured"] is None else f"{item['censored']}{item['measured']:.10g}"
    ends = [f"{sign}{item[end]:.10g}" for end, sign in (("lower", "≥"), ("upper", "≤")) if item[end] is not None]
    limit = " ".join(ends) or item["requirement"]
    return f"{item['zh']} {value} {item['unit']} ({limit})".replace("  ", " ")


def result_rows(versions: list[Version]) -> Iterator[Row]:
    """Return the rows of the versions as flat records."""
    for one in versions:
        for row in one.rows:
            pairs = {f"{name}_{lang}": row[name][lang] for name in PAIRS for lang in ("zh", "en")}
            plain = {name: row[name] for name in PLAIN}
            head = {"publication": one.number, "version": one.version, "result": row["result"]}
            yield head | plain | pairs | {"failed_items": items_text(row)}


def _frame(columns: tuple[Column, ...], rows: list[Row]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={one.name: one.dtype for one in columns}, orient="row", strict=False)


@frame.open_page
def results(request: HttpRequest, form: str) -> HttpResponse:
    """The rows of the newest versions that are shown."""
    versions = [one for one in newest(public_versions()) if not one.gone]
    rows = list(result_rows(versions))
    more = {
        "publications": [
            {"number": one.number, "version": one.version, "sha256": one.sha256, "reason": one.reason or None,
             "rows": list(one.rows)}
            for one in versions
        ]
    }  # fmt: skip
    return answer("supervision-results", form, RESULT_COLUMNS, rows, more)


@frame.open_page
def penalties(request: HttpRequest, form: str) -> HttpResponse:
    """The penalties that are shown."""
    rows = [penalty_row(one) for one in shown_penalties()]
    return answer("penalties", form, PENALTY_COLUMNS, rows, {})


def shown_penalties() -> list[PenaltyPublication]:
    """Return the penalties that everyone may read now."""
    found = handling_queries.penalties(AnonymousUser(), {"show": "published"})
    return list(found.order_by("-published_on", "-number"))


def penalty_row(row: PenaltyPublication) -> Row:
    """Return a published penalty as a flat record."""
    firm, down = row.case.enterprise, take_down_day(row)
    return {
        "number": row.number,
        "firm_zh": firm.name_zh,
        "firm_en": firm.name_en,
        "decision": row.document_no,
        "decided_on": row.decided_on.isoformat(),
        "words": row.words,
        "published_on": row.published_on.isoformat() if row.published_on else "",
        "shown_until": down.isoformat() if down else "",
        "under_check": "yes" if row.check_since else "",
    }


def answer(name: str, form: str, columns: tuple[Column, ...], rows: list[Row], more: Row) -> HttpResponse:
    """Answer with a table as csv or json with the definitions of its columns."""
    if form not in MEDIA:
        raise Http404
    table = _frame(columns, rows)
    if form == "csv":
        buffer = BytesIO()
        write_csv(buffer, table)
        data = buffer.getvalue()
    else:
        here = city()
        told = {
            "dataset": name,
            "city": {"code": here.code, "name_zh": here.name_zh, "name_en": here.name_en} if here else None,
            "synthetic": bool(here and here.synthetic),
            "licence": licence(),
            "columns": [{"name": c.name, "type": c.type, "description": {"zh": c.zh, "en": c.en}} for c in columns],
            "rows": table.to_dicts(),
        }
        data = json.dumps(told | more, ensure_ascii=False, allow_nan=False).encode()
    response = HttpResponse(data, content_type=MEDIA[form])
    response["Content-Disposition"] = content_disposition_header(True, f"{file_stem(name)}.{form}")
    return response
