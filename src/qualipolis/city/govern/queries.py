"""What this room shows, gathered from its parts; importing it makes the rules of visibility known."""

from __future__ import annotations

from qualipolis.city.govern.clues import lists as clues_lists  # noqa: F401
from qualipolis.city.govern.clues import visibility as clues_visibility  # noqa: F401
from qualipolis.city.govern.meetings import lists as meetings_lists  # noqa: F401
from qualipolis.city.govern.meetings import visibility as meetings_visibility  # noqa: F401
from qualipolis.city.govern.members import lists as members_lists  # noqa: F401
from qualipolis.city.govern.members import visibility as members_visibility  # noqa: F401
from qualipolis.city.govern.pacts import lists as pacts_lists  # noqa: F401
from qualipolis.city.govern.pacts import visibility as pacts_visibility  # noqa: F401
