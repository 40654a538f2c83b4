"""Who sees which rows of this part."""
