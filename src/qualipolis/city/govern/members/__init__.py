"""Members, committees and pledges."""
