"""The page of one letter: what was written, what it opened, where it belongs, what it is about; the seal, on record."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from qualipolis.city.core.attachments import files_of, may_read
from qualipolis.city.core.policy import can, page, visible
from qualipolis.city.listen import service
from qualipolis.city.listen.intake import identities, suggesting
from qualipolis.city.listen.intake.lists import TRACKS, track_of
from qualipolis.city.listen.intake.models import Letter
from qualipolis.city.listen.intake.queries import RELATED
from qualipolis.city.listen.intake.said import ID_KINDS
from qualipolis.city.registry.models import Enterprise
from qualipolis.city.registry.queries import units
from qualipolis.faces.desk.rooms.cycle.town import attempt
from qualipolis.faces.desk.rooms.measure.pieces import history

PARTS = {
    "name": gettext_lazy("Name"),
    "phone": gettext_lazy("Telephone"),
    "address": gettext_lazy("Address"),
    "id_kind": gettext_lazy("Proof of identity"),
    "id_number": gettext_lazy("Its number"),
}


class PlaceForm(forms.Form):
    """Where a letter belongs."""

    do = forms.CharField(widget=forms.HiddenInput, initial="place")
    unit = forms.ModelChoiceField(label=gettext_lazy("Town"), queryset=None, required=False)
    credit_code = forms.CharField(
        label=gettext_lazy("Unified social credit code of the firm"), max_length=18, required=False,
        help_text=gettext_lazy("Empty: the firm is not in the register."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="id_place_%s", **kwargs)
        self.fields["unit"].queryset = units()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The firm is found by its code."""
        said = super().clean() or {}
        code = str(said.get("credit_code", "")).strip().upper()
        said["enterprise"] = (
            Enterprise.objects.filter(credit_code=code).select_related("unit").first() if code else None
        )
        if code and said["enterprise"] is None:
            self.add_error("credit_code", _("The register has no firm with this code."))
        return said


class ClassForm(forms.Form):
    """What a letter is about."""

    do = forms.CharField(widget=forms.HiddenInput, initial="classify")
    product_class = forms.ChoiceField(label=gettext_lazy("Class of product"), choices=())
    hazard = forms.ChoiceField(label=gettext_lazy("Kind of problem"), choices=(), required=False)

    def __init__(self, letter: Letter, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="id_classify_%s", **kwargs)
        for name in ("product_class", "hazard"):
            known, now = suggesting.choices(name), getattr(letter, name)
            other = [] if not now or now in dict(known) else [(now, now)]
            self.fields[name].choices = [("", "…"), *other, *known]  # type: ignore[attr-defined]


class SealForm(forms.Form):
    """What the identity is needed for."""

    do = forms.CharField(widget=forms.HiddenInput, initial="open")
    reason = forms.ChoiceField(label=gettext_lazy("What you need it for"), choices=())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="id_open_%s", **kwargs)
        self.fields["reason"].choices = [(code, _(words)) for code, words in identities.REASONS.items()]  # type: ignore[attr-defined]


@never_cache
@page("complaint_desk")
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of one letter."""
    row = get_object_or_404(visible(request.user, Letter.objects.select_related(*RELATED)), pk=pk)
    seen: dict[str, str] = {}
    found = _forms(request, row)
    do = request.POST.get("do", "") if request.method == "POST" else ""
    calls = {
        "place": lambda said: service.place_letter(request.user, row, said["unit"], said["enterprise"]),
        "classify": lambda said: service.classify_letter(request.user, row, said["product_class"], said["hazard"]),
        "open": lambda said: seen.update(service.open_identity(request.user, row, said["reason"])),
    }
    if do in calls and attempt(request, found[do], calls[do], _WORDS[do]) and do != "open":
        still = visible(request.user, Letter.objects.filter(pk=pk)).exists()
        return redirect("desk:listen_letter", pk) if still else redirect("desk:listen_letters")
    status = 400 if do and not seen else 200
    return render(request, "listen/letter.html", _context(request, row, found, seen), status=status)


_WORDS = {
    "place": gettext_lazy("The letter has its place."),
    "classify": gettext_lazy("Kept."),
    "open": gettext_lazy("This look stands in the ledger."),
}


def _forms(request: HttpRequest, row: Letter) -> dict[str, Any]:
    do = request.POST.get("do", "") if request.method == "POST" else ""
    placed = {"do": "place", "unit": row.unit_id, "credit_code": row.enterprise.credit_code if row.enterprise else ""}
    known = {"do": "classify", "product_class": row.product_class, "hazard": row.hazard}
    return {
        "place": PlaceForm(request.POST) if do == "place" else PlaceForm(initial=placed),
        "classify": ClassForm(row, request.POST) if do == "classify" else ClassForm(row, initial=known),
        "open": SealForm(request.POST if do == "open" else None),
    }


def _context(request: HttpRequest, row: Letter, found: dict[str, Any], seen: dict[str, str]) -> dict[str, Any]:
    actor = request.user
    kinds = {code: _(words) for code, words in ID_KINDS.items()}
    seen = seen | {"id_kind": kinds.get(seen["id_kind"], seen["id_kind"])} if seen.get("id_kind") else seen
    return {
        "stage": "listen",
        "row": row,
        "track": TRACKS[track_of(row)],
        "complaint": getattr(row, "complaint", None),
        "report": getattr(row, "report", None),
        "photos": [one for one in files_of([row])[row.pk] if may_read(actor, one)],
        "suggested": suggesting.suggestions(row),
        "class_name": suggesting.name_of("product_class", row.product_class),
        "hazard_name": suggesting.name_of("hazard", row.hazard),
        "place": found["place"],
        "classify": found["classify"],
        "open": found["open"],
        "seen": [(PARTS[name], value or "—") for name, value in seen.items()],
        "may_open": identities.may_open(actor, row),
        "masked": identities.masked(actor, row),
        "letters": identities.letters_of_year(actor, row),
        "frequent": identities.frequent(actor, row),
        "can_place": can(actor, "listen.place_letter", row),
        "history": history(row),
        "crumbs": [(_("Letters received"), reverse("desk:listen_letters")), (row.reference, "")],
    }
