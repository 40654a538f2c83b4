"""The lists of this part, with their filters and exports."""
