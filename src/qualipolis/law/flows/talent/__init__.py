"""The tables of the people of quality."""

from __future__ import annotations

from qualipolis.law.flow import Flow
from qualipolis.law.flows.talent.officers import OFFICERS
from qualipolis.law.flows.talent.training import TRAINING

TALENT: tuple[Flow, ...] = (
    *OFFICERS,
    *TRAINING,
)

__all__ = ["TALENT"]
