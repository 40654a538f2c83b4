"""Designing a set of indicators."""
