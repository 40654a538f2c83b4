"""Late and revised data: kept beside the locked year, shown, and offered to the next one."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

from django.utils import timezone

from qualipolis.city.core.ledger import record
from qualipolis.city.core.policy import person_of, verb
from qualipolis.city.measure.figures import figure, problems
from qualipolis.city.measure.models import CollectionRound, LateValue, Observation, Statistic, StatisticRevision
from qualipolis.city.measure.observations import owner_scope
from qualipolis.methods.problems import InputError, Problem, msg


@verb("measure.note_late_value", roles=("department", "planner"), scope=owner_scope)
def note_late_value(
    actor: Any,
    thing: Observation,
    received_on: date,
    source: str,
    *,
    numerator: float | None = None,
    denominator: float | None = None,
    value: float | None = None,
) -> LateValue:
    """Keep a value that came after its round was locked: it changes no score and is offered to the next round."""
    row = Observation.objects.select_related("indicator", "unit", "round").get(pk=thing.pk)
    leaf = row.indicator
    found = figure(leaf.kind, leaf.factor, numerator, denominator, value)
    wrong = list(problems(found, proportion=leaf.is_proportion, place=f"{leaf.code} {row.unit.code}"))
    if row.round.status != CollectionRound.Status.LOCKED:
        what = msg("The round %(round)s is not locked: enter the value as usual.")
        wrong.append(Problem("not_late", what, params={"round": row.round.period}))
    if found.value is None:
        wrong.append(Problem("no_value", msg("A late value is a number."), place="value"))
    if not source.strip() or received_on > timezone.localdate():
        what = msg("Say where the value comes from and on which past day it was received.")
        wrong.append(Problem("no_source", what, place="source"))
    if wrong:
        raise InputError(wrong)
    made = LateValue.objects.create(
        round=row.round,
        indicator=leaf,
        unit=row.unit,
        received_on=received_on,
        numerator=found.numerator,
        denominator=found.denominator,
        value=found.value,
        source=source.strip()[:200],
        entered_by=person_of(actor),
    )
    payload = {"unit": row.unit.code, "indicator": leaf.code, "value": made.value, "source": made.source}
    record(actor, "measure.note_late_value", row, payload | {"received_on": received_on, "locked": row.value})
    return made


@verb("measure.revise_statistic", roles=("planner",))
def revise_statistic(actor: Any, thing: Statistic, value: float, source: str, revised_on: date) -> StatisticRevision:
    """Take over a figure that its source has revised; the old one is kept and locked years stay as they are."""
    row = Statistic.objects.select_for_update(of=("self",)).select_related("unit").get(pk=thing.pk)
    wrong = []
    if not math.isfinite(value) or value < 0:
        wrong.append(Problem("bad_value", msg("A statistic is a number from 0."), place="value"))
    if not source.strip() or revised_on > timezone.localdate():
        what = msg("Say which document revised it and on which past day.")
        wrong.append(Problem("no_source", what, place="source"))
    if wrong:
        raise InputError(wrong)
    made = StatisticRevision.objects.create(
        statistic=row,
        old_value=row.value,
        new_value=value,
        revised_on=revised_on,
        source=source.strip()[:200],
        entered_by=person_of(actor),
    )
    row.value = value
    row.save(update_fields=["value"])
    payload = {"unit": row.unit.code, "year": row.year, "key": row.key, "before": made.old_value, "after": value}
    record(actor, "measure.revise_statistic", row, payload | {"source": made.source, "revised_on": revised_on})
    return made
