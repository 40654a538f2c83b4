"""The events of chief quality officers and quality departments, in words."""

from __future__ import annotations
