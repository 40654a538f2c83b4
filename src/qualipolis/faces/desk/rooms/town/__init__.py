"""For one town: why, what would move it, trials, peers."""
