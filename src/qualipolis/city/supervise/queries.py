"""What this room shows, gathered from the modules of its parts; importing it makes the rules of visibility known."""

from __future__ import annotations

from qualipolis.city.supervise import field_lists, field_queries, field_visibility  # noqa: F401

from qualipolis.city.supervise import laboratory_queries, laboratory_visibility  # noqa: F401
