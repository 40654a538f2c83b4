"""The consultation of a case in writing: messages with files and shared views of a chart, some for the experts only."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from qualipolis.city.core.attachments import store
from qualipolis.city.core.ledger import record
from qualipolis.city.core.policy import person_of, roles_of, verb, visible
from qualipolis.city.hospital.consultation.parties import parties, require_seen, treats, written
from qualipolis.city.hospital.models import Case, MeasurementFile, Message
from qualipolis.methods.problems import Problem, msg, refuse

SPEAKERS = ("enterprise", "expert", "hospital_desk", "hospital_manager")
MOST_FILES, LONGEST, LARGEST_VIEW = 8, 4000, 2000
AS = ("expert", "hospital_manager", "hospital_desk", "enterprise", "laboratory", "system")


@verb("hospital.say", roles=SPEAKERS, scope=parties)
def say(
    actor: Any,
    thing: Case,
    words: str,
    *,
    doctors_only: bool = False,
    files: Iterable[Any] = (),
    measurements: MeasurementFile | None = None,
    view: Mapping[str, Any] | None = None,
) -> Message:
    """Say something in the consultation of a case; ``view`` is how the chart of ``measurements`` was looked at.

    The firm never speaks behind its own back: what it says is read by all.
    """
    require_seen(actor, thing)
    if doctors_only and not treats(actor, thing):
        raise PermissionDenied(_("Messages for the experts only are written by experts and the desk."))
    kept = [file for file in files if file]
    refuse(_wrong(thing, words, len(kept), measurements, view or {}))
    made = add(actor, thing, words.strip(), doctors_only=doctors_only, measurements=measurements, view=dict(view or {}))
    for file in kept:
        store(actor, made, file.name, file.chunks())
    told = {"of": str(thing), "files": len(kept), "doctors_only": doctors_only, "chart": measurements is not None}
    record(actor, "hospital.say", made, told)
    return made


def _wrong(
    case: Case, words: str, files: int, measurements: MeasurementFile | None, view: Mapping[str, Any]
) -> list[Problem]:
    found = written([("words", words, msg("Write the message, in at most 4000 characters."), LONGEST)])
    if case.status == "draft":
        found.append(Problem("draft", msg("The case is not registered yet.")))
    if files > MOST_FILES:
        what = msg("Hand in at most %(n)s files.")
        found.append(Problem("too_many_files", what, params={"n": MOST_FILES}, place="files"))
    if measurements is not None and measurements.case_id != case.pk:
        found.append(Problem("other_case", msg("This file belongs to another case."), place="measurements"))
    if view and (measurements is None or not _plain(view)):
        found.append(Problem("bad_view", msg("This view of a chart cannot be shared."), place="view"))
    return found


def _plain(view: Mapping[str, Any]) -> bool:
    """Whether a view is a short, flat mapping."""
    flat = all(isinstance(value, str | int | float | bool | None) for value in view.values())
    return flat and len(json.dumps(dict(view))) <= LARGEST_VIEW


def add(actor: Any, case: Case, words: str, **more: Any) -> Message:
    """Keep a message inside the verb of the caller, who tells the ledger."""
    held = roles_of(actor)
    role = next((one for one in AS if one in held), "")
    return Message.objects.create(case=case, author=person_of(actor), role=role, words=words[:LONGEST], **more)


def read_by(actor: Any, case: Case) -> QuerySet[Message]:
    """Return the messages of a case that a person reads, the oldest first."""
    rows = visible(actor, Message.objects.filter(case=case))
    return rows.select_related("author__organisation", "measurements__attachment")
