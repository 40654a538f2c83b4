"""Long pieces of work that show how far they are.

The work itself usually runs in one transaction, whose rows nobody else sees before it ends. So the progress is
written to a small file of the home folder, and only the start and the end are rows.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from qualipolis.city.core.models import Job
from qualipolis.city.core.policy import person_of

EVERY = 0.2


class Progress:
    """Says how far one job is; cheap enough to call for every row."""

    def __init__(self, job: Job) -> None:
        self.job, self._told = job, 0.0

    def __call__(self, done: int, total: int | None = None, message: str = "") -> None:
        """Tell ``done`` of ``total``; most calls only look at the clock."""
        now = time.monotonic()
        if now - self._told < EVERY and done != total:
            return
        self._told = now
        path = _file(self.job.pk)
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".new")
        total = self.job.total if total is None else total
        fresh.write_text(json.dumps({"done": done, "total": total, "message": message}))
        fresh.replace(path)


def start(kind: str, person: Any, total: int = 0) -> Job:
    """Return a waiting job, to be shown at once."""
    return Job.objects.create(kind=kind, person=person_of(person), total=total)


@contextmanager
def running(job: Job) -> Iterator[Progress]:
    """Mark ``job`` running, then done or failed; an error's words are kept for the person and raised on."""
    Job.objects.filter(pk=job.pk).update(state=Job.State.RUNNING)
    progress = Progress(job)
    try:
        yield progress
    except Exception as error:
        _end(job, Job.State.FAILED, str(error)[:400])
        raise
    _end(job, Job.State.DONE, job.message)


def _end(job: Job, state: str, message: str) -> None:
    told = state_of(job)
    done = told["total"] if state == Job.State.DONE else told["done"]
    Job.objects.filter(pk=job.pk).update(
        state=state,
        message=message,
        result_url=job.result_url,
        done=done,
        total=told["total"],
        finished_at=timezone.now(),
    )
    _file(job.pk).unlink(missing_ok=True)


def state_of(job: Job) -> dict[str, Any]:
    """Return what the page shows: state, done, total, message, where the result is."""
    told: dict[str, Any] = {"done": job.done, "total": job.total, "message": job.message}
    with suppress(OSError, ValueError):
        told |= json.loads(_file(job.pk).read_text())
    return {"id": job.pk, "kind": job.kind, "state": job.state, "result_url": job.result_url, **told}


def _file(pk: int) -> Path:
    return Path(settings.HOME) / "jobs" / f"{int(pk)}.json"
