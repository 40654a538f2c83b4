"""Reports of violations, and the official documents of both tracks."""
