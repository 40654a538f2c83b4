"""Who sees reviewers of performance excellence."""

from __future__ import annotations
