"""Bonus, veto and zero for falsified data: each needs the number of its document."""

from __future__ import annotations

from typing import Any

from qualipolis.city.assess.models import Adjustment
from qualipolis.city.core.ledger import record
from qualipolis.city.core.policy import verb
from qualipolis.city.measure.models import CollectionRound
from qualipolis.city.registry.models import Unit
from qualipolis.methods.problems import InputError, Problem, msg


@verb("assess.adjust", roles=("planner",))
def adjust(
    actor: Any,
    thing: CollectionRound,
    unit: Unit,
    kind: str,
    document: str,
    reason: str,
    *,
    points: float = 0.0,
    indicator: str = "",
) -> Adjustment:
    """Enter a bonus, a veto or a zero for falsified data; each needs the number of its document."""
    problems = list(_adjustment_problems(thing, kind, document, reason, points, indicator))
    if problems:
        raise InputError(problems)
    made = Adjustment.objects.create(
        round=thing,
        unit=unit,
        kind=kind,
        points=points if kind == Adjustment.Kind.BONUS else 0.0,
        indicator_code=indicator if kind == Adjustment.Kind.FALSIFIED else "",
        document=document.strip(),
        reason=reason.strip(),
    )
    payload = {"unit": unit.code, "kind": kind, "points": made.points, "indicator": made.indicator_code}
    record(actor, "assess.adjust", made, payload | {"document": made.document, "reason": made.reason})
    return made


def _adjustment_problems(
    thing: CollectionRound, kind: str, document: str, reason: str, points: float, indicator: str
) -> list[Problem]:
    found = []
    if kind not in Adjustment.Kind.values:
        found.append(Problem("bad_kind", msg("There is no adjustment of this kind."), place="kind"))
    if not document.strip() or not reason.strip():
        what = msg("An adjustment needs the number of its document and its reason.")
        found.append(Problem("no_document", what, place="document"))
    if kind == Adjustment.Kind.BONUS and not 0 < points <= 100:
        found.append(Problem("bad_points", msg("Bonus points lie between 0 and 100."), place="points"))
    if kind == Adjustment.Kind.FALSIFIED and not thing.set.indicators.filter(code=indicator).exists():
        found.append(Problem("bad_indicator", msg("Name the indicator whose data were falsified."), place="indicator"))
    return found
