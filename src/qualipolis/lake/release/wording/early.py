"""The words of the steps on the data: dividing by size, filling gaps, leaving units out, taming outliers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from qualipolis.lake.release.wording.parts import COINR, HANDBOOK, Choice, StepWords, chosen, formula_of, source_of
from qualipolis.lake.release.wording.sentences import Sentence
from qualipolis.methods.composite import Framework
from qualipolis.methods.problems import msg


def denominate(step: Any, framework: Framework) -> Iterator[Sentence]:
    """Yield what is divided by what."""
    pairs = {framework.indicators[at]: name for at, name in step.chosen(framework).items()}
    if not pairs:
        yield Sentence(msg("No indicator is divided by the size of the unit."))
        return
    text = msg(
        "%(count)s indicators are divided by the size of the unit, so that being large is no advantage: %(pairs)s."
    )
    shown = tuple(f"{code} ÷ {name}" for code, name in pairs.items())
    yield Sentence(text, {"count": len(pairs), "pairs": shown})
    for code, scale in step.scale.items():
        yield Sentence(msg("%(code)s is counted for every %(scale)s."), {"code": code, "scale": scale})
    yield Sentence(msg("Where the size is zero or unknown, the value counts as missing."))


IMPUTE = {
    "mean": Choice(
        msg("A missing value is filled with the mean of the other units."), ("x* = Σx ÷ n",), "Little & Rubin (2002)"
    ),
    "median": Choice(msg("A missing value is filled with the median of the other units."), ("x* = median(x)",)),
    "group_mean": Choice(
        msg("A missing value is filled with the mean of the units in the same %(group)s."), ("x* = Σx(g) ÷ n(g)",)
    ),
    "group_median": Choice(
        msg("A missing value is filled with the median of the units in the same %(group)s."), ("x* = median(x(g))",)
    ),
}


def impute(step: Any, framework: Framework) -> Iterator[Sentence]:
    """Yield how gaps are filled."""
    yield chosen(IMPUTE, step.method, {"group": step.group or "—", "method": step.method})
    yield Sentence(
        msg("Every filled cell is listed in the results; a filled value is a guess and makes units look alike.")
    )


def screen(step: Any, framework: Framework) -> Iterator[Sentence]:
    """Yield which units are left out."""
    share = f"{step.available:.4g}"
    yield Sentence(
        msg("A unit is assessed when at least %(percent)s of its values are there."),
        {"percent": percent(step.available), "share": share},
    )
    if step.nonzero > 0:
        text = msg("Of those, at least %(percent)s must not be zero.")
        yield Sentence(text, {"percent": percent(step.nonzero)})
    if step.include:
        yield Sentence(msg("Assessed in any case: %(units)s."), {"units": step.include})
    if step.exclude:
        yield Sentence(msg("Left out in any case: %(units)s."), {"units": step.exclude})


def percent(share: float) -> str:
    """Return a share as a percentage.

    >>> percent(0.66), percent(2 / 3)
    ('66%', '66.7%')
    """
    return f"{100 * share:.3g}%"


TRANSFORM = {
    "log": Choice(
        msg("If that is not enough, the column is put on a logarithmic scale towards its long tail."),
        ("x′ = ln(x − min + 0.01·(max − min))",),
    ),
    "log_ct": Choice(
        msg("If that is not enough, the column is put on a logarithmic scale, whichever side the tail is on."),
        ("x′ = ln(x − min + 0.01·(max − min))",),
    ),
    "none": Choice(msg("The column is not transformed further.")),
}


def treat(step: Any, framework: Framework) -> Iterator[Sentence]:
    """Yield what is done about outliers."""
    text = msg("An indicator needs treatment when it is both skewed (%(skew)s or more) and peaked (%(kurt)s or more).")
    yield Sentence(text, {"skew": step.skew, "kurt": step.kurt})
    if step.winmax:
        text = msg("Its most extreme value is set to the next one, at most %(winmax)s times.")
        yield Sentence(text, {"winmax": step.winmax})
    yield chosen(TRANSFORM, step.transform, {"method": step.transform})
    if step.skip:
        yield Sentence(msg("Left as they are: %(codes)s."), {"codes": step.skip})


def treat_formula(step: Any) -> tuple[str, ...]:
    """Return the test and the transformation."""
    return (f"|skew| < {step.skew:g}  ∨  kurt < {step.kurt:g}", *formula_of(TRANSFORM, step.transform))


EARLY = {
    "denominate": StepWords(
        msg("Adjust for size"), denominate, frozenset({"by", "scale"}), lambda step: ("x′ = x ÷ (d ÷ s)",)
    ),
    "impute": StepWords(
        msg("Fill gaps"),
        impute,
        frozenset({"method", "group"}),
        lambda step: formula_of(IMPUTE, step.method),
        lambda step: source_of(IMPUTE, step.method),
    ),
    "screen": StepWords(
        msg("Leave out units with too little data"),
        screen,
        frozenset({"available", "nonzero", "include", "exclude"}),
        lambda step: (f"n(x) ÷ n ≥ {step.available:g}",),
        lambda step: f"{HANDBOOK}; {COINR}",
    ),
    "treat": StepWords(
        msg("Tame outliers"),
        treat,
        frozenset({"winmax", "skew", "kurt", "transform", "skip"}),
        treat_formula,
        lambda step: f"JRC COIN Tool User Guide (2019); {COINR}",
    ),
}
