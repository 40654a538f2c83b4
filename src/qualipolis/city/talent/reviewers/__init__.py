"""Reviewers of performance excellence."""
