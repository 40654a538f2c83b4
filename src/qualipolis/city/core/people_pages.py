"""People and their roles, for the administrator."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qualipolis.city.core import service
from qualipolis.city.core.forms import GrantForm, PersonForm, ReasonForm
from qualipolis.city.core.models import Grant, Person
from qualipolis.city.core.policy import page
from qualipolis.city.core.queries import people
from qualipolis.city.core.sign_in import factors_of, reset_second_factor

READERS = ("admin", "auditor")
ADMIN = ("admin",)


@page(*READERS)
@require_safe
def person_list(request: Any) -> HttpResponse:
    """List everyone with their roles today."""
    rows = people(request.user)
    return render(request, "core/people.html", {"rows": rows, "today": timezone.localdate()})


@page(*ADMIN)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def person_add(request: Any) -> HttpResponse:
    """Add someone; their first password is shown once."""
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        made = _try(
            form,
            lambda: service.add_person(
                request.user, said["organisation"], username=said["username"], display_name=said["display_name"]
            ),
        )
        if made:
            return render(request, "core/password.html", {"person": made[0], "secret": made[1]})
    return render(request, "core/person_add.html", {"form": form})


@page(*READERS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def person_detail(request: Any, pk: int) -> HttpResponse:
    """Show someone's roles; the administrator gives one more here."""
    person = get_object_or_404(people(request.user), pk=pk)
    form = GrantForm(request.POST or None, initial={"valid_from": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        given = _try(form, lambda: service.give_grant(request.user, person, **form.cleaned_data))
        if given:
            return redirect("core:person", pk=person.pk)
    said = {"person": person, "form": form, "reason": ReasonForm(), "today": timezone.localdate()}
    return render(request, "core/person.html", said | {"factors": factors_of(person)})


@page(*ADMIN)
@require_POST
def grant_end(request: Any, pk: int) -> HttpResponse:
    """End a role."""
    grant = get_object_or_404(Grant, pk=pk)
    _tell(request, lambda: service.end_grant(request.user, grant, reason=request.POST.get("reason", "")[:200]))
    return redirect("core:person", pk=grant.person_id)


@page(*ADMIN)
@require_POST
def person_active(request: Any, pk: int) -> HttpResponse:
    """Deactivate someone, or let them in again."""
    person = get_object_or_404(Person, pk=pk)
    step = service.deactivate_person if person.is_active else service.reactivate_person
    _tell(request, lambda: step(request.user, person, reason=request.POST.get("reason", "")[:200]))
    return redirect("core:person", pk=pk)


@page(*ADMIN)
@never_cache
@require_POST
def person_password(request: Any, pk: int) -> HttpResponse:
    """Give someone a new password for one sign-in and show it once."""
    person = get_object_or_404(Person, pk=pk)
    secret = service.reset_password(request.user, person)
    return render(request, "core/password.html", {"person": person, "secret": secret})


@page(*ADMIN)
@require_POST
def person_second_factor(request: Any, pk: int) -> HttpResponse:
    """Take the second factors off someone who lost theirs."""
    person = get_object_or_404(Person, pk=pk)
    reason = request.POST.get("reason", "")[:200]
    _tell(request, lambda: reset_second_factor(request.user, person, reason=reason))
    return redirect("core:person", pk=pk)


def _try(form: Any, step: Callable[[], Any]) -> Any:
    """Take the step; what it refuses is shown at the form's fields."""
    try:
        return step()
    except ValidationError as error:
        form.add_error(None, error)
        return None


def _tell(request: Any, step: Callable[[], Any]) -> None:
    try:
        step()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Done. The step is in the ledger."))
