"""Composite indicators: a framework and data through a pipeline of steps to scores, ranks and their intervals.

>>> fw = Framework((Node("a", parent="X"), Node("b", parent="X", weight=3), Node("X", level=2, kind="aggregate")))
>>> data = IndicatorData(("u", "v", "w"), ("a", "b"), [[1, 5], [2, 3], [3, 4]])
>>> result = DEFAULT_PIPELINE.run(fw, data)
>>> result.score("X").tolist(), result.ranks("X").tolist()
([75.0, 12.5, 62.5], [1.0, 3.0, 2.0])
"""

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

__all__ = [
    "CITY_PIPELINE",
    "DEFAULT_FACTORS",
    "DEFAULT_PIPELINE",
    "REGISTRY",
    "Aggregate",
    "Alternatives",
    "Availability",
    "CompositeResult",
    "DataNoise",
    "Denominate",
    "ExactIndices",
    "Factor",
    "Framework",
    "Imputation",
    "ImputationVariance",
    "Impute",
    "IndicatorData",
    "MainEffects",
    "Match",
    "Node",
    "Normalise",
    "Pipeline",
    "RankIntervals",
    "Replay",
    "Screen",
    "ShapleyImportance",
    "SobolIndices",
    "Stage",
    "Step",
    "Treat",
    "Weigh",
    "WeightNoise",
    "WeightSets",
    "copeland",
    "data_availability",
    "denominator_correlations",
    "dominant_pairs",
    "exact_indices",
    "group_ranks",
    "imputation_variance",
    "indices_of_runs",
    "levels_by_sample_range",
    "main_effects",
    "match",
    "mazziotta_pareto",
    "outranking_matrix",
    "predictive",
    "rank_intervals",
    "register",
    "register_mean",
    "replay_design",
    "shapley_importance",
    "sobol_indices",
    "sobol_of",
    "step_from_dict",
    "strengths",
    "unit_summary",
    "weaknesses",
]
