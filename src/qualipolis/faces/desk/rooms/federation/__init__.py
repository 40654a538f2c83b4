"""Pages of the federation."""
