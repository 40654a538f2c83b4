"""Designed experiments: two-level designs, least squares, effects without replicates, response surfaces."""

from qualipolis.methods.spc.doe.factorial import Lenth, aliases, lenth, model_columns, two_level_design
from qualipolis.methods.spc.doe.fit import Fit, Term, fit
from qualipolis.methods.spc.doe.surface import Surface, response_surface

__all__ = [
    "Fit",
    "Lenth",
    "Surface",
    "Term",
    "aliases",
    "fit",
    "lenth",
    "model_columns",
    "response_surface",
    "two_level_design",
]
