"""The events of measuring instruments under compulsory verification, in words."""

from __future__ import annotations
