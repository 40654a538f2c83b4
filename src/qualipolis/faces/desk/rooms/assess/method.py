"""The method of a release in words: each step with what it does, and what the simulation varied."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _


def method_lines(shown: Any) -> list[tuple[str, str]]:
    """Return each step of the method, and what was varied, as (name, words)."""
    names = step_names()
    lines = [(names.get(step.get("step", ""), str(step.get("step", ""))), _step(step)) for step in shown.steps]
    return [*lines, *((_("Varied"), varied(factor)) for factor in shown.factors)]


def step_names() -> dict[str, str]:
    """Return the steps of a method in words."""
    return {
        "denominate": _("Divide by denominators"),
        "impute": _("Impute missing values"),
        "screen": _("Screen units by data availability"),
        "treat": _("Treat outliers"),
        "normalise": _("Normalise"),
        "weigh": _("Weigh"),
        "aggregate": _("Aggregate"),
    }


def _step(step: Mapping[str, Any]) -> str:
    """The words of a known step; of any other its parameters as they are."""
    kind, method = step.get("step"), step.get("method")
    if kind == "normalise" and method == "goalposts":
        return _("each value between its goalposts becomes %(low)s to %(high)s points, cut off at both ends") % {
            "low": f"{step.get('low', 0):g}", "high": f"{step.get('high', 100):g}",
        }  # fmt: skip
    if kind == "weigh" and method == "meta":
        return _("weights of the indicator set; what a unit lacks is shared out among what it has")
    if kind == "aggregate" and method == "arithmetic":
        return _("arithmetic mean, level by level")
    left = {key: value for key, value in step.items() if key != "step" and value not in ({}, [], "", None)}
    if kind == "denominate" and not left:
        return _("nothing to divide: the values are ratios already")
    return ", ".join(f"{key} = {value}" for key, value in left.items()) or "—"


def varied(factor: str) -> str:
    """Return what the simulation varied, in words; an unknown factor as it was recorded."""
    if found := re.match(r"weights \+-(\d+%)", factor):
        return _("all weights, by up to %(share)s either way") % {"share": found[1]}
    if factor.startswith("normalise in"):
        return _("the scale: goalposts or the range from the lowest to the highest unit")
    if factor.startswith("aggregate.method in"):
        return _("how far a strength makes up for a weakness: arithmetic or geometric mean")
    if factor.startswith("normal noise on the data"):
        return _("the counting error of every proportion")
    return factor
