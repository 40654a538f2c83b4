"""A workflow is data: a table of steps. This kernel says what may be done, does it, and draws it.

The thing that moves is any object or mapping; a guard reads facts of it and answers with a
:class:`~qualipolis.methods.problems.Problem` when they do not allow the step. The kernel changes nothing but the state
it returns.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from qualipolis.methods.problems import Problem, msg

Guard = Callable[[Any], Problem | None]

ROLES = (
    "leader",
    "planner",
    "department",
    "town_officer",
    "inspector",
    "laboratory",
    "expert",
    "hospital_desk",
    "hospital_manager",
    "complaint_desk",
    "mediator",
    "nqi_desk",
    "steward",
    "trainer",
    "secretary",
    "member",
    "enterprise",
    "reviewer",
    "auditor",
    "admin",
    "public",
    "system",
)
NEEDS = {
    "reason": msg("Give the reason."),
    "reply": msg("Write the reply that the town will receive."),
    "document_no": msg("Give the number of the document."),
    "second_person": msg("Name the second person who agrees."),
    "meeting_on": msg("Give the day of the meeting."),
    "issued_on": msg("Give the date of the document."),
    "signatory": msg("Name who signs for the unit."),
    "plan": msg("Write what will be done, by whom and by when."),
    "report": msg("Write what was done."),
    "reason_code": msg("Choose the reason."),
    "proof": msg("Attach the proof of service."),
    "laboratory": msg("Name the laboratory."),
    "authority": msg("Name the authority."),
}
CITY_TERM = msg("a term set by the city, not by law")


@dataclass(frozen=True)
class Due:
    """The term that a step starts: ``days`` working or calendar days, what it rests on, and its code in the rules."""

    days: int
    unit: Literal["working", "calendar"]
    basis: str = CITY_TERM
    rule: str = ""


@dataclass(frozen=True)
class Step:
    """One thing a person may do.

    Parameters
    ----------
    name : verb, unique for each source state
    sources : states in which it may be taken
    target : state after it
    role : role or roles that may take it
    guard : facts of the thing that must hold
    due : term for the next step, starting with this one
    law : clause or origin, as a message id
    label : message id of the button
    irreversible : shown with a confirmation
    needs : facts that the person gives with the step (keys of ``NEEDS``); asked when it is taken, not before
    """

    name: str
    sources: tuple[str, ...]
    target: str
    role: str | tuple[str, ...]
    guard: Guard | None = None
    due: Due | None = None
    law: str = ""
    label: str = ""
    irreversible: bool = False
    needs: tuple[str, ...] = ()

    @property
    def roles(self) -> tuple[str, ...]:
        return (self.role,) if isinstance(self.role, str) else self.role

    def objection(self, thing: Any) -> Problem | None:
        """Return why the facts of ``thing`` do not allow the step, or None."""
        return self.guard(thing) if self.guard else None


class Refused(Exception):
    """A step that may not be taken now, with the words to say why."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.reason, self.params = problem.what, problem.params
        super().__init__(str(problem))


def fact(thing: Any, name: str) -> Any:
    """Return a fact of a mapping or object; None when it is not known.

    >>> fact({"reason": "late"}, "reason"), fact(object(), "reason")
    ('late', None)
    """
    return thing.get(name) if isinstance(thing, Mapping) else getattr(thing, name, None)


@dataclass(frozen=True)
class Flow:
    """A table of steps with its states.

    >>> flow = Flow("door", "shut", (Step("open", ("shut",), "open", "public", label="Open"),), ("open",),
    ...             {"shut": "Shut", "open": "Open"}, "A door")
    >>> [s.name for s in flow.available("shut", {"public"})], flow.take("shut", "open", {"public"}, {})
    (['open'], 'open')
    >>> flow.take("open", "open", {"public"}, {})
    Traceback (most recent call last):
    ...
    qualipolis.law.flow.Refused: This step cannot be taken in the present state.
    """

    code: str
    initial: str
    steps: tuple[Step, ...]
    finals: tuple[str, ...]
    labels: Mapping[str, str] = field(hash=False)
    title: str = ""

    @property
    def states(self) -> tuple[str, ...]:
        return tuple(self.labels)

    def find(self, state: str, name: str) -> Step | None:
        """Return the step called ``name`` out of ``state``, if there is one."""
        return next((s for s in self.steps if s.name == name and state in s.sources), None)

    def available(self, state: str, roles: set[str] | frozenset[str], thing: Any = None) -> tuple[Step, ...]:
        """Return the steps that somebody with ``roles`` may take; guards are asked when ``thing`` is given."""
        mine = (s for s in self.steps if state in s.sources and roles & set(s.roles))
        return tuple(s for s in mine if thing is None or s.objection(thing) is None)

    def take(self, state: str, name: str, roles: set[str] | frozenset[str], thing: Any) -> str:
        """Return the state after the step, or raise :class:`Refused` with the reason."""
        step = self.find(state, name)
        if step is None:
            params = {"state": state, "step": name}
            raise Refused(Problem("wrong_state", msg("This step cannot be taken in the present state."), "", params))
        if not roles & set(step.roles):
            raise Refused(Problem("wrong_role", msg("Your role may not take this step."), "", {"step": name}))
        for need in step.needs:
            if not str(fact(thing, need) or "").strip():
                raise Refused(Problem(f"needs_{need}", NEEDS[need], "", {"step": name}))
        objection = step.objection(thing)
        if objection is not None:
            raise Refused(objection)
        return step.target

    def check(self) -> tuple[Problem, ...]:
        """Return what is wrong with the table itself: unknown names, states that are never reached or never left."""
        found: list[tuple[str, str]] = []
        keys = [(s.name, source) for s in self.steps for source in s.sources]
        used = {self.initial, *self.finals, *(s.target for s in self.steps), *(k[1] for k in keys)}
        found += [("unknown_state", state) for state in sorted(used - set(self.states))]
        found += [("repeated_step", name) for name, source in sorted(set(keys)) if keys.count((name, source)) > 1]
        found += [("unknown_role", r) for s in self.steps for r in s.roles if r not in ROLES]
        found += [("unknown_need", n) for s in self.steps for n in s.needs if n not in NEEDS]
        found += [("no_label", s.name) for s in self.steps if not s.label]
        reached = self._closure({self.initial}, forward=True)
        living = self._closure(set(self.finals), forward=False)
        found += [("unreachable", state) for state in self.states if state not in reached]
        found += [("dead_end", state) for state in self.states if state not in living]
        return tuple(Problem(code, "%(flow)s: %(name)s", "", {"flow": self.code, "name": n}) for code, n in found)

    def _closure(self, states: set[str], *, forward: bool) -> set[str]:
        while True:
            if forward:
                more = {s.target for s in self.steps if states & set(s.sources)}
            else:
                more = {source for s in self.steps if s.target in states for source in s.sources}
            if more <= states:
                return states
            states = states | more

    def mermaid(self, translate: Callable[[str], str] = msg) -> str:
        """Return the diagram of the flow in the language of ``translate``."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.initial}"]
        lines += [f"    {state}: {translate(label)}" for state, label in self.labels.items()]
        for step in self.steps:
            lines += [f"    {source} --> {step.target}: {translate(step.label)}" for source in step.sources]
        return "\n".join([*lines, *(f"    {state} --> [*]" for state in self.finals)])


def every(*guards: Guard) -> Guard:
    """Return the guard that holds when all of ``guards`` hold; the first objection is told."""

    def guard(thing: Any) -> Problem | None:
        return next((problem for one in guards if (problem := one(thing)) is not None), None)

    return guard
