"""The events of this room in words, gathered from its parts."""

from __future__ import annotations

from qualipolis.city.talent.awards import sentences as awards_sentences  # noqa: F401
from qualipolis.city.talent.officers import sentences as officers_sentences  # noqa: F401
from qualipolis.city.talent.reviewers import sentences as reviewers_sentences  # noqa: F401
from qualipolis.city.talent.training import sentences as training_sentences  # noqa: F401
