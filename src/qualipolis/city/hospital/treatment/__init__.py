"""The prescription and its items, the proof that it worked, and the follow-up."""
