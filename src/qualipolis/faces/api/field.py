"""What the inspector's telephone asks and sends: by the session of the site, guarded against forged posts like it.

These operations change rows, so they are no part of the API that only reads; every one ends in a verb.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_POST, require_safe

from qualipolis.city.core import drafts
from qualipolis.city.core.policy import may_enter, visible
from qualipolis.city.supervise import queries, service
from qualipolis.city.supervise.field.forms import read_moment
from qualipolis.city.supervise.models import SamplingTask, Submission
from qualipolis.methods.problems import InputError, Problem, msg

MOST_BODY = 128 * 1024
ROLES = ("inspector",)
View = Callable[..., JsonResponse]


def operation(view: View) -> View:
    """Declare an operation for inspectors: 401 without a session, 403 for others, problems in words with 400."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> JsonResponse:
        if not may_enter(request.user, ROLES):
            status = 403 if request.user.is_authenticated else 401
            return _refused(status, _("Sign in as an inspector; nothing on the telephone is lost."))
        try:
            return view(request, *args, **kwargs)
        except PermissionDenied as error:
            return _refused(403, str(error))
        except RequestDataTooBig:
            return _refused(413, _("That is more than is taken in at once."))
        except InputError as error:
            return JsonResponse({"problems": [_said(one) for one in error.problems]}, status=400)

    guarded.access = ROLES  # type: ignore[attr-defined]
    return guarded


def _refused(status: int, words: str) -> JsonResponse:
    return JsonResponse({"problems": [{"code": "refused", "place": "", "words": words}]}, status=status)


def _said(problem: Problem) -> dict[str, str]:
    plain = Problem(problem.code, problem.what, problem.remedy, problem.params)
    return {"code": problem.code, "place": str(problem.place), "words": plain.text(_)}


def _task(request: HttpRequest, pk: int) -> SamplingTask:
    row = visible(request.user, SamplingTask.objects.filter(pk=pk)).first()
    if row is None:
        raise PermissionDenied(_("Only the inspectors named for this task can do this."))
    return row


@operation
@require_safe
@ensure_csrf_cookie
def tasks(request: HttpRequest) -> JsonResponse:
    """The tasks of the caller for a working day offline, and the conflicts not seen yet."""
    return JsonResponse(queries.field_queries.for_device(request.user))


@operation
@require_POST
def submit(request: HttpRequest, pk: int) -> JsonResponse:
    """Take in one form: JSON with ``client_id``, ``revision``, ``written_at`` and ``payload``."""
    said = _body(request)
    number, written = _number(said.get("client_id")), _moment(said.get("written_at"))
    revision = said.get("revision")
    if not isinstance(revision, int) or not 0 <= revision < 2**31:
        revision = 0
    row = _task(request, pk)
    answer = service.receive(request.user, row, number, revision, written, said.get("payload"))
    if answer.first_outcome != Submission.Outcome.REFUSED:
        drafts.discard(request.user, f"supervise.field:{row.pk}")
    first = answer.standing
    return JsonResponse(
        {
            "client_id": str(answer.client_id),
            "outcome": answer.first_outcome,
            "repeated": answer.outcome == Submission.Outcome.REPEATED,
            "status": answer.task.status,
            "problems": [_said(one) for one in answer.problems],
            "stands": str(first.person) if first else "",
            "stands_at": first.received_at.isoformat() if first else "",
        }
    )


@operation
@require_POST
def photo(request: HttpRequest, pk: int) -> JsonResponse:
    """Take in one picture: a form with ``client_id``, ``kind``, ``taken_at`` and the ``file``."""
    row = _task(request, pk)
    file = request.FILES.get("file")
    if file is None:
        return _refused(400, _("There is no picture in it."))
    number, taken = _number(request.POST.get("client_id")), _moment(request.POST.get("taken_at"))
    kind = request.POST.get("kind", "")
    kept = service.add_photo(request.user, row, number, kind, file.name or "photo", file.chunks(), taken)
    return JsonResponse({"client_id": str(kept.client_id), "kind": kept.kind})


@operation
@require_POST
def seen(request: HttpRequest, pk: int) -> JsonResponse:
    """Note that the caller has seen a conflict."""
    row = visible(request.user, Submission.objects.filter(pk=pk)).first()
    if row is None:
        raise PermissionDenied(_("Only the inspectors named for this task can do this."))
    service.see_conflict(request.user, row)
    return JsonResponse({"seen": pk})


def _body(request: HttpRequest) -> dict[str, Any]:
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BODY:
        raise RequestDataTooBig
    try:
        said = json.loads(request.body)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise _unreadable()
    return said


def _unreadable() -> InputError:
    return InputError([Problem("bad_payload", msg("What the device sent cannot be read."))])


def _number(value: Any) -> UUID:
    try:
        return UUID(str(value))
    except ValueError:
        raise _unreadable() from None


def _moment(value: Any) -> Any:
    try:
        return read_moment(value)
    except ValueError:
        raise _unreadable() from None
