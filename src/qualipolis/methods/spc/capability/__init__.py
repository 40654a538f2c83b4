"""Whether a process can keep to its limits: indices with honest confidence limits."""

from qualipolis.methods.spc.capability.attributes import (
    AttributeStudy,
    Rate,
    defective_capability,
    defects_capability,
)
from qualipolis.methods.spc.capability.bounds import Index
from qualipolis.methods.spc.capability.nonnormal import (
    Beyond,
    NonNormalStudy,
    nonnormal_capability,
    transformed_capability,
)
from qualipolis.methods.spc.capability.specification import Specification
from qualipolis.methods.spc.capability.study import CapabilityStudy, Outside, capability
from qualipolis.methods.spc.capability.time_models import (
    TimeModel,
    TimeModelStudy,
    TimeTest,
    time_model,
    time_model_capability,
)

__all__ = [
    "AttributeStudy",
    "Beyond",
    "CapabilityStudy",
    "Index",
    "NonNormalStudy",
    "Outside",
    "Rate",
    "Specification",
    "TimeModel",
    "TimeModelStudy",
    "TimeTest",
    "capability",
    "defective_capability",
    "defects_capability",
    "nonnormal_capability",
    "time_model",
    "time_model_capability",
    "transformed_capability",
]
