"""The words of the steps that make the score: one scale, weights, adding up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from qualipolis.lake.release.wording.early import COMPAT, settings_of_its_own
from qualipolis.lake.release.wording.names import by_name, named, placed
from qualipolis.lake.release.wording.parts import Choice, StepWords, chosen, formula_of, source_of
from qualipolis.lake.release.wording.sentences import Sentence
from qualipolis.methods.composite import Framework
from qualipolis.methods.problems import msg

MPI = "Mazziotta & Pareto (2016), Social Indicators Research 127(3), 983–1003"
LINE = "z = L + (H − L)·(x − min) ÷ (max − min)"
NORMALISE = {
    "minmax": Choice(
        msg("The worst unit of an indicator gets %(low)s points, the best %(high)s, the others in proportion."), (LINE,)
    ),
    "dist2max": Choice(
        msg("The worst unit of an indicator gets %(low)s points, the best %(high)s, the others in proportion."), (LINE,)
    ),
    "zscore": Choice(
        msg("A value is measured in standard deviations from the mean, around %(mean)s with a deviation of %(sd)s."),
        ("z = m + s·(x − mean(x)) ÷ sd(x)",),
    ),
    "goalposts": Choice(
        msg("The floor fixed beforehand gives %(low)s points, the target %(high)s, values between in proportion."),
        ("z = L + (H − L)·(x − floor) ÷ (target − floor)",),
        MPI,
    ),
    "scaled": Choice(
        msg("Two values fixed beforehand give %(low)s and %(high)s points, the others in proportion, beyond them too."),
        ("z = L + (H − L)·(x − a) ÷ (b − a)",),
    ),
    "rank": Choice(
        msg(
            "A value is replaced by its place in the order, 1 for the worst; how far units lie apart no longer counts."
        ),
        ("z = rank(x)",),
    ),
    "borda": Choice(
        msg("A value is replaced by the number of units that are worse (Borda count)."),
        ("z = rank(x) − 1",),
        "Borda (1784)",
    ),
    "percentile": Choice(
        msg("A value is replaced by its place in the order, spread from %(low)s to %(high)s."),
        ("z = L + (H − L)·(rank − 1) ÷ (n − 1)",),
    ),
    "dist2ref": Choice(
        msg("The worst unit gets %(low)s points and %(reference)s gets %(high)s, the others in proportion."),
        ("z = L + (H − L)·(x − min) ÷ (x(ref) − min)",),
    ),
    "dist2targ": Choice(
        msg("The worst unit gets %(low)s points and the target gives %(high)s, the others in proportion."),
        ("z = L + (H − L)·(x − min) ÷ (target − min)",),
    ),
    "fracmax": Choice(
        msg("A value becomes its share of the best one, from %(low)s to %(high)s points."),
        ("z = L + (H − L)·x ÷ max(x)",),
    ),
    "none": Choice(msg("The values are on one scale already and are taken as they are."), ("z = x",)),
}


def normalise(step: Any, framework: Framework) -> Iterator[Sentence]:
    """Yield how values become points."""
    low, high = step.range
    params = {"low": low, "high": high, "mean": step.mean, "sd": step.sd, "method": step.method}
    yield chosen(NORMALISE, step.method, {**params, "reference": step.reference or "—"})
    ways = {framework.node(code).direction for code in framework.indicators}
    if step.direction is not None:
        yield Sentence(DIRECTIONS[step.direction])
    elif -1 in ways:
        yield Sentence(
            msg("Where less is better, the order is turned round first, so that more points are always better.")
        )
    if 0 in ways and step.direction is None:
        text = msg("Where a range is best, the distance from it counts; a value inside is as good as can be.")
        if step.method in ("goalposts", "scaled"):
            text = msg("Where a range is best, a value inside it gets full points and loses them with its distance.")
        yield Sentence(text)
    yield from scale_ends(step, -1 in ways and step.direction is None)
    if step.method in ("rank", "percentile", "borda"):
        shared = msg("Equal values share the lower place.")
        yield Sentence(shared if step.ties == "min" else msg("Equal values share the mean of their places."))
    yield from settings_of_its_own(step, framework)
    if step.compat:
        yield Sentence(COMPAT, {"compat": step.compat})


DIRECTIONS = {
    1: msg("In this step more is better for every indicator."),
    -1: msg("In this step less is better for every indicator."),
    0: msg("In this step a range is best for every indicator."),
}


def scale_ends(step: Any, mixed: bool) -> Iterator[Sentence]:
    """Yield what happens at and beyond the ends of the scale."""
    if step.posts and step.method in ("goalposts", "scaled"):
        text = msg("The two ends are the same for all: %(lower)s and %(upper)s.")
        if mixed:
            text = msg(
                "The two ends are the same for all: %(lower)s and %(upper)s, the other way round where less is better."
            )
        yield Sentence(text, {"lower": step.posts[0], "upper": step.posts[1]})
    if step.target is not None:
        yield Sentence(msg("The target is %(target)s for all."), {"target": step.target})
    if step.method == "goalposts":
        outside = msg("Nobody gets less than the floor or more than the target gives.")
        free = msg("A value outside floor and target gets points outside that range.")
        yield Sentence(outside if step.clamp else free)
    if step.cap and step.method in ("dist2ref", "dist2targ"):
        yield Sentence(msg("Nobody gets more than %(high)s points."), {"high": step.high})


WEIGH = {
    "meta": Choice(
        msg("The weights are those of the table of indicators; only their proportions under one parent matter.")
    ),
    "equal": Choice(msg("Everything under one parent has the same weight.")),
}


def weigh(step: Any, framework: Framework) -> Iterator[Sentence]:
    """Yield where the weights come from."""
    yield chosen(WEIGH, step.method, {"method": step.method})
    if step.use:
        text = msg("Over these, the weights of the set %(name)s count: %(weights)s.")
        yield Sentence(text, {"name": step.use, "weights": by_name(framework, step.sets.get(step.use, {}))})
    unused = tuple(name for name in step.sets if name != step.use)
    if unused:
        yield Sentence(msg("Other sets that are kept but do not count: %(names)s."), {"names": unused})
    if step.weights:
        yield Sentence(msg("Set by hand: %(weights)s."), {"weights": by_name(framework, step.weights)})
    yield Sentence(
        msg("What a unit lacks is left out, and its weight goes to what the unit has under the same parent.")
    )


AGGREGATE = {
    "arithmetic": Choice(
        msg("weighted arithmetic mean, in which a strength makes up for a weakness fully"), ("A = Σ(w·z) ÷ Σw",)
    ),
    "geometric": Choice(
        msg("weighted geometric mean, in which a weakness can be made up for only in part"),
        ("G = exp( Σ(w·ln z) ÷ Σw )",),
    ),
    "harmonic": Choice(
        msg("weighted harmonic mean, in which a weakness is hardly made up for at all"), ("H = Σw ÷ Σ(w ÷ z)",)
    ),
    "generalised": Choice(
        msg("weighted mean of the power %(power)s; the lower the power, the more a weakness counts"),
        ("M = ( Σ(w·z^p) ÷ Σw )^(1÷p)",),
        "Decancq & Lugo (2013), Econometric Reviews 32(1), 7–34",
    ),
    "median": Choice(
        msg("weighted median, the value in the middle, which extremes do not move"), ("M = median(z; w)",)
    ),
    "minimum": Choice(msg("the worst value under a heading, so that nothing makes up for a weakness"), ("M = min(z)",)),
    "copeland": Choice(
        msg(
            "comparison in pairs (Copeland): a win against each unit that is beaten on more weight, a loss the other way"
        ),
        ("C = n(+) − n(−)",),
        "Munda & Nardo (2009), Applied Economics 41(12), 1513–1523",
    ),
    "mazziotta_pareto": Choice(
        msg("mean with a penalty for unevenness (Mazziotta-Pareto)"), ("MPI = M ± S·(S ÷ M)",), MPI
    ),
}


def way(step: Any, method: str, place: str = "") -> Sentence:
    """Return one way of adding up, in words."""
    power = step.powers.get(place, step.power)
    return chosen(AGGREGATE, method, {"method": method, "power": power})


def aggregate(step: Any, framework: Framework) -> Iterator[Sentence]:
    """Yield how points are added up, level by level."""
    params = {"how": way(step, step.method)}
    yield Sentence(msg("Level by level, the points under a heading become its score: %(how)s."), params)
    for level, method in step.levels.items():
        yield Sentence(msg("On level %(level)s instead: %(how)s."), {"level": level, "how": way(step, method, level)})
    for node, method in step.nodes.items():
        yield Sentence(
            msg("For %(node)s instead: %(how)s."), {"node": named(framework, node), "how": way(step, method, node)}
        )
    if "mazziotta_pareto" in (step.method, *step.levels.values(), *step.nodes.values()):
        down, up = msg("The penalty lowers the score."), msg("The penalty raises the score, which measures an evil.")
        yield Sentence(down if step.sign < 0 else up)
    said = {place for place, method in {**step.levels, **step.nodes}.items() if method == "generalised"}
    unsaid = {place: power for place, power in step.powers.items() if place not in said}
    if unsaid:
        yield Sentence(msg("Powers of their own: %(powers)s."), {"powers": by_name(framework, unsaid)})
    yield from shares_needed(step, framework)
    if step.compat:
        yield Sentence(COMPAT, {"compat": step.compat})
    yield Sentence(msg("The ranks follow the scores; equal scores share the better rank."))


def shares_needed(step: Any, framework: Framework) -> Iterator[Sentence]:
    """Yield how much must be there for a score."""
    text = msg("A heading gets no score where less than %(percent)s of what is under it is there.")
    if isinstance(step.min_share, Mapping):
        for place, share in step.min_share.items():
            own = msg("%(place)s gets no score where less than %(percent)s of what is under it is there.")
            yield Sentence(own, {"place": placed(framework, place), "percent": f"{100 * share:.3g}%"})
    elif step.min_share > 0:
        yield Sentence(text, {"percent": f"{100 * step.min_share:.3g}%"})


def used_in(step: Any) -> list[str]:
    """Return every way of adding up that is in use, the usual one first."""
    return list(dict.fromkeys([step.method, *step.levels.values(), *step.nodes.values()]))


def aggregate_formula(step: Any) -> tuple[str, ...]:
    """Return the formula of every mean in use."""
    return tuple(line for method in used_in(step) for line in formula_of(AGGREGATE, method))


def aggregate_source(step: Any) -> str:
    """Return the sources of every mean in use."""
    return "; ".join(dict.fromkeys(source_of(AGGREGATE, method) for method in used_in(step)))


NORMALISE_COVERS = ("method", "low", "high", "mean", "sd", "clamp", "indicators", "posts", "target", "reference")
NORMALISE_COVERS += ("cap", "ties", "direction", "compat")
AGGREGATE_COVERS = ("method", "levels", "nodes", "min_share", "power", "powers", "sign", "compat")
LATE = {
    "normalise": StepWords(
        msg("Bring to one scale"),
        normalise,
        frozenset(NORMALISE_COVERS),
        lambda step: formula_of(NORMALISE, step.method),
        lambda step: source_of(NORMALISE, step.method),
    ),
    "weigh": StepWords(msg("Weights"), weigh, frozenset({"method", "weights", "sets", "use"})),
    "aggregate": StepWords(
        msg("Add up"),
        aggregate,
        frozenset(AGGREGATE_COVERS),
        aggregate_formula,
        aggregate_source,
    ),
}
