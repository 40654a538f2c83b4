"""Rows that expert and firm keep together beside the way of a case: one way to write them and to take them out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qualipolis.city.core.ledger import record
from qualipolis.city.hospital.consultation.parties import is_system, require_attending, require_seen
from qualipolis.city.hospital.models import Case
from qualipolis.methods.problems import Problem, msg, refuse

WRITERS = ("expert", "enterprise")
WRITABLE = (
    "assigned",
    "examining",
    "panel",
    "diagnosed",
    "prescribed",
    "treating",
    "verifying",
    "improved",
    "cured",
    "following",
)
MOST_ROWS = 200


def writable(actor: Any, case: Case) -> None:
    """Refuse who neither treats the case nor acts for its firm, and cases that are not under way."""
    from qualipolis.city.core.policy import roles_of

    require_seen(actor, case)
    if "enterprise" not in roles_of(actor) and not is_system(actor):
        require_attending(actor, case)
    if case.status not in WRITABLE:
        refuse([Problem("wrong_state", msg("This is written while the case is under way."))])


def texts(
    given: Mapping[str, Any], fields: Mapping[str, int], required: Mapping[str, str]
) -> tuple[dict[str, str], list[Problem]]:
    """Return texts as they are kept, and what is wrong with those that are required."""
    values = {name: str(given.get(name) or "").strip() for name in fields}
    wrong = [Problem(f"no_{name}", what, place=name) for name, what in required.items() if not values[name]]
    for name, most in fields.items():
        if len(values[name]) > most:
            wrong.append(Problem("too_long", msg("At most %(most)s characters."), "", {"most": most}, name))
    return values, wrong


def kept(actor: Any, case: Case, model: Any, row: Any, values: Mapping[str, Any], verb_name: str) -> Any:
    """Make or change a row; the ledger counts it and keeps no word of it."""
    if row is None:
        if model.objects.filter(case=case).count() >= MOST_ROWS:
            refuse([Problem("too_many_rows", msg("At most %(most)s rows are kept."), "", {"most": MOST_ROWS})])
        row = model(case=case)
    elif row.case_id != case.pk:
        refuse([Problem("other_case", msg("This row belongs to another case."))])
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    record(actor, verb_name, row, {"of": str(case), "rows": model.objects.filter(case=case).count()})
    return row


def removed(actor: Any, row: Any, verb_name: str) -> None:
    """Take a row out, with an event that says so."""
    case, model = row.case, type(row)
    record(actor, verb_name, row, {"of": str(case), "rows": model.objects.filter(case=case).count() - 1})
    row.delete()
