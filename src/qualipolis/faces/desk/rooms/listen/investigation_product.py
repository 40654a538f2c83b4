"""Products under observation: the list, and the page of one product with its whole history."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.attachments import files_of
from qualipolis.city.core.policy import page, visible
from qualipolis.city.listen import service
from qualipolis.city.listen.investigations import queries
from qualipolis.city.listen.investigations.history import KINDS, Known, firms_of, history_of
from qualipolis.city.listen.investigations.products import may_correct
from qualipolis.city.listen.investigations.visibility import INVESTIGATORS, READERS
from qualipolis.city.listen.models import InvestigationProduct, RiskAssessment, SafetyProduct
from qualipolis.city.listen.statistics.naming import class_words
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.loop import address
from qualipolis.faces.desk.rooms.cycle.town import attempt
from qualipolis.faces.desk.rooms.listen import investigation_words as words
from qualipolis.faces.desk.rooms.listen.investigation_add import OneForm
from qualipolis.faces.desk.rooms.supervise import after

COUNTERFEIT = (("", gettext_lazy("not known")), ("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No")))
MARKS = ("name", "brand", "model", "barcode", "product_class", "origin")


def _columns() -> list[parts.Column]:
    return [
        parts.Column("product", _("Product"), title=True),
        parts.Column("barcode", _("Barcode")),
        parts.Column("class", _("Class of product")),
        parts.Column("added", _("Added on")),
    ]


def _cells(row: SafetyProduct) -> Mapping[str, Any]:
    marks = " ".join(one for one in (row.brand, row.model) if one)
    return {
        "product": format_html('<span>{}<br><span class="muted">{}</span></span>', row.name, marks)
        if marks
        else row.name,
        "barcode": row.barcode,
        "class": class_words("product_class", row.product_class),
        "added": f"{row.added_on:%Y-%m-%d}",
        "url": reverse("desk:listen_product", args=[row.pk]),
    }


LIST = after.ListPage(
    gettext_lazy("Products under observation"),
    gettext_lazy("One row for one product, whatever letter, test or alert it came from."),
    _columns, _cells, (), "listen-products",
    (gettext_lazy("No product yet"), gettext_lazy("Products appear when they are added to an investigation, an incident or a recall.")), search=True,
)  # fmt: skip


@page(*READERS)
def products(request: HttpRequest) -> HttpResponse:
    """The products that somebody may see."""
    rows = queries.products(request.user, request.GET.dict())
    crumbs = [(_("Investigations"), reverse("desk:listen_investigations")), (_("Products"), "")]
    return after.list_page(request, LIST, rows, stage="listen", crumbs=crumbs)


def product_of(request: HttpRequest, pk: int) -> SafetyProduct:
    """Return the product if this person may see it."""
    return get_object_or_404(visible(request.user, SafetyProduct.objects.select_related("added_by")), pk=pk)


@page(*READERS)
def product(request: HttpRequest, pk: int) -> HttpResponse:
    """One product and everything known of it that this person may see."""
    row = product_of(request, pk)
    lines = history_of(request.user, row)
    latest = visible(request.user, RiskAssessment.objects.filter(product=row)).order_by("-pk").first()
    batches = InvestigationProduct.objects.filter(product=row, removed_on=None).select_related("investigation")
    chosen = request.GET.get("kind", "")
    shown = {
        "stage": "listen", "row": row, "class_words": class_words("product_class", row.product_class), "level": words.level_chip(latest.level) if latest else None, "latest": latest,
        "lines": [_line(one) for one in lines if chosen in ("", one.kind)], "total": len(lines),
        "kinds": _kinds(lines, chosen), "firms": firms_of(request.user, row),
        "batches": visible(request.user, batches), "files": files_of([row])[row.pk],
        "may": may_correct(request.user, row) and bool(set(INVESTIGATORS) & _roles(request)),
        "crumbs": [(_("Products"), reverse("desk:listen_products")), (str(row), "")],
    }  # fmt: skip
    return render(request, "listen/investigation_product.html", shown)


def _roles(request: HttpRequest) -> set[str]:
    from qualipolis.city.core.policy import roles_of

    return roles_of(request.user)


def _kinds(lines: list[Known], chosen: str) -> list[parts.Segment]:
    counts = {kind: sum(one.kind == kind for one in lines) for kind in KINDS}
    found = [parts.Segment(_("All"), "?", not chosen, len(lines))]
    return found + [
        parts.Segment(str(KINDS[kind]), f"?kind={kind}", kind == chosen, n) for kind, n in counts.items() if n
    ]


def _line(one: Known) -> dict[str, Any]:
    return {"known": one, "url": address(one.url_name, one.pk), "chip": parts.Chip(one.tone, one.state) if one.state else None}  # fmt: skip


class MarksForm(OneForm):
    """The marks of a product, to correct them."""

    description = forms.CharField(
        label=gettext_lazy("Description"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    counterfeit = forms.ChoiceField(label=gettext_lazy("Counterfeit"), choices=COUNTERFEIT, required=False)
    on_sale_since = forms.DateField(
        label=gettext_lazy("On sale since"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )  # fmt: skip

    def __init__(self, data: Any = None, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        for name in ("batch", "units_affected", "customs_code"):
            del self.fields[name]


@page(*INVESTIGATORS)
def product_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct the marks of a product."""
    row = product_of(request, pk)
    if not may_correct(request.user, row):
        raise PermissionDenied(_("This product is not yours to change."))
    initial = {name: getattr(row, name) for name in (*MARKS, "description", "on_sale_since")}
    initial["counterfeit"] = {True: "yes", False: "no", None: ""}[row.counterfeit]
    form = MarksForm(request.POST or None, initial=initial)

    def save(said: dict[str, Any]) -> None:
        known = {"yes": True, "no": False}.get(said.pop("counterfeit"))
        service.edit_product(request.user, row, counterfeit=known, **said)

    if request.method == "POST" and attempt(request, form, save):
        return redirect("desk:listen_product", pk)
    shown = {
        "stage": "listen", "heading": _("Correct the marks"), "form": form, "button": _("Save"),
        "crumbs": [(_("Products"), reverse("desk:listen_products")), (str(row), reverse("desk:listen_product", args=[pk])), (_("Change it"), "")],
    }  # fmt: skip
    return render(request, "hospital/form_page.html", shown, status=400 if form.errors else 200)
