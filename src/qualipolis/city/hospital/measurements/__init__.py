"""The measurement files of a case, and what was found in them."""
