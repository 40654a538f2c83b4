"""What the verbs of the federation share: the row kept for the transaction, and what people write."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from qualipolis.city.core.moves import Moving, locked
from qualipolis.city.core.policy import visible
from qualipolis.city.govern.bodies import of_system
from qualipolis.methods.problems import Problem, msg

WHY = msg("Give the reason.")
DOCUMENT = msg("Give the number of the decision.")


def row_for[Row: Moving](actor: Any, thing: Row, *related: str) -> Row:
    """Return the row kept for this transaction; whoever does not see it is refused."""
    rows = type(thing)._default_manager.filter(pk=thing.pk)
    if not of_system(actor) and not visible(actor, rows).exists():
        raise PermissionDenied(_("Only those who take part in this matter may do this."))
    return locked(thing, *related)


def written(text: Any, place: str, what: str, most: int = 1000) -> Problem | None:
    """Return what is wrong with a text: nothing in it, or more than fits."""
    said = str(text or "").strip()
    if not said:
        return Problem(f"no_{place}", what, place=place)
    return too_long(said, place, most)


def too_long(text: str, place: str, most: int) -> Problem | None:
    """Return what is wrong with a text that need not be given."""
    if len(text.strip()) > most:
        return Problem("too_long", msg("At most %(most)s characters."), "", {"most": most}, place)
    return None


def lengths(values: Mapping[str, str], most: Mapping[str, int]) -> list[Problem | None]:
    """Return what is too long of several texts."""
    return [too_long(values.get(name, ""), name, n) for name, n in most.items()]


def cleaned(given: Mapping[str, Any], names: Mapping[str, int]) -> dict[str, str]:
    """Return the texts that were given, without blanks around them."""
    if unknown := set(given) - set(names):
        raise TypeError(f"there is no {sorted(unknown)}")
    return {name: str(value or "").strip() for name, value in given.items()}


def ahead(day: date | None, place: str) -> Problem | None:
    """Return what is wrong with a day that should not lie in the past."""
    if day is not None and day >= timezone.localdate():
        return None
    return Problem(f"bad_{place}", msg("Give a day from today on."), place=place)
