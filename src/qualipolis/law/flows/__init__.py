"""One table for each workflow."""

from __future__ import annotations

from qualipolis.law.flow import Flow
from qualipolis.law.flows.assessment import ASSESSMENT
from qualipolis.law.flows.collection_round import COLLECTION_ROUND
from qualipolis.law.flows.indicator_set import INDICATOR_SET
from qualipolis.law.flows.observation import OBSERVATION

ALL: dict[str, Flow] = {flow.code: flow for flow in (INDICATOR_SET, COLLECTION_ROUND, OBSERVATION, ASSESSMENT)}

__all__ = ["ALL", "ASSESSMENT", "COLLECTION_ROUND", "INDICATOR_SET", "OBSERVATION"]
