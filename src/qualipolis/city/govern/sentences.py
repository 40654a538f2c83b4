"""The events of this room in words, gathered from its parts."""

from __future__ import annotations

from qualipolis.city.govern.clues import sentences as clues_sentences  # noqa: F401
from qualipolis.city.govern.meetings import sentences as meetings_sentences  # noqa: F401
from qualipolis.city.govern.members import sentences as members_sentences  # noqa: F401
from qualipolis.city.govern.pacts import sentences as pacts_sentences  # noqa: F401
