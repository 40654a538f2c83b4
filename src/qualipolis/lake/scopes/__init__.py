"""Scopes of institutions: read from their tables, indexed, and asked who can test what to which standard."""
