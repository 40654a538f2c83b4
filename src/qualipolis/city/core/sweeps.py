"""What has to be looked at again and again: each room registers its sweep, ``qualipolis tick`` runs them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from qualipolis.methods.problems import InputError

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


def one_by_one(things: Iterable[Any], act: Callable[[Any], int]) -> int:
    """Take each thing on by itself; one that is refused (a person was there first) keeps no other from its turn."""
    done = 0
    for thing in things:
        try:
            with transaction.atomic():
                done += act(thing)
        except InputError:
            continue
    return done
