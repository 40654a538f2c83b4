"""Guards of gaps in capability."""

from __future__ import annotations

from typing import Any

from qualipolis.law.flow import fact
from qualipolis.law.guards import filled
from qualipolis.methods.problems import Problem, msg

planned = filled({"year": msg("Say in which year's plan it stands."), "builder": msg("Say who builds the capability.")})


def somebody_can(thing: Any) -> Problem | None:
    """Fact ``able``: how many institutions here have it in a valid scope today; a plan alone closes no gap.

    >>> somebody_can({}).code, somebody_can({"able": 0}).code, somebody_can({"able": 2}) is None
    ('unchecked', 'nobody_yet', True)
    """
    count = fact(thing, "able")
    if count is None:
        return Problem("unchecked", msg("It has not been checked who can do it."))
    return None if count else Problem("nobody_yet", msg("No institution here has it in a valid scope today."))


def nobody_can(thing: Any) -> Problem | None:
    """The opposite of :func:`somebody_can`: a gap is recorded or opened again only where nobody can.

    >>> nobody_can({"able": 1}).code, nobody_can({"able": 0}) is None
    ('somebody_can', True)
    """
    count = fact(thing, "able")
    if count is None:
        return Problem("unchecked", msg("It has not been checked who can do it."))
    what = msg("%(count)s institutions here have it in a valid scope today.")
    return Problem("somebody_can", what, "", {"count": count}) if count else None
