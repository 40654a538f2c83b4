"""The small pages of the core that every room shares: files, drafts, progress, the way back."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpResponse, JsonResponse, RawPostDataException
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qualipolis.city.core import attachments, drafts, jobs
from qualipolis.city.core.models import Attachment, Job, Reversal
from qualipolis.city.core.policy import ANYONE, page, roles_of
from qualipolis.city.core.roles import STAFF
from qualipolis.city.core.undo import undo


def back(request: Any, otherwise: str = "/") -> str:
    """Return where a form wants to go next: an address of this site only."""
    target = request.POST.get("next") or request.headers.get("Referer") or ""
    return target if url_has_allowed_host_and_scheme(target, {request.get_host()}) else otherwise


@page(ANYONE)
@require_safe
def file(request: Any, pk: int) -> FileResponse:
    """Hand out an attachment to whoever may read it; to others it does not exist."""
    attachment = get_object_or_404(Attachment, pk=pk)
    path = attachments.path_of(attachment.sha256)
    if not attachments.may_read(request.user, attachment) or not path.exists():
        raise Http404
    response = FileResponse(
        path.open("rb"), as_attachment=True, filename=attachment.name, content_type=attachment.media_type
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@page(*STAFF)
@never_cache
@require_http_methods(["GET", "POST"])
def draft(request: Any) -> JsonResponse:
    """GET ``?key=`` returns what was typed; POST ``{"key", "data"}`` keeps it; data null forgets it."""
    if request.method == "GET":
        return JsonResponse(drafts.read(request.user, request.GET.get("key", "")) or {"data": None})
    try:
        said = json.loads(request.body)
        key, data = str(said["key"]), said["data"]
        if data is None:
            drafts.discard(request.user, key)
            return JsonResponse({"data": None})
        return JsonResponse({"saved_at": drafts.save(request.user, key, data)})
    except (ValueError, KeyError, TypeError, RecursionError, RawPostDataException):
        return JsonResponse({"error": _("This cannot be kept as a draft.")}, status=400)


@page(*STAFF)
@never_cache
@require_safe
def job(request: Any, pk: int) -> JsonResponse:
    """Tell how far a job is, to the person who started it and to administrators."""
    row = get_object_or_404(Job, pk=pk)
    if row.person_id != request.user.pk and "admin" not in roles_of(request.user):
        raise Http404
    return JsonResponse(jobs.state_of(row))


@page(*STAFF)
@require_POST
def take_back(request: Any, seq: int) -> HttpResponse:
    """Take a step of one's own back."""
    row = get_object_or_404(Reversal, pk=seq)
    if row.person_id != request.user.pk:
        raise PermissionDenied(_("Only the person who took a step can take it back."))
    try:
        undo(request.user, row)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(back(request))
