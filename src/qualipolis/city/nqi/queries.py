"""What this room shows, gathered from its parts; importing it makes the rules of visibility known."""

from __future__ import annotations

from qualipolis.city.nqi.directory import lists as directory_lists  # noqa: F401
from qualipolis.city.nqi.directory import visibility as directory_visibility  # noqa: F401
from qualipolis.city.nqi.licences import lists as licences_lists  # noqa: F401
from qualipolis.city.nqi.licences import visibility as licences_visibility  # noqa: F401
from qualipolis.city.nqi.metrology import lists as metrology_lists  # noqa: F401
from qualipolis.city.nqi.metrology import visibility as metrology_visibility  # noqa: F401
from qualipolis.city.nqi.services import lists as services_lists  # noqa: F401
from qualipolis.city.nqi.services import prescribing as services_prescribing  # noqa: F401
from qualipolis.city.nqi.services import sweeping as services_sweeping  # noqa: F401
from qualipolis.city.nqi.services import visibility as services_visibility  # noqa: F401
from qualipolis.city.nqi.standards import lists as standards_lists  # noqa: F401
from qualipolis.city.nqi.standards import visibility as standards_visibility  # noqa: F401
