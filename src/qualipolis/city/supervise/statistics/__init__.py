"""What is counted, and what may be said of it."""
