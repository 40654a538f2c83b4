"""Composite indicators: a framework and data through a pipeline of steps to scores, ranks and their intervals.

>>> fw = Framework((Node("a", parent="X"), Node("b", parent="X", weight=3), Node("X", level=2, kind="aggregate")))
>>> data = IndicatorData(("u", "v", "w"), ("a", "b"), [[1, 5], [2, 3], [3, 4]])
>>> result = DEFAULT_PIPELINE.run(fw, data)
>>> result.score("X").tolist(), result.ranks("X").tolist()
([75.0, 12.5, 62.5], [1.0, 3.0, 2.0])
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from qualipolis.methods.composite.aggregate import Aggregate
from qualipolis.methods.composite.data import IndicatorData, Match, match
from qualipolis.methods.composite.denominate import Denominate, denominator_correlations
from qualipolis.methods.composite.factors import DEFAULT_FACTORS, Alternatives, DataNoise, Factor, WeightNoise
from qualipolis.methods.composite.framework import Framework, Node
from qualipolis.methods.composite.impute import Impute
from qualipolis.methods.composite.impute_model import predictive
from qualipolis.methods.composite.intervals import RankIntervals
from qualipolis.methods.composite.mazziotta_pareto import mazziotta_pareto
from qualipolis.methods.composite.more_means import register_mean
from qualipolis.methods.composite.normalise import Normalise
from qualipolis.methods.composite.outranking import copeland, dominant_pairs, outranking_matrix
from qualipolis.methods.composite.pipeline import CITY_PIPELINE, DEFAULT_PIPELINE, Pipeline
from qualipolis.methods.composite.result import CompositeResult, Stage
from qualipolis.methods.composite.screen import Availability, Screen, data_availability
from qualipolis.methods.composite.sensitivity.exact import ExactIndices, exact_indices
from qualipolis.methods.composite.sensitivity.gaps import ImputationVariance, imputation_variance
from qualipolis.methods.composite.sensitivity.importance import MainEffects, main_effects
from qualipolis.methods.composite.sensitivity.imputation import Imputation
from qualipolis.methods.composite.sensitivity.levels import levels_by_sample_range
from qualipolis.methods.composite.sensitivity.replay import Replay, replay_design
from qualipolis.methods.composite.sensitivity.shapley import ShapleyImportance, shapley_importance
from qualipolis.methods.composite.sensitivity.sobol import SobolIndices, indices_of_runs, sobol_indices, sobol_of
from qualipolis.methods.composite.sensitivity.weight_sets import WeightSets
from qualipolis.methods.composite.steps import REGISTRY, Step, register, step_from_dict
from qualipolis.methods.composite.tables import group_ranks, strengths, unit_summary, weaknesses
from qualipolis.methods.composite.treat import Treat
from qualipolis.methods.composite.uncertainty import rank_intervals
from qualipolis.methods.composite.weigh import Weigh

if TYPE_CHECKING:
    from qualipolis.methods.composite.analysis import (
        Columns,
        CorrelationMatrix,
        Correlations,
        Cronbach,
        FactorStructure,
        ImplicitWeights,
        PrincipalComponents,
        Statistics,
        StructureTest,
        bartlett_sphericity,
        cluster_indicators,
        cluster_units,
        columns,
        correlation_advice,
        correlation_flags,
        correlation_matrix,
        correlations,
        cronbach_alpha,
        factor_structure,
        implicit_weights,
        principal_components,
        sampling_adequacy,
        statistics,
        structure_test,
    )
    from qualipolis.methods.composite.comparison import (
        Decomposition,
        Gains,
        Link,
        Removal,
        add_indicators,
        change,
        compare,
        compare_correlation,
        compare_many,
        difference,
        drop_indicators,
        link_to_external,
        marginal_gains,
        peers,
        remove_elements,
        results_table,
        what_if,
    )
    from qualipolis.methods.composite.panel import (
        AtTime,
        ChangeIntervals,
        ImputePanel,
        PanelData,
        PanelResult,
        impute_panel,
        level_and_improvement,
        run_panel,
        trends,
    )
    from qualipolis.methods.composite.weighting import (
        AhpWeights,
        BenefitOfTheDoubt,
        BudgetAllocation,
        OptimisedWeights,
        PcaWeights,
        ahp_weights,
        benefit_of_the_doubt,
        budget_allocation,
        optimised_weights,
        pca_weights,
    )

__all__ = [
    "CITY_PIPELINE",
    "DEFAULT_FACTORS",
    "DEFAULT_PIPELINE",
    "REGISTRY",
    "Aggregate",
    "AhpWeights",
    "Alternatives",
    "AtTime",
    "Availability",
    "BenefitOfTheDoubt",
    "BudgetAllocation",
    "ChangeIntervals",
    "Columns",
    "CompositeResult",
    "CorrelationMatrix",
    "Correlations",
    "Cronbach",
    "DataNoise",
    "Decomposition",
    "Denominate",
    "ExactIndices",
    "Factor",
    "FactorStructure",
    "Framework",
    "Gains",
    "ImplicitWeights",
    "Imputation",
    "ImputationVariance",
    "Impute",
    "ImputePanel",
    "IndicatorData",
    "Link",
    "MainEffects",
    "Match",
    "Node",
    "Normalise",
    "OptimisedWeights",
    "PanelData",
    "PanelResult",
    "PcaWeights",
    "Pipeline",
    "PrincipalComponents",
    "RankIntervals",
    "Removal",
    "Replay",
    "Screen",
    "ShapleyImportance",
    "SobolIndices",
    "Stage",
    "Statistics",
    "Step",
    "StructureTest",
    "Treat",
    "Weigh",
    "WeightNoise",
    "WeightSets",
    "add_indicators",
    "ahp_weights",
    "bartlett_sphericity",
    "benefit_of_the_doubt",
    "budget_allocation",
    "change",
    "cluster_indicators",
    "cluster_units",
    "columns",
    "compare",
    "compare_correlation",
    "compare_many",
    "copeland",
    "correlation_advice",
    "correlation_flags",
    "correlation_matrix",
    "correlations",
    "cronbach_alpha",
    "data_availability",
    "denominator_correlations",
    "difference",
    "dominant_pairs",
    "drop_indicators",
    "exact_indices",
    "factor_structure",
    "group_ranks",
    "implicit_weights",
    "imputation_variance",
    "impute_panel",
    "indices_of_runs",
    "level_and_improvement",
    "levels_by_sample_range",
    "link_to_external",
    "main_effects",
    "marginal_gains",
    "match",
    "mazziotta_pareto",
    "optimised_weights",
    "outranking_matrix",
    "pca_weights",
    "peers",
    "predictive",
    "principal_components",
    "rank_intervals",
    "register",
    "register_mean",
    "remove_elements",
    "replay_design",
    "results_table",
    "run_panel",
    "sampling_adequacy",
    "shapley_importance",
    "sobol_indices",
    "sobol_of",
    "statistics",
    "step_from_dict",
    "strengths",
    "structure_test",
    "trends",
    "unit_summary",
    "weaknesses",
    "what_if",
]

_LATE = {
    "analysis": (
        "Columns",
        "CorrelationMatrix",
        "Correlations",
        "Cronbach",
        "FactorStructure",
        "ImplicitWeights",
        "PrincipalComponents",
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
    ),
    "comparison": (
        "Decomposition",
        "Gains",
        "Link",
        "Removal",
        "add_indicators",
        "change",
        "compare",
        "compare_correlation",
        "compare_many",
        "difference",
        "drop_indicators",
        "link_to_external",
        "marginal_gains",
        "peers",
        "remove_elements",
        "results_table",
        "what_if",
    ),
    "panel": (
        "AtTime",
        "ChangeIntervals",
        "ImputePanel",
        "PanelData",
        "PanelResult",
        "impute_panel",
        "level_and_improvement",
        "run_panel",
        "trends",
    ),
    "weighting": (
        "AhpWeights",
        "BenefitOfTheDoubt",
        "BudgetAllocation",
        "OptimisedWeights",
        "PcaWeights",
        "ahp_weights",
        "benefit_of_the_doubt",
        "budget_allocation",
        "optimised_weights",
        "pca_weights",
    ),
}
"""Names that are imported on first use, to keep the start short."""


def __getattr__(name: str) -> Any:
    for package, names in _LATE.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{package}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
