"""Monthly figures of the one-stop service, and its papers as PDF."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qualipolis.city.core.policy import page, visible
from qualipolis.city.core.queries import file_stem
from qualipolis.city.nqi.models import Demand, Evaluation, NeedType, Order, Quote, ServiceSample
from qualipolis.city.nqi.services import figures
from qualipolis.city.nqi.services.visibility import OVERSEERS, READERS, STATION
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.assess.frame import exports
from qualipolis.faces.desk.rooms.nqi import service_words as words
from qualipolis.faces.report import nqi_service_papers as papers
from qualipolis.methods.problems import InputError

MODELS: dict[str, Any] = {
    "demand": Demand, "quotation": Quote, "agreement": Order, "sample": ServiceSample, "evaluation": Evaluation,
}  # fmt: skip


@page(*STATION, *OVERSEERS)
def service_figures(request: HttpRequest) -> HttpResponse:
    """The last twelve months: demands, how soon they were accepted, how many were served on time."""
    rows = figures.months(request.user)
    now = rows[0]
    stats = [
        (_("Demands"), now.demands, ""), (_("Orders of services"), now.orders, ""), (_("Delivered"), now.delivered, ""),
        (_("Accepted in time"), papers.share(now.accepted_in_time), _("within one working day")),
        (_("Delivered on time"), papers.share(now.on_time), _("by the promised day")),
        (_("Stars, mean"), papers.DASH if now.stars is None else f"{now.stars:.1f}", _("n = %(n)s") % {"n": now.stars_n}),
    ]  # fmt: skip
    kinds = [(kind.label, now.by_kind.get(kind.value, 0)) for kind in NeedType]
    shown = {
        "stage": "build", "month": now, "stats": stats, "kinds": kinds, "open_kind": now.by_kind.get("", 0), "table": _table(rows),
        "exports": exports("nqi-months", "", len(rows)), "papers": [(_("The month as PDF"), reverse("desk:nqi_month_paper", args=[words.paper_lang()]))],
        "crumbs": [(_("Demands for service"), reverse("desk:nqi_demands")), (_("Figures of the service"), "")],
    }  # fmt: skip
    return render(request, "nqi/service_figures.html", shown)


def _table(rows: list[figures.Month]) -> parts.Table:
    columns = [
        parts.Column("month", _("Month"), title=True),
        parts.Column("demands", _("Demands"), numeric=True),
        parts.Column("accepted", _("Accepted in time"), numeric=True),
        parts.Column("found", _("Institution found"), numeric=True),
        parts.Column("delivered", _("Delivered"), numeric=True),
        parts.Column("on_time", _("Delivered on time"), numeric=True),
        parts.Column("complaints", _("Complaints"), numeric=True),
    ]
    cells = [
        {"month": f"{one.first:%Y-%m}", "demands": one.demands, "accepted": papers.share(one.accepted_in_time),
         "found": papers.share(one.matched), "delivered": one.delivered, "on_time": papers.share(one.on_time),
         "complaints": one.complaints}
        for one in rows
    ]  # fmt: skip
    return parts.Table(_("The last twelve months"), columns, cells)


@page(*READERS)
@require_safe
def paper(request: HttpRequest, kind: str, pk: int, lang: str) -> HttpResponse:
    """One paper of a row that somebody sees."""
    if kind not in MODELS or lang not in papers.LANGUAGES:
        raise Http404
    row = get_object_or_404(visible(request.user, MODELS[kind].objects.all()), pk=pk)
    return _file(request, kind, row, lang, f"{kind}-{row}")


@page(*STATION, *OVERSEERS)
@require_safe
def month_paper(request: HttpRequest, lang: str) -> HttpResponse:
    """The monthly statistics as a paper."""
    if lang not in papers.LANGUAGES:
        raise Http404
    rows = figures.months(request.user)
    return _file(request, "months", rows, lang, f"nqi-{rows[0].first:%Y-%m}")


def _file(request: HttpRequest, kind: str, row: Any, lang: str, stem: str) -> HttpResponse:
    try:
        data = BytesIO(papers.pdf(kind, row, lang))
    except InputError as error:
        told = [problem.text(_) for problem in error.problems]
        return render(request, "desk/refused.html", {"title": stem, "words": told}, status=400)
    name = f"{file_stem(stem)}-{lang}.pdf"
    return FileResponse(data, as_attachment=True, filename=name, content_type="application/pdf")
