"""The lists of pacts, and what happens when one is broken that can be taken along."""

from __future__ import annotations
