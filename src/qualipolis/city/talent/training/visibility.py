"""Who sees courses, examinations and certificates."""

from __future__ import annotations
