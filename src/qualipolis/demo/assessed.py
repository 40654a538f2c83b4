"""The past of the synthetic city: each year assessed, decided and published by the verbs a city uses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from qualipolis.city.assess import service as assess
from qualipolis.city.measure.models import CollectionRound
from qualipolis.city.measure.service import take_snapshot
from qualipolis.methods.problems import msg


def assess_years(actor: Any, progress: Callable[[str, float], None], start: float = 0.6) -> None:
    """Take a snapshot of the records and publish a release for each round, dated to the April after its year."""
    progress(msg("Taking a snapshot of the records"), start)
    CollectionRound.objects.update(snapshot=take_snapshot().id)
    rounds = list(CollectionRound.objects.select_related("set").order_by("set__year"))
    for position, found in enumerate(rounds):
        progress(
            msg("Assessing and publishing the years"), start + 0.05 + (0.95 - start - 0.05) * position / len(rounds)
        )
        made = assess.run(actor, found, seed=found.set.year)
        made = assess.preview(actor, made)
        made = assess.decide(actor, made)
        assess.publish(actor, made, at=datetime(found.set.year + 1, 4, 20, 2, tzinfo=UTC))
