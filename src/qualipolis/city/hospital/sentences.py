"""The events of this room in words, gathered from its parts."""

from __future__ import annotations
