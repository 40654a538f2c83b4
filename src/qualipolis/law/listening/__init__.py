"""The law of listening: complaints and reports by the order in force, incidents, recalls, warnings, signals."""
