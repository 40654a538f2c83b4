"""Who sees chief quality officers and quality departments."""

from __future__ import annotations
