"""Products, firms and offices in an investigation, what was tested and ordered, and how high the risk is."""
