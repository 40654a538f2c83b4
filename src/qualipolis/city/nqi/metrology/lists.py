"""The lists of measuring instruments under compulsory verification that can be taken along."""

from __future__ import annotations
