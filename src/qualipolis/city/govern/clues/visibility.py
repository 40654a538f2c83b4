"""Who sees clues and where they go."""

from __future__ import annotations
