"""How many instruments are verified today, by town and kind, and the public measurement standards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.policy import page
from qualipolis.city.nqi import service
from qualipolis.city.nqi.metrology.coverage import Coverage, coverage, public_standards
from qualipolis.city.nqi.metrology.visibility import INSIDE, verifiers
from qualipolis.city.registry.models import Institution, Unit
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.assess.frame import exports
from qualipolis.faces.desk.rooms.nqi import licence_page as pages
from qualipolis.faces.desk.rooms.nqi.licence_page import Field, Section, day
from qualipolis.faces.desk.rooms.supervise import after
from qualipolis.faces.desk.rooms.supervise.after import line
from qualipolis.faces.desk.shares import percent
from qualipolis.law.nqi.instruments import BY_CODE


def _table(title: str, rows: Sequence[tuple[str, Coverage]]) -> parts.Table:
    columns = [
        parts.Column("name", title, title=True),
        parts.Column("share", _("Coverage"), numeric=True),
        parts.Column("covered", _("Verified on this day"), numeric=True),
        parts.Column("used", _("In use"), numeric=True),
        parts.Column("soon", _("Due within 30 days"), numeric=True),
        parts.Column("overdue", _("Overdue"), numeric=True),
        parts.Column("unknown", _("No verification known"), numeric=True),
    ]
    cells = [
        {"name": name, "share": percent(one.share), "covered": one.covered, "used": one.used, "soon": one.soon,
         "overdue": one.overdue, "unknown": one.unknown}
        for name, one in rows
    ]  # fmt: skip
    return parts.Table(title, columns, cells)


@page(*INSIDE)
def coverage_page(request: HttpRequest) -> HttpResponse:
    """Coverage in all, by town and by kind, on this day."""
    today = timezone.localdate()
    [whole] = coverage(request.user)
    names = {unit.pk: unit.name for unit in Unit.objects.all()}
    towns = [(names.get(one.key, "—"), one) for one in coverage(request.user, "unit")]
    kinds = [
        (_(BY_CODE[one.key].words) if one.key in BY_CODE else one.key, one) for one in coverage(request.user, "kind")
    ]
    heading = _("%(share)s of the instruments in use are verified") % {"share": percent(whole.share)}
    if whole.share is None:
        heading = _("No instrument in use is registered yet")
    note = _("n = %(n)s instruments in use on %(day)s; those out of use, failed or scrapped are not counted.") % {
        "n": whole.used,
        "day": today,
    }
    sections = [
        Section(_("By town"), table=_table(_("Town"), towns), note=note),
        Section(_("By kind of instrument"), table=_table(_("Kind of instrument"), kinds), note=note),
    ]
    lead = _("Verified: %(covered)s. Overdue: %(overdue)s. No verification known: %(unknown)s.") % {
        "covered": whole.covered, "overdue": whole.overdue, "unknown": whole.unknown,
    }  # fmt: skip
    crumbs = [pages.crumb(_("Measuring instruments"), "nqi_instruments"), (_("Coverage"), "")]
    tools = [(_("Public measurement standards"), reverse("desk:nqi_public_standards"), "scale")]
    shown = exports("nqi-coverage", "", len(towns) + len(kinds))
    return pages.sections_page(
        request, heading, lead, sections if whole.used else [], crumbs=crumbs, tools=tools, exports=shown
    )


def _mark() -> after.Mark:
    fields: dict[str, Field] = {
        "name_zh": line(gettext_lazy("Name in Chinese"), 200),
        "name_en": line(gettext_lazy("Name in English"), 200, False),
        "field": line(gettext_lazy("Field"), 60),
        "certificate_no": line(gettext_lazy("Number of the certificate"), 80),
        "uncertainty": line(gettext_lazy("Range and uncertainty"), 200, False),
        "issued_on": after.day(gettext_lazy("Issued on"), initial=timezone.localdate),
        "valid_to": after.day(gettext_lazy("Valid to"), required=False),
    }
    return after.Mark(
        "note", "nqi.note_public_standard", gettext_lazy("Note a public measurement standard"), fields, _noted
    )


def _noted(actor: Any, body: Institution, said: dict[str, Any]) -> Any:
    return service.note_public_standard(actor, body, **said)


@page(*INSIDE, "laboratory", "enterprise", "steward")
def public_standards_page(request: HttpRequest) -> HttpResponse:
    """The public measurement standards that stand today, counted by field."""
    rows = list(public_standards())
    fields = {one.field for one in rows}
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
    body = verifiers(request.user).first()
    marks = after.marks(request, body, [_mark()]) if body else []
    if request.method == "POST" and body and after.take_mark(request, body, marks):
        return pages.redirect("desk:nqi_public_standards")
    lead = _("%(n)s standards in %(fields)s fields stand on this day.") % {"n": len(rows), "fields": len(fields)}
    words = "" if rows else _("Metrology institutes note here the standards that serve the public.")
    heading = _("Public measurement standards")
    section = Section(heading, table=parts.Table(heading, columns, cells) if cells else None, words=words)
    shown = exports("nqi-public-standards", "", len(rows)) if rows else None
    return pages.sections_page(request, heading, lead, [section], marks=marks, exports=shown)
