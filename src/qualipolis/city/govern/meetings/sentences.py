"""The events of meetings, resolutions, votes and joint tasks, in words."""

from __future__ import annotations
