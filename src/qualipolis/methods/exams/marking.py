"""Marking of answers by a key: one right option, several, right or wrong, a number within a tolerance."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from qualipolis.methods.problems import InputError, Problem, msg

SINGLE, MULTIPLE, TRUE_FALSE, NUMBER = "single", "multiple", "true_false", "number"
KINDS = (SINGLE, MULTIPLE, TRUE_FALSE, NUMBER)
ALL_OR_NOTHING, PARTIAL = "all_or_nothing", "partial"
Answer = str | float | bool | Collection[int] | None


@dataclass(frozen=True)
class Key:
    """What is right: the places of the right options, the truth of a statement, or a number with its tolerance."""

    kind: str
    right: tuple[int, ...] = ()
    truth: bool | None = None
    number: float | None = None
    tolerance: float = 0.0
    options: int = 0

    def problems(self, place: str = "") -> tuple[Problem, ...]:
        """Return what is wrong with the key itself.

        >>> [one.code for one in Key("single", (0, 1), options=4).problems()], Key("number", number=1.5).problems()
        (['one_right'], ())
        """
        found = []
        if self.kind not in KINDS:
            found.append(Problem("unknown_kind", msg("The kind of the question is not known."), place=place))
        if self.kind in (SINGLE, MULTIPLE):
            found += self._of_options(place)
        if self.kind == TRUE_FALSE and self.truth is None:
            found.append(Problem("no_truth", msg("Say whether the statement is right or wrong."), place=place))
        if self.kind == NUMBER and (self.number is None or not math.isfinite(self.number)):
            found.append(Problem("no_number", msg("Give the right number."), place=place))
        if not (math.isfinite(self.tolerance) and self.tolerance >= 0):
            found.append(Problem("bad_tolerance", msg("The tolerance is a number from 0 on."), place=place))
        return tuple(found)

    def _of_options(self, place: str) -> list[Problem]:
        found = []
        if self.options < 2:
            found.append(Problem("few_options", msg("Give at least two options."), place=place))
        if self.kind == SINGLE and len(set(self.right)) != 1:
            found.append(Problem("one_right", msg("Exactly one option is right."), place=place))
        if self.kind == MULTIPLE and not self.right:
            found.append(Problem("none_right", msg("At least one option is right."), place=place))
        if any(not 0 <= one < self.options for one in self.right):
            found.append(Problem("no_such_option", msg("The answer names an option that is not there."), place=place))
        return found


def mark(key: Key, answer: Answer, points: float, rule: str = ALL_OR_NOTHING) -> float:
    """Return the points for one answer; nothing answered is worth nothing.

    ``all_or_nothing`` gives the points for the whole right set only. ``partial`` gives, for several right options,
    ``points * max(0, (hits - wrong) / right)`` with hits and wrong counted over the options chosen; a guess at every
    option is worth nothing when as many are wrong as right.

    Parameters
    ----------
    key : what is right
    answer : place of the option, places of options, truth, or number (a text is read as one); None for no answer
    points : what the question is worth

    >>> mark(Key("single", (2,), options=4), 2, 5), mark(Key("single", (2,), options=4), [2, 3], 5)
    (5.0, 0.0)
    >>> several = Key("multiple", (0, 2), options=4)
    >>> mark(several, [2, 0], 4), mark(several, [0], 4), mark(several, [0], 4, "partial"), mark(several, [0, 1], 4, "partial")
    (4.0, 0.0, 2.0, 0.0)
    >>> mark(Key("number", number=1.33, tolerance=0.005), "1.334", 5), mark(Key("number", number=1.33), None, 5)
    (5.0, 0.0)
    """
    if found := key.problems():
        raise InputError(found)
    if answer is None or answer == "":
        return 0.0
    if key.kind == NUMBER:
        said = number_of(answer)
        slack = key.tolerance + 1e-12 * max(1.0, abs(key.number or 0.0))
        return float(points) if said is not None and abs(said - (key.number or 0.0)) <= slack else 0.0
    if key.kind == TRUE_FALSE:
        return float(points) if truth_of(answer) is key.truth else 0.0
    chosen, right = places_of(answer), set(key.right)
    if key.kind == MULTIPLE and rule == PARTIAL:
        return float(points) * max(0.0, (len(chosen & right) - len(chosen - right)) / len(right))
    return float(points) if chosen == right else 0.0


def number_of(answer: Answer) -> float | None:
    """Return a number however it was typed, None when it is none.

    >>> number_of("１．３３"), number_of("1,234.5"), number_of("a"), number_of("nan")
    (1.33, 1234.5, None, None)
    """
    if isinstance(answer, bool):
        return None
    if isinstance(answer, int | float):
        return float(answer) if math.isfinite(answer) else None
    if not isinstance(answer, str) or len(answer) > 40:
        return None
    try:
        said = float(unicodedata.normalize("NFKC", answer).replace(",", "").strip())
    except ValueError:
        return None
    return said if math.isfinite(said) else None


def truth_of(answer: Answer) -> bool | None:
    """Return whether an answer says right or wrong, None when it says neither."""
    if isinstance(answer, bool):
        return answer
    return {"true": True, "false": False, "0": True, "1": False}.get(str(answer).strip().lower())


def places_of(answer: Answer) -> set[int]:
    """Return the places chosen; what is no place is left out.

    >>> sorted(places_of(["0", 2, "x"])), places_of(3), places_of("1")
    ([0, 2], {3}, {1})
    """
    many: Collection[object] = answer if isinstance(answer, list | tuple | set | frozenset) else [answer]
    return {int(str(one)) for one in many if str(one).isdigit() and str(one).isascii() and len(str(one)) < 4}


@dataclass(frozen=True)
class Result:
    """What a paper was worth."""

    marks: Mapping[str, float]
    points: float
    most: float
    passed: bool
    answered: int

    @property
    def share(self) -> float:
        return self.points / self.most

    def __str__(self) -> str:
        word = "passed" if self.passed else "not passed"
        return f"{self.points:g} of {self.most:g} points ({self.share:.1%}), {word}; {self.answered} answered"


def mark_paper(
    keys: Mapping[str, Key], worth: Mapping[str, float], answers: Mapping[str, Answer], pass_share: float,
    rule: str = ALL_OR_NOTHING,
) -> Result:  # fmt: skip
    """Return the points of every question of a paper, their sum, and whether it reaches ``pass_share`` of the most.

    The share is compared on unrounded points with a slack of 1e-9, so that 60 of 100 reaches 0.6.

    >>> keys = {"a": Key("single", (0,), options=2), "b": Key("true_false", truth=True)}
    >>> print(mark_paper(keys, {"a": 60, "b": 40}, {"a": 0}, 0.6))
    60 of 100 points (60.0%), passed; 1 answered
    """
    if not worth or set(worth) - set(keys) or not 0 < pass_share <= 1:
        what = msg("Every question needs its key, and the share to pass lies above 0 and up to 1.")
        raise InputError([Problem("bad_paper", what)])
    marks = {code: mark(keys[code], answers.get(code), points, rule) for code, points in worth.items()}
    points, most = math.fsum(marks.values()), math.fsum(worth.values())
    answered = sum(1 for code in worth if answers.get(code) not in (None, "", [], ()))
    return Result(marks, points, most, points >= pass_share * most - 1e-9, answered)


def options_given(order: Sequence[int], shown: Collection[int]) -> list[int]:
    """Return the places in the bank of options chosen by their place on the paper.

    >>> options_given((2, 0, 1), {0, 2})
    [1, 2]
    """
    return sorted(order[place] for place in shown if 0 <= place < len(order))
