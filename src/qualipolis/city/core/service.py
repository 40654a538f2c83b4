"""What people do to the core, one function for each verb."""

from __future__ import annotations
