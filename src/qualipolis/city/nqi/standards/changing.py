"""What becomes of a standard: it is noted once and pushed to those who declared it and to those who test by it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from qualipolis.city.core.ledger import record
from qualipolis.city.core.moves import locked, move
from qualipolis.city.core.policy import System, person_of, verb
from qualipolis.city.core.subscriptions import tell
from qualipolis.city.nqi.licences.changes import owe_for_standard
from qualipolis.city.nqi.standards.declaring import understood
from qualipolis.city.nqi.standards.models import Floor, Side, StandardChange, StandardDeclaration
from qualipolis.city.registry.models import Standard
from qualipolis.law.nqi.floors import mandatory
from qualipolis.law.terms import deadline
from qualipolis.methods.problems import Problem, msg, refuse

CHANGERS = ("planner", "inspector", "nqi_desk")
SYSTEM = System("nqi.standards")
Kind = StandardChange.Kind
STATUS = {Kind.SUPERSEDED: Standard.Status.SUPERSEDED, Kind.WITHDRAWN: Standard.Status.WITHDRAWN}


@verb("nqi.change_standard", roles=CHANGERS)
def change_standard(
    actor: Any,
    thing: Standard,
    kind: str,
    effective_on: date,
    *,
    new_number: str = "",
    new_title: str = "",
    note: str = "",
) -> StandardChange:
    """Note what became of a standard; everyone who declared it is asked to check, every body that lists it owes a filing."""
    row = Standard.objects.select_for_update(of=("self",)).get(pk=thing.pk)
    new = understood(new_number)[0] if new_number.strip() else ""
    over = row.status != Standard.Status.CURRENT
    refuse(
        [
            None if kind in Kind.values else Problem("no_kind", msg("Say what became of the standard."), place="kind"),
            Problem("not_current", msg("This standard was replaced or withdrawn already.")) if over else None,
            Problem("no_new", msg("Give the number of the new standard."), place="new_number")
            if kind == Kind.SUPERSEDED and not new else None,
            Problem("same", msg("The new standard is the old one."), place="new_number") if new == row.number else None,
        ]
    )  # fmt: skip
    made = StandardChange.objects.create(
        standard=row, kind=kind, new_number=new, effective_on=effective_on, note=note.strip()[:400],
        announced_by=person_of(actor),
    )  # fmt: skip
    if kind in STATUS:
        _end(row, Kind(kind), new, effective_on, new_title)
    made.declarations = _ask_declarers(made)
    made.laboratories = owe_for_standard(row.number, new, effective_on) if kind == Kind.SUPERSEDED else 0
    made.save(update_fields=["declarations", "laboratories"])
    told = {"declarations": made.declarations, "laboratories": made.laboratories}
    record(actor, "nqi.change_standard", row, {"kind": kind, "on": effective_on, "new": new} | told)
    tell(actor, "nqi.standard_changed", row)
    return made


def _end(row: Standard, kind: Kind, new: str, on: date, title: str) -> None:
    row.status, row.replaced_by, row.ended_on = STATUS[kind], new, on
    row.save(update_fields=["status", "replaced_by", "ended_on"])
    if new:
        known = {
            "name_zh": title.strip()[:200] or row.name_zh,
            "name_en": row.name_en if not title.strip() else "",
            "kind": row.kind,
        }
        Standard.objects.get_or_create(number=new, defaults={**known, "in_force_on": on})


def _ask_declarers(change: StandardChange) -> int:
    """Ask every firm that declared the standard to check; its term ends no earlier than the old standard does."""
    term = max(deadline("standard.redeclare", timezone.localdate()).due, change.effective_on)
    rows = StandardDeclaration.objects.filter(standard_no=change.standard.number, status="declared").order_by("pk")
    reason = f"{change.standard.number} → {change.new_number}" if change.new_number else change.standard.number
    count = 0
    for one in rows:
        row = locked(one, "enterprise")
        move(SYSTEM, row, "question", "nqi.push_change", {"standard": change.standard.number, "new": change.new_number},
             facts={"reason": reason}, reason=reason, due_on=term)  # fmt: skip
        count += 1
    return count


@verb("nqi.set_floor", roles=CHANGERS)
def set_floor(
    actor: Any,
    thing: Standard,
    category: str,
    parameter: str,
    side: str,
    limit: float,
    unit: str = "",
    clause: str = "",
) -> Floor:
    """Note a limit of a mandatory national standard for a class of products."""
    refuse(
        [
            None if mandatory(thing.number)
            else Problem("not_mandatory", msg("Only a mandatory national standard (GB) sets a floor."), place="standard"),
            None if category.strip() and parameter.strip()
            else Problem("no_words", msg("Give the class of products and the parameter."), place="parameter"),
            None if side in Side.values else Problem("no_side", msg("Say whether it is a highest or a lowest limit."), place="side"),
        ]
    )  # fmt: skip
    key = {"standard": thing, "category": category.strip()[:60], "parameter": parameter.strip()[:120], "side": side}
    row, _made = Floor.objects.update_or_create(
        **key, defaults={"limit": limit, "unit": unit.strip()[:20], "clause": clause.strip()[:40]}
    )
    record(actor, "nqi.set_floor", row, {"standard": thing.number, "limit": str(limit), "unit": row.unit})
    return row
