"""The law of the co-governance federation: rules with dates, guards."""
