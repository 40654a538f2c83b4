"""An official document of a complaint to take along, for everybody whom it concerns."""

from __future__ import annotations

from io import BytesIO

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qualipolis.city.core.policy import page, visible
from qualipolis.city.core.queries import file_stem
from qualipolis.city.listen.models import Document
from qualipolis.faces.report import listening_papers
from qualipolis.law.listening.documents import BY_CODE
from qualipolis.methods.problems import InputError

RELATED = ("complaint__enterprise", "complaint__letter", "report")


@page("complaint_desk", "mediator", "enterprise", "inspector")
@require_safe
def document_pdf(request: HttpRequest, pk: int, lang: str) -> HttpResponse:
    """One document in Chinese or as an English reading aid, as it was issued."""
    if lang not in listening_papers.LANGUAGES:
        raise Http404
    one = get_object_or_404(visible(request.user, Document.objects.select_related(*RELATED)), pk=pk)
    try:
        data = BytesIO(listening_papers.pdf(one, lang))
    except InputError as error:
        words = [problem.text(_) for problem in error.problems]
        return render(request, "desk/refused.html", {"title": one.number, "words": words}, status=400)
    stem = f"{BY_CODE[one.code].code}-{one.pk}"
    name = f"{file_stem(stem)}-{lang}.pdf"
    return FileResponse(data, as_attachment=True, filename=name, content_type="application/pdf")
