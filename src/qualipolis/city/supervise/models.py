"""Everything this room keeps, in the order of the work."""

from __future__ import annotations

from qualipolis.city.supervise.aftermath.models import (
    AreaTransfer,
    HandlingCase,
    PenaltyPublication,
    Publication,
    QualityMeeting,
    Restart,
)
from qualipolis.city.supervise.draws.models import DrawnUnit, DrawRun, InspectorProfile
from qualipolis.city.supervise.field.models import (
    Assignment,
    Custody,
    FieldPhoto,
    Sample,
    SamplingForm,
    SamplingTask,
    Seal,
    Submission,
)
from qualipolis.city.supervise.laboratory.models import SampleReceipt, TestItem, TestReport, Verdict
from qualipolis.city.supervise.planning.models import (
    Campaign,
    HigherLevelTask,
    PlanLine,
    Purpose,
    RuleItem,
    SamplingPlan,
    SamplingRule,
    Stage,
)
from qualipolis.city.supervise.results.models import Objection, Recheck, Result, ResultRevision, ServedResult
from qualipolis.city.supervise.statistics.models import ItemFact, ResultFact, StratumSize

__all__ = [
    "AreaTransfer",
    "Assignment",
    "Campaign",
    "Custody",
    "DrawRun",
    "DrawnUnit",
    "FieldPhoto",
    "HandlingCase",
    "HigherLevelTask",
    "InspectorProfile",
    "ItemFact",
    "Objection",
    "PenaltyPublication",
    "PlanLine",
    "Publication",
    "Purpose",
    "QualityMeeting",
    "Recheck",
    "Restart",
    "Result",
    "ResultFact",
    "ResultRevision",
    "RuleItem",
    "Sample",
    "SampleReceipt",
    "SamplingForm",
    "SamplingPlan",
    "SamplingRule",
    "SamplingTask",
    "Seal",
    "ServedResult",
    "Stage",
    "StratumSize",
    "Submission",
    "TestItem",
    "TestReport",
    "Verdict",
]
