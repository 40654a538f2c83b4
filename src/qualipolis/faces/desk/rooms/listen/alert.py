"""One alert of another authority: what it says, which class and which firm here it is about, what was decided of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from qualipolis.city.core.policy import can, page
from qualipolis.city.listen import service
from qualipolis.city.listen.alerts import queries
from qualipolis.city.listen.alerts.lists import hazard_words
from qualipolis.city.listen.alerts.models import Alert
from qualipolis.city.listen.alerts.visibility import READERS
from qualipolis.city.listen.intake.letters import firm_named
from qualipolis.city.listen.models import EntityPair
from qualipolis.city.listen.statistics.naming import PRODUCT, name_of, names
from qualipolis.faces.desk.rooms.cycle.town import attempt
from qualipolis.faces.desk.rooms.measure.pieces import history, undo_offer
from qualipolis.faces.desk.rooms.supervise import after


class ClassForm(forms.Form):
    """The class of product of one alert; what is suggested is chosen first."""

    do = forms.CharField(widget=forms.HiddenInput, initial="class")

    def __init__(self, row: Alert, data: Any = None) -> None:
        super().__init__(data, auto_id="id_class_%s")
        known = sorted(((code, name_of(PRODUCT, code)) for code in names(PRODUCT)), key=lambda one: one[1])
        self.fields["product_class"] = forms.ChoiceField(
            label=_("Class of product"), choices=[("", _("not said")), *known], required=False,
            initial=row.product_class or row.suggested.get("class", ""),
        )  # fmt: skip


class FirmForm(forms.Form):
    """The firm here that an alert is about."""

    do = forms.CharField(widget=forms.HiddenInput, initial="firm")

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="id_firm_%s")
        self.fields["firm"] = forms.CharField(
            label=_("Name or credit code in the register"), max_length=160, required=False,
            help_text=_("Leave it empty to say that it is about no firm here."),
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Find the firm in the register."""
        said = super().clean() or {}
        text = said.get("firm", "").strip()
        said["enterprise"] = firm_named(text)
        if text and said["enterprise"] is None:
            self.add_error("firm", _("No firm in the register has exactly this name or code."))
        return said


@page(*READERS)
def alert(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of one alert."""
    row = get_object_or_404(queries.alerts(request.user), pk=pk)
    do = request.POST.get("do") if request.method == "POST" else ""
    class_form = ClassForm(row, request.POST if do == "class" else None)
    firm_form = FirmForm(request.POST if do == "firm" else None)
    if _taken(request, row, do, class_form, firm_form):
        return redirect("desk:listen_alert", row.pk)
    may = can(request.user, "listen.link_alert", row)
    context = {
        "stage": "listen", "row": row, "hazards": hazard_words(row.hazards),
        "product_class": name_of(PRODUCT, row.product_class), "suggested": _suggested(row),
        "class_form": class_form if may else None, "firm_form": firm_form if may else None,
        "pairs": _pairs(request.user, row), "history": history(row),
        "undo": undo_offer(request.user, f"listen.alert:{row.pk}"),
        "crumbs": [(_("Alerts"), reverse("desk:listen_alerts")), (row.reference, "")],
    }  # fmt: skip
    return render(request, "listen/alert.html", context, status=400 if request.method == "POST" else 200)


def _taken(request: HttpRequest, row: Alert, do: str | None, class_form: ClassForm, firm_form: FirmForm) -> bool:
    user = request.user
    if do == "class":
        return attempt(request, class_form, lambda said: service.classify_alert(user, row, said["product_class"]))
    if do == "firm":
        return attempt(request, firm_form, lambda said: service.link_alert(user, row, said["enterprise"]))
    return False


def _suggested(row: Alert) -> dict[str, Any] | None:
    """Return what is suggested in words: the class, how sure, and what told it."""
    code = str(row.suggested.get("class", ""))
    if not code:
        return None
    by = {"source": _("the source says so"), "category": _("the category of the source says so")}
    return {
        "name": name_of(PRODUCT, code),
        "share": None if row.suggested.get("by") in by else round(100 * float(row.suggested.get("p", 0))),
        "by": by.get(str(row.suggested.get("by", "")), _("by the words of the alert")),
    }


def _pairs(user: Any, row: Alert) -> list[tuple[EntityPair, Any]]:
    """Return the firms here that the firm of the alert may be, as pairs to be reviewed."""
    if not row.firm:
        return []
    found = queries.pairs(user).filter(kind="firm", left=row.firm[:200])[:6]
    return [(one, after.state_cell(one)) for one in found]
