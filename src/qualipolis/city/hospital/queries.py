"""What this room shows, gathered from its parts; importing it makes the rules of visibility known."""

from __future__ import annotations
