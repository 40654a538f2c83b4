"""Demands, quotes, orders, reports and their evaluation."""
