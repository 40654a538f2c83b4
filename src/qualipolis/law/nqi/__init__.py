"""The law of the quality infrastructure services: rules with dates, guards."""
