"""What happens elsewhere to applicants and holders: a failed sample holds an application, a serious incident asks for a decision."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from qualipolis.city.core.ledger import name_of, record
from qualipolis.city.core.moves import move
from qualipolis.city.core.policy import person_of, verb
from qualipolis.city.core.subscriptions import subscriber
from qualipolis.city.registry.models import Enterprise
from qualipolis.city.talent.awards.parties import HELD_BY, PLANNER, ROOM, RUNNING
from qualipolis.city.talent.models import AwardApplication, AwardConcern
from qualipolis.methods.problems import Problem, msg, refuse

CONCERNED = (*RUNNING, "held", *HELD_BY)


@subscriber("sample.failed")
def sample_failed(actor: Any, thing: Any) -> None:
    """A final failed result of supervision sampling concerns who made the product, else who was sampled."""
    form = getattr(thing.sample.task, "form", None)
    firm = getattr(form, "producer", None) or thing.sample.task.enterprise
    concern(firm, AwardConcern.Kind.FAILED_SAMPLE, thing.number, name_of(thing))


@subscriber("supervise.result_reversed")
def result_reversed(actor: Any, thing: Any, **facts: Any) -> None:
    """A reversed result settles the concern; ending the hold stays with the office."""
    rows = AwardConcern.objects.filter(kind=AwardConcern.Kind.FAILED_SAMPLE, thing=name_of(thing), settled_on=None)
    for row in rows.select_related("application"):
        row.settled_on, row.outcome = timezone.localdate(), thing.number
        row.save(update_fields=["settled_on", "outcome"])
        record(ROOM, "talent.settle_concern", row.application, {"kind": row.kind, "reversed": True})


@subscriber("listen.incident_verified")
def incident_verified(actor: Any, thing: Any) -> None:
    """A verified serious incident with a firm's product."""
    if thing.serious and thing.enterprise_id:
        concern(thing.enterprise, AwardConcern.Kind.INCIDENT, thing.number, name_of(thing))


@subscriber("listen.recall_announced")
def recall_announced(actor: Any, thing: Any) -> None:
    """An ordered recall of a firm's product; one that the firm declared itself is to its credit."""
    if thing.ordered and thing.enterprise_id:
        concern(thing.enterprise, AwardConcern.Kind.RECALL, thing.number, name_of(thing))


def concern(firm: Enterprise | None, kind: str, about: str, thing: str) -> list[AwardConcern]:
    """Note a concern at every application of the firm that runs or holds an award; those that run are held."""
    if firm is None:
        return []
    rows = AwardApplication.objects.select_for_update().filter(enterprise=firm, status__in=CONCERNED)
    return [made for row in rows if (made := _note(row, kind, about, thing)) is not None]


def _note(row: AwardApplication, kind: str, about: str, thing: str) -> AwardConcern | None:
    made, new = AwardConcern.objects.get_or_create(application=row, kind=kind, thing=thing, defaults={"about": about})
    if not new:
        return None
    record(ROOM, "talent.note_concern", row, {"kind": kind, "about": about})
    if row.status in RUNNING:
        move(ROOM, row, "hold", "talent.hold_application", {"why": kind}, facts={"reason": kind}, for_good=True,
             held_from=row.status, held_because=kind)  # fmt: skip
    return made


@verb("talent.settle_concern", roles=PLANNER)
def settle_concern(actor: Any, thing: AwardConcern, outcome: str) -> AwardConcern:
    """Say what was found: the application may go on, or the award stays."""
    row, said = (
        AwardConcern.objects.select_for_update(of=("self",)).select_related("application").get(pk=thing.pk),
        outcome.strip()[:400],
    )
    refuse(
        [
            Problem("settled", msg("This concern was settled already.")) if row.settled_on else None,
            None if said else Problem("no_outcome", msg("Write what was found and decided."), place="outcome"),
        ]
    )
    row.settled_on, row.outcome, row.settled_by = timezone.localdate(), said, person_of(actor)
    row.save(update_fields=["settled_on", "outcome", "settled_by"])
    record(actor, "talent.settle_concern", row.application, {"kind": row.kind, "reversed": False})
    return row
