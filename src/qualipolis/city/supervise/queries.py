"""What this room shows, gathered from the modules of its parts; importing it makes the rules of visibility known."""

from __future__ import annotations

from qualipolis.city.supervise import (  # noqa: F401
    fact_lists,
    fact_visibility,
    field_lists,
    field_queries,
    field_visibility,
    handling_lists,
    handling_queries,
    handling_visibility,
    laboratory_lists,
    laboratory_queries,
    laboratory_visibility,
    plan_lists,
    plan_queries,
    plan_visibility,
    publication_queries,
    result_lists,
    result_queries,
    result_visibility,
)
