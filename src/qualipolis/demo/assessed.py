"""The past of the synthetic city: each year assessed, decided and published by the verbs a city uses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from django.db import transaction

from qualipolis.city.assess import service as assess
from qualipolis.city.assess.analysis import STEPS, analyse
from qualipolis.city.measure.models import CollectionRound
from qualipolis.city.measure.service import take_snapshot
from qualipolis.city.registry.models import Unit
from qualipolis.demo.cycle import remarks_of
from qualipolis.methods.problems import msg

# a province's earlier years are published with fewer replicates, so that the demo is ready in minutes
FEWER = 200


def assess_years(actor: Any, progress: Callable[[str, float], None], start: float = 0.6) -> None:
    """Take a snapshot of the records and publish a release for each round, dated to the April after its year."""
    progress(msg("Taking a snapshot of the records"), start)
    with transaction.atomic():  # nested, so that the snapshot reads what this transaction has written
        CollectionRound.objects.update(snapshot=take_snapshot().id)
    rounds = list(CollectionRound.objects.select_related("set").order_by("set__year"))
    large = Unit.objects.filter(assessed=True).count() > 500
    for position, found in enumerate(rounds):
        progress(
            msg("Assessing and publishing the years"), start + 0.05 + (0.95 - start - 0.05) * position / len(rounds)
        )
        fewer = large and position < len(rounds) - 1
        made = assess.run(actor, found, seed=found.set.year, replicates=FEWER if fewer else assess.REPLICATES)
        made = assess.preview(actor, made)
        year = found.set.year
        document, day = f"云汀质领〔{year + 1}〕演3号", date(year + 1, 4, 15)
        made = assess.decide(actor, made, document, day, remarks_of(made))
        release = assess.publish(actor, made, at=datetime(found.set.year + 1, 4, 20, 2, tzinfo=UTC))
        if not large and position == len(rounds) - 1:
            for kind in STEPS:
                analyse(release.assessment, kind)
