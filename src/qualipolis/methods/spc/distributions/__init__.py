"""Distributions of measured values: fits, transformations, how well they describe, and which one to use."""

from qualipolis.methods.spc.distributions.choice import Candidate, Choice, choose, fit_shape, shape_goodness
from qualipolis.methods.spc.distributions.families import FAMILIES
from qualipolis.methods.spc.distributions.fit import Fitted, fit
from qualipolis.methods.spc.distributions.goodness import Goodness, goodness
from qualipolis.methods.spc.distributions.johnson import Johnson, fit_johnson
from qualipolis.methods.spc.distributions.mixture import Mixture, two_populations
from qualipolis.methods.spc.distributions.power import PowerFit, box_cox, fit_power, yeo_johnson

__all__ = [
    "FAMILIES",
    "Candidate",
    "Choice",
    "Fitted",
    "Goodness",
    "Johnson",
    "Mixture",
    "PowerFit",
    "box_cox",
    "choose",
    "fit",
    "fit_johnson",
    "fit_power",
    "fit_shape",
    "goodness",
    "shape_goodness",
    "two_populations",
    "yeo_johnson",
]
