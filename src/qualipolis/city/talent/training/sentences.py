"""The events of courses, examinations and certificates, in words."""

from __future__ import annotations
