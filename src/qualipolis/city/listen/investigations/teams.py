"""Verbs about who works on an investigation: teams with the right to view or to edit, and firms in their roles."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from qualipolis.city.core.ledger import record
from qualipolis.city.core.models import Organisation
from qualipolis.city.core.policy import verb
from qualipolis.city.listen.investigations.opening import still_open
from qualipolis.city.listen.investigations.visibility import INSIDE, INVESTIGATORS, changing, parties
from qualipolis.city.listen.models import AuthorityReference, Collaborator, Investigation, InvestigationBusiness
from qualipolis.city.registry.models import Enterprise
from qualipolis.methods.problems import Problem, msg, refuse


@verb("listen.set_team", roles=INVESTIGATORS, scope=parties)
def set_team(actor: Any, thing: Investigation, organisation: Organisation, right: str) -> Collaborator:
    """Ask a team to work along, or change what it may do."""
    row = changing(actor, thing)
    still_open(row)
    known = right in Collaborator.Right.values
    refuse(
        [
            None if known else Problem("bad_right", msg("Choose whether the team may view or edit."), place="right"),
            Problem("is_owner", msg("The owner works on it already."), place="organisation") if organisation.pk == row.owner_id else None,
            None if organisation.kind in INSIDE else Problem("outside", msg("Only an office of the administration can work along."), place="organisation"),
        ]
    )  # fmt: skip
    made, _new = Collaborator.objects.update_or_create(
        investigation=row, organisation=organisation, defaults={"right": right, "removed_on": None}
    )
    record(actor, "listen.set_team", row, {"team": organisation.code, "right": right})
    return made


@verb("listen.remove_team", roles=INVESTIGATORS, scope=parties)
def remove_team(actor: Any, thing: Collaborator) -> Collaborator:
    """End the work of a team."""
    row = changing(actor, thing.investigation)
    still_open(row)
    thing.removed_on = timezone.localdate()
    thing.save(update_fields=["removed_on"])
    record(actor, "listen.remove_team", row, {"team": thing.organisation.code})
    return thing


@verb("listen.add_business", roles=INVESTIGATORS, scope=parties)
def add_business(
    actor: Any,
    thing: Investigation,
    role: str,
    *,
    enterprise: Enterprise | None = None,
    name: str = "",
    country: str = "",
) -> InvestigationBusiness:
    """Attach a firm in a role: one of the register, or a firm elsewhere by its name."""
    row = changing(actor, thing)
    still_open(row)
    called = enterprise.name_zh if enterprise else name.strip()[:160]
    same = row.businesses.filter(role=role, removed_on=None)
    same = same.filter(enterprise=enterprise) if enterprise else same.filter(enterprise=None, name=called)
    refuse(
        [
            None if role in InvestigationBusiness.Role.values else Problem("bad_role", msg("Choose the role of the firm."), place="role"),
            None if called else Problem("no_name", msg("Name the firm."), place="name"),
            Problem("twice", msg("This firm stands here in this role already."), place="name") if same.exists() else None,
        ]
    )  # fmt: skip
    made = InvestigationBusiness.objects.create(
        investigation=row, role=role, enterprise=enterprise, name=called, country=country.strip()[:60]
    )
    record(
        actor, "listen.add_business", row, {"role": role, "business": made.pk}
    )  # a restricted one names no firm in the ledger
    return made


@verb("listen.remove_business", roles=INVESTIGATORS, scope=parties)
def remove_business(actor: Any, thing: InvestigationBusiness) -> InvestigationBusiness:
    """Take a firm out again; what was ordered of it stays."""
    row = changing(actor, thing.investigation)
    still_open(row)
    open_action = thing.actions.exclude(status__in=("accepted", "withdrawn")).exists()
    refuse([Problem("has_actions", msg("An action of this firm is still open.")) if open_action else None])
    thing.removed_on = timezone.localdate()
    thing.save(update_fields=["removed_on"])
    record(actor, "listen.remove_business", row, {"role": thing.role, "business": thing.pk})
    return thing


@verb("listen.add_reference", roles=INVESTIGATORS, scope=parties)
def add_reference(actor: Any, thing: Investigation, authority: str, reference: str) -> AuthorityReference:
    """Note the number under which another authority knows the matter."""
    row = changing(actor, thing)
    still_open(row)
    who, what = authority.strip()[:120], reference.strip()[:80]
    refuse(
        [
            None if who else Problem("needs_authority", msg("Name the authority."), place="authority"),
            None if what else Problem("no_reference", msg("Give the number."), place="reference"),
        ]
    )
    made, _new = AuthorityReference.objects.get_or_create(investigation=row, authority=who, reference=what)
    record(actor, "listen.add_reference", row, {"reference": what})
    return made
