"""The tables of the quality infrastructure services."""

from __future__ import annotations

from qualipolis.law.flow import Flow
from qualipolis.law.flows.nqi.services import SERVICES

NQI: tuple[Flow, ...] = (*SERVICES,)

__all__ = ["NQI", "SERVICES"]
