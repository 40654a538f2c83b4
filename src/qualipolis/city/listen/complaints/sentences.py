"""The events of this part in words."""
