"""The events of reviewers of performance excellence, in words."""

from __future__ import annotations
