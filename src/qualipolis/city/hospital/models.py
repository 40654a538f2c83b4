"""Everything this room keeps, in the order of the work."""

from __future__ import annotations

from qualipolis.city.hospital.consultation.models import (
    Diagnosis,
    Examination,
    Message,
    Panel,
    PanelSeat,
    SecondOpinion,
)
from qualipolis.city.hospital.learning.models import CheckUp, GroupDisease, KnowledgeCase, Rating
from qualipolis.city.hospital.measurements.models import MeasurementFile
from qualipolis.city.hospital.reception.models import (
    Case,
    CaseLink,
    Department,
    DutyReport,
    Expert,
    Offer,
    Pause,
    RootCause,
)
from qualipolis.city.hospital.treatment.models import (
    ControlPlanLine,
    FailureModeRow,
    FollowUp,
    Prescription,
    PrescriptionItem,
    Proof,
)

__all__ = [
    "Case",
    "CaseLink",
    "CheckUp",
    "ControlPlanLine",
    "Department",
    "Diagnosis",
    "DutyReport",
    "Examination",
    "Expert",
    "FailureModeRow",
    "FollowUp",
    "GroupDisease",
    "KnowledgeCase",
    "MeasurementFile",
    "Message",
    "Offer",
    "Panel",
    "PanelSeat",
    "Pause",
    "Prescription",
    "PrescriptionItem",
    "Proof",
    "Rating",
    "RootCause",
    "SecondOpinion",
]
