"""The events of demands, quotes, orders, reports and their evaluation, in words."""

from __future__ import annotations
