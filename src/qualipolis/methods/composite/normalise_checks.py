"""What is wrong with a normalisation: with its parameters, with the framework it meets, with the columns it made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from qualipolis.methods.composite.data import Floats
from qualipolis.methods.composite.framework import Node
from qualipolis.methods.composite.goalposts import goalpost_problems
from qualipolis.methods.composite.steps import State, choice_problem, range_problem
from qualipolis.methods.problems import Problem, msg

if TYPE_CHECKING:
    from qualipolis.methods.composite.normalise import Normalise

METHODS = (
    "minmax",
    "zscore",
    "goalposts",
    "rank",
    "percentile",
    "scaled",
    "borda",
    "dist2max",
    "dist2ref",
    "dist2targ",
    "fracmax",
    "none",
)
CHOICES = {"method": METHODS, "ties": ("min", "average"), "compat": ("", "coinr-1.1.14")}


def spec_faults(spec: Normalise) -> Iterator[Problem]:
    """Yield what is wrong with the parameters by themselves."""
    for parameter, choices in CHOICES.items():
        if getattr(spec, parameter) not in choices:
            yield choice_problem(spec.name, parameter, getattr(spec, parameter), choices)
    if not spec.low < spec.high:
        yield range_problem(spec.name, "high", spec.high, f"> {spec.low}")
    if not spec.sd > 0:
        yield range_problem(spec.name, "sd", spec.sd, "> 0")
    if spec.direction not in (None, -1, 0, 1):
        yield range_problem(spec.name, "direction", spec.direction, "-1, 0, 1")
    yield from _post_faults(spec)
    if spec.method == "dist2ref" and not spec.reference:
        yield Problem(
            "reference_needed",
            msg("The method %(method)s needs a reference unit."),
            msg("Give the code of the unit under reference."),
            {"method": spec.method},
            place=f"PIPELINE {spec.name}",
        )


def _post_faults(spec: Normalise) -> Iterator[Problem]:
    posts = spec.posts
    if not posts:
        if spec.method == "scaled":
            yield range_problem(spec.name, "posts", "[]", "[lower, upper]")
    elif not (
        len(posts) in (2, 3) and np.isfinite(posts).all() and posts[0] < posts[1] and all(p > 0 for p in posts[2:])
    ):
        yield range_problem(spec.name, "posts", list(posts), "[lower, upper] or [lower, upper, score]")


def node_problems(spec: Normalise, node: Node, units: Sequence[str], step: str) -> Iterator[Problem]:
    """Yield why one indicator cannot be normalised in this way."""
    node = spec.node(node)
    if node.direction == 0 and (node.target_low is None or node.target_high is None):
        yield Problem(
            "bad_target_interval",
            msg("%(node)s has direction 0 but its target interval is missing or upside down."),
            msg("Give target_low and target_high with target_low not above target_high."),
            {"node": node.code},
            place=f"PIPELINE {step}",
        )
    elif spec.method in ("goalposts", "scaled"):
        yield from goalpost_problems(node)
    elif spec.method == "dist2targ" and node.direction != 0 and node.target is None:
        yield Problem(
            "no_target",
            msg("%(code)s has no target, and its normalisation measures the distance to one."),
            msg("Give the target in the framework, or choose another method for this indicator."),
            {"code": node.code},
            place=f"META {node.code}",
        )
    if spec.method == "dist2ref" and spec.reference not in units:
        yield Problem(
            "unknown_unit",
            msg("The step %(step)s names %(unit)s, which is no unit of the data."),
            msg("Correct the code."),
            {"step": step, "unit": spec.reference},
            place=f"PIPELINE {step}",
        )


def reference_missing(unit: str, step: str) -> Problem:
    """Return the problem of a reference unit that is not assessed.

    >>> reference_missing("u", "normalise").code
    'reference_screened_out'
    """
    return Problem(
        "reference_screened_out",
        msg("The reference unit %(unit)s was screened out for lack of data."),
        msg("Name another reference unit, or include this one in the screening."),
        {"unit": unit},
        place=f"PIPELINE {step}",
    )


def column_warnings(step: Normalise, state: State, out: Floats) -> Iterator[Problem]:
    """Yield a warning for each column that lost its values or tells nobody apart."""
    there = ~np.isnan(state.values)
    lost = there.any(axis=0) & np.isnan(out).all(axis=0)
    for position in np.flatnonzero(lost):
        code = state.framework.indicators[position]
        yield _lost(step.of(code), code, state.values[:, position])
    for column, code in enumerate(state.framework.indicators):
        if np.isinf(out[:, column]).any():
            yield _infinite(code)
        if _all_past_target(step.of(code), state.values[there[:, column], column], out[there[:, column], column]):
            yield _warning(
                "target_reached",
                msg("All units have reached the target of %(code)s: it tells nobody apart."),
                msg("Set a more demanding target, or choose another method for this indicator."),
                code,
            )


def _infinite(code: str) -> Problem:
    return _warning(
        "infinite_score",
        msg("The normalised values of %(code)s are infinite: the reference software divides by 0 here."),
        msg("Leave out compat, or choose another method for this indicator."),
        code,
    )


def _all_past_target(spec: Normalise, before: Floats, after: Floats) -> bool:
    if spec.method != "dist2targ" or spec.compat or not len(before):
        return False
    return bool((after == spec.range[1]).all()) and float(np.ptp(before)) > 0


def _lost(spec: Normalise, code: str, column: Floats) -> Problem:
    if np.nanmax(column) == np.nanmin(column) or spec.method not in ("dist2ref", "fracmax"):
        return _warning(
            "constant_column",
            msg("All units have the same value of %(code)s: it tells nobody apart and does not count."),
            msg("Check the data, or take the indicator out, or give it goalposts."),
            code,
        )
    if spec.method == "dist2ref":
        return _warning(
            "reference_unusable",
            msg("The reference unit has no value of %(code)s, or the worst of all: the indicator does not count."),
            msg("Name another reference unit, or choose another method for this indicator."),
            code,
        )
    return _warning(
        "best_not_positive",
        msg("The best value of %(code)s is not above 0, so shares of it mean nothing: the indicator does not count."),
        msg("Choose another method for this indicator, for example minmax."),
        code,
    )


def _warning(name: str, what: str, remedy: str, code: str) -> Problem:
    return Problem(name, what, remedy, {"code": code}, place=f"DATA {code}", severity="warning")
