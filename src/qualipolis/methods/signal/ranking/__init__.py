"""What to inspect first, honestly: from the firm's own features and past, never from who inspects or tests.

:func:`past_record` builds features without a look ahead, :func:`rank_inspections` ranks and explains,
:func:`evaluate_ranking` says what it is worth, and :func:`inspector_effects` reports on inspectors apart from it.
"""

from qualipolis.methods.signal.ranking.effects import Effect, EffectReport, inspector_effects
from qualipolis.methods.signal.ranking.evaluation import Estimate, RankingQuality, evaluate_ranking
from qualipolis.methods.signal.ranking.history import past_record
from qualipolis.methods.signal.ranking.identity import names_who, refuse_identity, traces_of_identity
from qualipolis.methods.signal.ranking.model import InspectionRanking, Reason, rank_inspections

__all__ = [
    "Effect",
    "EffectReport",
    "Estimate",
    "InspectionRanking",
    "RankingQuality",
    "Reason",
    "evaluate_ranking",
    "inspector_effects",
    "names_who",
    "past_record",
    "rank_inspections",
    "refuse_identity",
    "traces_of_identity",
]
