"""The events of this room in words, gathered from its parts."""

from __future__ import annotations

from qualipolis.city.supervise import field_sentences  # noqa: F401

from qualipolis.city.supervise import laboratory_sentences  # noqa: F401
