"""Around one run: how it was computed and how sure it is."""
