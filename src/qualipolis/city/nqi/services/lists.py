"""The lists of demands, quotes, orders, reports and their evaluation that can be taken along."""

from __future__ import annotations
