"""Complaints from receipt to the end of mediation."""
