"""The law of the people of quality: rules with dates, guards."""
