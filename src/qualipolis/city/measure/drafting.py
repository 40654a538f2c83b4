"""Changing a draft: weights, goalposts, every field, the shape of the tree; checked whole before anything is kept.

Each step notes what it changed, so that it can be taken back for ten minutes. A dimension may be empty while a set is
being designed; going out for comments refuses it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.forms.models import model_to_dict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from qualipolis.city.core.ledger import record
from qualipolis.city.core.models import Organisation
from qualipolis.city.core.policy import verb
from qualipolis.city.core.sentences import sentences
from qualipolis.city.core.steps import roles_for
from qualipolis.city.core.undo import inverse, undoable
from qualipolis.city.measure import catalogue
from qualipolis.city.measure.framework import framework_of
from qualipolis.city.measure.models import Dimension, Indicator, IndicatorSet
from qualipolis.city.measure.sets import FLOW, _row, content_hash, tree_problems
from qualipolis.methods.composite.goalposts import goalpost_problems
from qualipolis.methods.problems import InputError, Problem, msg

OFFICE = roles_for(FLOW, "consult")
GOALPOSTS = ("floor", "target", "target_low", "target_high", "ceiling")
TEXTS = ("formula", "numerator", "denominator", "source", "origin", "evidence")
FIELDS = {
    Dimension: ("name_zh", "name_en", "weight"),
    Indicator: (
        "name_zh", "name_en", "unit_zh", "unit_en", "direction", "kind", "factor", *GOALPOSTS, "weight",
        *(f"{text}_{language}" for text in TEXTS for language in ("zh", "en")),
        "owner_id", "evidence_required", "is_proportion",
    ),
}  # fmt: skip
KINDS: dict[str, Any] = {"dimension": Dimension, "indicator": Indicator}
CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,11}")
LARGEST = 200

sentences(
    measure__move_node=gettext_noop("moved %(name)s to %(parent)s, place %(place)s"),
    measure__add_indicator=gettext_noop("added the indicator %(name)s to %(parent)s"),
    measure__add_dimension=gettext_noop("added the dimension %(name)s to %(parent)s"),
    measure__remove_node=gettext_noop("removed %(name)s from the draft"),
    measure__describe_node=gettext_noop("changed %(count)s fields of %(name)s"),
)


@verb("measure.edit_set", roles=OFFICE)
def edit_set(actor: Any, thing: IndicatorSet, changes: Mapping[str, Mapping[str, float | None]]) -> IndicatorSet:
    """Give nodes of a draft other weights and goalposts: code -> {weight, floor, target, target_low, ...}.

    Raises :class:`InputError` with everything that does not hold; then nothing is changed.
    """
    row, nodes = _draft(thing)
    problems = [found for code, said in changes.items() for found in _number_problems(nodes, code, said)]
    if problems:
        raise InputError(problems)

    def change() -> None:
        for code, said in changes.items():
            for field, number in said.items():
                setattr(nodes[code], field, number)
            nodes[code].save(update_fields=list(said))

    payload = {"changes": {code: dict(said) for code, said in changes.items()}, "count": len(changes)}
    return _kept(actor, row, "measure.edit_set", change, payload)


@verb("measure.move_node", roles=OFFICE)
def move_node(actor: Any, thing: IndicatorSet, code: str, parent: str, place: int) -> IndicatorSet:
    """Put an indicator or a dimension under ``parent`` at ``place`` (from 0) among its new sisters."""
    row, nodes = _draft(thing)
    node, above = _node(nodes, code), _node(nodes, parent)
    if not isinstance(above, Dimension):
        what = msg("%(parent)s is an indicator; nothing can hang under it.")
        raise InputError([Problem("not_a_dimension", what, msg("Choose a dimension."), {"parent": parent})])
    sisters = [one for one in _children(nodes, above, type(node)) if one.code != code]
    sisters.insert(max(0, place), node)

    def change() -> None:
        _hang(node, above)
        node.save()
        _renumber(row, {above.code: [one.code for one in sisters]}, type(node))

    payload = {"code": code, "name": node.name, "parent": above.name, "place": sisters.index(node) + 1}
    return _kept(actor, row, "measure.move_node", change, payload)


@verb("measure.add_indicator", roles=OFFICE)
def add_indicator(
    actor: Any, thing: IndicatorSet, parent: str, code: str, fields: Mapping[str, Any] | None = None
) -> IndicatorSet:
    """Hang an indicator under a dimension: one of the catalogue by its code, or a new one with its ``fields``."""
    row, nodes = _draft(thing)
    above = _node(nodes, parent)
    known = catalogue.BY_CODE.get(code)
    problems = _code_problems(nodes, code)
    if fields is None and known is None:
        what = msg("The catalogue has no indicator %(code)s.")
        problems.append(Problem("not_in_catalogue", what, params={"code": code}, place="code"))
    if sum(isinstance(one, Indicator) for one in nodes.values()) >= LARGEST:
        problems.append(Problem("set_full", msg("A set holds at most %(most)s indicators."), params={"most": LARGEST}))
    if problems:
        raise InputError(problems)
    owners = dict(Organisation.objects.filter(kind=Organisation.Kind.DEPARTMENT).values_list("code", "pk"))
    if fields is None and known is not None:
        made = _row(row, {known.dimension: above}, owners, known, 0)
    else:
        made = Indicator(set=row, dimension=above, code=code, **_known(Indicator, fields or {}))
    _refuse(_model_problems(made))

    def change() -> None:
        made.save()
        leaves = [one.code for one in _children(nodes, above, Indicator)]
        _renumber(row, {above.code: [*leaves, made.code]}, Indicator)

    payload = {"code": code, "name": made.name, "parent": above.name, "from_catalogue": fields is None}
    return _kept(actor, row, "measure.add_indicator", change, payload)


@verb("measure.add_dimension", roles=OFFICE)
def add_dimension(actor: Any, thing: IndicatorSet, parent: str, code: str, fields: Mapping[str, Any]) -> IndicatorSet:
    """Hang a dimension under an aggregate; it has the weight 1 unless ``fields`` say otherwise."""
    row, nodes = _draft(thing)
    above = _node(nodes, parent)
    problems = _code_problems(nodes, code)
    level = getattr(above, "level", 1) - 1
    if not isinstance(above, Dimension) or level < 2:
        what = msg("No dimension can hang under %(parent)s.")
        problems.append(Problem("too_deep", what, msg("Choose one further up."), {"parent": above.name}, "parent"))
    made = Dimension(set=row, parent=above, level=max(level, 2), code=code, **_known(Dimension, fields))
    _refuse(problems or _model_problems(made))

    def change() -> None:
        made.position = 1 + max((one.position for one in nodes.values() if isinstance(one, Dimension)), default=0)
        made.save()

    payload = {"code": code, "name": made.name, "parent": above.name}
    return _kept(actor, row, "measure.add_dimension", change, payload)


@verb("measure.remove_node", roles=OFFICE)
def remove_node(actor: Any, thing: IndicatorSet, code: str) -> IndicatorSet:
    """Take an indicator, or a dimension that holds nothing, out of a draft."""
    row, nodes = _draft(thing)
    node = _node(nodes, code)
    held = [one for one in nodes.values() if _above(one) == getattr(node, "code", None)]
    if held and isinstance(node, Dimension):
        what = msg("%(name)s still holds %(count)s nodes.")
        params = {"name": node.name, "count": len(held), "code": code}
        raise InputError([Problem("not_empty", what, msg("Move them somewhere else first."), params)])
    if isinstance(node, Dimension) and node.parent_id is None:
        raise InputError([Problem("root", msg("The head of the tree cannot be removed."))])
    return _kept(actor, row, "measure.remove_node", node.delete, {"code": code, "name": node.name})


@verb("measure.describe_node", roles=OFFICE)
def describe_node(actor: Any, thing: IndicatorSet, code: str, fields: Mapping[str, Any]) -> IndicatorSet:
    """Change the fields of an indicator (see ``FIELDS``), or names and weight of a dimension."""
    row, nodes = _draft(thing)
    node = _node(nodes, code)
    changed = [name for name, value in _known(type(node), fields).items() if getattr(node, name) != value]
    if not changed:
        return row
    for name in changed:
        setattr(node, name, fields[name])
    _refuse(_model_problems(node))
    payload = {"code": code, "name": node.name, "count": len(changed), "fields": changed}
    return _kept(actor, row, "measure.describe_node", lambda: node.save(update_fields=changed), payload)


# ---------------------------------------------------------------- one edit


def _draft(thing: IndicatorSet) -> tuple[IndicatorSet, dict[str, Any]]:
    """Return the set, locked against other edits, with its nodes by code; refuse what is no draft."""
    row = IndicatorSet.objects.select_for_update().get(pk=thing.pk)
    if row.status != IndicatorSet.Status.DRAFT:
        what = msg("Only a draft can be changed.")
        raise InputError([Problem("not_draft", what, msg("Amend a frozen set with a numbered document."))])
    nodes = [*row.dimensions.select_related("parent"), *row.indicators.select_related("dimension")]
    return row, {node.code: node for node in nodes}


def _kept(
    actor: Any, row: IndicatorSet, name: str, change: Callable[[], Any], payload: Mapping[str, Any]
) -> IndicatorSet:
    """Make the change, check the whole tree, record it, and note the way back."""
    before = _state(row)
    change()
    _refuse(draft_problems(row))
    after = _state(row)
    event = record(actor, name, row, {**payload, "hash": content_hash(row)})
    old, new = _differences(before, after)
    if old:
        undoable(event, actor, "measure.restore_tree", set=row.pk, before=old, after=new)
    return row


def draft_problems(row: IndicatorSet) -> list[Problem]:
    """Return what is wrong with a draft; that a dimension is still empty is not."""
    found = tree_problems(row)
    if not found or any(problem.code != "no_children" for problem in found):
        return [problem for problem in found if problem.code != "no_children"]
    tree = framework_of(row, set(row.indicators.values_list("code", flat=True)))
    return [problem for code in tree.indicators for problem in goalpost_problems(tree.node(code))]


def _state(row: IndicatorSet) -> dict[str, dict[str, Any]]:
    """Every node as plain values; parents by code."""
    found = {}
    for one in row.dimensions.select_related("parent"):
        found[one.code] = model_to_dict(one, exclude=("id", "set", "parent")) | {
            "kind": "dimension",
            "above": _above(one),
        }
    for leaf in row.indicators.select_related("dimension"):
        said = model_to_dict(leaf, exclude=("id", "set", "dimension", "owner"))
        found[leaf.code] = said | {"kind": "indicator", "above": _above(leaf), "owner_id": leaf.owner_id}
    return found


Difference = dict[str, dict[str, Any] | None]


def _differences(old: dict[str, dict[str, Any]], new: dict[str, dict[str, Any]]) -> tuple[Difference, Difference]:
    """What must be put back, and what must still be there: whole rows where one came or went, else changed values."""
    before: Difference = {}
    after: Difference = {}
    for code in sorted({*old, *new}):
        was, now = old.get(code), new.get(code)
        if was == now:
            continue
        names = [name for name in was if was[name] != (now or {}).get(name)] if was and now else []
        before[code] = {name: was[name] for name in names} if was and now else was
        after[code] = {name: now[name] for name in names} if was and now else now
    return before, after


@inverse("measure.restore_tree")
def restore_tree(actor: Any, *, set: int, before: Difference, after: Difference) -> None:
    """Put a draft back as it was before a step, unless somebody has gone on from it."""
    row = IndicatorSet.objects.select_for_update().get(pk=set)
    state = _state(row)
    moved = any(
        (code in state) != (now is not None) or any(state[code].get(k) != v for k, v in (now or {}).items())
        for code, now in after.items()
    )
    if moved or row.status != IndicatorSet.Status.DRAFT:
        raise PermissionDenied(_("Somebody has gone on from this step; it can no longer be taken back."))
    nodes = {node.code: node for node in (*row.dimensions.all(), *row.indicators.all())}
    for code, was in before.items():
        if was is None:
            nodes[code].delete()
        else:
            _put_back(row, code, was, nodes)
    _refuse(draft_problems(row))


def _put_back(row: IndicatorSet, code: str, was: Mapping[str, Any], nodes: dict[str, Any]) -> None:
    said = dict(was)
    kind, above = said.pop("kind", None), said.pop("above", None)
    node = nodes.get(code) or KINDS[kind](set=row, code=code)
    for name, value in said.items():
        setattr(node, name, value)
    if above is not None:
        _hang(node, row.dimensions.get(code=above))
    node.save()


# ---------------------------------------------------------------- nodes


def _node(nodes: Mapping[str, Any], code: str) -> Any:
    if code not in nodes:
        raise InputError([_unknown(code)])
    return nodes[code]


def _unknown(code: str) -> Problem:
    return Problem("unknown_node", msg("There is no %(code)s in this set."), params={"code": code}, place=code)


def _above(node: Any) -> str | None:
    above = node.dimension if isinstance(node, Indicator) else node.parent
    return above.code if above else None


def _hang(node: Any, above: Dimension) -> None:
    if isinstance(node, Indicator):
        node.dimension = above
    else:
        node.parent = above


def _children(nodes: Mapping[str, Any], above: Dimension, kind: type) -> list[Any]:
    found = [one for one in nodes.values() if isinstance(one, kind) and _above(one) == above.code]
    return sorted(found, key=lambda one: (one.position, one.code))


def _renumber(row: IndicatorSet, orders: Mapping[str, list[str]], kind: type) -> None:
    """Count the positions through the whole set, so that lists by position keep families together."""
    rows = {one.code: one for one in (row.indicators if kind is Indicator else row.dimensions).all()}
    names = dict(row.dimensions.values_list("pk", "code"))
    groups: dict[str, list[Any]] = {}
    for one in sorted(rows.values(), key=lambda one: (one.position, one.code)):
        above = one.dimension_id if kind is Indicator else one.parent_id
        groups.setdefault(names.get(above, ""), []).append(one.code)
    groups |= orders
    wanted = [code for group in groups.values() for code in group]
    for position, code in enumerate(wanted):
        if rows[code].position != position:
            rows[code].position = position
            rows[code].save(update_fields=["position"])


# ---------------------------------------------------------------- what may be wrong


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise InputError(problems)


def _known(kind: type, fields: Mapping[str, Any]) -> dict[str, Any]:
    if wrong := sorted(set(fields) - set(FIELDS[kind])):
        what = msg("There is no field %(names)s.")
        raise InputError([Problem("unknown_field", what, params={"names": ", ".join(wrong)})])
    return dict(fields)


def _code_problems(nodes: Mapping[str, Any], code: str) -> list[Problem]:
    if code in nodes:
        what = msg("The code %(code)s is taken by %(name)s.")
        params = {"code": code, "name": nodes[code].name}
        return [Problem("code_taken", what, msg("Choose another code."), params, "code")]
    if not CODE.fullmatch(code):
        what = msg("A code is a letter followed by at most 11 letters and digits.")
        return [Problem("bad_code", what, params={"code": code}, place="code")]
    return []


def _model_problems(node: Any) -> list[Problem]:
    """What the fields of a row say against it, each at its field."""
    try:
        node.full_clean(exclude=("set", "dimension", "parent", "position"), validate_unique=False)
    except ValidationError as error:
        told = [(name, text) for name, texts in error.message_dict.items() for text in texts]
        return [
            Problem("bad_field", msg("%(words)s"), params={"words": text, "code": node.code, "field": name}, place=name)
            for name, text in told
        ]
    return _number_problems({node.code: node}, node.code, {"weight": node.weight})


def _number_problems(nodes: Mapping[str, Any], code: str, said: Mapping[str, float | None]) -> list[Problem]:
    node = nodes.get(code)
    if node is None or not all(hasattr(node, field) for field in said) or set(said) - {"weight", *GOALPOSTS}:
        return [_unknown(code)]
    found = []
    weight = said.get("weight", 0.0)
    if weight is None or weight < 0 or not math.isfinite(weight):
        what = msg("The weight of %(code)s is not a number from 0.")
        found.append(Problem("bad_weight", what, msg("Give 0 or more."), {"code": code}, place=f"{code} weight"))
    for field in GOALPOSTS:
        number = said.get(field)
        if number is not None and not math.isfinite(number):
            what = msg("A goalpost of %(code)s is not a number.")
            found.append(Problem("bad_goalpost", what, msg("Give a number."), {"code": code}, place=f"{code} {field}"))
    return found
