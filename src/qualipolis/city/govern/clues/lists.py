"""The lists of clues and where they go that can be taken along."""

from __future__ import annotations
