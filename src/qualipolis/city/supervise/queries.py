"""What this room shows, gathered from the modules of its parts; importing it makes the rules of visibility known."""

from __future__ import annotations

from qualipolis.city.supervise.aftermath import lists as handling_lists  # noqa: F401
from qualipolis.city.supervise.aftermath import publication_queries  # noqa: F401
from qualipolis.city.supervise.aftermath import queries as handling_queries  # noqa: F401
from qualipolis.city.supervise.aftermath import visibility as handling_visibility  # noqa: F401
from qualipolis.city.supervise.field import lists as field_lists  # noqa: F401
from qualipolis.city.supervise.field import queries as field_queries  # noqa: F401
from qualipolis.city.supervise.field import visibility as field_visibility  # noqa: F401
from qualipolis.city.supervise.laboratory import lists as laboratory_lists  # noqa: F401
from qualipolis.city.supervise.laboratory import queries as laboratory_queries  # noqa: F401
from qualipolis.city.supervise.laboratory import visibility as laboratory_visibility  # noqa: F401
from qualipolis.city.supervise.planning import lists as plan_lists  # noqa: F401
from qualipolis.city.supervise.planning import queries as plan_queries  # noqa: F401
from qualipolis.city.supervise.planning import visibility as plan_visibility  # noqa: F401
from qualipolis.city.supervise.results import lists as result_lists  # noqa: F401
from qualipolis.city.supervise.results import queries as result_queries  # noqa: F401
from qualipolis.city.supervise.results import visibility as result_visibility  # noqa: F401
from qualipolis.city.supervise.statistics import lists as fact_lists  # noqa: F401
from qualipolis.city.supervise.statistics import visibility as fact_visibility  # noqa: F401
