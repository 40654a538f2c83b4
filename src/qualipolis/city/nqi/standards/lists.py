"""The lists of declarations of standards and what changes in them that can be taken along."""

from __future__ import annotations
