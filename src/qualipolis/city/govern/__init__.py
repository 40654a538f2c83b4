"""The co-governance federation."""
