"""The form in which a firm objects: what it objects to, why, with files; what is typed is kept until it is handed in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core import drafts
from qualipolis.city.core.policy import page
from qualipolis.city.supervise.models import Objection, ServedResult
from qualipolis.city.supervise.results import objections
from qualipolis.city.supervise.results import queries as result_queries
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.cycle.town import attempt
from qualipolis.faces.desk.rooms.supervise.result_forms import MOST, FilesOfLimit
from qualipolis.faces.desk.rooms.supervise.result_words import verdict_chip, window_words
from qualipolis.law.supervision import sources as law

KINDS = (
    ("conclusion", gettext_lazy("The conclusion of the test: the backup sample may be tested by another laboratory")),
    ("process", gettext_lazy("The process, or the sample is not ours: decided by the organiser in writing")),
)


class ObjectionForm(forms.Form):
    """An objection in writing."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What do you object to?"), choices=KINDS, widget=forms.RadioSelect, required=True
    )
    words = forms.CharField(
        label=gettext_lazy("What is wrong, and why"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("Name the item, the page of the report or the moment of sampling."),
    )
    files = FilesOfLimit(
        label=gettext_lazy("Files that show it"),
        required=False,
        help_text=gettext_lazy("At most %(n)s files of 20 MB: pictures, PDF, tables.") % {"n": MOST},
    )


def draft_key(service: ServedResult) -> str:
    """Return the name under which what is typed is kept."""
    return f"objection-{service.pk}"


@page("enterprise")
def firm_objection(request: HttpRequest, pk: int) -> HttpResponse:
    """Object to one's own result."""
    service = get_object_or_404(result_queries.own_services(request.user), pk=pk)
    window = result_queries.windows(service.result, [service])[0]
    busy = Objection.objects.filter(service=service, status__in=("received", "studying", "recheck_ordered")).exists()
    if busy or not window.running or service.result.ended:
        return redirect("desk:firm_result", pk)
    form = ObjectionForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        words = _("Your objection was received. You are answered in writing.")
        if attempt(request, form, lambda said: _object(request, service, said), words):
            drafts.discard(request.user, draft_key(service))
            return redirect("desk:firm_result", pk)
    context: dict[str, Any] = {
        "stage": "supervise",
        "service": service,
        "row": service.result,
        "form": form,
        "window": window,
        "window_words": window_words(window),
        "verdict": verdict_chip(service.result),
        "draft_key": draft_key(service),
        "law": parts.Law(_(law.FOOD_88 if window.working else law.LAW_15)),
        "crumbs": [
            (_("My results"), reverse("desk:firm_results")),
            (service.result.number, reverse("desk:firm_result", args=[pk])),
            (_("Object"), ""),
        ],
    }
    return render(request, "supervise/firm_objection.html", context, status=400 if request.method == "POST" else 200)


def _object(request: HttpRequest, service: ServedResult, said: dict[str, Any]) -> None:
    objections.object_to(request.user, service, said["words"], said["kind"], files=said["files"])
