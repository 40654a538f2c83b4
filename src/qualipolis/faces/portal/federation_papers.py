"""Pacts and notes of the federation as papers for everyone."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from qualipolis.city.core.queries import file_stem
from qualipolis.city.govern.meetings.queries import public_meetings
from qualipolis.city.govern.pacts.queries import public_pacts
from qualipolis.faces.portal import frame
from qualipolis.faces.report import federation_notes, federation_pact
from qualipolis.methods.problems import InputError


def papers(name: str, number: str) -> list[tuple[str, str]]:
    """Return the papers of a pact or a meeting in both languages."""
    return [
        (_("PDF in Chinese"), reverse(name, args=[number, "zh"])),
        (_("PDF in English"), reverse(name, args=[number, "en"])),
    ]


@frame.open_page
def pact_pdf(request: HttpRequest, number: str, lang: str) -> HttpResponse:
    """A pact as it was published."""
    return _pdf(request, federation_pact, get_object_or_404(public_pacts(), number=number), f"pact-{number}", lang)


@frame.open_page
def meeting_pdf(request: HttpRequest, number: str, lang: str) -> HttpResponse:
    """The published notes of a meeting."""
    return _pdf(request, federation_notes, get_object_or_404(public_meetings(), number=number), f"notes-{number}", lang)


def _pdf(request: HttpRequest, paper: Any, row: Any, stem: str, lang: str) -> HttpResponse:
    if lang not in paper.LANGUAGES:
        raise Http404
    try:
        data = BytesIO(paper.pdf(row, lang))
    except InputError as error:
        told = [problem.text(_) for problem in error.problems]
        return render(request, "desk/refused.html", {"title": row.number, "words": told}, status=400)
    return FileResponse(
        data, as_attachment=True, filename=f"{file_stem(stem)}-{lang}.pdf", content_type="application/pdf"
    )
