"""Supervision sampling for the office and the inspectors."""
