"""Pages of institutions and their scopes."""
