"""The tree of an indicator set: as it is shown, as it differs from another version, and as it is edited."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.measure import service
from qualipolis.city.measure.drafting import GOALPOSTS
from qualipolis.city.measure.models import Indicator, IndicatorSet
from qualipolis.faces.desk.rooms.measure.pieces import NEEDS, NumberField, figure, problem_words, words_of
from qualipolis.lake.cells import plain
from qualipolis.methods.problems import InputError

LABELS = {
    "floor": gettext_lazy("0 points at"),
    "target": gettext_lazy("100 points at"),
    "target_low": gettext_lazy("best from"),
    "target_high": gettext_lazy("best to"),
    "ceiling": gettext_lazy("0 points again at"),
}


@dataclass(frozen=True)
class Leaf:
    """An indicator in the tree, with the share of the whole that it carries."""

    row: Indicator
    effective: float

    @property
    def weight(self) -> str:
        """The weight among its sisters."""
        return figure(self.row.weight)

    @property
    def share(self) -> str:
        """The share of the composite, in per cent."""
        return figure(100 * self.effective)

    @property
    def unit(self) -> str:
        """The unit in the language of the page."""
        return bilingual(self.row, "unit")

    @property
    def source(self) -> str:
        """Where the figure comes from."""
        return bilingual(self.row, "source")

    @property
    def goalposts(self) -> str:
        """The fixed ends in words."""
        row = self.row
        if row.direction == Indicator.Direction.TARGET:
            return _("best from %(low)s to %(high)s") % {"low": figure(row.target_low), "high": figure(row.target_high)}
        return _("0 points at %(floor)s, 100 at %(target)s") % {
            "floor": figure(row.floor),
            "target": figure(row.target),
        }


@dataclass
class Branch:
    """An aggregate with what hangs under it."""

    row: Any
    effective: float
    branches: list[Branch] = field(default_factory=list)
    leaves: list[Leaf] = field(default_factory=list)

    @property
    def weight(self) -> str:
        """The weight among its sisters."""
        return figure(self.row.weight)

    @property
    def share(self) -> str:
        """The share of the composite, in per cent."""
        return figure(100 * self.effective)


@dataclass(frozen=True)
class Tree:
    """The whole tree, its aggregates that hold indicators, and all indicators."""

    roots: list[Branch]
    dimensions: list[tuple[list[Branch], Branch]]
    leaves: list[Leaf]


def bilingual(row: Any, name: str) -> str:
    """Return a text in the language of the page, else in the other one."""
    from django.utils.translation import get_language

    first, second = ("zh", "en") if (get_language() or "zh").startswith("zh") else ("en", "zh")
    return getattr(row, f"{name}_{first}") or getattr(row, f"{name}_{second}")


def tree_of(thing: IndicatorSet) -> Tree:
    """Return the tree of a set with effective weights: the product of the shares on the way up."""
    nodes = list(thing.dimensions.order_by("position", "code"))
    leaves = list(thing.indicators.select_related("owner").order_by("position", "code"))
    totals: dict[int | None, float] = {}
    for node in nodes:
        totals[node.parent_id] = totals.get(node.parent_id, 0.0) + node.weight
    under: dict[int, float] = {}
    for leaf in leaves:
        under[leaf.dimension_id] = under.get(leaf.dimension_id, 0.0) + leaf.weight
    branches: dict[int, Branch] = {}
    roots: list[Branch] = []
    for node in sorted(nodes, key=lambda one: -one.level):
        above = branches.get(node.parent_id or 0)
        share = _part(node.weight, totals[node.parent_id]) * (above.effective if above else 1.0)
        branches[node.pk] = Branch(node, share)
        (above.branches if above else roots).append(branches[node.pk])
    made = []
    for leaf in leaves:
        branch = branches[leaf.dimension_id]
        made.append(Leaf(leaf, branch.effective * _part(leaf.weight, under[leaf.dimension_id])))
        branch.leaves.append(made[-1])
    return Tree(roots, [pair for root in roots for pair in _walk([], root)], made)


def _part(weight: float, total: float) -> float:
    return weight / total if total else 0.0


def _walk(above: list[Branch], branch: Branch) -> list[tuple[list[Branch], Branch]]:
    own = [(above, branch)] if branch.leaves else []
    return own + [pair for below in branch.branches for pair in _walk([*above, branch], below)]


@dataclass(frozen=True)
class Change:
    """A number of a node that differs between two versions."""

    code: str
    name: str
    what: str
    old: str
    new: str


def difference(old: IndicatorSet, new: IndicatorSet) -> list[Change]:
    """Return what an amendment changed: weights and goalposts, old and new."""
    before = {row.code: row for row in (*old.dimensions.all(), *old.indicators.all())}
    found = []
    for row in (*new.dimensions.all(), *new.indicators.all()):
        was = before.get(row.code)
        for name in ("weight", *GOALPOSTS):
            if was is None or not hasattr(row, name) or getattr(row, name) == getattr(was, name):
                continue
            words = _("weight") if name == "weight" else str(LABELS[name])
            found.append(Change(row.code, row.name, words, figure(getattr(was, name)), figure(getattr(row, name))))
    return found


class WeightsForm(forms.Form):
    """Every weight of a set, and in a draft every goalpost that the direction uses."""

    def __init__(self, thing: IndicatorSet, data: Mapping[str, Any] | None, *, amending: bool) -> None:
        super().__init__(data)
        self.thing, self.amending = thing, amending
        self.draft_key = f"measure.set:{thing.pk}:{'amend' if amending else 'edit'}"
        self.tree = tree_of(thing)
        self.nodes: dict[str, Any] = {}
        for branch in self._branches(self.tree.roots):
            if branch.row.parent_id:
                self._add(branch.row, ("weight",))
        for leaf in self.tree.leaves:
            self._add(leaf.row, ("weight",) if amending else ("weight", *_used(leaf.row)))
        if amending:
            self.fields["reason"], self.fields["document_no"] = NEEDS["reason"](), NEEDS["document_no"]()

    def _branches(self, found: list[Branch]) -> list[Branch]:
        return [one for branch in found for one in (branch, *self._branches(branch.branches))]

    def _add(self, row: Any, names: tuple[str, ...]) -> None:
        self.nodes[row.code] = row
        for name in names:
            words = _("weight") if name == "weight" else LABELS[name]
            label = _("%(code)s, %(what)s") % {"code": row.code, "what": words}
            made = NumberField(label=label, initial=plain(getattr(row, name)), required=name == "weight")
            made.widget.attrs |= {"class": "input input-sm", "size": "7"}
            self.fields[f"{row.code}-{name}"] = made

    @property
    def groups(self) -> list[tuple[Branch, list[tuple[Any, list[Any]]]]]:
        """The rows of the page: each dimension with its indicators and their fields."""
        found = []
        for above, branch in self.tree.dimensions:
            rows = [(one.row, self._fields(one.row)) for one in (*above[1:], branch)]
            rows += [(leaf.row, self._fields(leaf.row)) for leaf in branch.leaves]
            found.append((branch, rows))
        shown: set[str] = set()
        return [(b, [r for r in rows if not (r[0].code in shown or shown.add(r[0].code))]) for b, rows in found]

    def _fields(self, row: Any) -> list[tuple[str, Any]]:
        names = [name for name in ("weight", *GOALPOSTS) if f"{row.code}-{name}" in self.fields]
        return [(_("weight") if n == "weight" else str(LABELS[n]), self[f"{row.code}-{n}"]) for n in names]

    @property
    def document_fields(self) -> list[Any]:
        """The fields of the amending document."""
        return [self["reason"], self["document_no"]] if self.amending else []

    def changes(self) -> dict[str, dict[str, float | None]]:
        """Return only what differs from the set."""
        found: dict[str, dict[str, float | None]] = {}
        for key, value in self.cleaned_data.items():
            code, _dash, name = key.rpartition("-")
            if code in self.nodes and value != getattr(self.nodes[code], name):
                found.setdefault(code, {})[name] = value
        return found

    def keep(self, user: Any) -> IndicatorSet:
        """Save the draft, or make the amended version."""
        changes = self.changes()
        if not self.amending:
            return service.edit_set(user, self.thing, changes)
        weights = {code: said["weight"] for code, said in changes.items()}
        said = self.cleaned_data
        return service.amend(user, self.thing, said["reason"], said["document_no"], weights)

    def refuse(self, error: Exception) -> None:
        """Put each problem at the field it names."""
        if not isinstance(error, InputError):
            self.add_error(None, words_of(error))
            return
        for problem in error.problems:
            code = str(problem.params.get("code") or problem.params.get("node") or "")
            key = next((k for k in self.fields if k.startswith(f"{code}-")), None) if code else None
            self.add_error(key, problem_words(problem))


def _used(row: Indicator) -> tuple[str, ...]:
    if row.direction == Indicator.Direction.TARGET:
        return ("floor", "target_low", "target_high", "ceiling")
    return ("floor", "target")
