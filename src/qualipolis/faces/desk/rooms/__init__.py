"""The pages of each room. They stand here, not in the rooms, because they are drawn with the desk's components."""
