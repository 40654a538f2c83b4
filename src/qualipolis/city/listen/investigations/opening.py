"""Verbs of an investigation itself: open, say what it is about, restrict, hand over, close, open again, cancel."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from qualipolis.city.core.ledger import record
from qualipolis.city.core.models import Organisation
from qualipolis.city.core.moves import locked, move
from qualipolis.city.core.numbering import next_number
from qualipolis.city.core.policy import person_of, roles_of, verb
from qualipolis.city.core.roles import SYSTEM
from qualipolis.city.listen.investigations.visibility import INSIDE, INVESTIGATORS, changing, parties, teams_of
from qualipolis.city.listen.models import Collaborator, Investigation
from qualipolis.city.registry.models import Unit
from qualipolis.methods.problems import Problem, msg, refuse

OPEN = ("opened", "reopened")
DONE_ACTIONS = ("accepted", "withdrawn")
DONE_REQUESTS = ("answered", "withdrawn")
TEXTS = {"title": 160, "hazard": 60, "summary": 4000, "not_assessed_why": 400}


def _cleaned(given: dict[str, Any]) -> dict[str, str]:
    return {name: str(given.get(name) or "").strip()[:most] for name, most in TEXTS.items() if name in given}


@verb("listen.open_investigation", roles=INVESTIGATORS)
def open_investigation(
    actor: Any, title: str, owner: Organisation, *, unit: Unit | None = None, came_from: str = "", **given: Any
) -> Investigation:
    """Open an investigation owned by one of the teams somebody works for; ``came_from`` names the letter or signal."""
    if SYSTEM not in roles_of(actor) and owner.pk not in teams_of(actor):
        raise PermissionDenied(_("An investigation is opened in the name of one's own office."))
    values = _cleaned({"title": title} | given)
    refuse([None if values["title"] else Problem("no_title", msg("Give the investigation a title."), place="title")])
    today = timezone.localdate()
    made = Investigation.objects.create(
        number=next_number("PI", today.year), owner=owner, owner_person=person_of(actor), unit=unit, opened_on=today,
        came_from=came_from[:60], **values,
    )  # fmt: skip
    record(actor, "listen.open_investigation", made, {"owner": owner.code, "from": made.came_from})
    return made


@verb("listen.edit_investigation", roles=INVESTIGATORS, scope=parties)
def edit_investigation(actor: Any, thing: Investigation, **given: Any) -> Investigation:
    """Change title, danger, summary, or why the risk cannot be assessed."""
    row = _open(actor, thing)
    values = _cleaned(given)
    if "title" in values and not values["title"]:
        refuse([Problem("no_title", msg("Give the investigation a title."), place="title")])
    changed = [name for name, said in values.items() if getattr(row, name) != said]
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        row.save(update_fields=changed)
        record(actor, "listen.edit_investigation", row, {"fields": sorted(changed)})
    return row


@verb("listen.restrict_investigation", roles=INVESTIGATORS, scope=parties)
def restrict_investigation(actor: Any, thing: Investigation, reason: str) -> Investigation:
    """Show it to its owner and teams alone, with the reason."""
    row = _open(actor, thing)
    refuse([None if reason.strip() else Problem("needs_reason", msg("Give the reason."), place="reason")])
    row.restricted, row.restricted_why = True, reason.strip()[:400]
    row.save(update_fields=["restricted", "restricted_why"])
    record(actor, "listen.restrict_investigation", row, {})
    return row


@verb("listen.lift_restriction", roles=INVESTIGATORS, scope=parties)
def lift_restriction(actor: Any, thing: Investigation) -> Investigation:
    """Show it to the administration again; only the owner decides that."""
    row = _owned(actor, thing)
    row.restricted = False
    row.save(update_fields=["restricted"])
    record(actor, "listen.lift_restriction", row, {})
    return row


@verb("listen.hand_over_investigation", roles=INVESTIGATORS, scope=parties)
def hand_over_investigation(actor: Any, thing: Investigation, owner: Organisation) -> Investigation:
    """Give it to another office; the former owner stays as a team that may edit."""
    row = _owned(actor, thing)
    refuse(
        [
            Problem("same_owner", msg("This office owns it already."), place="owner") if owner.pk == row.owner_id else None,
            None if owner.kind in INSIDE else Problem("outside", msg("Only an office of the administration can work along."), place="owner"),
        ]
    )  # fmt: skip
    Collaborator.objects.update_or_create(
        investigation=row, organisation_id=row.owner_id, defaults={"right": Collaborator.Right.EDIT, "removed_on": None}
    )
    Collaborator.objects.filter(investigation=row, organisation=owner).update(removed_on=timezone.localdate())
    told = {"from": row.owner.code, "to": owner.code}
    row.owner, row.owner_person = owner, None
    row.save(update_fields=["owner", "owner_person"])
    record(actor, "listen.hand_over_investigation", row, told)
    return row


@verb("listen.close_investigation", roles=INVESTIGATORS, scope=parties)
def close_investigation(actor: Any, thing: Investigation, report: str) -> Investigation:
    """Close it once every action and request is settled and the risk was assessed, or it was said why it cannot be."""
    row = _owned(actor, thing)
    assessed = row.assessments.exists() or bool(row.not_assessed_why)
    waiting = row.requests.exclude(status__in=DONE_REQUESTS).count()
    refuse(
        [
            None if assessed else Problem("not_assessed", msg("Assess the risk first, or say why it cannot be assessed.")),
            Problem("open_requests", msg("%(count)s requests to other authorities are still open."), "", {"count": waiting})
            if waiting
            else None,
        ]
    )  # fmt: skip
    facts = {"open_actions": row.actions.exclude(status__in=DONE_ACTIONS).count(), "report": report.strip()}
    move(
        actor,
        row,
        "close",
        "listen.close_investigation",
        facts=facts,
        closed_on=timezone.localdate(),
        conclusion=report.strip()[:4000],
    )
    return row


@verb("listen.reopen_investigation", roles=INVESTIGATORS, scope=parties)
def reopen_investigation(actor: Any, thing: Investigation, reason: str) -> Investigation:
    """Open a closed investigation again."""
    row = _owned(actor, thing)
    move(actor, row, "reopen", "listen.reopen_investigation", facts={"reason": reason.strip()}, closed_on=None,
        conclusion=reason.strip()[:4000],
    )  # fmt: skip
    return row


@verb("listen.cancel_investigation", roles=INVESTIGATORS, scope=parties)
def cancel_investigation(actor: Any, thing: Investigation, reason: str) -> Investigation:
    """Cancel one opened by mistake; nothing may have been ordered in it."""
    row = _owned(actor, thing)
    refuse(
        [
            Problem("has_actions", msg("Something was ordered in it: close it instead."))
            if row.actions.exists()
            else None
        ]
    )
    move(
        actor,
        row,
        "cancel",
        "listen.cancel_investigation",
        facts={"reason": reason.strip()},
        closed_on=timezone.localdate(),
        conclusion=reason.strip()[:4000],
    )
    return row


def still_open(row: Investigation) -> None:
    """Refuse what is added to a closed investigation."""
    if row.status not in OPEN:
        refuse([Problem("wrong_state", msg("The investigation is closed: open it again first."))])


def _open(actor: Any, thing: Investigation) -> Investigation:
    row = changing(actor, thing)
    still_open(row)
    return row


def _owned(actor: Any, thing: Investigation) -> Investigation:
    row = locked(thing, "owner")
    if SYSTEM not in roles_of(actor) and row.owner_id not in teams_of(actor):
        raise PermissionDenied(_("Only the office that owns the investigation may do this."))
    return row
