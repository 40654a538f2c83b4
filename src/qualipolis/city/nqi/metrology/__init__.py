"""Measuring instruments under compulsory verification."""
