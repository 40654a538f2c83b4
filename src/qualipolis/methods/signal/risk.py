"""Risk level of a product: severity of the injury and probability of the way to it, as in the EU guidelines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from qualipolis.methods.problems import Problem, msg, refuse

Number = Fraction | float | int | str

LEVELS = ("low", "medium", "high", "serious")
LEVEL_NAMES = {
    "low": msg("low risk"),
    "medium": msg("medium risk"),
    "high": msg("high risk"),
    "serious": msg("serious risk"),
}
SEVERITIES = {
    1: msg("first aid heals it, and it leaves nothing behind"),
    2: msg("a visit to the emergency room; up to about six months, more or less full recovery"),
    3: msg("a stay in hospital, over six months, or a lasting loss of function"),
    4: msg("it may kill, or take a limb or over about a tenth of ability, or harm offspring"),
}
BOUNDS = (Fraction(1, 2), *(Fraction(1, 10**power) for power in range(1, 7)))  # a class lies above its bound
CLASSES = (
    "> 50 %", "> 1/10", "> 1/100", "> 1/1 000", "> 1/10 000", "> 1/100 000", "> 1/1 000 000", "≤ 1/1 000 000",
)  # fmt: skip
MATRIX = ("HSSS", "MSSS", "MSSS", "LHSS", "LMHS", "LLMH", "LLLM", "LLLL")  # rows: classes; columns: severity 1 to 4
LETTERS = dict(zip("LMHS", LEVELS, strict=True))
STEP = 10  # the classes are powers of ten


@dataclass(frozen=True)
class Factor:
    """One step on the way to an injury and its probability, with the lowest and highest value held possible.

    Numbers are written as people write them: ``"1/50"``, ``0.02``, ``"2 %"``; they are kept exactly.
    """

    what: str
    probability: Number
    low: Number | None = None
    high: Number | None = None
    source: str = ""


@dataclass(frozen=True)
class Scenario:
    """A way in which someone is hurt: the injury's severity (1 to 4), that held possible, and the steps."""

    name: str
    severity: int
    factors: tuple[Factor, ...]
    severities: tuple[int, int] | None = None
    people: str = ""


@dataclass(frozen=True)
class Change:
    """One input moved, and the level that follows; ``factor`` is -1 for the severity."""

    factor: int
    what: str
    upwards: bool
    value: Fraction
    level: str
    flips: bool


@dataclass(frozen=True)
class Assessed:
    """A scenario with its probability, class, level, and what one step up or down on each input does."""

    scenario: Scenario
    probability: Fraction
    probability_class: str
    level: str
    changes: tuple[Change, ...]

    @property
    def flips(self) -> tuple[Change, ...]:
        """The changes that move the level."""
        return tuple(one for one in self.changes if one.flips)

    @property
    def lowest(self) -> str:
        """The lowest level after one change."""
        return min([self.level, *(one.level for one in self.changes)], key=LEVELS.index)

    @property
    def highest(self) -> str:
        """The highest level after one change."""
        return max([self.level, *(one.level for one in self.changes)], key=LEVELS.index)


@dataclass(frozen=True)
class Risk:
    """The highest level over the scenarios, the scenario that decides, and how sure the level is.

    ``highest``: the highest level that one step on one input of any scenario gives. ``uncertain``: the inputs, as
    (scenario, input), with which the level of the product moves, up in any scenario or down in the only one that
    gives it.
    """

    level: str
    highest: str
    lowest: str
    deciding: str
    scenarios: tuple[Assessed, ...]
    uncertain: tuple[tuple[str, str], ...]

    @property
    def robust(self) -> bool:
        """Tell whether no single step moves the level."""
        return self.highest == self.level == self.lowest

    def __str__(self) -> str:
        between = "" if self.robust else f", between {self.lowest} and {self.highest} after one step"
        return f"{self.level} risk by {self.deciding}{between}"


def risk_level(probability: Number, severity: int) -> str:
    """Return the level for a probability of injury over the product's life and a severity from 1 to 4.

    Classes are open below: 1/1 000 itself is "> 1/10 000". Source: EU general risk assessment methodology (Commission
    Implementing Decision (EU) 2019/417, part III, appendix 5, table 4), quoted in the rules as a default.

    Raises
    ------
    InputError
        a probability outside 0 to 1, a severity that is not 1, 2, 3 or 4

    >>> risk_level("1/500", 1), risk_level("1/500", 2), risk_level(1e-7, 4)
    ('low', 'high', 'low')
    """
    chance = fraction(probability)
    refuse(_chance_problems(chance, "probability") + _severity_problems(severity, "severity"))
    assert chance is not None
    return LETTERS[MATRIX[_class(chance)][severity - 1]]


def assess_risk(scenarios: Sequence[Scenario]) -> Risk:
    """Return the risk of a product: each scenario's probability is the product of its steps; the highest level counts.

    The sensitivity run moves one input at a time: a step's probability to its ``high`` and ``low`` where they are
    given, else times and over ten (at most 1); the severity to that held possible, else one class up and down.

    Raises
    ------
    InputError
        no scenario, a scenario without steps, a number that cannot be read or lies outside its bounds

    >>> burn = Scenario("burn", 1, (Factor("the lid is hot", 1), Factor("a hand touches it", "1/50"),
    ...                             Factor("long enough", "1/10")))
    >>> found = assess_risk([burn])
    >>> found.level, str(found.scenarios[0].probability), found.scenarios[0].probability_class
    ('low', '1/500', '> 1/1 000')
    >>> [(one.what, one.level) for one in found.scenarios[0].flips]
    [('a hand touches it', 'medium'), ('long enough', 'medium'), ('severity', 'high')]
    """
    _check(scenarios)
    found = tuple(_assessed(one) for one in scenarios)
    best = max(found, key=lambda one: (LEVELS.index(one.level), one.probability))
    level = best.level
    deciding = [one for one in found if one.level == level]
    alone = len(deciding) == 1
    below = [one.level for one in found if one is not best]
    floor = max([best.lowest, *below], key=LEVELS.index) if alone else level
    uncertain = [
        (one.scenario.name, change.what)
        for one in found
        for change in one.changes
        if LEVELS.index(change.level) > LEVELS.index(level)
        or (alone and one is best and _after(change.level, below) < LEVELS.index(level))
    ]
    highest = max((one.highest for one in found), key=LEVELS.index)
    return Risk(level, highest, floor, best.scenario.name, found, tuple(dict.fromkeys(uncertain)))


def _after(level: str, others: Sequence[str]) -> int:
    """Return the place of the level that the product has when the deciding scenario falls to ``level``."""
    return max(LEVELS.index(one) for one in (level, *others))


def fraction(given: Number) -> Fraction | None:
    """Return a number exactly as it is written; None when it is none.

    >>> [str(fraction(one)) for one in (0.1, "1/50", "2 %", "1/1 000", "1：3", "no", float("nan"))]
    ['1/10', '1/50', '1/50', '1/1000', 'None', 'None', 'None']
    """
    if isinstance(given, Fraction):
        return given
    text = re.sub(r"[\s,，_]", "", str(given)).replace("％", "%").replace("／", "/")
    share = text.endswith("%")
    if len(text) > 40 or not re.fullmatch(r"\d*\.?\d+(e[+-]?\d{1,3})?(/\d+)?%?", text, re.IGNORECASE):
        return None
    top, _, bottom = text.rstrip("%").partition("/")
    if bottom and int(bottom) == 0:
        return None
    return Fraction(top) / int(bottom or 1) / (100 if share else 1)


def _class(chance: Fraction) -> int:
    return next((row for row, bound in enumerate(BOUNDS) if chance > bound), len(BOUNDS))


def _level(chance: Fraction, severity: int) -> str:
    return LETTERS[MATRIX[_class(chance)][severity - 1]]


def _assessed(one: Scenario) -> Assessed:
    values = [_known(factor.probability) for factor in one.factors]
    chance = _product(values)
    level = _level(chance, one.severity)
    changes: list[Change] = []
    for number, factor in enumerate(one.factors):
        for upwards in (True, False):
            value = _moved(factor, values[number], upwards)
            if value != values[number]:
                moved = _level(_product([*values[:number], value, *values[number + 1 :]]), one.severity)
                changes.append(Change(number, factor.what, upwards, value, moved, moved != level))
    low, high = one.severities or (max(one.severity - 1, 1), min(one.severity + 1, 4))
    for upwards, severity in ((True, high), (False, low)):
        if severity != one.severity:
            moved = _level(chance, severity)
            changes.append(Change(-1, msg("severity"), upwards, Fraction(severity), moved, moved != level))
    return Assessed(one, chance, CLASSES[_class(chance)], level, tuple(changes))


def _moved(factor: Factor, value: Fraction, upwards: bool) -> Fraction:
    bound = factor.high if upwards else factor.low
    if bound is not None:
        return _known(bound)
    return min(value * STEP, Fraction(1)) if upwards else value / STEP


def _product(values: Sequence[Fraction]) -> Fraction:
    found = Fraction(1)
    for value in values:
        found *= value
    return found


def _known(given: Number) -> Fraction:
    found = fraction(given)
    assert found is not None
    return found


def _check(scenarios: Sequence[Scenario]) -> None:
    problems: list[Problem] = []
    if not scenarios:
        problems.append(Problem("no_scenario", msg("Describe at least one way in which someone is hurt.")))
    for one in scenarios:
        if not one.factors:
            what = msg("This scenario has no steps; give at least one with its probability.")
            problems.append(Problem("no_steps", what, place=one.name))
        for severity in (one.severity, *(one.severities or ())):
            problems += _severity_problems(severity, one.name)
        for factor in one.factors:
            place = f"{one.name}, {factor.what}"
            given = [factor.low, factor.probability, factor.high]
            values = [fraction(value) for value in given if value is not None]
            for value in values:
                problems += _chance_problems(value, place)
            known = [value for value in values if value is not None]
            if len(known) == len(values) and known != sorted(known):
                what = msg("The lowest value must not lie above the probability, nor the highest below it.")
                problems.append(Problem("bad_order", what, place=place))
    refuse(problems)


def _chance_problems(value: Fraction | None, place: str) -> list[Problem]:
    if value is not None and 0 <= value <= 1:
        return []
    what, remedy = msg("A probability lies between 0 and 1."), msg("Write it as 1/50, 0.02 or 2 %%.")
    return [Problem("bad_probability", what, remedy, place=place)]


def _severity_problems(severity: int, place: str) -> list[Problem]:
    if severity in SEVERITIES:
        return []
    return [Problem("bad_severity", msg("The severity of an injury is 1, 2, 3 or 4."), place=place)]
