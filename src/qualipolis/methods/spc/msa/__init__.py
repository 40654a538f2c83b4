"""Measurement systems: whether what is seen is the product or the measuring."""

from qualipolis.methods.spc.msa.agreement import FleissKappa, Kappa, cohen_kappa, fleiss_kappa
from qualipolis.methods.spc.msa.design import GaugeStudy, gauge_study
from qualipolis.methods.spc.msa.gauge import GaugeRR, RangeStudy, gauge_rr, range_study

__all__ = [
    "FleissKappa",
    "GaugeRR",
    "GaugeStudy",
    "Kappa",
    "RangeStudy",
    "cohen_kappa",
    "fleiss_kappa",
    "gauge_rr",
    "gauge_study",
    "range_study",
]
