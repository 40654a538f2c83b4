"""Incidents, recalls and public warnings."""
