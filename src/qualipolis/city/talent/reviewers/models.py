"""Reviewers of performance excellence."""

from __future__ import annotations
