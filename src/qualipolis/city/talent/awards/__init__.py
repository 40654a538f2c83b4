"""Rounds of the government quality award."""
