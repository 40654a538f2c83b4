"""The files that stand behind an observation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from qualipolis.city.core.attachments import store
from qualipolis.city.core.models import Attachment
from qualipolis.city.core.policy import verb
from qualipolis.city.measure.models import Observation
from qualipolis.city.measure.observations import WRITERS, scope
from qualipolis.methods.problems import InputError, Problem, msg

WRITABLE = (Observation.Status.EMPTY, Observation.Status.DRAFT, Observation.Status.RETURNED)


@verb("measure.attach_evidence", roles=WRITERS, scope=scope)
def attach_evidence(actor: Any, thing: Observation, name: str, chunks: Iterable[bytes]) -> Attachment:
    """Keep a file as the evidence of an observation that has not been handed in yet."""
    row = Observation.objects.select_for_update().get(pk=thing.pk)
    if row.status not in WRITABLE:
        what = msg("The value has been handed in; its evidence is fixed.")
        raise InputError([Problem("handed_in", what, msg("Ask the owner department to return it."))])
    return store(actor, row, name, chunks)
