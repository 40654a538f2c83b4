"""The events of this room in words, gathered from its parts."""

from __future__ import annotations

from qualipolis.city.hospital.consultation import sentences as consultation_sentences  # noqa: F401
from qualipolis.city.hospital.learning import sentences as learning_sentences  # noqa: F401
from qualipolis.city.hospital.measurements import sentences as measurement_sentences  # noqa: F401
from qualipolis.city.hospital.reception import sentences as reception_sentences  # noqa: F401
from qualipolis.city.hospital.treatment import sentences as treatment_sentences  # noqa: F401
