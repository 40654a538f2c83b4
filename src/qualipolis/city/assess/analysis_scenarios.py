"""What if: the values of a run under other weights and methods, beside the official result. Nothing is stored by it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl, urlencode

import numpy as np

from qualipolis.city.assess.analysis_basis import Basis, Floats
from qualipolis.methods.composite import (
    Aggregate,
    CompositeResult,
    Framework,
    Impute,
    Normalise,
    Pipeline,
    Step,
    Treat,
    Weigh,
)
from qualipolis.methods.problems import InputError, Problem, msg

MOST = 4
LONGEST = 4_000
LONGEST_NAME = 40
MOST_FIELDS = 200
MOST_CELLS = 20_000
HEAVIEST = 1e6
SCALES: dict[str, Normalise] = {
    "goalposts": Normalise("goalposts", clamp=True),
    "minmax": Normalise("minmax"),
    "percentile": Normalise("percentile"),
    "zscore": Normalise("zscore", mean=0.0, sd=1.0),
    "rank": Normalise("rank"),
}
MEANS = ("arithmetic", "geometric", "harmonic", "mazziotta_pareto", "minimum", "copeland")
TREATMENTS: dict[str, Treat | None] = {
    "none": None,
    "winsorise": Treat(transform="none"),
    "winsorise_log": Treat(),
}
IMPUTATIONS: dict[str, Impute | None] = {
    "none": None,
    "mean": Impute("mean"),
    "median": Impute("median"),
    "group_median": Impute("group_median", group="peer"),
    "regression": Impute("regression"),
}
STARTS = ("0", "1")
CHOICES: dict[str, tuple[str, ...]] = {
    "scale": tuple(SCALES),
    "start": STARTS,
    "mean": MEANS,
    "treat": tuple(TREATMENTS),
    "impute": tuple(IMPUTATIONS),
}


@dataclass(frozen=True)
class Scenario:
    """One set of choices; what is left out is as in the run. ``weights``: node -> weight among its sisters."""

    name: str = ""
    scale: str = "goalposts"
    start: str = "0"
    mean: str = "arithmetic"
    treat: str = "none"
    impute: str = "none"
    weights: Mapping[str, float] = field(default_factory=dict)

    def written(self) -> str:
        """Return the scenario as it stands in a link.

        >>> Scenario("geo", mean="geometric", start="1", weights={"QDL": 0.6}).written()
        'n=geo&start=1&mean=geometric&w.QDL=0.6'
        """
        plain = Scenario()
        said = [("n", self.name)] if self.name else []
        said += [(key, getattr(self, key)) for key in CHOICES if getattr(self, key) != getattr(plain, key)]
        return urlencode([*said, *((f"w.{code}", f"{weight:g}") for code, weight in self.weights.items())])

    @property
    def changed(self) -> bool:
        """Whether anything but the name differs from the run."""
        return replace(self, name="") != Scenario()


def read(text: str, framework: Framework) -> Scenario:
    """Return the scenario in a link, reading no more than it may hold; what is not understood is left out.

    Weights that are those of the framework are dropped, so that a link says only what differs.
    """
    few = "&".join(text[:LONGEST].split("&")[:MOST_FIELDS])
    return from_pairs(parse_qsl(few), framework)


def from_pairs(pairs: Iterable[tuple[str, str]], framework: Framework) -> Scenario:
    """Return the scenario that names and values of a form or link say."""
    told = dict(pairs)
    chosen = {key: told[key] for key, known in CHOICES.items() if told.get(key) in known}
    weights: dict[str, float] = {}
    for key, value in told.items():
        code = key.removeprefix("w.")
        weight = _number(value) if key.startswith("w.") and code in framework.codes else None
        if weight is not None and framework.node(code).parent and not same(weight, framework.node(code).weight):
            weights[code] = weight
    return Scenario(clean(told.get("n", "")), weights=weights, **chosen)


def clean(name: str) -> str:
    """Return a name as it may be shown and kept: printable, short, single spaces.

    >>> clean(" a" + chr(0) + "  b ")
    'a b'
    """
    return " ".join("".join(sign if sign.isprintable() else " " for sign in name).split())[:LONGEST_NAME]


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and 0 <= value <= HEAVIEST else None


def same(one: float, other: float) -> bool:
    """Return whether two weights are the same to six places.

    >>> same(0.3, 0.30000000001), same(0.3, 0.31)
    (True, False)
    """
    return math.isclose(one, other, rel_tol=1e-6, abs_tol=1e-12)


def pipeline_of(scenario: Scenario, found: Basis) -> Pipeline:
    """Return the steps of a scenario: those of the run with what differs put in its place."""
    low = float(scenario.start)
    scale = SCALES[scenario.scale]
    official = found.result.pipeline.step("normalise")
    if scenario.scale == "goalposts" and isinstance(official, Normalise):
        scale = official
    if scenario.scale in ("goalposts", "minmax", "percentile") and low:
        scale = replace(scale, low=low)
    steps: list[Step] = []
    for step in found.result.pipeline.steps:
        if isinstance(step, Normalise):
            steps += [made for made in (IMPUTATIONS[scenario.impute], TREATMENTS[scenario.treat]) if made]
            steps.append(scale)
        elif isinstance(step, Weigh):
            steps.append(replace(step, weights={**step.weights, **scenario.weights}))
        elif isinstance(step, Aggregate):
            steps.append(step if scenario.mean == step.method else replace(step, method=scenario.mean))
        else:
            steps.append(step)
    return Pipeline(tuple(steps))


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a scenario gives beside the official result; without scores ``problems`` say why it was refused.

    Arrays are in the order of the units of the run; NaN where a unit has no place.
    """

    scenario: Scenario
    scores: Floats
    ranks: Floats
    change: Floats
    of_ranks: float | None
    of_scores: float | None
    problems: tuple[Problem, ...]

    @property
    def refused(self) -> bool:
        """Whether it could not be computed."""
        return bool(np.isnan(self.ranks).all())

    @property
    def moved(self) -> int:
        """How many units stand in another place."""
        return int((np.nan_to_num(self.change) != 0).sum())

    @property
    def furthest(self) -> int:
        """How far the unit moves that moves furthest."""
        known = np.abs(self.change[~np.isnan(self.change)])
        return int(known.max()) if len(known) else 0


def outcome(scenario: Scenario, found: Basis) -> Outcome:
    """Return what a scenario gives; a bad one is refused before it runs, with the words of every problem."""
    base, root = found.result, found.root
    missing = np.full(len(base.units), np.nan)
    try:
        pipeline = pipeline_of(scenario, found)
        if scenario.impute == "regression" and base.data.values.size > MOST_CELLS:
            raise InputError([_too_large(found)])
        made = pipeline.run(base.framework, base.data, reuse=base.runs)
    except InputError as error:
        return Outcome(scenario, missing, missing, missing, None, None, tuple(error.problems))
    scores, ranks = _onto(base, made, made.score(root)), _onto(base, made, made.ranks(root))
    official, known = base.ranks(root), {said_of(problem) for problem in base.problems}
    return Outcome(
        scenario,
        scores,
        ranks,
        official - ranks,
        _correlation(official, ranks),
        _correlation(base.score(root), scores),
        tuple(problem for problem in made.problems if said_of(problem) not in known),
    )


def _too_large(found: Basis) -> Problem:
    return Problem(
        "too_large_here",
        msg("Gaps are not filled by regression here for %(units)s units: it takes too long for a page."),
        msg("Fill them by the group, or compute it with qualipolis assess."),
        {"units": len(found.result.units)},
    )


def said_of(problem: Problem) -> tuple[str, str]:
    """Return what tells problems apart: a scenario repeats nothing that the run itself was warned of."""
    return problem.code, str(sorted((key, str(value)) for key, value in problem.params.items()))


def _onto(base: CompositeResult, made: CompositeResult, values: Floats) -> Floats:
    known = dict(zip(made.units, values.tolist(), strict=True))
    return np.array([known.get(unit, np.nan) for unit in base.units])


def _correlation(one: Floats, other: Floats) -> float | None:
    both = ~np.isnan(one) & ~np.isnan(other)
    if both.sum() < 3 or np.ptp(one[both]) == 0 or np.ptp(other[both]) == 0:
        return None
    return float(np.corrcoef(one[both], other[both])[0, 1])


def labels(scenarios: Iterable[Scenario], words: str) -> list[str]:
    """Return a name for each, the given one or ``words`` with a number; none twice.

    >>> labels([Scenario("a"), Scenario(), Scenario("a")], "Scenario %(n)s")
    ['a', 'Scenario 2', 'a 3']
    """
    found: list[str] = []
    for number, scenario in enumerate(scenarios, start=1):
        name = scenario.name or words % {"n": number}
        found.append(f"{name} {number}" if name in found else name)
    return found
