"""The tables of the co-governance federation."""

from __future__ import annotations

from qualipolis.law.flow import Flow
from qualipolis.law.flows.federation.clue import FEDERATION_CLUE
from qualipolis.law.flows.federation.meeting import FEDERATION_MEETING, JOINT_TASK, RESOLUTION
from qualipolis.law.flows.federation.member import FEDERATION_MEMBER, PLEDGE
from qualipolis.law.flows.federation.pact import PACT, PACT_BREACH

FEDERATION: tuple[Flow, ...] = (
    FEDERATION_MEMBER,
    PLEDGE,
    PACT,
    PACT_BREACH,
    FEDERATION_CLUE,
    FEDERATION_MEETING,
    RESOLUTION,
    JOINT_TASK,
)

__all__ = [
    "FEDERATION",
    "FEDERATION_CLUE",
    "FEDERATION_MEETING",
    "FEDERATION_MEMBER",
    "JOINT_TASK",
    "PACT",
    "PACT_BREACH",
    "PLEDGE",
    "RESOLUTION",
]
