"""Holders of the quality award as open data: csv safe from formulas, json with definitions."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse

from qualipolis.city.talent.awards.visibility import public_holders
from qualipolis.faces.portal import frame
from qualipolis.faces.portal.columns import Column
from qualipolis.faces.portal.results_data import Row, answer

COLUMNS = (
    Column("year", "integer", "年度", "year of the round"),
    Column("round", "text", "届次编号", "number of the round"),
    Column("firm", "text", "企业名称", "firm"),
    Column("credit_code", "text", "统一社会信用代码", "unified social credit code"),
    Column("town", "text", "镇街代码", "code of the town"),
    Column("tier", "text", "奖项：award政府质量奖，nomination提名奖", "award: award or nomination"),
    Column("granted_on", "text", "授予日期", "granted on"),
    Column("decision", "text", "授予决定文号", "number of the decision"),
    Column("revoked_on", "text", "撤销日期，空表示未撤销", "revoked on; empty: not revoked"),
    Column("reason", "text", "撤销理由", "why it was revoked"),
    Column("synthetic", "yes_no", "是否为合成演示数据", "made-up record"),
)


def holders() -> Iterator[Row]:
    """Yield every award ever granted, revoked ones too."""
    for row in public_holders():
        yield {
            "year": row.round.year, "round": row.round.number, "firm": row.enterprise.name_zh,
            "credit_code": row.enterprise.credit_code, "town": row.enterprise.unit.code, "tier": row.tier,
            "granted_on": f"{row.granted_on:%Y-%m-%d}" if row.granted_on else "", "decision": row.round.grant_no,
            "revoked_on": f"{row.revoked_on:%Y-%m-%d}" if row.revoked_on else "",
            "reason": row.reason if row.revoked_on else "", "synthetic": row.round.synthetic,
        }  # fmt: skip


@frame.open_page
def award_data(request: HttpRequest, form: str) -> HttpResponse:
    """The holders as csv or json."""
    return answer("award-holders", form, COLUMNS, list(holders()), {})
