"""A backup sample arrives at the laboratory of the recheck: the same receipt check, then the recheck's own step."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from qualipolis.city.core.policy import verb
from qualipolis.city.core.steps import roles_for
from qualipolis.city.supervise.laboratory.bench import Photos, check_arrival, keep_receipt, laboratory_of, locked_sample
from qualipolis.city.supervise.laboratory.reports import draft_for
from qualipolis.city.supervise.models import Sample
from qualipolis.city.supervise.results.rechecks import receive_backup


@verb("supervise.check_backup", roles=roles_for("recheck", "receive"), scope=laboratory_of)
def receive_called(
    actor: Any,
    thing: Any,
    *,
    received_on: date,
    appearance: str,
    quantity: int,
    seals: Mapping[str, str],
    photos: Photos = (),
) -> Sample:
    """Receive a backup sample that was called for a recheck, with the check of every receipt, and open its report."""
    row = locked_sample(thing)
    check_arrival(row, received_on, appearance, quantity, seals, photos)
    made = receive_backup(actor, row, seals, received_on, appearance)
    keep_receipt(actor, made, received_on, appearance, quantity, seals, photos)
    draft_for(actor, made)
    return made
