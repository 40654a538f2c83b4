"""Courses, examinations and certificates."""
