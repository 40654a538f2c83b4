"""The words of the steps on data of several years."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from qualipolis.lake.release.wording.parts import COINR, Choice, StepWords, chosen, formula_of
from qualipolis.lake.release.wording.sentences import Sentence
from qualipolis.methods.composite import Framework
from qualipolis.methods.problems import msg

TIME_BY_TIME = Sentence(msg("This is done for each year by itself."))

SERIES = {
    "latest": Choice(msg("A missing value is filled with the unit's own latest value before it.")),
    "constant": Choice(
        msg(
            "A missing value is filled with the unit's own latest value before it, before its first one with the first."
        )
    ),
    "linear": Choice(
        msg("A missing value is filled on a straight line between the unit's own values before and after it."),
        ("y = y₁ + (y₂ − y₁)·(t − t₁) ÷ (t₂ − t₁)",),
    ),
    "linear_constant": Choice(
        msg(
            "A missing value is filled on a straight line between the unit's own values; with one value, with that one."
        ),
        ("y = y₁ + (y₂ − y₁)·(t − t₁) ÷ (t₂ − t₁)",),
    ),
}


def impute_panel(step: Any, framework: Framework) -> Iterator[Sentence]:
    """Yield how gaps are filled along the years."""
    yield chosen(SERIES, step.method, {"method": step.method})
    if step.max_gap:
        yield Sentence(msg("It reaches at most %(count)s years."), {"count": step.max_gap})
    yield Sentence(
        msg("Every filled cell is listed in the results; a filled value is a guess and makes units look alike.")
    )


def at_time(step: Any, framework: Framework) -> Iterator[Sentence]:
    """Yield which year is ranked."""
    text = msg("All years share the steps before; from here on only the units of %(time)s count, and are ranked.")
    yield Sentence(text, {"time": step.time})


YEARLY = {
    "impute_panel": StepWords(
        msg("Fill gaps from other years"),
        impute_panel,
        frozenset({"method", "max_gap"}),
        lambda step: formula_of(SERIES, step.method),
        lambda step: COINR,
    ),
    "at_time": StepWords(msg("Choose one year"), at_time, frozenset({"time"})),
}
