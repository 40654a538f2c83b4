"""Sorting texts into classes, with probabilities that hold."""
