"""The words of the steps that make the score: one scale, weights, adding up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from qualipolis.lake.release.wording.parts import HANDBOOK, Choice, StepWords, chosen, formula_of, source_of
from qualipolis.lake.release.wording.sentences import Sentence
from qualipolis.methods.composite import Framework
from qualipolis.methods.problems import msg

NORMALISE = {
    "minmax": Choice(
        msg("The worst unit of an indicator gets %(low)s points, the best %(high)s, the others in proportion."),
        ("z = L + (H − L)·(x − min) ÷ (max − min)",),
    ),
    "zscore": Choice(
        msg("A value is measured in standard deviations from the mean, around %(mean)s with a deviation of %(sd)s."),
        ("z = m + s·(x − mean(x)) ÷ sd(x)",),
    ),
    "goalposts": Choice(
        msg("The floor fixed beforehand gives %(low)s points, the target %(high)s, values between in proportion."),
        ("z = L + (H − L)·(x − floor) ÷ (target − floor)",),
        "Mazziotta & Pareto (2016), Social Indicators Research 127(3); UNDP, Human Development Report, technical notes",
    ),
    "rank": Choice(
        msg("A value is replaced by its place in the order, 1 for the worst; equal values share the lower place.")
    ),
    "percentile": Choice(
        msg("A value is replaced by its place in the order, spread from %(low)s to %(high)s."),
        ("z = L + (H − L)·(rank − 1) ÷ (n − 1)",),
    ),
}


def normalise(step: Any, framework: Framework) -> Iterator[Sentence]:
    """Yield how values become points."""
    params = {name: getattr(step, name) for name in ("low", "high", "mean", "sd", "method")}
    yield chosen(NORMALISE, step.method, params)
    ways = {framework.node(code).direction for code in framework.indicators}
    if -1 in ways:
        yield Sentence(
            msg("Where less is better, the order is turned round first, so that more points are always better.")
        )
    if 0 in ways:
        yield Sentence(
            msg("Where a range is best, a value inside it gets full points and loses them with its distance.")
        )
    if step.method == "goalposts":
        outside = msg("Nobody gets less than the floor or more than the target gives.")
        free = msg("A value outside floor and target gets points outside that range.")
        yield Sentence(outside if step.clamp else free)
    for code, own in step.indicators.items():
        yield Sentence(msg("%(code)s has settings of its own: %(own)s."), {"code": code, "own": own})


WEIGH = {
    "meta": Choice(
        msg("The weights are those of the table of indicators; only their proportions under one parent matter.")
    ),
    "equal": Choice(msg("Everything under one parent has the same weight.")),
}


def weigh(step: Any, framework: Framework) -> Iterator[Sentence]:
    """Yield where the weights come from."""
    yield chosen(WEIGH, step.method, {"method": step.method})
    if step.weights:
        yield Sentence(msg("Set by hand: %(weights)s."), {"weights": dict(step.weights)})
    yield Sentence(
        msg("What a unit lacks is left out, and its weight goes to what the unit has under the same parent.")
    )


AGGREGATE = {
    "arithmetic": Choice(
        msg("weighted arithmetic mean: a strength makes up for a weakness fully"), ("A = Σ(w·z) ÷ Σw",)
    ),
    "geometric": Choice(
        msg("weighted geometric mean: a weakness can be made up for only in part"), ("G = exp( Σ(w·ln z) ÷ Σw )",)
    ),
    "harmonic": Choice(msg("weighted harmonic mean: a weakness is hardly made up for at all"), ("H = Σw ÷ Σ(w ÷ z)",)),
}


def aggregate(step: Any, framework: Framework) -> Iterator[Sentence]:
    """Yield how points are added up, level by level."""
    params = {"how": chosen(AGGREGATE, step.method, {"method": step.method})}
    yield Sentence(msg("Level by level, the points under a heading become its score: %(how)s."), params)
    for level, method in step.levels.items():
        how = chosen(AGGREGATE, method, {"method": method})
        yield Sentence(msg("On level %(level)s instead: %(how)s."), {"level": level, "how": how})
    for node, method in step.nodes.items():
        how = chosen(AGGREGATE, method, {"method": method})
        yield Sentence(msg("For %(node)s instead: %(how)s."), {"node": node, "how": how})
    if step.min_share > 0:
        text = msg("A heading gets no score where less than %(percent)s of what is under it is there.")
        yield Sentence(text, {"percent": f"{100 * step.min_share:.3g}%"})
    yield Sentence(msg("The ranks follow the scores; equal scores share the better rank."))


def aggregate_formula(step: Any) -> tuple[str, ...]:
    """Return the formula of every mean in use."""
    used = dict.fromkeys([step.method, *step.levels.values(), *step.nodes.values()])
    return tuple(line for method in used for line in formula_of(AGGREGATE, method))


LATE = {
    "normalise": StepWords(
        msg("Bring to one scale"),
        normalise,
        frozenset({"method", "low", "high", "mean", "sd", "clamp", "indicators"}),
        lambda step: formula_of(NORMALISE, step.method),
        lambda step: source_of(NORMALISE, step.method),
    ),
    "weigh": StepWords(msg("Weights"), weigh, frozenset({"method", "weights"})),
    "aggregate": StepWords(
        msg("Add up"),
        aggregate,
        frozenset({"method", "levels", "nodes", "min_share"}),
        aggregate_formula,
        lambda step: HANDBOOK,
    ),
}
