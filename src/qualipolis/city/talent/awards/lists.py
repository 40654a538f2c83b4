"""The lists of rounds of the government quality award that can be taken along."""

from __future__ import annotations
