"""One way to take a step of the tables of law, with the roles of the person and the facts of the thing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from qualipolis.city.core.policy import roles_of
from qualipolis.city.core.roles import SYSTEM
from qualipolis.law.calendar import add_days
from qualipolis.law.flow import Due, Flow, Refused, Step
from qualipolis.law.flows import ALL
from qualipolis.law.terms import deadline
from qualipolis.methods.problems import InputError

TABLE_VERSION = "2026.1"


@dataclass(frozen=True)
class Took:
    """A step that was taken: where it leads, the term it starts, and the version of the table."""

    step: Step
    target: str
    rule: str = TABLE_VERSION

    def due(self, start: date, in_force: date | None = None) -> date | None:
        """Return the last day of the term that the step starts, or None when it starts none."""
        return term(self.step.due, start, in_force) if self.step.due else None


def advance(actor: Any, flow: str, name: str, state: str, /, **facts: Any) -> Took:
    """Take the step ``name`` out of ``state``; ``InputError`` with the reason when the table does not allow it.

    Commands and scheduled work act in the role that the step asks for; the ledger names them as the system.
    """
    table = ALL[flow]
    step = table.find(state, name)
    roles = set(step.roles) if step and SYSTEM in roles_of(actor) else roles_of(actor)
    try:
        target = table.take(state, name, roles, {"actor": getattr(actor, "pk", None)} | facts)
    except Refused as refusal:
        problem = refusal.problem
        raise InputError([problem]) from None
    assert step is not None
    return Took(step, target)


def may_take(actor: Any, flow: str, name: str, state: str, facts: Mapping[str, Any] | None = None) -> bool:
    """Whether the table offers the step to this person in this state."""
    table = ALL[flow]
    roles = roles_of(actor)
    if SYSTEM in roles:
        return table.find(state, name) is not None
    return any(step.name == name for step in table.available(state, roles, facts))


def sources_of(flow: str, name: str) -> tuple[str, ...]:
    """Return the states out of which a step leads."""
    return tuple(source for step in _table(flow).steps if step.name == name for source in step.sources)


def roles_for(flow: str, *names: str) -> tuple[str, ...]:
    """Return the people's roles that may take one of the steps, for the declaration of a verb."""
    roles = (role for step in _table(flow).steps if step.name in names for role in step.roles)
    return tuple(dict.fromkeys(role for role in roles if role != SYSTEM))


def term_of(flow: str, name: str, start: date) -> date | None:
    """Return the last day of the term of a step that starts after ``start``."""
    due = next((step.due for step in _table(flow).steps if step.name == name), None)
    return term(due, start) if due else None


def term(due: Due, start: date, in_force: date | None = None) -> date:
    """Return the last day of a term; ``start`` does not count, and names the version of the rule unless ``in_force`` does."""
    return (deadline(due.rule, start, in_force=in_force) if due.rule else add_days(start, due.days, due.unit)).due


def _table(flow: str) -> Flow:
    return ALL[flow]
