"""The lists of courses, examinations and certificates that can be taken along."""

from __future__ import annotations
