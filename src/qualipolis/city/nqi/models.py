"""Everything this room keeps, in the order of the work."""

from __future__ import annotations

__all__: list[str] = []
