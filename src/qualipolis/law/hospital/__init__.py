"""The rules of the product hospital: its clocks, and what must hold before a step. They are the city's own, not law."""
