"""The year of an assessment, step by step."""
