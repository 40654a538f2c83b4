"""What the parts of the hospital put on the page of a case: cards, steps, and facts for the guards of the table.

Each part has one module ``cards_<part>.py`` beside this one; the page of a case imports them all. In it:

``@card("main", 30)``
    ``f(request, case) -> (template, context) | None``: a card, or nothing for this person and this case. The template is
    rendered by itself with that context (and the request): forms in it post to their own address and come back to
    ``desk:hospital_case``. Places: ``top`` (under the way of the case), ``main`` (wide), ``aside`` (narrow, under the next
    step). The lower number stands first: 10 chart, 20 examinations, 25 diagnosis, 30 prescription, 35 proof,
    40 follow-ups, 50 like cases, 90 who sees the case; in ``aside`` 10 panel, 20 thread, 30 facts.
``@acts``
    ``f(request, case) -> list[Act]``: steps of the case that this person may be offered. The first that nothing forbids
    is the next step of the page, the others stand below it; the order of parts is that of the table of law.
``@facts``
    ``f(case) -> dict``: what the guards of these steps read.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from qualipolis.city.hospital.models import Case
from qualipolis.faces.desk.rooms.flow_page import Act
from qualipolis.law.flows.hospital import CASE

Place = Literal["top", "main", "aside"]
Made = tuple[str, Mapping[str, Any]] | None
MakeCard = Callable[[HttpRequest, Case], Made]
MakeActs = Callable[[HttpRequest, Case], list[Act]]
MakeFacts = Callable[[Case], Mapping[str, Any]]


@dataclass(frozen=True)
class Card:
    """A card and where it stands."""

    place: Place
    order: int
    make: MakeCard


_CARDS: dict[str, Card] = {}
_ACTS: dict[str, MakeActs] = {}
_FACTS: dict[str, MakeFacts] = {}
_ORDER = {step.name: position for position, step in enumerate(CASE.steps)}


def _name(function: Any) -> str:
    return f"{function.__module__}.{function.__qualname__}"


def card(place: Place, order: int) -> Callable[[MakeCard], MakeCard]:
    """Register a card of the page of a case."""

    def decorate(make: MakeCard) -> MakeCard:
        _CARDS[_name(make)] = Card(place, order, make)
        return make

    return decorate


def acts(make: MakeActs) -> MakeActs:
    """Register steps that the page of a case offers."""
    _ACTS[_name(make)] = make
    return make


def facts(make: MakeFacts) -> MakeFacts:
    """Register facts that the guards of a case read."""
    _FACTS[_name(make)] = make
    return make


def gather() -> None:
    """Import every ``cards_<part>`` beside this module, so that what it registers is known."""
    from qualipolis.faces.desk.rooms import hospital

    for found in pkgutil.iter_modules(hospital.__path__):
        if found.name.startswith("cards_"):
            importlib.import_module(f"{hospital.__name__}.{found.name}")


def rendered(request: HttpRequest, case: Case, place: Place) -> list[SafeString]:
    """Return the cards of a place for this person, in their order."""
    wanted = sorted((one for one in _CARDS.values() if one.place == place), key=lambda one: one.order)
    made = (one.make(request, case) for one in wanted)
    return [render_to_string(template, dict(context), request) for template, context in filter(None, made)]


def acts_of(request: HttpRequest, case: Case) -> list[Act]:
    """Return every step that some part offers to this person, in the order of the table of law."""
    found = [act for make in _ACTS.values() for act in make(request, case)]
    return sorted(found, key=lambda act: _ORDER.get(act.step, len(_ORDER)))


def facts_of(case: Case) -> dict[str, Any]:
    """Return what all parts know for the guards."""
    found: dict[str, Any] = {}
    for make in _FACTS.values():
        found |= make(case)
    return found
