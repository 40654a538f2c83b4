"""What the verbs of reports share: the report kept for the transaction, and what people write."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from qualipolis.city.core.moves import locked
from qualipolis.city.core.policy import roles_of, visible
from qualipolis.city.core.roles import SYSTEM
from qualipolis.city.listen.reports.models import Report
from qualipolis.methods.problems import Problem, msg

FLOW = "report"
RELATED = ("letter", "letter__identity", "enterprise", "unit", "officer", "inspector")
WHY = msg("Give the reason.")


def report_for(actor: Any, thing: Report) -> Report:
    """Return the report kept for this transaction; whoever does not see it is refused."""
    if SYSTEM not in roles_of(actor) and not visible(actor, Report.objects.filter(pk=thing.pk)).exists():
        raise PermissionDenied(_("Only those who handle this matter may do this."))
    return locked(thing, *RELATED)


def at_desk(actor: Any) -> bool:
    """Whether somebody works at a complaint desk."""
    return "complaint_desk" in roles_of(actor)


def written(text: str, place: str, what: str, most: int = 1000) -> Problem | None:
    """Return what is wrong with a text: nothing in it, or more than fits."""
    if not text.strip():
        return Problem(f"no_{place}", what, place=place)
    if len(text.strip()) > most:
        return Problem("too_long", msg("At most %(most)s characters."), "", {"most": most}, place)
    return None
