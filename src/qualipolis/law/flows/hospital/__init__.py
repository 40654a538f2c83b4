"""The tables of the product hospital."""

from __future__ import annotations

from qualipolis.law.flows.hospital.care import (
    EXAMINATION,
    FOLLOW_UP,
    PANEL,
    PRESCRIPTION,
    PRESCRIPTION_ITEM,
    SECOND_OPINION,
)
from qualipolis.law.flows.hospital.case import CASE
from qualipolis.law.flows.hospital.knowledge import GROUP_DISEASE, KNOWLEDGE_CASE

HOSPITAL = (
    CASE,
    EXAMINATION,
    PANEL,
    SECOND_OPINION,
    PRESCRIPTION,
    PRESCRIPTION_ITEM,
    FOLLOW_UP,
    KNOWLEDGE_CASE,
    GROUP_DISEASE,
)

__all__ = [
    "CASE",
    "EXAMINATION",
    "FOLLOW_UP",
    "GROUP_DISEASE",
    "HOSPITAL",
    "KNOWLEDGE_CASE",
    "PANEL",
    "PRESCRIPTION",
    "PRESCRIPTION_ITEM",
    "SECOND_OPINION",
]
