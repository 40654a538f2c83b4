"""Everything this room keeps, in the order of the work."""

from __future__ import annotations

from qualipolis.city.talent.officers.models import (
    FirmGroup,
    GroupFirm,
    Learner,
    Officer,
    OfficerAct,
    QualityDepartment,
    RemovalAdvice,
)
from qualipolis.city.talent.training.models import (
    Attendance,
    Course,
    Enrolment,
    Exam,
    Question,
    QuestionBatch,
    Session,
    SessionDay,
    Sitting,
    TrainingCertificate,
)

__all__ = [
    "Attendance",
    "Course",
    "Enrolment",
    "Exam",
    "FirmGroup",
    "GroupFirm",
    "Learner",
    "Officer",
    "OfficerAct",
    "QualityDepartment",
    "Question",
    "QuestionBatch",
    "RemovalAdvice",
    "Session",
    "SessionDay",
    "Sitting",
    "TrainingCertificate",
]
