"""The events of this room in words, gathered from its parts."""

from __future__ import annotations

from qualipolis.city.nqi.directory import sentences as directory_sentences  # noqa: F401
from qualipolis.city.nqi.licences import sentences as licences_sentences  # noqa: F401
from qualipolis.city.nqi.metrology import sentences as metrology_sentences  # noqa: F401
from qualipolis.city.nqi.services import sentences as services_sentences  # noqa: F401
from qualipolis.city.nqi.standards import sentences as standards_sentences  # noqa: F401
