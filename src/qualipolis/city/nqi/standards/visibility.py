"""Who sees declarations of standards and what changes in them."""

from __future__ import annotations
