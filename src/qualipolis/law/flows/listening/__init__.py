"""The tables of listening."""

from __future__ import annotations

from qualipolis.law.flows.listening.complaint import COMPLAINT, COMPLAINT_ANSWER
from qualipolis.law.flows.listening.report import REPORT
from qualipolis.law.flows.listening.safety import (
    AUTHORITY_REQUEST,
    CORRECTIVE_ACTION,
    INCIDENT,
    INVESTIGATION,
    RECALL,
    WARNING,
)
from qualipolis.law.flows.listening.signal import ENTITY_PAIR, PROPOSAL, SIGNAL

LISTENING = (
    COMPLAINT,
    COMPLAINT_ANSWER,
    REPORT,
    INVESTIGATION,
    CORRECTIVE_ACTION,
    AUTHORITY_REQUEST,
    INCIDENT,
    RECALL,
    WARNING,
    SIGNAL,
    PROPOSAL,
    ENTITY_PAIR,
)

__all__ = [
    "AUTHORITY_REQUEST",
    "COMPLAINT",
    "COMPLAINT_ANSWER",
    "CORRECTIVE_ACTION",
    "ENTITY_PAIR",
    "INCIDENT",
    "INVESTIGATION",
    "LISTENING",
    "PROPOSAL",
    "RECALL",
    "REPORT",
    "SIGNAL",
    "WARNING",
]
