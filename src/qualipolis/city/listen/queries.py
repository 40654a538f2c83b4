"""What this room shows, gathered from its parts; importing it makes the rules of visibility known."""

from __future__ import annotations

from qualipolis.city.listen import search_index  # noqa: F401
from qualipolis.city.listen.alerts import lists as alerts_lists  # noqa: F401
from qualipolis.city.listen.alerts import visibility as alerts_visibility  # noqa: F401
from qualipolis.city.listen.complaints import lists as complaints_lists  # noqa: F401
from qualipolis.city.listen.complaints import visibility as complaints_visibility  # noqa: F401
from qualipolis.city.listen.intake import lists as intake_lists  # noqa: F401
from qualipolis.city.listen.intake import suggesting as intake_suggesting  # noqa: F401
from qualipolis.city.listen.intake import visibility as intake_visibility  # noqa: F401
from qualipolis.city.listen.investigations import lists as investigations_lists  # noqa: F401
from qualipolis.city.listen.investigations import visibility as investigations_visibility  # noqa: F401
from qualipolis.city.listen.reports import lists as reports_lists  # noqa: F401
from qualipolis.city.listen.reports import visibility as reports_visibility  # noqa: F401
from qualipolis.city.listen.safety import lists as safety_lists  # noqa: F401
from qualipolis.city.listen.safety import visibility as safety_visibility  # noqa: F401
from qualipolis.city.listen.signals import lists as signals_lists  # noqa: F401
from qualipolis.city.listen.signals import queries as signal_queries  # noqa: F401
from qualipolis.city.listen.signals import visibility as signals_visibility  # noqa: F401
from qualipolis.city.listen.statistics import records as statistics_records  # noqa: F401
