"""Measuring instruments under compulsory verification."""

from __future__ import annotations
