"""Add products to an investigation, one or many: read, looked through for known ones, then all of them or none."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.policy import page, visible
from qualipolis.city.listen import service
from qualipolis.city.listen.investigations.products import alike
from qualipolis.city.listen.investigations.visibility import INVESTIGATORS, may_change
from qualipolis.city.listen.models import Investigation, SafetyProduct
from qualipolis.faces.desk.rooms.cycle.town import attempt
from qualipolis.faces.desk.rooms.listen import investigation_table as tables
from qualipolis.faces.desk.rooms.listen.investigation import investigation_of
from qualipolis.faces.desk.rooms.listen.investigation_words import class_choices, class_code
from qualipolis.faces.desk.rooms.measure.pieces import problem_words
from qualipolis.methods.problems import InputError

OTHER = "other"


class OneForm(forms.Form):
    """The marks of one product."""

    name = forms.CharField(label=gettext_lazy("Product"), max_length=120)
    brand = forms.CharField(label=gettext_lazy("Brand"), max_length=80, required=False)
    model = forms.CharField(label=gettext_lazy("Model"), max_length=80, required=False)
    barcode = forms.CharField(
        label=gettext_lazy("Barcode"), max_length=20, required=False, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )  # fmt: skip
    batch = forms.CharField(label=gettext_lazy("Batch"), max_length=160, required=False)
    units_affected = forms.CharField(
        label=gettext_lazy("Pieces affected"), max_length=12, required=False, widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        help_text=gettext_lazy("Leave it empty when it is not known."),
    )  # fmt: skip
    customs_code = forms.CharField(label=gettext_lazy("Customs number"), max_length=40, required=False)
    product_class = forms.ChoiceField(label=gettext_lazy("Class of product"), choices=(), required=False)
    origin = forms.CharField(label=gettext_lazy("Country of origin"), max_length=60, required=False)

    def __init__(self, data: Any = None, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        now = (initial or {}).get("product_class", "")
        self.fields["product_class"].choices = class_choices("product_class", now)  # type: ignore[attr-defined]


class ManyForm(forms.Form):
    """Many products: pasted lines, or a table."""

    lines = forms.CharField(
        label=gettext_lazy("Paste lines"), max_length=tables.MOST_TEXT, required=False, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("One product a line, cells parted by tabs or commas: product, brand, model, barcode, batch, pieces. A first line with the names of the columns may stand in any order."),
    )  # fmt: skip
    file = forms.FileField(
        label=gettext_lazy("Or a table"), required=False, widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        help_text=gettext_lazy("xlsx or csv, at most 2 MB; its first row names the columns."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """One of both is there."""
        said = super().clean() or {}
        if not said.get("lines", "").strip() and not said.get("file"):
            raise forms.ValidationError(_("Paste lines or choose a table."))
        return said


@page(*INVESTIGATORS)
def products_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add products: the forms, the preview, and the whole of it at once."""
    row = investigation_of(request, pk)
    if not may_change(request.user, row):
        raise PermissionDenied(_("Only the owner and the teams with the right to edit may do this."))
    do = request.POST.get("do", "")
    one, many = OneForm(request.POST if do == "one" else None), ManyForm(*_sent(request, do == "many"))
    if do == "add":
        return _add(request, row)
    rows = _read(one, many, do)
    if do == "one" and rows and not _near(request, rows[0]):
        if attempt(
            request, one, lambda _said: service.add_products(request.user, row, rows), _("The product was added.")
        ):
            return redirect(f"{reverse('desk:listen_investigation', args=[pk])}#products")
        rows = None
    if rows is not None:
        return _preview(request, row, rows, {})
    status = 400 if request.method == "POST" else 200
    return render(request, "listen/investigation_add.html", _shown(row) | {"one": one, "many": many}, status=status)


def _sent(request: HttpRequest, mine: bool) -> tuple[Any, Any]:
    return (request.POST, request.FILES) if mine else (None, None)


def _read(one: OneForm, many: ManyForm, do: str) -> list[dict[str, str]] | None:
    """Return the rows that were given; None when there are none to look at, the form then says why."""
    if do == "one" and one.is_valid():
        return [{name: str(value) for name, value in one.cleaned_data.items() if value}]
    if do != "many" or not many.is_valid():
        return None
    said = many.cleaned_data
    try:
        file = said.get("file")
        rows = tables.rows_of_file(file.name, file.read(tables.LIMITS.bytes + 1)) if file else tables.rows_of_text(said["lines"])  # fmt: skip
    except InputError as error:
        for problem in error.problems:
            many.add_error(problem.place if problem.place in many.fields else None, problem_words(problem))
        return None
    if not rows:
        many.add_error(None, _("No product was found in it."))
    return rows or None


def _add(request: HttpRequest, row: Investigation) -> HttpResponse:
    """Add what the preview showed, all or none; what is wrong is said at its row."""
    try:
        given = tables.kept(json.loads(request.POST.get("rows", "")[: 4 * tables.MOST_TEXT]))
    except ValueError:
        given = []
    if not given:
        return redirect("desk:listen_investigation_products", row.pk)
    chosen = [_decided(request, number, one) for number, one in enumerate(given, 1)]
    try:
        made = service.add_products(request.user, row, chosen)
    except InputError as error:
        return _preview(request, row, given, _by_row(error, len(given)))
    messages.success(request, _("%(n)s products were added.") % {"n": len(made)})
    return redirect(f"{reverse('desk:listen_investigation', args=[row.pk])}#products")


def _decided(request: HttpRequest, number: int, one: dict[str, str]) -> dict[str, Any]:
    """Return a row with what was chosen for it: the known product, or that it is another."""
    one = one | {"product_class": class_code("product_class", one.get("product_class", ""))}
    said = request.POST.get(f"choose-{number}", "")
    if said == OTHER:
        return one | {"sure": True}
    if said.isdigit() and len(said) < 18:
        known = visible(request.user, SafetyProduct.objects.filter(pk=int(said))).first()
        return one | ({"product": known} if known else {})
    return dict(one)


def _by_row(error: InputError, rows: int) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for problem in error.problems:
        number = problem.place.partition(".")[0]
        place = int(number) if number.isdigit() else (1 if rows == 1 and problem.place else 0)
        known = problem.code == "known_product"  # the choice stands beside the row
        words = _("Choose the known one, or say that it is another.") if known else problem_words(problem)
        found.setdefault(place, []).append(words)
    return found


def _preview(
    request: HttpRequest, row: Investigation, rows: list[dict[str, str]], wrong: dict[int, list[str]]
) -> HttpResponse:
    looked = [_looked(request, number, one, wrong.get(number, [])) for number, one in enumerate(rows, 1)]
    doubtful = sum(bool(one["near"]) for one in looked)
    problems = [("", words) for words in wrong.get(0, [])]
    problems += [
        (f"row-{one['number']}", f"{one['number']}{_(': ')}{words}") for one in looked for words in one["wrong"]
    ]
    shown = {"rows": looked, "doubtful": doubtful, "errors": problems, "json": json.dumps(rows, ensure_ascii=False)}
    return render(request, "listen/investigation_preview.html", _shown(row) | shown, status=400 if problems else 200)


def _near(request: HttpRequest, one: dict[str, str]) -> list[tuple[SafetyProduct, float]]:
    """Return the known products that a row may be."""
    marks = {name: one.get(name, "") for name in ("brand", "model", "barcode")}
    return alike(request.user, one.get("name", ""), **marks)


def _looked(request: HttpRequest, number: int, one: dict[str, str], wrong: list[str]) -> dict[str, Any]:
    """Return a row of the preview with the known products that it may be."""
    near = _near(request, one)
    said = request.POST.get(f"choose-{number}", "")
    first = str(near[0][0].pk) if near and near[0][1] == 1.0 and one.get("barcode") else ""
    return {
        "number": number, "row": one, "wrong": wrong, "chosen": said or first, "name": f"choose-{number}",
        "near": [(product, round(100 * score)) for product, score in near],
    }  # fmt: skip


def _shown(row: Investigation) -> dict[str, Any]:
    crumbs = [
        (_("Investigations"), reverse("desk:listen_investigations")),
        (row.number, reverse("desk:listen_investigation", args=[row.pk])), (_("Add products"), ""),
    ]  # fmt: skip
    return {"stage": "listen", "row": row, "crumbs": crumbs}
