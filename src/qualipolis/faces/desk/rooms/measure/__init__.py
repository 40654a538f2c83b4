"""Collecting values and checking them."""
