"""Measurement systems: whether what is seen is the product or the measuring."""

from qualipolis.methods.spc.msa.agreement import FleissKappa, Kappa, cohen_kappa, fleiss_kappa
from qualipolis.methods.spc.msa.attribute import Appraiser, AttributeStudy, attribute_study
from qualipolis.methods.spc.msa.design import GaugeStudy, gauge_study
from qualipolis.methods.spc.msa.gauge import GaugeRR, RangeStudy, gauge_rr, range_study
from qualipolis.methods.spc.msa.linearity import Linearity, MasterBias, linearity_study
from qualipolis.methods.spc.msa.ordinal import RankAgreement, concordance, kendall_tau
from qualipolis.methods.spc.msa.retest import Retest, gauge_without_operators, retest_study
from qualipolis.methods.spc.msa.type1 import Type1, type1_study
from qualipolis.methods.spc.msa.uncertainty import (
    Budget,
    MeasurementCapability,
    Source,
    measurement_capability,
    uncertainty_budget,
)

__all__ = [
    "Appraiser",
    "AttributeStudy",
    "Budget",
    "FleissKappa",
    "GaugeRR",
    "GaugeStudy",
    "Kappa",
    "Linearity",
    "MasterBias",
    "MeasurementCapability",
    "RangeStudy",
    "RankAgreement",
    "Retest",
    "Source",
    "Type1",
    "attribute_study",
    "cohen_kappa",
    "concordance",
    "fleiss_kappa",
    "gauge_rr",
    "gauge_study",
    "gauge_without_operators",
    "kendall_tau",
    "linearity_study",
    "measurement_capability",
    "range_study",
    "retest_study",
    "type1_study",
    "uncertainty_budget",
]
