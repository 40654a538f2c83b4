"""Name and telephone of a complainant for the entrusted mediator: shown once for a ground, on record."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from qualipolis.city.core.policy import page
from qualipolis.city.listen import service
from qualipolis.city.listen.intake.identities import REASONS
from qualipolis.faces.desk.rooms.cycle.town import attempt
from qualipolis.faces.desk.rooms.listen.complaint_document import HANDLING, complaint_of

GROUNDS = ("mediate", "contact", "serve")


class GroundForm(forms.Form):
    """What the identity is needed for."""

    reason = forms.ChoiceField(label=gettext_lazy("What you need it for"))

    def __init__(self, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        field = self.fields["reason"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(code, _(REASONS[code])) for code in GROUNDS]


@never_cache
@page(*HANDLING)
def complaint_identity(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the ground, then show what the reader may see; nothing of it is kept by the browser."""
    row = complaint_of(request, pk)
    form, seen = GroundForm(request.POST or None), {}
    if request.method == "POST":
        attempt(request, form, lambda said: seen.update(service.open_identity(request.user, row.letter, said["reason"])),
                _("This look stands in the ledger."))  # fmt: skip
    shown = {
        "stage": "listen", "row": row, "form": form, "seen": seen,
        "crumbs": [(_("Complaints"), reverse("desk:listen_complaints")),
                   (row.number, reverse("desk:listen_complaint", args=[pk])), (_("Identity"), "")],
    }  # fmt: skip
    return render(request, "listen/complaint_identity.html", shown, status=400 if form.errors else 200)
