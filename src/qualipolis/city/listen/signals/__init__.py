"""What the statistics hear, and what they propose."""
