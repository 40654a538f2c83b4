"""The directory of institutions, their scopes, and what nobody here can do."""
