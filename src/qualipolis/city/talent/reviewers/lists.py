"""The lists of reviewers of performance excellence that can be taken along."""

from __future__ import annotations
