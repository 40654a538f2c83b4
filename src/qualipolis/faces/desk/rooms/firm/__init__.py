"""What a firm sees of its own results."""
