"""Whether somebody might sign for an institution on a day, in the fields of the lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from qualipolis.city.nqi.models import DemandLine, Signatory
from qualipolis.city.registry.models import Institution, ScopeItem
from qualipolis.city.registry.validity import lines_on
from qualipolis.city.supervise.laboratory.scope_check import plain
from qualipolis.methods.problems import msg

EVERY_FIELD = ("全部", "所有", "全部领域", "all")
NOTES = {
    "unknown": msg("no such signatory is known of this institution"),
    "not_valid": msg("the authorisation was not valid on that day"),
    "field": msg("the authorisation is for other fields"),
    "field_unknown": msg("the scope names no field, so fields were not compared"),
}


@dataclass(frozen=True)
class Signed:
    """Whether the signature holds, and a key of ``NOTES`` when there is something to say."""

    ok: bool
    note: str = ""


def signatory_on(institution: Institution, name: str, lines: Sequence[DemandLine], on: date) -> Signed:
    """Return whether ``name`` might sign these lines on ``on``; a name that nobody registered might not."""
    rows = [one for one in Signatory.objects.filter(institution=institution) if plain(one.name) == plain(name)]
    if not rows:
        return Signed(False, "unknown")
    valid = [one for one in rows if one.valid_on(on)]
    if not valid:
        return Signed(False, "not_valid")
    wanted = _fields(institution, lines, on)
    if not wanted:
        return Signed(True, "field_unknown")
    held = {plain(field) for one in valid for field in one.field_list}
    covers = held & {plain(one) for one in EVERY_FIELD} or wanted <= held
    return Signed(True) if covers else Signed(False, "field")


def _fields(institution: Institution, lines: Sequence[DemandLine], on: date) -> set[str]:
    """Return the fields that the scope gives the lines; empty where it names none."""
    keys = {(plain(line.product), plain(line.parameter)) for line in lines}
    rows = lines_on(on, ScopeItem.objects.filter(qualification__institution=institution)).exclude(field="")
    named = rows.values_list("product", "parameter", "field")
    return {plain(field) for product, item, field in named if (plain(product), plain(item)) in keys}
