"""Changing a draft: its weights and goalposts, checked whole before anything is kept."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from qualipolis.city.core.ledger import record
from qualipolis.city.core.policy import verb
from qualipolis.city.measure.flows import roles_for
from qualipolis.city.measure.models import IndicatorSet
from qualipolis.city.measure.sets import FLOW, content_hash, tree_problems
from qualipolis.methods.problems import InputError, Problem, msg

GOALPOSTS = ("floor", "target", "target_low", "target_high", "ceiling")
Changes = Mapping[str, Mapping[str, float | None]]


@verb("measure.edit_set", roles=roles_for(FLOW, "consult"))
def edit_set(actor: Any, thing: IndicatorSet, changes: Changes) -> IndicatorSet:
    """Give nodes of a draft other weights and goalposts: code -> {weight, floor, target, target_low, ...}.

    Raises :class:`InputError` with everything that does not hold; then nothing is changed.
    """
    row = IndicatorSet.objects.select_for_update().get(pk=thing.pk)
    if row.status != IndicatorSet.Status.DRAFT:
        what = msg("Only a draft can be changed.")
        raise InputError([Problem("not_draft", what, msg("Amend a frozen set with a numbered document."))])
    nodes: dict[str, Any] = {node.code: node for node in (*row.dimensions.all(), *row.indicators.all())}
    problems = [found for code, said in changes.items() for found in _problems(nodes, code, said)]
    if problems:
        raise InputError(problems)
    for code, said in changes.items():
        for field, number in said.items():
            setattr(nodes[code], field, number)
        nodes[code].save(update_fields=list(said))
    if found := tree_problems(row):
        raise InputError(found)
    payload = {"changes": {code: dict(said) for code, said in changes.items()}, "count": len(changes)}
    record(actor, "measure.edit_set", row, payload | {"hash": content_hash(row)})
    return row


def _problems(nodes: Mapping[str, Any], code: str, said: Mapping[str, float | None]) -> list[Problem]:
    node = nodes.get(code)
    if node is None or not all(hasattr(node, field) for field in said) or set(said) - {"weight", *GOALPOSTS}:
        return [Problem("unknown_node", msg("There is no %(code)s in this set."), params={"code": code}, place=code)]
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
