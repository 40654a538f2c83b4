"""One table for each workflow."""

from __future__ import annotations

from qualipolis.law.flow import Flow
from qualipolis.law.flows.assessment import ASSESSMENT
from qualipolis.law.flows.collection_round import COLLECTION_ROUND
from qualipolis.law.flows.indicator_set import INDICATOR_SET
from qualipolis.law.flows.notice import NOTICE
from qualipolis.law.flows.observation import OBSERVATION
from qualipolis.law.flows.rectification import RECTIFICATION
from qualipolis.law.flows.self_evaluation import SELF_EVALUATION
from qualipolis.law.flows.site_check import SITE_CHECK

_IN_ORDER = (
    INDICATOR_SET,
    COLLECTION_ROUND,
    OBSERVATION,
    SELF_EVALUATION,
    SITE_CHECK,
    ASSESSMENT,
    NOTICE,
    RECTIFICATION,
)
ALL: dict[str, Flow] = {flow.code: flow for flow in _IN_ORDER}

__all__ = [
    "ALL",
    "ASSESSMENT",
    "COLLECTION_ROUND",
    "INDICATOR_SET",
    "NOTICE",
    "OBSERVATION",
    "RECTIFICATION",
    "SELF_EVALUATION",
    "SITE_CHECK",
]
