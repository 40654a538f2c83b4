"""Looking at indicators before and after aggregating: statistics, correlations, structure, implicit weights."""

from qualipolis.methods.composite.analysis.adequacy import Adequacy, Sphericity, bartlett_sphericity, sampling_adequacy
from qualipolis.methods.composite.analysis.clusters import Clusters, cluster_indicators, cluster_units
from qualipolis.methods.composite.analysis.components import PrincipalComponents, principal_components
from qualipolis.methods.composite.analysis.correlation import CorrelationMatrix, correlation_matrix
from qualipolis.methods.composite.analysis.factors import FactorStructure, factor_structure, varimax
from qualipolis.methods.composite.analysis.families import (
    Correlation,
    Correlations,
    correlation_advice,
    correlation_flags,
    correlations,
)
from qualipolis.methods.composite.analysis.implicit import ImplicitWeight, ImplicitWeights, implicit_weights
from qualipolis.methods.composite.analysis.reliability import Cronbach, cronbach_alpha
from qualipolis.methods.composite.analysis.selection import Columns, columns
from qualipolis.methods.composite.analysis.structure import Aggregation, Place, StructureTest, structure_test
from qualipolis.methods.composite.analysis.univariate import Statistics, statistics

__all__ = [
    "Adequacy",
    "Aggregation",
    "Clusters",
    "Columns",
    "Correlation",
    "CorrelationMatrix",
    "Correlations",
    "Cronbach",
    "FactorStructure",
    "ImplicitWeight",
    "ImplicitWeights",
    "Place",
    "PrincipalComponents",
    "Sphericity",
    "Statistics",
    "StructureTest",
    "bartlett_sphericity",
    "cluster_indicators",
    "cluster_units",
    "columns",
    "correlation_advice",
    "correlation_flags",
    "correlation_matrix",
    "correlations",
    "cronbach_alpha",
    "factor_structure",
    "implicit_weights",
    "principal_components",
    "sampling_adequacy",
    "statistics",
    "structure_test",
    "varimax",
]
