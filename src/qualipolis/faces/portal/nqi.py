"""The directory for everyone: who can test this, institutions with live states, certificates by number, what towns can do."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from qualipolis.city.nqi.directory import queries
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.nqi import directory_pages as pages
from qualipolis.faces.desk.rooms.nqi import directory_words as words
from qualipolis.faces.portal import frame
from qualipolis.faces.portal.columns import Column
from qualipolis.faces.portal.results_data import Row, answer

PLACE = "nqi"
MOST_GAPS = 50
INSTITUTIONS = (
    Column("code", "text", "机构代码", "code of the institution"),
    Column("name_zh", "text", "机构名称（中文）", "name, zh"),
    Column("name_en", "text", "机构名称（英文）", "name, en"),
    Column("kind", "text", "机构类别代码", "code of the kind"),
    Column("town", "text", "镇街（园区）代码", "code of the town"),
    Column("address", "text", "地址", "address"),
    Column("phone", "text", "电话", "telephone"),
    Column("certificate", "text", "证书编号", "number of the certificate"),
    Column("certificate_kind", "text", "证书类别代码", "code of the kind of certificate"),
    Column("state", "text", "证书当日状态代码", "state of the certificate on the day"),
    Column("valid_from", "text", "有效期起", "valid from"),
    Column("valid_to", "text", "有效期止；空表示未规定", "valid until; empty: no end is set"),
    Column("lines", "integer", "当日有效的能力附表行数", "lines of its scope in force on the day"),
    Column("on", "text", "状态日期", "day of the states"),
)
CAPABILITY = (
    Column("town", "text", "镇街（园区）代码", "code of the town"),
    Column("name_zh", "text", "镇街（园区）名称", "name, zh"),
    Column("name_en", "text", "镇街（园区）名称（英文）", "name, en"),
    Column("institutions", "integer", "当日持有有效证书的机构数", "institutions with a certificate valid on the day"),
    Column("on", "text", "统计日期", "day of the count"),
)


def show(request: HttpRequest, template: str, context: dict) -> HttpResponse:  # type: ignore[type-arg]
    """Answer with a page of the directory in the public frame."""
    context["crumbs"] = [frame.home_crumb(), *context["crumbs"]]
    shared = {"portal_links": frame.links(PLACE)}
    made = render(request, template, shared | context)
    if not getattr(request.user, "is_authenticated", False):
        made.headers.setdefault("Cache-Control", "no-cache")
    return made


@frame.open_page
def scope_search(request: HttpRequest) -> HttpResponse:
    """Who can test this, to this standard, on this day."""
    return show(request, "nqi/scope_search.html", pages.search_context(request, "portal"))


@frame.open_page
def institutions(request: HttpRequest) -> HttpResponse:
    """The institutions under a filter."""
    context = pages.list_context(request, "portal")
    context["data"] = [(form, reverse("portal:nqi_data", args=["institutions", form])) for form in ("csv", "json")]
    return show(request, "nqi/institutions.html", context)


@frame.open_page
def institution(request: HttpRequest, code: str) -> HttpResponse:
    """One institution with its certificates and its scope in force."""
    return show(request, "nqi/institution.html", pages.body_context(request, "portal", pages.body_of(code)))


@frame.open_page
def certificate(request: HttpRequest) -> HttpResponse:
    """Whether a certificate with a number is valid today."""
    number = request.GET.get("number", "").strip()[:40]
    rows = words.certificate_rows(queries.certificates_numbered(number))
    context = pages.shared(
        "portal", [(_("Look up a certificate"), "")], number=number, rows=rows, today=timezone.localdate()
    )
    return show(request, "nqi/certificate.html", context)


@frame.open_page
def capability(request: HttpRequest) -> HttpResponse:
    """What the towns can do, and what nobody here can do."""
    context = pages.map_context(request, "portal") | {"gap_table": _gap_table()}
    context["data"] = [(form, reverse("portal:nqi_data", args=["capability", form])) for form in ("csv", "json")]
    return show(request, "nqi/capability.html", context)


def _gap_table() -> parts.Table | None:
    """Return the gaps as everyone may read them: what is missing and what is planned, not who asked."""
    rows = list(queries.open_gaps()[:MOST_GAPS])
    if not rows:
        return None
    columns = [
        parts.Column("item", _("Item"), title=True),
        parts.Column("product", _("Product")),
        parts.Column("standard", _("Standard number")),
        parts.Column("plan", _("Year of the plan")),
    ]
    cells = [
        {"item": one.parameter, "product": one.product, "standard": one.standard or None, "plan": one.year}
        for one in rows
    ]
    return parts.Table(_("What nobody here can do"), columns, cells)


def institution_rows() -> Iterator[Row]:
    """Yield every certificate of every institution with its state today; an institution without one has one row."""
    day = timezone.localdate()
    bodies = list(queries.institutions())
    held = queries.certificates_of(bodies, day)
    for body in bodies:
        named = {
            "code": body.code, "name_zh": body.name_zh, "name_en": body.name_en, "kind": body.kind, "town": body.unit.code,
            "address": body.address, "phone": body.phone, "on": str(day),
        }  # fmt: skip
        stated = held.get(body.pk, [])
        for one in stated:
            yield named | {
                "certificate": one.row.number, "certificate_kind": one.row.kind, "state": one.state, "lines": one.lines,
                "valid_from": str(one.row.valid_from), "valid_to": str(one.row.valid_to or ""),
            }  # fmt: skip
        if not stated:
            yield (
                named
                | dict.fromkeys(("certificate", "certificate_kind", "state", "valid_from", "valid_to"), "")
                | {"lines": None}
            )


def capability_rows() -> Iterator[Row]:
    """Yield each town with how many institutions hold a certificate valid today."""
    day = str(timezone.localdate())
    for one in queries.capability():
        unit = one.unit
        yield {
            "town": unit.code,
            "name_zh": unit.name_zh,
            "name_en": unit.name_en,
            "institutions": one.count,
            "on": day,
        }


DATASETS: dict[str, tuple[tuple[Column, ...], Callable[[], Iterator[Row]]]] = {
    "institutions": (INSTITUTIONS, institution_rows),
    "capability": (CAPABILITY, capability_rows),
}


@frame.open_page
def dataset(request: HttpRequest, name: str, form: str) -> HttpResponse:
    """The directory or the capability of towns as csv or json."""
    if name not in DATASETS:
        raise Http404
    columns, rows = DATASETS[name]
    return answer(f"nqi-{name}", form, columns, list(rows()), {})
