"""The papers of a case to take along, for everybody who sees it."""

from __future__ import annotations

from io import BytesIO

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qualipolis.city.core.policy import page
from qualipolis.city.core.queries import file_stem
from qualipolis.faces.desk.rooms.hospital.case_thread import ROLES, case_of
from qualipolis.faces.report import hospital_papers
from qualipolis.methods.problems import InputError


@page(*ROLES)
@require_safe
def hospital_paper(request: HttpRequest, pk: int, kind: str, lang: str) -> HttpResponse:
    """One paper of a case in Chinese or English; a prescription only once it was given."""
    case = case_of(request, pk)
    if kind not in hospital_papers.PAPERS or lang not in hospital_papers.LANGUAGES:
        raise Http404
    if kind == "prescription" and hospital_papers.given(case) is None:
        raise Http404
    try:
        data = BytesIO(hospital_papers.pdf(case, kind, lang))
    except InputError as error:
        words = [problem.text(_) for problem in error.problems]
        return render(request, "desk/refused.html", {"title": str(case), "words": words}, status=400)
    name = f"{file_stem(f'{case}-{kind}')}-{lang}.pdf"
    return FileResponse(data, as_attachment=True, filename=name, content_type="application/pdf")
