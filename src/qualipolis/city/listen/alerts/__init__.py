"""Alerts of other authorities, and records that may be one."""
