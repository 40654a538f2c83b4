"""Declarations of standards and what changes in them."""
