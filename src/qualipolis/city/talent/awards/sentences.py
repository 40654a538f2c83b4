"""The events of rounds of the government quality award, in words."""

from __future__ import annotations
