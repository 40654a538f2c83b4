"""Disclosure of consumer complaints by firm, for everyone: only what is over, only firms with enough mediations."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from qualipolis.city.listen.complaints.disclosure import Disclosure, FirmLine, disclosure
from qualipolis.faces.desk import parts
from qualipolis.faces.portal import frame, listen
from qualipolis.faces.portal.columns import Column
from qualipolis.faces.portal.results_data import Row, answer

COLUMNS = (
    Column("since", "text", "统计期首日", "first day of the period"),
    Column("until", "text", "统计期末日", "last day of the period"),
    Column("firm_zh", "text", "企业（中文）", "firm, zh"),
    Column("firm_en", "text", "企业（英文）", "firm, en"),
    Column("unit_zh", "text", "镇街（园区）（中文）", "town, zh"),
    Column("unit_en", "text", "镇街（园区）（英文）", "town, en"),
    Column("mediated", "integer", "已结束的调解件数", "mediations that are over"),
    Column("agreed", "integer", "达成协议件数；空为隐去，不是零", "ended in an agreement; empty: withheld, not zero"),
)


@frame.open_page
def disclosure_page(request: HttpRequest) -> HttpResponse:
    """The firms with enough finished mediations in the last twelve whole months."""
    found = disclosure()
    context = {
        "found": found,
        "table": _table(found),
        "data": [(form, reverse("portal:listen_disclosure_data", args=[form])) for form in ("csv", "json")],
    }
    answered = listen.show(request, "disclosure", [(_("Complaints by firm"), "")], context)
    answered.headers["Cache-Control"] = "no-cache"
    return answered


def _table(found: Disclosure) -> parts.Table:
    columns = [
        parts.Column("firm", _("Firm"), title=True),
        parts.Column("town", _("Town")),
        parts.Column("mediated", _("Mediations over"), numeric=True),
        parts.Column("agreed", _("With an agreement"), numeric=True),
    ]
    return parts.Table(_("Complaints by firm"), columns, [_cells(one) for one in found.lines])


def _cells(one: FirmLine) -> dict[str, object]:
    told = _("withheld") if one.agreed is None else one.agreed
    return {"firm": one.firm.name, "town": one.firm.unit.name, "mediated": one.mediated, "agreed": told}


@frame.open_page
def dataset(request: HttpRequest, form: str) -> HttpResponse:
    """The same as csv or json, with the same cells withheld."""
    if form not in ("csv", "json"):
        raise Http404
    found = disclosure()
    return answer("complaints-by-firm", form, COLUMNS, [_row(found, one) for one in found.lines], {})


def _row(found: Disclosure, one: FirmLine) -> Row:
    return {
        "since": found.since.isoformat(), "until": found.until.isoformat(), "firm_zh": one.firm.name_zh,
        "firm_en": one.firm.name_en, "unit_zh": one.firm.unit.name_zh, "unit_en": one.firm.unit.name_en,
        "mediated": one.mediated, "agreed": one.agreed,
    }  # fmt: skip
