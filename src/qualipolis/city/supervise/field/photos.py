"""Pictures from the site and drawn signatures: kept once, whatever the line does."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from qualipolis.city.core.attachments import readable, store
from qualipolis.city.core.policy import person_of, verb
from qualipolis.city.supervise.field.facts import attempt_of
from qualipolis.city.supervise.field.models import FieldPhoto, SamplingTask
from qualipolis.city.supervise.field.visits import moment_said, own_task
from qualipolis.methods.problems import InputError, Problem, msg

LIMIT = 6 * 1024 * 1024
MOST = 60
KINDS = ("image/jpeg", "image/png", "image/webp")


@verb("supervise.add_photo", roles=("inspector",))
def add_photo(
    actor: Any,
    thing: SamplingTask,
    client_id: UUID,
    kind: str,
    name: str,
    chunks: Iterable[bytes],
    taken_at: datetime | None = None,
) -> FieldPhoto:
    """Keep one picture of a task; the same ``client_id`` twice is one picture."""
    row = own_task(actor, thing)
    kept = FieldPhoto.objects.filter(client_id=client_id).first()
    if kept is not None:
        if kept.task_id != row.pk:
            raise InputError([Problem("other_task", msg("This number of a device belongs to another task."))])
        return kept
    if kind not in FieldPhoto.Kind.values:
        raise InputError([Problem("unknown_kind", msg("Say what the picture shows."), place="kind")])
    if row.photos.count() >= MOST:
        what = msg("A task keeps %(most)s pictures at most.")
        raise InputError([Problem("too_many", what, params={"most": MOST})])
    file = store(actor, row, name, chunks, limit=LIMIT)
    if file.media_type not in KINDS:
        raise InputError([Problem("no_picture", msg("Only pictures are kept here: JPEG, PNG or WebP."))])
    return FieldPhoto.objects.create(
        client_id=client_id,
        task=row,
        kind=kind,
        attempt=attempt_of(row),
        attachment=file,
        person=person_of(actor),
        taken_at=moment_said(taken_at, "taken_at"),
    )


readable(SamplingTask)
