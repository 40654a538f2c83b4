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
    "Factor",
    "Framework",
    "Impute",
    "IndicatorData",
    "Match",
    "Node",
    "Normalise",
    "Pipeline",
    "RankIntervals",
    "Screen",
    "Stage",
    "Step",
    "Treat",
    "Weigh",
    "WeightNoise",
    "copeland",
    "data_availability",
    "denominator_correlations",
    "dominant_pairs",
    "group_ranks",
    "match",
    "mazziotta_pareto",
    "outranking_matrix",
    "predictive",
    "rank_intervals",
    "register",
    "register_mean",
    "step_from_dict",
    "strengths",
    "unit_summary",
    "weaknesses",
]
