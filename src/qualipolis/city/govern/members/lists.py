"""The lists of members, committees and pledges that can be taken along."""

from __future__ import annotations
