"""Pacts, and what happens when one is broken."""

from __future__ import annotations
