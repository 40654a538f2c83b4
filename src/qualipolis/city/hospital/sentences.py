"""The events of this room in words, gathered from its parts."""

from __future__ import annotations

from qualipolis.city.hospital.consultation import sentences as consultation_sentences  # noqa: F401
