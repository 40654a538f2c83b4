"""The notices of results for everyone: number, date, counts, tiers and vetoes; no remarks and no list of rectifications."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from qualipolis.city.assess import queries
from qualipolis.city.assess.models import Notice
from qualipolis.city.core.queries import file_stem
from qualipolis.faces.desk import parts
from qualipolis.faces.portal import frame
from qualipolis.faces.report import notice_city
from qualipolis.faces.report.notice import headline


@frame.open_page
def index(request: HttpRequest) -> HttpResponse:
    """The notices that stand, the latest first."""
    columns = [
        parts.Column("document", _("Notice"), title=True),
        parts.Column("year", _("Year"), numeric=True),
        parts.Column("issued", _("Issued on")),
        parts.Column("release", _("Release")),
    ]
    rows = [
        {
            "document": one.document,
            "year": one.release.assessment.round.set.year,
            "issued": f"{one.issued_on:%Y-%m-%d}" if one.issued_on else None,
            "release": one.release.number,
            "url": reverse("portal:notice", args=[one.pk]),
        }
        for one in _standing(request.user)
    ]
    table = parts.Table(_("Every notice that stands, the latest first"), columns, rows, links="url")
    crumbs = [frame.home_crumb(), (_("Notices"), "")]
    return frame.show(request, "notices", "data", {"table": table, "crumbs": crumbs})


def _standing(user: Any) -> Any:
    return queries.notices(user).filter(status=Notice.Status.ISSUED)


@frame.open_page
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """The public part of one notice; a withdrawn one is not here."""
    row = get_object_or_404(_standing(request.user), pk=pk)
    zh = (get_language() or "zh").startswith("zh")
    told = notice_city.report_of(row, "zh" if zh else "en")
    n = told.rectify
    context = {
        "row": row,
        "told": told,
        "headline": headline(told),
        "badge": frame.badge(row.release),
        "grades": _grades(told),
        "tiers": [(tier, len(names), ("、" if zh else ", ").join(names)) for tier, names in told.tiers],
        "rectify": n,
        "crumbs": [frame.home_crumb(), (_("Notices"), reverse("portal:notices")), (row.document, "")],
    }
    return frame.show(request, "notice", "data", context)


def _grades(told: Any) -> parts.Table:
    columns = [
        parts.Column("grade", _("Grade"), title=True),
        parts.Column("span", _("Score")),
        parts.Column("n", _("Units"), numeric=True),
    ]
    spans = {
        "A": _("90 and above"), "B": _("from 80, below 90"), "C": _("from 60, below 80"), "D": _("below 60, or a veto"),
    }  # fmt: skip
    counts = dict(told.grades)
    rows = [{"grade": grade, "span": span, "n": counts.get(grade, 0)} for grade, span in spans.items()]
    if told.ungraded:
        rows.append({"grade": _("No grade"), "span": None, "n": told.ungraded})
    return parts.Table(_("Units by grade"), columns, rows)


@frame.open_page
def pdf(request: HttpRequest, pk: int, lang: str) -> HttpResponse:
    """The public part as PDF in Chinese or English."""
    row = get_object_or_404(_standing(request.user), pk=pk)
    if lang not in ("zh", "en"):
        raise Http404
    data = BytesIO(notice_city.pdf(row, lang))
    name = f"{file_stem(row.document)}-{lang}.pdf"
    return FileResponse(data, as_attachment=True, filename=name, content_type="application/pdf")
