"""The firm's own pages on the phone: what it has to carry out, and the proof in words and pictures."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.attachments import files_of
from qualipolis.city.core.policy import page
from qualipolis.city.listen import service
from qualipolis.city.listen.investigations import queries
from qualipolis.city.listen.models import CorrectiveAction
from qualipolis.faces.desk.rooms.cycle.town import FILES, attempt
from qualipolis.faces.desk.rooms.listen import investigation_words as words
from qualipolis.faces.desk.rooms.measure.pieces import undo_offer
from qualipolis.faces.desk.rooms.supervise.result_forms import FilesOfLimit

MOST = 60


class ProofForm(forms.Form):
    """What the firm did, with pictures or papers."""

    done = forms.CharField(
        label=gettext_lazy("What you did"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("When, where, how many pieces; what became of them."),
    )  # fmt: skip
    files = FilesOfLimit(
        label=gettext_lazy("Pictures or papers"),
        help_text=gettext_lazy("For example the empty shelf, the notice, the list of returned pieces. Several at once, each at most 20 MB."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["files"].widget.attrs["accept"] = f"image/*,{FILES}"


@page("enterprise")
def my_actions(request: HttpRequest) -> HttpResponse:
    """The actions of one's own firm: what waits for the firm first."""
    rows = list(queries.firm_actions(request.user)[:MOST])
    shown = {
        "stage": "listen", "waiting": sum(row.status == "ordered" for row in rows),
        "rows": [{"row": row, "state": words.state_chip(row), "due": words.due_of(row)} for row in rows],
        "crumbs": [(_("Orders to us"), "")],
    }  # fmt: skip
    return render(request, "listen/investigation_actions.html", shown)


@page("enterprise")
def my_action(request: HttpRequest, pk: int) -> HttpResponse:
    """One action: what must be done, until when, and the proof."""
    row = get_object_or_404(queries.firm_actions(request.user), pk=pk)
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = ProofForm(*sent)
    if request.method == "POST" and attempt(
        request, form, lambda said: service.prove_action(request.user, row, said["done"], said["files"]),
        _("Your proof was handed in. The office looks at it."),
    ):  # fmt: skip
        return redirect("desk:my_action", pk)
    status = 400 if request.method == "POST" else 200
    return render(request, "listen/investigation_action.html", _context(request, row, form), status=status)


def _context(request: HttpRequest, row: CorrectiveAction, form: ProofForm) -> dict[str, Any]:
    return {
        "stage": "listen", "row": row, "state": words.state_chip(row), "due": words.due_of(row), "form": form,
        "proof": files_of([row])[row.pk], "open": row.status == "ordered", "office": row.investigation.owner.name,
        "undo": undo_offer(request.user, f"listen.correctiveaction:{row.pk}"),
        "crumbs": [(_("Orders to us"), reverse("desk:my_actions")), (str(row.get_kind_display()), "")],
    }  # fmt: skip
