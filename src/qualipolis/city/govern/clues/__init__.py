"""Clues and where they go."""
