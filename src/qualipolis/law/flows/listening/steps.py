"""The roles of the room of listening and the way its tables write a step."""

from __future__ import annotations

from typing import Any

from qualipolis.law.flow import Step
from qualipolis.law.listening.rules import NOTE

OFFICER = ("complaint_desk",)
MEDIATOR = ("complaint_desk", "mediator")
INVESTIGATOR = ("inspector", "department")
HANDLER = ("complaint_desk", "inspector")
FIRM = ("enterprise",)
PUBLIC = ("public",)
SIGNER = ("leader", "planner")


def step(
    name: str, sources: tuple[str, ...], target: str, role: tuple[str, ...], label: str, law: str = NOTE, **more: Any
) -> Step:
    """Return a step; where no clause is given it is a working rule of the city."""
    return Step(name, sources, target, role, law=law, label=label, **more)
