"""What this room shows, gathered from its parts; importing it makes the rules of visibility known."""

from __future__ import annotations

from qualipolis.city.hospital.consultation import lists as consultation_lists  # noqa: F401
from qualipolis.city.hospital.learning import lists as learning_lists  # noqa: F401
from qualipolis.city.hospital.measurements import lists as measurement_lists  # noqa: F401
from qualipolis.city.hospital.reception import lists as reception_lists  # noqa: F401
from qualipolis.city.hospital.reception import visibility as reception_visibility  # noqa: F401
from qualipolis.city.hospital.treatment import lists as treatment_lists  # noqa: F401
