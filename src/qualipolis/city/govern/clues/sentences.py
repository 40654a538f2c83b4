"""The events of clues and where they go, in words."""

from __future__ import annotations
