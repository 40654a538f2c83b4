"""The lists of meetings, resolutions, votes and joint tasks that can be taken along."""

from __future__ import annotations
