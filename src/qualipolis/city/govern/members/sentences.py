"""The events of members, committees and pledges, in words."""

from __future__ import annotations
