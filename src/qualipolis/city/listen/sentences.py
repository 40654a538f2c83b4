"""The events of this room in words, gathered from its parts."""

from __future__ import annotations

from qualipolis.city.listen.alerts import sentences as alerts_sentences  # noqa: F401
from qualipolis.city.listen.complaints import sentences as complaints_sentences  # noqa: F401
from qualipolis.city.listen.intake import sentences as intake_sentences  # noqa: F401
from qualipolis.city.listen.investigations import sentences as investigations_sentences  # noqa: F401
from qualipolis.city.listen.reports import sentences as reports_sentences  # noqa: F401
from qualipolis.city.listen.safety import sentences as safety_sentences  # noqa: F401
from qualipolis.city.listen.signals import sentences as signals_sentences  # noqa: F401
