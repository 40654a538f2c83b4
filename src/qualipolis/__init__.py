"""Qualipolis 质城: the quality system of a city."""

__version__ = "0.1.0"
