"""One node of a draft: every field of an indicator, the names of a dimension, and how a new one is made."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core import drafts
from qualipolis.city.core.models import Organisation
from qualipolis.city.core.policy import can, page, visible
from qualipolis.city.measure import catalogue, drafting
from qualipolis.city.measure.models import Dimension, Indicator, IndicatorSet
from qualipolis.faces.desk.rooms.measure.pieces import STAGE, NumberField, problem_words, words_of
from qualipolis.faces.desk.rooms.measure.tree import LABELS, bilingual
from qualipolis.lake.cells import plain
from qualipolis.methods.problems import InputError

NUMBERS = ("factor", *drafting.GOALPOSTS, "weight")
LONG = (
    "formula_zh",
    "formula_en",
    "numerator_zh",
    "numerator_en",
    "denominator_zh",
    "denominator_en",
    "origin_zh",
    "origin_en",
)
PARTS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (gettext_lazy("Name and unit"), ("name_zh", "name_en", "unit_zh", "unit_en")),
    (gettext_lazy("Place and weight"), ("code", "parent", "weight")),
    (gettext_lazy("Direction and goalposts"), ("direction", *drafting.GOALPOSTS)),
    (gettext_lazy("How it is computed"), (
        "kind", "factor", "formula_zh", "formula_en", "numerator_zh", "numerator_en",
        "denominator_zh", "denominator_en", "is_proportion",
    )),
    (gettext_lazy("Source and evidence"), (
        "source_zh", "source_en", "evidence_zh", "evidence_en", "origin_zh", "origin_en", "owner", "evidence_required",
    )),
)  # fmt: skip


class NodeForm(forms.Form):
    """The fields of an indicator or a dimension, from the model; a new one is also given a code."""

    def __init__(
        self, thing: IndicatorSet, node: Any, data: Any = None, *, fresh: bool = False, home: str = ""
    ) -> None:
        super().__init__(data)
        self.thing, self.node, self.fresh = thing, node, fresh
        self.kind = type(node)
        name = "new" if fresh else node.code.lower()
        self.draft_key = f"measure.set:{thing.pk}:node:{self.kind.__name__.lower()}:{name}"
        if fresh:
            hint = gettext_lazy("A letter followed by at most 11 letters and digits, as PQ11.")
            self.fields["code"] = forms.CharField(label=gettext_lazy("Code"), max_length=12, help_text=hint)
        for field in drafting.FIELDS[self.kind]:
            self.fields["owner" if field == "owner_id" else field] = self._field(field)
        self._place(home)

    def _place(self, home: str) -> None:
        """Under what it hangs: dimensions of the lowest level for an indicator, aggregates above for a dimension."""
        rows = [row for row in self.thing.dimensions.all() if (row.level <= 2) == (self.kind is Indicator)]
        above = getattr(self.node, "dimension", None) if self.kind is Indicator else getattr(self.node, "parent", None)
        if self.kind is Dimension and not self.fresh and above is None:
            return
        choices = [(row.code, bilingual(row, "name")) for row in rows]
        first = above.code if above else home
        self.fields["parent"] = forms.ChoiceField(label=gettext_lazy("Belongs to"), choices=choices, initial=first)

    def _field(self, name: str) -> forms.Field:
        column = self.kind._meta.get_field("owner" if name == "owner_id" else name)
        initial = getattr(self.node, name)
        label = str(LABELS.get(name, column.verbose_name))
        if name in NUMBERS:
            return NumberField(label=label, initial=plain(initial), required=name in ("weight", "factor"))
        if name == "owner_id":
            rows = Organisation.objects.filter(kind=Organisation.Kind.DEPARTMENT).order_by("code")
            choices = [("", "—"), *((str(row.pk), str(row.name)) for row in rows)]
            label = str(_("Department in charge"))
            return forms.ChoiceField(label=label, choices=choices, initial=str(initial or ""), required=False)
        if isinstance(initial, bool):
            return forms.BooleanField(label=label, initial=initial, required=False)
        if column.choices:
            return forms.ChoiceField(label=label, choices=column.choices, initial=str(initial))
        widget: forms.Widget = forms.Textarea(attrs={"rows": 2}) if name in LONG else forms.TextInput()
        if name.endswith("_en"):
            widget.attrs["lang"] = "en"
        return forms.CharField(
            label=label, initial=initial, required=not column.blank, max_length=column.max_length, widget=widget
        )

    @property
    def parts(self) -> list[tuple[str, list[Any]]]:
        """The fields in groups with a heading."""
        if self.kind is Dimension:
            names = [name for name in ("code", "name_zh", "name_en", "parent", "weight") if name in self.fields]
            return [(_("Dimension of the tree"), [self[name] for name in names])]
        return [(str(title), [self[name] for name in names if name in self.fields]) for title, names in PARTS]

    def said(self) -> dict[str, Any]:
        """Return the fields as the verbs take them."""
        found = {}
        for name in drafting.FIELDS[self.kind]:
            value = self.cleaned_data["owner" if name == "owner_id" else name]
            if name == "owner_id":
                value = int(value) if value else None
            found[name] = int(value) if name == "direction" else value
        return found

    def keep(self, user: Any) -> str:
        """Make or change the node; everything or nothing."""
        parent, said = self.cleaned_data.get("parent", ""), self.said()
        with transaction.atomic():
            if self.fresh:
                code = self.cleaned_data["code"].strip()
                make = drafting.add_indicator if self.kind is Indicator else drafting.add_dimension
                make(user, self.thing, parent, code, said)
                return code
            now = getattr(self.node, "dimension" if self.kind is Indicator else "parent", None)
            drafting.describe_node(user, self.thing, self.node.code, said)
            if parent and now is not None and parent != now.code:
                drafting.move_node(user, self.thing, self.node.code, parent, 999)
        return str(self.node.code)

    def refuse(self, error: Exception) -> None:
        """Put each problem at the field it names."""
        if not isinstance(error, InputError):
            self.add_error(None, words_of(error))
            return
        for problem in error.problems:
            place = problem.place.split(" ")[-1]
            self.add_error(place if place in self.fields else None, problem_words(problem))


def _draft_of(request: HttpRequest, pk: int) -> IndicatorSet:
    row = get_object_or_404(visible(request.user, IndicatorSet.objects.all()), pk=pk)
    if not can(request.user, "measure.describe_node"):
        raise PermissionDenied(_("This page is for another role."))
    return row


def _node_of(row: IndicatorSet, code: str) -> Any:
    for rows in (row.indicators.select_related("dimension"), row.dimensions.select_related("parent")):
        if (found := rows.filter(code=code).first()) is not None:
            return found
    raise Http404(code)


@page("planner")
def node(request: HttpRequest, pk: int) -> HttpResponse:
    """Edit one node (``?code=``), or make a new one (``?new=indicator`` or ``dimension``, ``&under=`` its dimension)."""
    row = _draft_of(request, pk)
    if row.status != IndicatorSet.Status.DRAFT:
        messages.error(request, _("Only a draft can be edited, and only a frozen set amended."))
        return redirect("desk:set", row.pk)
    code, home = request.GET.get("code", ""), request.GET.get("under", "")
    made = Dimension() if request.GET.get("new") == "dimension" else Indicator()
    thing = _node_of(row, code) if code else made
    form = NodeForm(row, thing, request.POST or None, fresh=not code, home=home)
    if request.method == "POST":
        answer = _take(request, row) if "take" in request.POST else _keep(request, row, form)
        if answer is not None:
            return answer
    return render(request, "measure/design_node.html", _context(row, form, home), status=400 if form.errors else 200)


def _back(row: IndicatorSet, code: str) -> HttpResponse:
    return redirect(reverse("desk:set_design", args=[row.pk]) + f"#n-{code}")


def _keep(request: HttpRequest, row: IndicatorSet, form: NodeForm) -> HttpResponse | None:
    if not form.is_valid():
        return None
    try:
        code = form.keep(request.user)
    except (InputError, PermissionDenied) as error:
        form.refuse(error)
        return None
    drafts.discard(request.user, form.draft_key)
    messages.success(request, _("%(code)s is kept in the draft.") % {"code": code})
    return _back(row, code)


def _take(request: HttpRequest, row: IndicatorSet) -> HttpResponse:
    """Add an indicator of the catalogue as it stands there."""
    code = request.POST["take"]
    known = catalogue.BY_CODE.get(code)
    home = request.POST.get("into", "") or (known.dimension if known else "")
    try:
        drafting.add_indicator(request.user, row, home, code)
    except (InputError, PermissionDenied) as error:
        for words in words_of(error):
            messages.error(request, words)
        return redirect(request.get_full_path())
    messages.success(request, _("%(code)s is kept in the draft.") % {"code": code})
    return _back(row, code)


def _context(row: IndicatorSet, form: NodeForm, home: str) -> dict[str, Any]:
    there = set(row.indicators.values_list("code", flat=True))
    homes = [(one.code, bilingual(one, "name")) for one in row.dimensions.filter(level__lte=2)]
    fresh_leaf = form.fresh and form.kind is Indicator
    rest = [one for one in catalogue.INDICATORS if one.code not in there] if fresh_leaf else []
    title = (
        _("New dimension") if form.fresh and not fresh_leaf else _("New indicator") if form.fresh else form.node.name
    )
    return {
        "stage": STAGE,
        "row": row,
        "form": form,
        "title": title,
        "catalogue": rest,
        "fresh_leaf": fresh_leaf,
        "homes": homes,
        "home": home,
        "crumbs": [
            (str(row.year), reverse("desk:set", args=[row.pk])),
            (_("Design"), reverse("desk:set_design", args=[row.pk])),
            (title, ""),
        ],
    }
