"""What this room shows, gathered from the modules of its parts; importing it makes the rules of visibility known."""
