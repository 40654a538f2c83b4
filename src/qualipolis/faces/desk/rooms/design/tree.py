"""The designer: the whole tree of a draft on one page, every change checked by the server before it is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from qualipolis.city.core import drafts
from qualipolis.city.core.policy import can, page, visible
from qualipolis.city.measure import drafting
from qualipolis.city.measure.models import Dimension, IndicatorSet
from qualipolis.faces.desk import charts
from qualipolis.faces.desk.rooms.design import advice as design_advice
from qualipolis.faces.desk.rooms.measure.pieces import STAGE, figure, law_of, undo_offer
from qualipolis.faces.desk.rooms.measure.tree import Branch, Leaf, WeightsForm
from qualipolis.law.flows import ALL
from qualipolis.methods.problems import InputError


class DesignForm(WeightsForm):
    """Every weight of a draft; the other fields are on the page of the node."""

    def __init__(self, thing: IndicatorSet, data: Any = None) -> None:
        super().__init__(thing, data, amending=False)
        self.draft_key = f"measure.set:{thing.pk}:design"

    def _add(self, row: Any, names: tuple[str, ...]) -> None:
        super()._add(row, ("weight",))
        above = row.parent.code if isinstance(row, Dimension) else row.dimension.code
        widget = self.fields[f"{row.code}-weight"].widget
        widget.attrs |= {"data-weight": row.code, "data-parent": above, "size": "5"}


@dataclass
class Row:
    """A node of the tree as the page shows it."""

    code: str
    name: str
    share: str
    weight: Any
    hints: list[tuple[int, design_advice.Hint]]
    unit: str = ""
    depth: int = 0
    total: str = ""
    holds: str = ""
    place: int = 0
    rows: list[Row] = field(default_factory=list)
    groups: list[Row] = field(default_factory=list)

    @property
    def removable(self) -> bool:
        """Whether nothing would be lost with it."""
        return not self.rows and not self.groups


def tree_rows(form: DesignForm, told: design_advice.Advice) -> list[Row]:
    """Return the tree for the page: aggregates in aggregates, indicators inside."""

    def leaf(one: Leaf, place: int) -> Row:
        code = one.row.code
        bound = form[f"{code}-weight"]
        return Row(code, one.row.name, one.share, bound, told.about(code), one.unit, place=place)

    def branch(one: Branch, depth: int, place: int) -> Row:
        code = one.row.code
        bound = form[f"{code}-weight"] if f"{code}-weight" in form.fields else None
        made = Row(code, one.row.name, one.share, bound, told.about(code), depth=depth, place=place)
        made.rows = [leaf(below, n) for n, below in enumerate(one.leaves)]
        made.groups = [branch(below, depth + 1, n) for n, below in enumerate(one.branches)]
        made.total = figure(sum(b.row.weight for b in (*one.leaves, *one.branches)), 4)
        made.holds = "indicators" if one.leaves or one.row.level <= 2 else "dimensions"
        return made

    return [branch(one, 0, n) for n, one in enumerate(form.tree.roots)]


def sun_of(branches: list[Branch]) -> list[charts.SunNode]:
    """Return the tree for the rings."""
    return [
        charts.SunNode(
            one.row.code, one.row.name, one.row.weight,
            [*sun_of(one.branches), *(charts.SunNode(leaf.row.code, leaf.row.name, leaf.row.weight) for leaf in one.leaves)],
        )
        for one in branches
    ]  # fmt: skip


def every(rows: list[Row]) -> Iterator[Row]:
    """Yield every aggregate of the page."""
    for row in rows:
        yield row
        yield from every(row.groups)


# ---------------------------------------------------------------- what can be done


def _sisters(form: DesignForm, code: str) -> list[Any]:
    """The nodes beside one, in order, with itself."""
    node = form.nodes[code]
    if isinstance(node, Dimension):
        rows = [row for row in form.nodes.values() if isinstance(row, Dimension) and row.parent_id == node.parent_id]
    else:
        rows = [row for row in form.nodes.values() if getattr(row, "dimension_id", None) == node.dimension_id]
    return sorted(rows, key=lambda row: (row.position, row.code))


def _parent(node: Any) -> str:
    return str(node.parent.code if isinstance(node, Dimension) else node.dimension.code)


def _known(form: DesignForm, code: str) -> Any:
    if code not in form.nodes:
        raise PermissionDenied(_("There is no %(code)s in this set.") % {"code": code})
    return form.nodes[code]


def _shift(step: int) -> Callable[[HttpRequest, DesignForm, list[str]], str]:
    def act(request: HttpRequest, form: DesignForm, told: list[str]) -> str:
        node = _known(form, told[0])
        order = [row.code for row in _sisters(form, node.code)]
        place = max(0, min(order.index(node.code) + step, len(order) - 1))
        drafting.move_node(request.user, form.thing, node.code, _parent(node), place)
        words = _("%(name)s is number %(place)s of %(count)s now.")
        return words % {"name": node.name, "place": place + 1, "count": len(order)}

    return act


def _move(request: HttpRequest, form: DesignForm, told: list[str]) -> str:
    """``CODE:PARENT:PLACE`` from dragging, ``CODE`` with the field ``into`` from the list of dimensions."""
    node = _known(form, told[0])
    parent = told[1] if len(told) > 1 else request.POST.get("into", "")
    place = int(told[2]) if len(told) > 2 and told[2].isdecimal() else 999
    drafting.move_node(request.user, form.thing, node.code, parent, place)
    above = form.thing.dimensions.get(code=parent)
    return _("%(name)s is under %(parent)s now.") % {"name": node.name, "parent": above.name}


def _remove(request: HttpRequest, form: DesignForm, told: list[str]) -> str:
    node = _known(form, told[0])
    drafting.remove_node(request.user, form.thing, node.code)
    return _("%(name)s is removed; you can undo this for 10 minutes.") % {"name": node.name}


def _below(form: DesignForm, parent: str) -> dict[str, float]:
    """The weights under an aggregate as they were typed."""
    said = form.cleaned_data
    return {code: said[f"{code}-weight"] or 0.0 for code, node in form.nodes.items() if _parent(node) == parent}


def _equal(request: HttpRequest, form: DesignForm, told: list[str]) -> str:
    weights = _below(form, told[0])
    total = sum(weights.values()) or float(len(weights))
    same = float(f"{total / max(1, len(weights)):.6g}")
    drafting.edit_set(request.user, form.thing, {code: {"weight": same} for code in weights})
    return _("All %(n)s weights are equal now.") % {"n": len(weights)}


def _normalise(request: HttpRequest, form: DesignForm, told: list[str]) -> str:
    weights = to_hundred(_below(form, told[0]))
    drafting.edit_set(request.user, form.thing, {code: {"weight": value} for code, value in weights.items()})
    return _("The weights add up to 100 now.")


def to_hundred(weights: dict[str, float]) -> dict[str, float]:
    """Return the shares in per cent with one decimal; what rounding leaves goes to the largest remainders."""
    total = sum(weights.values())
    if not total:
        return weights
    exact = {code: 1000 * weight / total for code, weight in weights.items()}
    tenths = {code: int(value) for code, value in exact.items()}
    rest = 1000 - sum(tenths.values())
    for code in sorted(exact, key=lambda c: (tenths[c] - exact[c], c))[:rest]:
        tenths[code] += 1
    return {code: value / 10 for code, value in tenths.items()}


def _save(request: HttpRequest, form: DesignForm, told: list[str]) -> str:
    return _("The draft is saved.")


ACTS: dict[str, Callable[[HttpRequest, DesignForm, list[str]], str]] = {
    "save": _save, "up": _shift(-1), "down": _shift(1), "move": _move, "remove": _remove, "equal": _equal,
    "normalise": _normalise,
}  # fmt: skip


def _act(request: HttpRequest, form: DesignForm) -> str:
    """Keep what was typed and take the step, both or neither; returns the node to go to."""
    name, _colon, rest = request.POST.get("do", "save").partition(":")
    told = rest.split(":")
    with transaction.atomic():
        if changes := form.changes():
            drafting.edit_set(request.user, form.thing, changes)
            for code, said in changes.items():
                form.nodes[code].weight = said["weight"]
        words = ACTS.get(name, _save)(request, form, told)
    drafts.discard(request.user, form.draft_key)
    messages.success(request, words)
    return told[0]


@page("planner")
def design(request: HttpRequest, pk: int) -> HttpResponse:
    """The designer of a draft; posting takes one step and keeps the typed weights with it."""
    row = get_object_or_404(visible(request.user, IndicatorSet.objects.all()), pk=pk)
    if not can(request.user, "measure.edit_set"):
        raise PermissionDenied(_("This page is for another role."))
    if row.status != IndicatorSet.Status.DRAFT:
        messages.error(request, _("Only a draft can be edited, and only a frozen set amended."))
        return redirect("desk:set", row.pk)
    form = DesignForm(row, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            code = _act(request, form)
        except (InputError, PermissionDenied) as error:
            form.refuse(error)
        else:
            anchor = f"#n-{code}" if code else ""
            return redirect(reverse("desk:set_design", args=[row.pk]) + anchor)
    return render(request, "measure/design.html", _context(request, row, form), status=400 if form.errors else 200)


def _context(request: HttpRequest, row: IndicatorSet, form: DesignForm) -> dict[str, Any]:
    told = design_advice.advice(request.user, row)
    rows = tree_rows(form, told)
    groups = list(every(rows))
    label = _("The framework: %(n)s indicators in %(dimensions)s dimensions; the angle is the share of the whole.") % {
        "n": len(form.tree.leaves), "dimensions": sum(g.holds == "indicators" for g in groups),
    }  # fmt: skip
    return {
        "stage": STAGE,
        "row": row,
        "form": form,
        "rows": rows,
        "homes": [g for g in groups if g.holds == "indicators"],
        "advice": told,
        "counts": design_advice.count_by(told.hints),
        "sun": charts.sunburst(sun_of(form.tree.roots), label=label),
        "undo": undo_offer(request.user),
        "law": law_of(ALL["indicator_set"].find(row.status, "consult")),
        "crumbs": [
            (_("Indicator sets"), reverse("desk:sets")),
            (str(row.year), reverse("desk:set", args=[row.pk])),
            (_("Design"), ""),
        ],
    }
