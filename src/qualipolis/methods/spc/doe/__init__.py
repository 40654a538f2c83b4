"""Designed experiments: designs, least squares, effects without replicates, response surfaces."""

from qualipolis.methods.spc.doe.curved import box_behnken, central_composite
from qualipolis.methods.spc.doe.design import Design
from qualipolis.methods.spc.doe.experiment import Experiment, Source, experiment
from qualipolis.methods.spc.doe.factorial import Lenth, aliases, lenth, model_columns, two_level_design
from qualipolis.methods.spc.doe.fit import Fit, Term, fit
from qualipolis.methods.spc.doe.optimum import Goal, Optimum, optimum
from qualipolis.methods.spc.doe.screening import (
    definitive_screening,
    fractional_factorial,
    full_factorial,
    plackett_burman,
)
from qualipolis.methods.spc.doe.surface import Surface, response_surface

__all__ = [
    "Design",
    "Experiment",
    "Fit",
    "Goal",
    "Lenth",
    "Optimum",
    "Source",
    "Surface",
    "Term",
    "aliases",
    "box_behnken",
    "central_composite",
    "definitive_screening",
    "experiment",
    "fit",
    "fractional_factorial",
    "full_factorial",
    "lenth",
    "model_columns",
    "optimum",
    "plackett_burman",
    "response_surface",
    "two_level_design",
]
