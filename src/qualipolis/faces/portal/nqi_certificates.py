"""For everyone: whether a certificate stands today, which standards are current, and what firms declare of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.policy import visible
from qualipolis.city.nqi.licences.queries import Found, look_up
from qualipolis.city.nqi.metrology.coverage import public_standards as standing
from qualipolis.city.nqi.standards import queries
from qualipolis.city.nqi.standards.models import StandardDeclaration
from qualipolis.city.registry.models import Standard
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.nqi.licence_page import Section, day, state_cell, state_chip
from qualipolis.faces.desk.rooms.nqi.standard import chip_of, sections_of
from qualipolis.faces.portal import frame

PLACE, PER_PAGE = "nqi", 30
STATES = {
    "valid": ("ok", gettext_lazy("valid today")),
    "not_begun": ("wait", gettext_lazy("not begun yet")),
    "suspended": ("bad", gettext_lazy("suspended")),
    "expired": ("bad", gettext_lazy("expired")),
    "cancelled": ("bad", gettext_lazy("cancelled")),
    "withdrawn": ("bad", gettext_lazy("withdrawn")),
    "revoked": ("bad", gettext_lazy("revoked")),
    "renewed": ("wait", gettext_lazy("renewed by a new one")),
}
WARN = {"superseded": "warn", "withdrawn": "idle", "current": "ok"}


@frame.open_page
def certificates(request: HttpRequest) -> HttpResponse:
    """Whether the certificate with a number stands today: of a laboratory, of a certification body, of a firm."""
    number = request.GET.get("number", "").strip()[:60]
    found = [_shown(one) for one in look_up(number)] if number else []
    context = {
        "stage": "build", "number": number, "found": found, "today": timezone.localdate(),
        "crumbs": [frame.home_crumb(), (_("Check a certificate"), "")],
    }  # fmt: skip
    return frame.show(request, "nqi/certificates", PLACE, context)


def _shown(one: Found) -> dict[str, Any]:
    kind, words = STATES.get(one.state, ("bad", gettext_lazy("not valid")))
    return {"row": one, "chip": parts.Chip(kind, str(words)), "from": day(one.valid_from), "to": day(one.valid_to)}


def _listed(
    request: HttpRequest, rows: Any, columns: list[parts.Column], cells: Any, words: Mapping[str, Any]
) -> HttpResponse:
    """Answer with a public list under a search."""
    paged = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    table = parts.Table(str(words["heading"]), columns, [cells(one) for one in paged], links="url")
    context = {
        "stage": "build", "table": table, "paged": paged, "total": paged.paginator.count, **words,
        "q": request.GET.get("q", "").strip()[:60], "crumbs": [frame.home_crumb(), (words["heading"], "")],
    }  # fmt: skip
    return frame.show(request, "nqi/public_list", PLACE, context)


@frame.open_page
def standards(request: HttpRequest) -> HttpResponse:
    """The catalogue of standards, under a search."""
    columns = [
        parts.Column("number", _("Standard"), title=True),
        parts.Column("name", _("Title")),
        parts.Column("state", _("State")),
        parts.Column("replaced", _("Replaced by")),
        parts.Column("declared", _("Declarations that stand"), numeric=True),
    ]
    rows = queries.standards({"q": request.GET.get("q", "")})
    shown = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    counted = queries.counts([one.number for one in shown])

    def cells(one: Standard) -> dict[str, Any]:
        return {"number": one.number, "name": one.name, "state": chip_of(one), "replaced": one.replaced_by or "—",
                "declared": counted.get(one.number, 0), "url": reverse("portal:nqi_standard", args=[one.pk])}  # fmt: skip

    words = {
        "heading": _("Standards"), "lead": _("Which standard is current, what replaced it, and which firms declare to apply it."),
        "hint": _("Number or title"), "why": _("No standard is in the catalogue yet."),
        "more": [(_("What firms declare"), reverse("portal:nqi_declarations")), (_("Public measurement standards"), reverse("portal:nqi_public_standards"))],
    }  # fmt: skip
    return _listed(request, rows, columns, cells, words)


@frame.open_page
def standard(request: HttpRequest, pk: int) -> HttpResponse:
    """One standard for everyone."""
    row = get_object_or_404(Standard, pk=pk)
    chip = parts.Chip(WARN[row.status], str(row.get_status_display()))
    crumbs = [frame.home_crumb(), (_("Standards"), reverse("portal:nqi_standards")), (row.number, "")]
    context = {"stage": "build", "heading": row.number, "lead": row.name, "state": chip, "crumbs": crumbs}
    return frame.show(request, "nqi/public_sections", PLACE, context | {"sections": sections_of(row, link=False)})


@frame.open_page
def declarations(request: HttpRequest) -> HttpResponse:
    """What firms declare: which standard for which product."""
    columns = [
        parts.Column("firm", _("Firm"), title=True),
        parts.Column("product", _("Product")),
        parts.Column("standard", _("Standard")),
        parts.Column("state", _("State")),
        parts.Column("on", _("Declared on")),
    ]

    def cells(one: StandardDeclaration) -> dict[str, Any]:
        return {"firm": one.enterprise.name, "product": one.product_name, "standard": one.standard_no, "state": state_cell(one),
                "on": day(one.declared_on), "url": reverse("portal:nqi_declaration", args=[one.number])}  # fmt: skip

    words = {
        "heading": _("Declared standards"), "hint": _("Firm, product or standard"),
        "lead": _("The law asks firms to declare in public which standards they apply. What is declared is the firm's word, not a recommendation."),
        "why": _("No firm has declared a standard yet."), "more": [(_("Standards"), reverse("portal:nqi_standards"))],
    }  # fmt: skip
    rows = queries.declarations(request.user, {"q": request.GET.get("q", "")}).exclude(
        status__in=("draft", "discarded")
    )
    return _listed(request, rows, columns, cells, words)


@frame.open_page
def declaration(request: HttpRequest, number: str) -> HttpResponse:
    """One declaration with its indicators."""
    rows = visible(request.user, StandardDeclaration.objects.select_related("enterprise", "replaced_by"))
    row = get_object_or_404(rows.exclude(status__in=("draft", "discarded")), number=number)
    facts = [
        (_("Firm"), row.enterprise.name), (_("Product"), row.product_name), (_("Standard"), f"{row.standard_no} {row.title}".strip()),
        (_("Level"), row.get_level_display()), (_("Declared on"), day(row.declared_on)), (_("Ended on"), day(row.ended_on)),
        (_("Replaced by"), str(row.replaced_by or "—")),
    ]  # fmt: skip
    lines = [
        f"{one.parameter} {one.get_side_display()} {one.limit:g} {one.unit}".strip() for one in row.indicators.all()
    ]
    words = "" if lines else _("No indicator is declared; those of the standard hold.")
    context = {
        "stage": "build", "heading": row.product_name, "lead": row.enterprise.name, "state": state_chip(row),
        "sections": [Section(_("The declaration"), facts=facts), Section(_("Indicators"), rows=lines, words=words)],
        "crumbs": [frame.home_crumb(), (_("Declared standards"), reverse("portal:nqi_declarations")), (row.number, "")],
    }  # fmt: skip
    return frame.show(request, "nqi/public_sections", PLACE, context)


@frame.open_page
def public_standards(request: HttpRequest) -> HttpResponse:
    """The public measurement standards that stand today."""
    rows = list(standing())
    columns = [
        parts.Column("name", _("Public measurement standard"), title=True),
        parts.Column("field", _("Field")),
        parts.Column("body", _("Institution")),
        parts.Column("number", _("Certificate")),
        parts.Column("valid_to", _("Valid to")),
    ]
    cells = [
        {
            "name": one.name,
            "field": one.field,
            "body": one.institution.name,
            "number": one.certificate_no,
            "valid_to": day(one.valid_to),
        }
        for one in rows
    ]
    heading = _("Public measurement standards")
    words = "" if rows else _("None is noted yet.")
    section = Section(heading, table=parts.Table(heading, columns, cells) if cells else None, words=words)
    lead = _("%(n)s standards in %(fields)s fields stand on this day.") % {
        "n": len(rows),
        "fields": len({one.field for one in rows}),
    }
    context = {
        "stage": "build",
        "heading": heading,
        "lead": lead,
        "sections": [section],
        "crumbs": [frame.home_crumb(), (heading, "")],
    }
    return frame.show(request, "nqi/public_sections", PLACE, context)
