"""The events of declarations of standards and what changes in them, in words."""

from __future__ import annotations
