"""Who sees members, committees and pledges."""

from __future__ import annotations
