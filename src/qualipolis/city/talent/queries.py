"""What this room shows, gathered from its parts; importing it makes the rules of visibility known."""

from __future__ import annotations

from qualipolis.city.talent.awards import lists as awards_lists  # noqa: F401
from qualipolis.city.talent.awards import visibility as awards_visibility  # noqa: F401
from qualipolis.city.talent.officers import lists as officers_lists  # noqa: F401
from qualipolis.city.talent.officers import visibility as officers_visibility  # noqa: F401
from qualipolis.city.talent.reviewers import lists as reviewers_lists  # noqa: F401
from qualipolis.city.talent.reviewers import visibility as reviewers_visibility  # noqa: F401
from qualipolis.city.talent.training import lists as training_lists  # noqa: F401
from qualipolis.city.talent.training import visibility as training_visibility  # noqa: F401
