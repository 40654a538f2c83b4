"""Verbs after the service: the firm evaluates it, or its term runs out."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from qualipolis.city.core.moves import locked, move
from qualipolis.city.core.policy import person_of, verb
from qualipolis.city.nqi.models import Demand, Evaluation
from qualipolis.city.nqi.services.demands import of_own_firm
from qualipolis.city.nqi.services.following import RUN
from qualipolis.city.nqi.services.visibility import parties


@verb("nqi.evaluate_service", roles=("enterprise",), scope=parties)
def evaluate(
    actor: Any, thing: Demand, stars: int | None, *, on_time: bool | None = None, text: str = ""
) -> Evaluation:
    """Evaluate the service with one to five stars; whether it was on time is also counted from the days themselves."""
    row = of_own_firm(actor, thing)
    move(actor, row, "evaluate", "nqi.evaluate_service", {"stars": stars}, facts={"stars": stars}, for_good=True)
    return Evaluation.objects.create(
        demand=row, stars=stars or 0, on_time=on_time, text=text.strip()[:2000], made_by=person_of(actor)
    )


def lapse(demand: Demand) -> int:
    """Close a delivered demand whose term to be evaluated is over."""
    row = locked(demand)
    move(RUN, row, "lapse", "nqi.lapse_evaluation", for_good=True, ended_on=timezone.localdate())
    return 1
