"""Pacts, and what happens when one is broken."""
