"""The letters of a case as PDF, for the branch and for the firm itself."""

from __future__ import annotations

from io import BytesIO

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from qualipolis.city.core.policy import page
from qualipolis.city.core.queries import file_stem
from qualipolis.city.core.roles import INSIDE, Role
from qualipolis.city.supervise.aftermath import queries
from qualipolis.faces.report import handling_letters


@page(*INSIDE, Role.ENTERPRISE.value)
@require_safe
def handling_pdf(request: HttpRequest, pk: int, kind: str, lang: str) -> HttpResponse:
    """One letter of a case in Chinese or English; an announcement only once it was made."""
    row = get_object_or_404(queries.cases(request.user), pk=pk)
    known = kind in handling_letters.LETTERS and lang in ("zh", "en") and row.flow_code == "handling"
    if not known or (kind == "announcement" and row.announced_on is None):
        raise Http404
    data = BytesIO(handling_letters.pdf(row, kind, lang))
    name = f"{file_stem(f'{row.number}-{kind}')}-{lang}.pdf"
    return FileResponse(data, as_attachment=True, filename=name, content_type="application/pdf")
