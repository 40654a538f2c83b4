"""The events of pacts, and what happens when one is broken, in words."""

from __future__ import annotations
