"""Computing a round from the records beside the request, with its progress told."""

from __future__ import annotations

import threading
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from qualipolis.city.core import jobs
from qualipolis.city.core.models import Job, Person
from qualipolis.city.measure import service
from qualipolis.city.measure.models import CollectionRound
from qualipolis.faces.desk.rooms.measure.pieces import words_of
from qualipolis.methods.problems import InputError

STEPS = 2


def start_computing(user: Any, row: CollectionRound) -> Job:
    """Start the work and return its job; a computation of this person that still runs is returned instead."""
    running = Job.objects.filter(
        kind="measure.compute", person=user, state__in=("waiting", "running"), result_url=_url(row)
    )
    if found := running.first():
        return found
    job = jobs.start("measure.compute", user, STEPS)
    job.result_url = _url(row)
    job.save(update_fields=["result_url"])
    language = translation.get_language() or "zh-hans"
    threading.Thread(target=_thread, args=(job.pk, user.pk, row.pk, language), daemon=True).start()
    return job


def _url(row: CollectionRound) -> str:
    return reverse("desk:round", args=[row.pk])


def _thread(job: int, person: int, round_: int, language: str) -> None:
    try:
        with translation.override(language):
            compute(Job.objects.get(pk=job), Person.objects.get(pk=person), CollectionRound.objects.get(pk=round_))
    finally:
        connection.close()


class ComputingFailed(Exception):
    """The work could not be done; the words are kept with the job."""


def compute(job: Job, person: Person, row: CollectionRound) -> None:
    """Take the snapshot, then fill in what is counted from it; the job tells how far it is."""
    try:
        with jobs.running(job) as progress:
            progress(0, STEPS, _("Taking a snapshot of the records"))
            try:
                taken = service.take_snapshot()
                progress(1, STEPS, _("Counting the indicators"))
                counts = service.compute_metrics(person, row, taken)
            except (InputError, PermissionDenied) as error:
                raise ComputingFailed(" ".join(words_of(error))) from error
            job.message = _("%(n)s values computed") % {"n": sum(counts.values())}
    except ComputingFailed:
        return
