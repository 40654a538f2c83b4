"""The events of this room in words, gathered from its parts."""

from __future__ import annotations

from qualipolis.city.supervise.aftermath import sentences as handling_sentences  # noqa: F401
from qualipolis.city.supervise.field import sentences as field_sentences  # noqa: F401
from qualipolis.city.supervise.laboratory import sentences as laboratory_sentences  # noqa: F401
from qualipolis.city.supervise.planning import sentences as plan_sentences  # noqa: F401
from qualipolis.city.supervise.results import sentences as result_sentences  # noqa: F401
from qualipolis.city.supervise.statistics import sentences as fact_sentences  # noqa: F401
