"""What is wrong with an aggregation: with its parameters, with the scales below it, with the scores it made."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np

from qualipolis.methods.composite.data import Floats
from qualipolis.methods.composite.framework import Framework, unknown_code
from qualipolis.methods.composite.more_means import ABOVE_ZERO, USER_MEANS, Rule, known_methods
from qualipolis.methods.composite.normalise import Normalise
from qualipolis.methods.composite.ranks import SCORE_TIES
from qualipolis.methods.composite.steps import Step, choice_problem, range_problem
from qualipolis.methods.problems import Problem, msg

if TYPE_CHECKING:
    from qualipolis.methods.composite.aggregate import Aggregate

COMPAT = "coinr-1.1.14"
WORDS = {
    "geometric": msg("geometric"),
    "harmonic": msg("harmonic"),
    "generalised": msg("generalised"),
    "mazziotta_pareto": msg("Mazziotta-Pareto"),
}


class MethodWord(str):
    """The name of a mean; in a sentence it speaks the language of the reader.

    >>> MethodWord("mazziotta_pareto").text(str)
    'Mazziotta-Pareto'
    """

    def text(self, translate: Callable[[str], str]) -> str:
        """Return the word for people."""
        return translate(WORDS.get(self, self))


def aggregate_faults(spec: Aggregate) -> Iterator[Problem]:
    """Yield what is wrong with the parameters by themselves."""
    chosen = [("method", spec.method)]
    chosen += [(f"levels.{k}", v) for k, v in spec.levels.items()]
    chosen += [(f"nodes.{k}", v) for k, v in spec.nodes.items()]
    for parameter, method in chosen:
        if method not in known_methods():
            yield choice_problem(spec.name, parameter, method, known_methods())
    shares = spec.min_share if isinstance(spec.min_share, Mapping) else {"": spec.min_share}
    for key, share in shares.items():
        if not 0 <= share <= 1:
            yield range_problem(spec.name, f"min_share.{key}".rstrip("."), share, "0 .. 1")
    for key, power in {"": spec.power, **spec.powers}.items():
        if not math.isfinite(power):
            yield range_problem(spec.name, f"powers.{key}" if key else "power", power, "finite")
    if spec.sign not in (-1, 1):
        yield range_problem(spec.name, "sign", spec.sign, "-1, 1")
    if spec.compat not in ("", COMPAT):
        yield choice_problem(spec.name, "compat", spec.compat, ("", COMPAT))


def method_problems(spec: Aggregate, framework: Framework) -> Iterator[Problem]:
    """Yield nodes and levels that the framework does not have; nothing is skipped silently."""
    levels = {str(framework.node(code).level) for code in framework.aggregates}
    yield from (unknown_code(code) for code in spec.nodes if code not in framework.aggregates)
    named = [("levels", key) for key in spec.levels if key not in levels]
    either = levels | set(framework.aggregates)
    named += [("powers", key) for key in spec.powers if key not in either]
    if isinstance(spec.min_share, Mapping):
        named += [("min_share", key) for key in spec.min_share if key not in either]
    for parameter, key in named:
        yield Problem(
            "unknown_level",
            msg("%(parameter)s of the step %(step)s names %(key)s, which is no level of the framework's aggregates."),
            msg("Use one of: %(known)s."),
            {"parameter": parameter, "step": spec.name, "key": key, "known": ", ".join(sorted(levels))},
            place=f"PIPELINE {spec.name}",
        )


def scale_problems(spec: Aggregate, framework: Framework, before: tuple[Step, ...]) -> Iterator[Problem]:
    """Yield means that need values above 0 after a scale that is sure to reach 0 or below."""
    scales = [step for step in before if isinstance(step, Normalise)]
    rules = spec.rules(framework)
    for code, rule in rules.items():
        if not (needs_above_zero(rule) or rule.method == "generalised"):
            continue
        for child in framework.children(code):
            if framework.node(child).kind == "indicator":
                yield from _scale_problem(scales[-1].of(child), child, rule, spec.name) if scales else ()
            elif rules[child].method == "copeland":
                yield _copeland_below(child, rule, spec.name)
            elif scales and _around_zero(framework, scales[-1], rules, child):
                yield _zscore(scales[-1].of(framework.leaves(child)[0]), child, rule, spec.name)


def needs_above_zero(rule: Rule) -> bool:
    """Return whether a mean takes only values above 0.

    >>> needs_above_zero(Rule("geometric")), needs_above_zero(Rule("generalised", power=2.0))
    (True, False)
    """
    if rule.method == "generalised":
        return rule.power <= 0
    return rule.method in ABOVE_ZERO or (rule.method in USER_MEANS and USER_MEANS[rule.method].above_zero)


def _around_zero(framework: Framework, scale: Normalise, rules: Mapping[str, Rule], code: str) -> bool:
    """Return whether a node is a weighted mean of z-scores around 0 or below all the way down: some unit lies below."""
    if framework.node(code).kind == "indicator":
        own = scale.of(code)
        return own.method == "zscore" and own.mean <= 0
    children = framework.children(code)
    return rules[code].method == "arithmetic" and all(
        _around_zero(framework, scale, rules, child) for child in children
    )


def _scale_problem(scale: Normalise, code: str, rule: Rule, place: str) -> Iterator[Problem]:
    low, strict = scale.range[0], needs_above_zero(rule)
    reached = scale.method in ("minmax", "goalposts", "percentile", "dist2max", "dist2ref", "dist2targ")
    if scale.method == "zscore" and scale.mean <= 0:
        yield _zscore(scale, code, rule, place)
    elif scale.method == "borda":
        reached, low = True, 0.0
    if reached and (low <= 0 if strict else low < 0):
        yield Problem(
            "zero_geometric",
            msg("%(code)s is normalised from %(low)s, but its %(method)s mean needs values above 0."),
            msg("Normalise to a range that starts above 0, for example 1 to 100, or use the arithmetic mean."),
            {"code": code, "method": MethodWord(rule.method), "low": low, "mean": scale.mean},
            place=f"PIPELINE {place}",
        )


def _zscore(scale: Normalise, code: str, rule: Rule, place: str) -> Problem:
    return Problem(
        "zscore_geometric",
        msg("%(code)s is normalised to z-scores around %(mean)s, but its %(method)s mean needs values above 0."),
        msg("Use minmax or goalposts with low above 0, z-scores around a mean well above 0, or the arithmetic mean."),
        {"code": code, "method": MethodWord(rule.method), "low": scale.low, "mean": scale.mean},
        place=f"PIPELINE {place}",
    )


def _copeland_below(code: str, rule: Rule, place: str) -> Problem:
    return Problem(
        "copeland_geometric",
        msg("%(code)s is a Copeland score, wins less losses, but its %(method)s mean needs values above 0."),
        msg("Use copeland or the arithmetic mean above it."),
        {"code": code, "method": MethodWord(rule.method)},
        place=f"PIPELINE {place}",
    )


def not_positive(code: str, place: str, method: str = "") -> Problem:
    """Return the problem of values not above 0 under a mean, of this ``method``, that needs them.

    >>> not_positive("a", "aggregate").code
    'not_positive'
    """
    remedy = msg("Normalise to a range that starts above 0, for example 1 to 100, or use the arithmetic mean.")
    if method == "mazziotta_pareto":
        remedy = msg("This mean works on z-scores around 100 with sd 10, or on goalposts from 70 to 130.")
    return Problem(
        "not_positive",
        msg("%(code)s has values that are not above 0, which the mean above it needs."),
        remedy,
        {"code": code},
        place=f"PIPELINE {place}",
    )


def tied_warnings(framework: Framework, scores: Floats) -> Iterator[Problem]:
    """Yield a warning for each aggregate on which all units, two or more, have one score, or none has any."""
    for code in framework.aggregates:
        column = scores[:, framework.index(code)]
        present = column[~np.isnan(column)]
        if not len(present):
            yield _nobody(code)
        if not np.isfinite(present).all():
            continue
        if len(present) > 1 and present.max() <= present.min() + SCORE_TIES * np.abs(present).max():
            yield Problem(
                "all_tied",
                msg("All units have the same score of %(node)s: it ranks nobody."),
                msg("Check the data and the indicators below it."),
                {"node": code},
                place=f"META {code}",
                severity="warning",
            )


def _nobody(code: str) -> Problem:
    return Problem(
        "no_scores",
        msg("No unit has a score of %(node)s."),
        msg("Check the data and the indicators below it, and the share of children that the aggregation asks for."),
        {"node": code},
        place=f"META {code}",
        severity="warning",
    )
