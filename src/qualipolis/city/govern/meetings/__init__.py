"""Meetings, resolutions, votes and joint tasks."""
