"""Pages of the product hospital on the desk."""
