"""How soon a chart signals: operating characteristics, average run lengths, and designs with a wanted run length."""

from qualipolis.methods.spc.run_length.multivariate import mewma_arl
from qualipolis.methods.spc.run_length.shewhart import residual_arl, rules_arl, xbar_arl, xbar_oc
from qualipolis.methods.spc.run_length.stated import stated_arl
from qualipolis.methods.spc.run_length.weighted import (
    cusum_arl,
    cusum_decision,
    ewma_arl,
    ewma_width,
    poisson_cusum_arl,
    variance_ewma_arl,
)

__all__ = [
    "cusum_arl",
    "cusum_decision",
    "ewma_arl",
    "ewma_width",
    "mewma_arl",
    "poisson_cusum_arl",
    "residual_arl",
    "rules_arl",
    "stated_arl",
    "variance_ewma_arl",
    "xbar_arl",
    "xbar_oc",
]
