"""How a risk assessment is shown: the level, each scenario in the matrix, what one step on one input does, what is uncertain."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from qualipolis.faces.desk.rooms.listen.investigation_words import level_chip
from qualipolis.methods.signal.risk import CLASSES, LETTERS, LEVEL_NAMES, MATRIX, SEVERITIES, Assessed, Change, Risk

SHORT = {
    "low": pgettext_lazy("risk", "low"),
    "medium": pgettext_lazy("risk", "medium"),
    "high": pgettext_lazy("risk", "high"),
    "serious": pgettext_lazy("risk", "serious"),
}


def shown(risk: Risk) -> dict[str, Any]:
    """Return what ``listen/investigation_risk_result.html`` draws."""
    return {
        "level": level_chip(risk.level),
        "robust": risk.robust,
        "low": _(LEVEL_NAMES[risk.lowest]),
        "high": _(LEVEL_NAMES[risk.highest]),
        "deciding": risk.deciding,
        "uncertain": [(name, _(what)) for name, what in risk.uncertain],
        "scenarios": [_scenario(number, one) for number, one in enumerate(risk.scenarios, 1)],
        "matrix": _matrix(risk.scenarios),
        "severities": [(number, _(words)) for number, words in SEVERITIES.items()],
    }


def chance(value: Fraction) -> str:
    """Return a probability as people say it: exactly where it is short, else in per cent.

    >>> chance(Fraction(1, 500)), chance(Fraction(1)), chance(Fraction(3, 10))
    ('1/500', '1', '3/10')
    """
    exact = str(value)
    if len(exact) <= 12:
        return exact
    return f"{float(value):.2g}"


def _scenario(number: int, one: Assessed) -> dict[str, Any]:
    return {
        "number": number,
        "name": one.scenario.name,
        "people": one.scenario.people,
        "severity": one.scenario.severity,
        "severity_words": _(SEVERITIES[one.scenario.severity]),
        "steps": [(factor, one.scenario.factors.index(factor) + 1) for factor in one.scenario.factors],
        "product": " × ".join(str(factor.probability) for factor in one.scenario.factors),
        "chance": chance(one.probability),
        "class": one.probability_class,
        "level": level_chip(one.level),
        "changes": [_change(change) for change in one.changes],
        "flips": len(one.flips),
    }


def _change(one: Change) -> dict[str, Any]:
    severity = one.factor < 0
    return {
        "what": _(one.what) if severity else one.what,
        "upwards": one.upwards,
        "value": str(int(one.value)) if severity else chance(one.value),
        "level": level_chip(one.level),
        "flips": one.flips,
    }


def _matrix(scenarios: Sequence[Assessed]) -> list[dict[str, Any]]:
    """Return the rows of the matrix, each cell with its level and the numbers of the scenarios that stand in it."""
    found = []
    for words, letters in zip(CLASSES, MATRIX, strict=True):
        cells = []
        for severity, letter in enumerate(letters, 1):
            here = [
                str(number)
                for number, one in enumerate(scenarios, 1)
                if one.probability_class == words and one.scenario.severity == severity
            ]
            cells.append(
                {"chip": level_chip(LETTERS[letter]), "short": str(SHORT[LETTERS[letter]]), "here": _(", ").join(here)}
            )
        found.append({"class": words, "cells": cells})
    return found
