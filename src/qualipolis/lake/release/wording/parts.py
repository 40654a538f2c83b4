"""What the words of a step consist of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from qualipolis.lake.release.wording.sentences import Sentence
from qualipolis.methods.composite import Framework

HANDBOOK = "OECD/JRC (2008), Handbook on Constructing Composite Indicators"
COINR = "Becker et al. (2022), COINr, JOSS 7(78), 4567"
Say = Callable[[Any, Framework], Iterable[Sentence]]
Show = Callable[[Any], Iterable[str]]


def no_formula(step: Any) -> Iterable[str]:
    """Show no formula."""
    return ()


@dataclass(frozen=True)
class StepWords:
    """The words of one kind of step; ``covers`` are the parameters that its sentences say."""

    heading: str
    sentences: Say
    covers: frozenset[str]
    formula: Show = no_formula
    source: Callable[[Any], str] = lambda step: HANDBOOK


@dataclass(frozen=True)
class Choice:
    """What is said of one value of a parameter: a sentence, its formula, its source where it is not the usual one."""

    text: str
    formula: tuple[str, ...] = ()
    source: str = ""


def chosen(choices: Mapping[str, Choice], value: str, params: Mapping[str, object]) -> Sentence:
    """Return the sentence of a choice; one that nobody wrote words for is named."""
    if value in choices:
        return Sentence(choices[value].text, params)
    return Sentence("%(method)s", {"method": value})


def formula_of(choices: Mapping[str, Choice], value: str) -> tuple[str, ...]:
    """Return the formula of a choice."""
    return choices[value].formula if value in choices else ()


def source_of(choices: Mapping[str, Choice], value: str, usual: str = HANDBOOK) -> str:
    """Return the source of a choice."""
    return (choices[value].source if value in choices else "") or usual
