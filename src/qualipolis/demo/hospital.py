"""The product hospital of the synthetic city: people, cases that ended, and cases that wait for somebody today."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from qualipolis.demo.clock import telling
from qualipolis.demo.hospital_cases import open_cases
from qualipolis.demo.hospital_closed import FIRST, closed_cases
from qualipolis.demo.hospital_people import make_doctors
from qualipolis.demo.streams import stream


def treat(actor: Any, seed: int) -> None:
    """Open the hospital and tell its cases through the verbs, each step on its own day until today."""
    doctors = make_doctors(actor)
    today = timezone.localdate()
    with telling(FIRST - timedelta(days=1)) as clock:
        days = [*closed_cases(doctors, stream(seed, "hospital_closed"), today), *open_cases(doctors, seed, today)]
        for day, happens in sorted(days, key=lambda one: one[0]):
            clock.to(day)
            happens()
