"""Listening: complaints, reports, incidents, recalls and warnings, and the statistics that hear early."""
