"""The roles of the federation and the way its tables write a step.

No agency takes a step of these tables: market regulation and the departments guide with opinions, they do not decide
(Product Quality Law, article 20: intermediaries have no subordination to agencies).
"""

from __future__ import annotations

from typing import Any

from qualipolis.law.federation.rules import NOTE
from qualipolis.law.flow import Step
from qualipolis.methods.problems import msg

SECRETARY = ("secretary",)
MEMBER = ("member", "enterprise")  # an association or consumer member by its representative, a firm by its own people
REPRESENTATIVE = ("member",)
FIRM = ("enterprise",)
BOTH = (*SECRETARY, *MEMBER)
AGENCIES = ("leader", "planner", "department", "town_officer", "inspector", "complaint_desk", "auditor", "admin")
COMPETITION = msg(
    "Anti-Monopoly Law, articles 17 and 21: agreements of competitors and decisions of trade associations"
)


def step(
    name: str, sources: tuple[str, ...], target: str, role: tuple[str, ...], label: str, law: str = NOTE, **more: Any
) -> Step:
    """Return a step; where no clause is given it is a working rule of the federation."""
    return Step(name, sources, target, role, law=law, label=label, **more)
