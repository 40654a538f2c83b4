"""Which instrument: the decision table walked step by step, with the number found, the threshold and what follows.

``recommend(facts)`` walks :data:`.decision_steps.STEPS` from what is known. An absent fact is a question: the walk stops
there and asks it, which makes a wizard of it (answer, and call again). A fact given as ``None`` is known to be unknown.
:func:`facts_of` computes what can be computed from data, so that only the rest is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import sqrt

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.spc.decision_steps import END, START, STEPS
from qualipolis.methods.spc.decisions import FACTS, INSTRUMENTS, ROOT_N, Branch, Fact, Instrument, Mood, Step
from qualipolis.methods.spc.instrument_facts import facts_of

__all__ = ["Change", "Recommendation", "Taken", "Value", "facts_of", "recommend"]
Value = float | int | str | None
Facts = Mapping[str, Value]


@dataclass(frozen=True)
class Taken:
    """A step that was taken: the question, what was found, the threshold, and the outcome; words are message ids."""

    step: str
    fact: str
    question: str
    value: Value
    operator: str
    threshold: Value
    outcome: str
    reason: str
    instrument: str
    mood: Mood
    next: str

    def text(self, translate: Callable[[str], str] = msg) -> str:
        """Return the outcome and its reason in words."""
        shown = {"value": _shown(self.value), "limit": _shown(self.threshold)}
        return " ".join(translate(part) % shown for part in (self.outcome, self.reason))


@dataclass(frozen=True)
class Change:
    """What would change the answer: if ``fact`` stood so to the threshold, the answer would be ``instrument``.

    ``instrument`` is None where more would have to be asked first.
    """

    fact: str
    operator: str
    threshold: Value
    instrument: str | None

    def text(self, translate: Callable[[str], str] = msg) -> str:
        """Return the change in words."""
        fact = FACTS[self.fact]
        answer = fact.answers.get(str(self.threshold))
        stands = translate(answer) % {} if answer else f"{SIGNS[self.operator]} {_shown(self.threshold)}"
        name = translate(INSTRUMENTS[self.instrument].name) if self.instrument else translate(msg("more questions"))
        words = {"question": translate(fact.question) % {}, "answer": stands, "instrument": name}
        return translate(msg("%(question)s With %(answer)s: %(instrument)s.")) % words


SIGNS = {"<": "<", "<=": "≤", ">": ">", ">=": "≥", "is": "="}
AGAINST = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


@dataclass(frozen=True)
class Recommendation:
    """The steps taken, the instrument at the end, those on the way (a chart before capability), and what would change it.

    ``ask`` is the next question while something is missing, and ``may_skip`` tells whether "not known" (None) answers it;
    ``instrument`` is then what is known so far, or None.
    """

    steps: tuple[Taken, ...]
    instrument: Instrument | None
    also: tuple[Instrument, ...]
    changes: tuple[Change, ...]
    ask: Fact | None
    may_skip: bool = False

    @property
    def complete(self) -> bool:
        """Whether nothing is left to ask."""
        return self.ask is None

    @property
    def stopped(self) -> Taken | None:
        """The first step that stopped the question as it was asked, for example because the measuring comes first."""
        return next((taken for taken in self.steps if taken.mood == "stop"), None)

    def text(self, translate: Callable[[str], str] = msg) -> str:
        """Return one line for each step, then the instrument or the next question."""
        lines = [taken.text(translate) for taken in self.steps]
        if self.ask is not None:
            lines.append(translate(self.ask.question) % {})
        elif self.instrument is not None:
            lines.append(f"→ {translate(self.instrument.name)}")
        return "\n".join(lines)

    def __repr__(self) -> str:
        end = f"asks {self.ask.name}" if self.ask else str(self.instrument and self.instrument.code)
        return f"Recommendation({' > '.join(taken.step for taken in self.steps)}: {end})"


def recommend(facts: Facts) -> Recommendation:
    """Return the instrument for what is known, every step explained; or the next question.

    Parameters
    ----------
    facts : by the names of :data:`.decisions.FACTS`: numbers, or one of the answers; ``None`` is "not known"

    Raises
    ------
    InputError
        Facts that do not exist, answers that are none, numbers that are none.

    >>> found = recommend({"goal": "capability", "measurement": "grr", "grr": 38, "gauge_setup": "parts",
    ...                    "destructive": "no"})
    >>> found.stopped.text().partition(".")[0], found.instrument.code
    ('Measurement system first: %GRR is 38, above 30', 'crossed')
    >>> recommend({"goal": "life"}).ask.name
    'failures'
    """
    known = checked(facts)
    taken, ask = _walk(known)
    named = [step.instrument for step in taken if step.instrument]
    changes = _changes(known, taken, named[-1]) if named and ask is None else ()
    instrument = INSTRUMENTS[named[-1]] if named else None
    also = tuple(INSTRUMENTS[code] for code in dict.fromkeys(named[:-1]) if code != named[-1])
    step = STEPS[taken[-1].next if taken else START] if ask else None
    return Recommendation(taken, instrument, also, changes, ask, step is not None and skippable(step))


def checked(facts: Facts) -> dict[str, Value]:
    """Return the facts, every one of them possible."""
    wrong = []
    for name, value in facts.items():
        if name not in FACTS:
            what = msg("There is no fact called %(name)s.")
            wrong.append(Problem("unknown_fact", what, "", {"name": name}, name))
        elif value is None:
            continue
        elif FACTS[name].answers and value not in FACTS[name].answers:
            what, known = msg("%(value)s is no answer here; known are %(known)s."), ", ".join(FACTS[name].answers)
            wrong.append(Problem("unknown_answer", what, "", {"value": value, "known": known}, name))
        elif not FACTS[name].answers and not _number(value):
            wrong.append(Problem("not_a_number", msg("This fact is a number, not below 0."), place=name))
    if wrong:
        raise InputError(wrong)
    return dict(facts)


def _number(value: Value) -> bool:
    if isinstance(value, str) or value is None:
        return False
    return 0 <= value < float("inf")


def _walk(facts: Facts) -> tuple[tuple[Taken, ...], Fact | None]:
    taken: list[Taken] = []
    code = START
    while code:
        step = STEPS[code]
        missing = _missing(step, facts)
        if missing is not None:
            return tuple(taken), missing
        branch = next(branch for branch in step.branches if _holds(branch, facts.get(step.fact), facts))
        taken.append(_taken(step, branch, facts))
        code = branch.next
    return tuple(taken), None


def _missing(step: Step, facts: Facts) -> Fact | None:
    """Return what must be asked before this step: "not known" is an answer only where the step can go on with it."""
    if not step.fact:
        return None
    if step.fact not in facts or (facts[step.fact] is None and not skippable(step)):
        return FACTS[step.fact]
    rooted = any(branch.threshold == ROOT_N for branch in step.branches)
    return FACTS["subgroups"] if rooted and facts[step.fact] is not None and not facts.get("subgroups") else None


def skippable(step: Step) -> bool:
    """Return whether "not known" is an answer to this step."""
    return any(branch.operator == "unknown" for branch in step.branches)


def _holds(branch: Branch, value: Value, facts: Facts) -> bool:
    if branch.operator == "else":
        return True
    if branch.operator == "unknown" or value is None:
        return branch.operator == "unknown" and value is None
    limit = _limit(branch, facts)
    if branch.operator == "is" or isinstance(value, str) or isinstance(limit, str) or limit is None:
        return branch.operator == "is" and value == limit
    return {"<": value < limit, "<=": value <= limit, ">": value > limit, ">=": value >= limit}[branch.operator]


def _limit(branch: Branch, facts: Facts) -> Value:
    if branch.threshold != ROOT_N:
        return branch.threshold if branch.threshold != "" else None
    n = facts.get("subgroups")  # the points that were plotted
    return 2 / sqrt(n) if isinstance(n, int | float) and n else None


def _taken(step: Step, branch: Branch, facts: Facts) -> Taken:
    question = FACTS[step.fact].question if step.fact else ""
    value, limit = facts.get(step.fact), _limit(branch, facts)
    parts = (value, branch.operator, limit, branch.outcome, step.reason, branch.instrument, branch.mood, branch.next)
    return Taken(step.code, step.fact, question, *parts)


def _shown(value: Value) -> str:
    if value is None:
        return "?"
    return value if isinstance(value, str) else f"{value:.4g}"


def _changes(facts: Facts, taken: tuple[Taken, ...], chosen: str) -> tuple[Change, ...]:
    """Return which single facts, had they stood otherwise, would have led elsewhere; nothing but that fact is moved."""
    found: dict[tuple[str, str, Value], Change] = {}
    for one in taken:
        for operator, threshold, value in _others(one, facts):
            walked, ask = _walk({**facts, one.fact: value})
            end = [step.instrument for step in walked if step.instrument]
            code = end[-1] if end and ask is None else None
            if code != chosen:
                found.setdefault((one.fact, operator, threshold), Change(one.fact, operator, threshold, code))
    return tuple(found.values())


def _others(one: Taken, facts: Facts) -> list[tuple[str, Value, Value]]:
    """Return what else the fact of a step could have been: other answers, or the far side of each threshold."""
    if not one.fact or one.step == END or one.fact == "goal":
        return []
    fact = FACTS[one.fact]
    if fact.answers:
        return [("is", answer, answer) for answer in fact.answers if answer != one.value]
    found: list[tuple[str, Value, Value]] = []
    for branch in STEPS[one.step].branches:
        limit = _limit(branch, facts)
        if isinstance(limit, str) or limit is None or branch.operator not in AGAINST:
            continue
        inside = _holds(branch, one.value, facts)
        operator = AGAINST[branch.operator] if inside else branch.operator
        found.append((operator, limit, _beyond(operator, limit, fact.whole)))
    return found


def _beyond(operator: str, limit: float, whole: bool) -> float:
    """Return a value that just stands so to the limit."""
    step = 1.0 if whole else max(abs(limit), 1.0) * 1e-6
    return {"<": max(0.0, limit - step), "<=": limit, ">": limit + step, ">=": limit}[operator]
