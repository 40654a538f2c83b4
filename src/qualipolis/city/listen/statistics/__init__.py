"""Complaints counted: records of the indicators, and public figures in which no single person or firm shows."""
