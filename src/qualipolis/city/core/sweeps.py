"""What has to be looked at again and again: each room registers its sweep, ``qualipolis tick`` runs them all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

Sweep = Callable[[datetime], int]
SWEEPS: dict[str, Sweep] = {}


def sweep(name: str) -> Callable[[Sweep], Sweep]:
    """Register ``function(now) -> how many things it moved``; it calls verbs as the system and may run at any time."""

    def decorate(function: Sweep) -> Sweep:
        SWEEPS[name] = function
        return function

    return decorate


def run_sweeps(now: datetime) -> dict[str, int | Exception]:
    """Run every sweep in a transaction of its own; one that fails does not keep the others from running."""
    done: dict[str, int | Exception] = {}
    for name, function in sorted(SWEEPS.items()):
        try:
            with transaction.atomic():
                done[name] = function(now)
        except Exception as error:
            done[name] = error
    return done
