"""Who sees demands, quotes, orders, reports and their evaluation."""

from __future__ import annotations
