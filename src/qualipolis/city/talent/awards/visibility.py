"""Who sees rounds of the government quality award."""

from __future__ import annotations
