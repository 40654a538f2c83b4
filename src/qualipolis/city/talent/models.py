"""Everything this room keeps, in the order of the work."""

from __future__ import annotations

from qualipolis.city.talent.awards.models import (
    AwardApplication,
    AwardConcern,
    AwardLook,
    AwardObjection,
    AwardRound,
    Consensus,
    RegulatorOpinion,
    ScoreRun,
    ScoreSheet,
    SeverityRun,
    SiteFinding,
)
from qualipolis.city.talent.officers.models import (
    FirmGroup,
    GroupFirm,
    Learner,
    Officer,
    OfficerAct,
    QualityDepartment,
    RemovalAdvice,
)
from qualipolis.city.talent.reviewers.models import Reviewer, ReviewerHours, ReviewerRating, ReviewerTie
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
    "AwardApplication",
    "AwardConcern",
    "AwardLook",
    "AwardObjection",
    "AwardRound",
    "Consensus",
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
    "RegulatorOpinion",
    "RemovalAdvice",
    "Reviewer",
    "ReviewerHours",
    "ReviewerRating",
    "ReviewerTie",
    "ScoreRun",
    "ScoreSheet",
    "Session",
    "SessionDay",
    "SeverityRun",
    "SiteFinding",
    "Sitting",
    "TrainingCertificate",
]
