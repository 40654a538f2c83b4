"""The tables of the quality infrastructure services."""

from __future__ import annotations

from qualipolis.law.flow import Flow
from qualipolis.law.flows.nqi.directory import CAPABILITY_GAP
from qualipolis.law.flows.nqi.licences import CERTIFICATION_CERTIFICATE, CHANGE_FILING, CMA_CERTIFICATE
from qualipolis.law.flows.nqi.metrology import MEASURING_INSTRUMENT
from qualipolis.law.flows.nqi.services import SERVICES
from qualipolis.law.flows.nqi.standards import STANDARD_DECLARATION

LICENCES: tuple[Flow, ...] = (
    CMA_CERTIFICATE,
    CHANGE_FILING,
    CERTIFICATION_CERTIFICATE,
    MEASURING_INSTRUMENT,
    STANDARD_DECLARATION,
)
NQI: tuple[Flow, ...] = (*SERVICES, *LICENCES, CAPABILITY_GAP)

__all__ = [
    "CAPABILITY_GAP",
    "CERTIFICATION_CERTIFICATE",
    "CHANGE_FILING",
    "CMA_CERTIFICATE",
    "LICENCES",
    "MEASURING_INSTRUMENT",
    "NQI",
    "SERVICES",
    "STANDARD_DECLARATION",
]
