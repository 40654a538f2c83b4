"""The room of listening on the desk."""
