"""The events of this room in words, gathered from its parts."""

from __future__ import annotations

from qualipolis.city.supervise import (  # noqa: F401
    fact_sentences,
    field_sentences,
    handling_sentences,
    laboratory_sentences,
    plan_sentences,
    result_sentences,
)
