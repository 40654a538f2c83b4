"""Whether a process can keep to its limits: indices with honest confidence limits."""

from qualipolis.methods.spc.capability.bounds import Index
from qualipolis.methods.spc.capability.specification import Specification
from qualipolis.methods.spc.capability.study import CapabilityStudy, Outside, capability

__all__ = ["CapabilityStudy", "Index", "Outside", "Specification", "capability"]
