"""The events of this room in words, gathered from its parts."""
