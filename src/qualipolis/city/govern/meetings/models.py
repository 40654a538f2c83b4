"""Meetings, resolutions, votes and joint tasks."""

from __future__ import annotations
