"""What people do in this room, one function for each verb, gathered from the modules of its parts."""

from __future__ import annotations

__all__: list[str] = []
