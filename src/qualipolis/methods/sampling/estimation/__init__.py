"""Estimation from survey samples: designs, totals, means, ratios, proportions and quantiles by domain.

>>> import numpy as np
>>> design = survey_design(np.full(6, 10.0), strata=["east", "east", "east", "west", "west", "west"])
>>> mean(design, [1, 2, 3, 4, 5, 9], by=["a", "b", "a", "b", "a", "b"]).estimate.tolist()
[3.0, 5.0]
"""

from __future__ import annotations

from qualipolis.methods.sampling.estimation.calibration import calibrate, poststratify, rake
from qualipolis.methods.sampling.estimation.design import SurveyDesign, survey_design
from qualipolis.methods.sampling.estimation.estimates import joint, mean, ratio, total, variance
from qualipolis.methods.sampling.estimation.linear import Domains
from qualipolis.methods.sampling.estimation.models import Fit, GroupDifference, difference, regress
from qualipolis.methods.sampling.estimation.nonresponse import weighting_classes
from qualipolis.methods.sampling.estimation.proportion_intervals import interval
from qualipolis.methods.sampling.estimation.proportions import proportion
from qualipolis.methods.sampling.estimation.quantiles import quantile
from qualipolis.methods.sampling.estimation.replicate_design import ReplicateDesign, replicate_design
from qualipolis.methods.sampling.estimation.replicate_making import bootstrap, half_samples, jackknife
from qualipolis.methods.sampling.estimation.results import REASONS, Estimates, Thresholds
from qualipolis.methods.sampling.estimation.tables import Association, association

__all__ = [
    "REASONS",
    "Association",
    "Domains",
    "Estimates",
    "Fit",
    "GroupDifference",
    "ReplicateDesign",
    "SurveyDesign",
    "Thresholds",
    "association",
    "bootstrap",
    "calibrate",
    "difference",
    "half_samples",
    "interval",
    "jackknife",
    "joint",
    "mean",
    "poststratify",
    "proportion",
    "quantile",
    "rake",
    "ratio",
    "regress",
    "replicate_design",
    "survey_design",
    "total",
    "variance",
    "weighting_classes",
]
