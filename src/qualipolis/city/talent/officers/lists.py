"""The lists of chief quality officers and quality departments that can be taken along."""

from __future__ import annotations
