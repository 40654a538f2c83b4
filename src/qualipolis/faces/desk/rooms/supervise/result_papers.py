"""Notices as PDF: of a result with its rights, of a recheck; a firm gets only its own."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from qualipolis.city.core.policy import page, visible
from qualipolis.city.core.queries import file_stem
from qualipolis.city.core.roles import INSIDE
from qualipolis.city.supervise.models import Recheck, Result
from qualipolis.city.supervise.results import queries as result_queries
from qualipolis.faces.report import result_letters


def _file(data: bytes, stem: str, lang: str) -> HttpResponse:
    name = f"{file_stem(stem)}-{lang}.pdf"
    return FileResponse(BytesIO(data), as_attachment=True, filename=name, content_type="application/pdf")  # type: ignore[return-value]


def _known(lang: str) -> str:
    if lang not in ("zh", "en"):
        raise Http404
    return lang


@page(*INSIDE)
@require_safe
def result_notice_pdf(request: HttpRequest, pk: int, lang: str) -> HttpResponse:
    """The notice of a result as the organiser sends it to every party."""
    rows = Result.objects.select_related(*result_queries.RELATED, "sample__task__campaign__organiser")
    row = get_object_or_404(visible(request.user, rows), pk=pk)
    return _file(result_letters.notice_pdf(row, _known(lang)), row.number, lang)


@page(*INSIDE)
@require_safe
def recheck_notice_pdf(request: HttpRequest, pk: int, lang: str) -> HttpResponse:
    """The notice of a recheck to its applicant."""
    row = get_object_or_404(visible(request.user, Recheck.objects.all()), pk=pk)
    return _file(result_letters.recheck_pdf(row, _known(lang)), row.number, lang)


@page("enterprise")
@require_safe
def firm_notice_pdf(request: HttpRequest, pk: int, lang: str) -> HttpResponse:
    """The notice of a result to one's own firm, with the last day of its own window."""
    service = get_object_or_404(result_queries.own_services(request.user), pk=pk)
    return _file(result_letters.notice_pdf(service.result, _known(lang), service), service.result.number, lang)


@page("enterprise")
@require_safe
def firm_recheck_pdf(request: HttpRequest, pk: int, lang: str) -> HttpResponse:
    """The notice of the recheck that one's own firm applied for."""
    mine: Any = result_queries.own_services(request.user).values("pk")
    row = get_object_or_404(Recheck.objects.filter(objection__service__in=mine), pk=pk)
    return _file(result_letters.recheck_pdf(row, _known(lang)), row.number, lang)
