"""The events of this room in words, gathered from its parts."""

from __future__ import annotations

    field_sentences,  # noqa: F401
    handling_sentences,  # noqa: F401
    laboratory_sentences,  # noqa: F401
)

from qualipolis.city.supervise import (  # noqa: F401
)
