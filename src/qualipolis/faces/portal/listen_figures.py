"""Complaints in numbers for everyone, by year; what would show a single case is withheld, on the page and in the files."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.parameters import whole
from qualipolis.city.listen.models import Complaint
from qualipolis.city.listen.statistics.figures import Figures, Share, Table, figures
from qualipolis.city.listen.statistics.naming import PROBLEM, PRODUCT, name_of
from qualipolis.city.registry.models import Unit
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.shares import percent
from qualipolis.faces.desk.templatetags.figures import thousands
from qualipolis.faces.portal import frame, listen
from qualipolis.faces.portal.columns import Column
from qualipolis.faces.portal.results_data import Row, answer

TABLES = {
    "product_class": gettext_lazy("By class of product"),
    "problem": gettext_lazy("By kind of problem"),
    "town": gettext_lazy("By town"),
    "outcome": gettext_lazy("By outcome"),
}
OUTCOMES = {
    "agreed": gettext_lazy("agreement reached"),
    "ended": gettext_lazy("mediation ended without one"),
    "refused": gettext_lazy("not accepted"),
    "withdrawn": gettext_lazy("withdrawn"),
    "pending": gettext_lazy("still open"),
}
COLUMNS = (
    Column("year", "integer", "收到年份", "year of receipt"),
    Column("table", "text", "分类方式", "what it is counted by"),
    Column("code", "text", "代码", "code"),
    Column("name_zh", "text", "名称（中文）", "name, zh"),
    Column("name_en", "text", "名称（英文）", "name, en"),
    Column("complaints", "integer", "投诉件数；空为数量过小或为防反推而隐去，不是零", "complaints; empty: withheld, not zero"),
)  # fmt: skip


def years() -> list[int]:
    """Return the years in which complaints came in, the latest first."""
    return [day.year for day in Complaint.objects.dates("received_on", "year", order="DESC")]


def of_year(year: int) -> Figures:
    """Return the figures of a year, of the running one until today."""
    return figures(date(year, 1, 1), min(date(year, 12, 31), timezone.localdate()))


@frame.open_page
def figures_page(request: HttpRequest) -> HttpResponse:
    """The complaints of a year: how many, about what, from where, and how they ended."""
    known = years()
    year = whole(request.GET.get("year", "")) or (known[0] if known else timezone.localdate().year)
    if known and year not in known:
        raise Http404
    found = of_year(year)
    towns = dict(Unit.objects.values_list("code", "name_zh" if _chinese() else "name_en"))
    tables = (found.by_product, found.by_problem, found.by_town, found.by_outcome)
    context: dict[str, Any] = {
        "found": found,
        "year": year,
        "years": known,
        "tables": [_shown(one, towns) for one in tables if one.lines],
        "shares": _shares(found),
        "data": [(form, reverse("portal:listen_data", args=[form])) for form in ("csv", "json")],
    }
    answered = listen.show(request, "figures", [(_("Complaints in numbers"), "")], context)
    answered.headers["Cache-Control"] = "no-cache"
    return answered


def _chinese() -> bool:
    from django.utils.translation import get_language

    return (get_language() or "zh").startswith("zh")


def word_of(table: str, code: str, towns: dict[str, str], language: str = "") -> str:
    """Return a code of a table in words."""
    if not code:
        return str(_("not stated"))
    if table == "outcome":
        return str(OUTCOMES.get(code, code))
    if table == "town":
        return towns.get(code) or code
    return name_of(PRODUCT if table == "product_class" else PROBLEM, code, language)


def _shown(table: Table, towns: dict[str, str]) -> parts.Table:
    columns = [
        parts.Column("name", str(TABLES[table.name]), title=True),
        parts.Column("count", _("Complaints"), numeric=True),
    ]
    rows = [
        {
            "name": word_of(table.name, line.code, towns),
            "count": line.count if line.count is not None else _("withheld"),
        }
        for line in table.lines
    ]
    rows.append({"name": _("Together"), "count": table.total if table.total is not None else _("withheld")})
    return parts.Table(str(TABLES[table.name]), columns, rows)


def _shares(found: Figures) -> list[tuple[str, dict[str, str]]]:
    told = ((_("Decided within the term"), found.in_time), (_("Mediations that ended in an agreement"), found.agreed))
    return [(name, _share(share)) for name, share in told]


def _share(share: Share) -> dict[str, str]:
    """Return a share with its interval and n in words; nothing where it may not be told."""
    if share.interval is None:
        return {}
    ends = {"low": percent(share.interval.low), "high": percent(share.interval.high), "n": thousands(share.n)}
    return {
        "told": percent(share.interval.estimate),
        "range": _("95 %% interval %(low)s to %(high)s, n = %(n)s") % ends,
    }


@frame.open_page
def dataset(request: HttpRequest, form: str) -> HttpResponse:
    """All years as csv or json, with the same cells withheld."""
    if form not in ("csv", "json"):
        raise Http404
    return answer("complaints", form, COLUMNS, list(_rows()), {})


def _rows() -> Iterator[Row]:
    units = {code: {"zh": zh, "en": en} for code, zh, en in Unit.objects.values_list("code", "name_zh", "name_en")}
    for year in years():
        found = of_year(year)
        for table in (found.by_product, found.by_problem, found.by_town, found.by_outcome):
            for line in table.lines:
                names = {
                    f"name_{tongue}": word_of(
                        table.name, line.code, {code: both[tongue] for code, both in units.items()}, tongue
                    )
                    for tongue in ("zh", "en")
                }
                yield {"year": year, "table": table.name, "code": line.code, "complaints": line.count} | names
