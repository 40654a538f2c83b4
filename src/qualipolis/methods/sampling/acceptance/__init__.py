"""Acceptance sampling: operating characteristics, plan finding, the tables of GB/T 2828.1, switching, words."""

from qualipolis.methods.sampling.acceptance.attributes import (
    Assessment,
    AttributePlan,
    OcCurve,
    assess_plan,
    oc_curve,
    quality_at,
)
from qualipolis.methods.sampling.acceptance.declared import DeclaredPlan, declared_plan
from qualipolis.methods.sampling.acceptance.find import FoundPlan, find_plan
from qualipolis.methods.sampling.acceptance.rectify import Rectification, rectification
from qualipolis.methods.sampling.acceptance.sequential import SequentialPlan, sequential_oc, sequential_plan
from qualipolis.methods.sampling.acceptance.standard import (
    EDITIONS,
    Edition,
    Reading,
    StandardPlan,
    standard_plan,
    table_plan,
)
from qualipolis.methods.sampling.acceptance.switching import (
    LotResult,
    Switching,
    SwitchStep,
    after,
    lot_result,
    resume,
    start,
    trace,
)
from qualipolis.methods.sampling.acceptance.variables import (
    VariablesOc,
    VariablesPlan,
    find_variables_plan,
    variables_oc,
)
from qualipolis.methods.sampling.acceptance.wording import VERDICTS, Verdict, lot_verdict, supervision_verdict

__all__ = [
    "EDITIONS",
    "VERDICTS",
    "Assessment",
    "AttributePlan",
    "DeclaredPlan",
    "Edition",
    "FoundPlan",
    "LotResult",
    "OcCurve",
    "Reading",
    "Rectification",
    "SequentialPlan",
    "StandardPlan",
    "SwitchStep",
    "Switching",
    "VariablesOc",
    "VariablesPlan",
    "Verdict",
    "after",
    "assess_plan",
    "declared_plan",
    "find_plan",
    "find_variables_plan",
    "lot_result",
    "lot_verdict",
    "oc_curve",
    "quality_at",
    "rectification",
    "resume",
    "sequential_oc",
    "sequential_plan",
    "standard_plan",
    "start",
    "supervision_verdict",
    "table_plan",
    "trace",
    "variables_oc",
]
