"""The papers of a task as PDF: notice and form for whoever sees the task, labels for those who have the samples."""

from __future__ import annotations

from io import BytesIO

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from qualipolis.city.core.policy import page, visible
from qualipolis.city.core.queries import file_stem
from qualipolis.city.core.roles import INSIDE
from qualipolis.city.supervise.field import queries as field_queries
from qualipolis.city.supervise.field.facts import is_sampler
from qualipolis.city.supervise.models import Sample, SamplingTask
from qualipolis.faces.report import field_papers


@page(*INSIDE)
@require_safe
def task_pdf(request: HttpRequest, pk: int, kind: str, lang: str) -> HttpResponse:
    """One paper of a task in Chinese or English."""
    row = get_object_or_404(field_queries.tasks(request.user), pk=pk)
    if lang not in ("zh", "en"):
        raise Http404
    data = _paper(request, row, kind, lang)
    name = f"{file_stem(f'{row.number}-{kind}')}-{lang}.pdf"
    return FileResponse(BytesIO(data), as_attachment=True, filename=name, content_type="application/pdf")


def _paper(request: HttpRequest, row: SamplingTask, kind: str, lang: str) -> bytes:
    if kind == "notice":
        return field_papers.notice_pdf(row, lang)
    if kind == "form":
        return field_papers.form_pdf(row, lang)
    samples = list(visible(request.user, Sample.objects.filter(task=row, status__in=LABELLED)).order_by("-part"))
    if kind != "labels" or not samples or not is_sampler(request.user, row):
        raise Http404
    return field_papers.labels_pdf(samples, lang)


LABELLED = ("sealed", "left_with_firm", "in_transit", "kept")
