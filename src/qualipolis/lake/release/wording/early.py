"""The words of the steps on the data: dividing by size, filling gaps, leaving units out, taming outliers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from qualipolis.lake.release.wording.names import named, settings
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
        "Indicators divided by the size of the unit, so that being large is no advantage (%(count)s): %(pairs)s."
    )
    over = "%(what)s ÷ %(size)s"
    shown = tuple(Sentence(over, {"what": named(framework, code), "size": size}) for code, size in pairs.items())
    yield Sentence(text, {"count": len(pairs), "pairs": shown})
    for code, scale in step.scale.items():
        yield Sentence(
            msg("%(code)s is counted for every %(scale)s."), {"code": named(framework, code), "scale": scale}
        )
    yield Sentence(msg("Where the size is zero or unknown, the value counts as missing."))


RUBIN = "Little & Rubin (2019), Statistical Analysis with Missing Data, 3rd ed."
IMPUTE = {
    "mean": Choice(msg("A missing value is filled with the mean of the other units."), ("x* = Σx ÷ n",), RUBIN),
    "median": Choice(msg("A missing value is filled with the median of the other units."), ("x* = median(x)",), RUBIN),
    "group_mean": Choice(
        msg("A missing value is filled with the mean of the units in the same %(group)s."),
        ("x* = Σx(g) ÷ n(g)",),
        RUBIN,
    ),
    "group_median": Choice(
        msg("A missing value is filled with the median of the units in the same %(group)s."),
        ("x* = median(x(g))",),
        RUBIN,
    ),
    "row_mean": Choice(
        msg("A missing value is filled with the mean of the unit's own other indicators, on a common scale."),
        ("x* = Σz ÷ k",),
    ),
    "row_median": Choice(
        msg("A missing value is filled with the median of the unit's own other indicators, on a common scale."),
        ("x* = median(z)",),
    ),
    "regression": Choice(
        msg("A missing value is estimated from all other indicators by regression, again and again until it settles."),
        ("x* = a + Σ(b·x)",),
        "van Buuren & Groothuis-Oudshoorn (2011), J. Stat. Software 45(3)",
    ),
    "none": Choice(msg("Missing values are left as they are.")),
}


def impute(step: Any, framework: Framework) -> Iterator[Sentence]:
    """Yield how gaps are filled."""
    yield chosen(IMPUTE, step.method, {"group": step.group or "—", "method": step.method})
    if step.method == "none":
        return
    if step.method == "regression" and step.group:
        yield Sentence(msg("The %(group)s of the unit helps to predict."), {"group": step.group})
    if step.method.startswith("row"):
        if step.level is not None:
            text = msg("Only indicators under the same heading of level %(level)s stand for each other.")
            yield Sentence(text, {"level": step.level})
        if not step.normalise_first:
            yield Sentence(msg("The indicators are on one scale already and are taken as they are."))
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


BOX = "Box & Cox (1964), JRSS B 26(2), 211–252"
TRANSFORM = {
    "log": Choice(msg("a logarithm towards its long tail"), ("x′ = ± ln(± x − min + 0.01·(max − min))",)),
    "log_ct_plus": Choice(msg("a logarithm towards its long tail"), ("x′ = ± ln(± x − min + 0.01·(max − min))",)),
    "log_ct": Choice(msg("a logarithm, whichever side the long tail is on"), ("x′ = ln(x − min + 0.01·(max − min))",)),
    "log_ct_orig": Choice(msg("a logarithm counted from the lowest value"), ("x′ = ln(x − min + 1)",)),
    "log_gii": Choice(
        msg("the logarithm of the Global Innovation Index"),
        ("x′ = ln((max − 1)·(x − min) ÷ (max − min) + 1)",),
        "Global Innovation Index 2020, appendix IV",
    ),
    "ln": Choice(msg("the natural logarithm"), ("x′ = ln x",)),
    "boxcox": Choice(msg("a power that makes it most even (Box-Cox)"), ("x′ = (x^λ − 1) ÷ λ",), BOX),
    "winsorise": Choice(msg("pulling in its extreme values")),
    "none": Choice(msg("nothing")),
}


def treat(step: Any, framework: Framework) -> Iterator[Sentence]:
    """Yield what is done about outliers."""
    if step.force:
        yield Sentence(msg("Every indicator is treated, whether it needs it or not."))
    else:
        text = msg(
            "An indicator needs treatment when it is both skewed (%(skew)s or more) and peaked (%(kurt)s or more)."
        )
        yield Sentence(text, {"skew": step.skew, "kurt": step.kurt})
    yield from first_treatment(step)
    yield from second_treatment(step)
    if "boxcox" in (step.first, step.transform) and step.power != "auto":
        yield Sentence(msg("The power λ is %(power)s."), {"power": step.power})
    left = dict.fromkeys([*step.skip, *(code for code, own in step.indicators.items() if own == "none")])
    if left:
        yield Sentence(msg("Left as they are: %(codes)s."), {"codes": tuple(named(framework, code) for code in left)})
    yield from settings_of_its_own(step, framework)
    if step.compat:
        yield Sentence(COMPAT, {"compat": step.compat})
    yield Sentence(msg("The results list the test before and after, and every value that was changed."))


OWN = msg("%(code)s has settings of its own: %(own)s.")
COMPAT = msg("Known defects of %(compat)s are repeated on purpose, to compare with its figures.")


def settings_of_its_own(step: Any, framework: Framework) -> Iterator[Sentence]:
    """Yield what differs for single indicators."""
    for code, own in step.indicators.items():
        if own != "none":
            yield Sentence(OWN, {"code": named(framework, code), "own": tuple(settings(step.step, own, framework))})


def first_treatment(step: Any) -> Iterator[Sentence]:
    """Yield the first treatment of a column."""
    if step.first == "winsorise":
        if step.winmax:
            text = msg(
                "Its most extreme value is set to the next one; at most %(winmax)s values are moved in this way."
            )
            if step.count == "steps":
                text = msg("Its most extreme value is set to the next one, at most %(winmax)s times.")
            yield Sentence(text, {"winmax": step.winmax})
        if step.winsor_skew is not None or step.winsor_kurt is not None:
            text = msg("This stops at a skew below %(skew)s or a peak below %(kurt)s.")
            own = (step.winsor_skew, step.winsor_kurt)
            usual = (step.skew, step.kurt)
            skew, kurt = (one if one is not None else other for one, other in zip(own, usual, strict=True))
            yield Sentence(text, {"skew": skew, "kurt": kurt})
    elif step.first != "none":
        yield Sentence(msg("First it is changed by %(how)s."), {"how": chosen(TRANSFORM, step.first, {})})


def second_treatment(step: Any) -> Iterator[Sentence]:
    """Yield what follows where the first treatment was not enough, or where there is none."""
    nothing_first = step.first == "none" or (step.first == "winsorise" and not step.winmax)
    if step.transform == "none":
        if nothing_first:
            yield Sentence(msg("No value is changed; the indicators that fail the test are only named."))
        return
    if nothing_first:
        text = msg("It is changed by %(how)s.")
    elif step.combine:
        text = msg("If that is not enough, what was treated is changed by %(how)s.")
    else:
        text = msg("If that is not enough, the original column is changed by %(how)s.")
    yield Sentence(text, {"how": chosen(TRANSFORM, step.transform, {})})


def treat_formula(step: Any) -> tuple[str, ...]:
    """Return the test and the transformations."""
    used = dict.fromkeys([*formula_of(TRANSFORM, step.first), *formula_of(TRANSFORM, step.transform)])
    return (f"|skew| < {step.skew:g}  ∨  kurt < {step.kurt:g}", *used)


TREAT_COVERS = ("winmax", "skew", "kurt", "transform", "skip", "first", "combine", "force")
TREAT_COVERS += ("winsor_skew", "winsor_kurt", "count", "power", "indicators", "compat")
EARLY = {
    "denominate": StepWords(
        msg("Adjust for size"), denominate, frozenset({"by", "scale"}), lambda step: ("x′ = x ÷ (d ÷ s)",)
    ),
    "impute": StepWords(
        msg("Fill gaps"),
        impute,
        frozenset({"method", "group", "level", "normalise_first"}),
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
        frozenset(TREAT_COVERS),
        treat_formula,
        lambda step: source_of(TRANSFORM, step.transform, f"JRC COIN Tool User Guide (2019); {COINR}"),
    ),
}
