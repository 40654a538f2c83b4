"""Treat outliers: winsorise step by step, then a transform if that is not enough (Handbook step 3; COINr ``Treat``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import numpy as np

from qualipolis.methods.composite.data import IndicatorData
from qualipolis.methods.composite.denominate import unknown_indicators
from qualipolis.methods.composite.framework import Framework
from qualipolis.methods.composite.steps import (
    State,
    Step,
    choice_problem,
    range_problem,
    register,
    step_from_dict,
)
from qualipolis.methods.composite.transforms import POWERS, REFERENCE, TRANSFORMS, log_ct, log_towards
from qualipolis.methods.composite.treat_rows import Recipe, Treated, treat_by, treat_rows
from qualipolis.methods.composite.treat_tables import Part, Points, details
from qualipolis.methods.problems import InputError, Problem, msg

__all__ = ["Recipe", "Treat", "Treated", "log_ct", "log_towards", "treat_rows"]

WHOLE = ("skip", "indicators", "id")


@register
@dataclass(frozen=True)
class Treat(Step):
    """Winsorise each column that fails the test; transform the original column if it still fails.

    Test: a column passes if \\|skew\\| < ``skew`` **or** kurtosis < ``kurt`` (type 2). Winsorising sets the most extreme
    value, with all its ties, to the next one, on the side of the current skew, until the column passes or ``winmax``
    values have been moved. A column with fewer than three different values is left as it is (winsorising would make it
    constant). What still fails in the end is kept and named in a warning.
    Source: JRC COIN Tool user guide; Becker et al. (2022), COINr, JOSS 7(78).

    Parameters
    ----------
    winmax : most values winsorised in a column; ties move together, so the last step may go beyond
    skew, kurt : thresholds of the test
    transform : ``log`` (the coin tool's log towards the skewed side, ``log_ct_plus`` is another name for it),
        ``log_ct`` (as the reference does on either side, defect D6: left-skewed columns get worse), ``log_ct_orig``,
        ``log_gii``, ``ln``, ``boxcox`` or ``none``; formulas in :mod:`.transforms`
    skip : indicators left untreated
    first : the first treatment: ``winsorise``, ``none`` or one of the transforms
    combine : transform what the first treatment left instead of the original column
    force : apply the first treatment even to a column that passes; winsorising then goes on to ``winmax``
    winsor_skew, winsor_kurt : thresholds at which winsorising stops, when not those of the test
    count : ``points``: ``winmax`` counts values moved, ties one by one; ``steps``: it counts steps
    power : the exponent of ``boxcox``, -5 .. 5, or ``auto``: the likeliest for each column
    indicators : indicator -> parameters of its own over these, or ``"none"``: left untreated
    compat : ``coinr-1.1.14``: ``log_gii`` changes nothing (defect D1); a column that winsorising would make constant is
        left as it was (the reference stops with an error there), where ours keeps its two last values and transforms it

    ``details["treat"]`` has one line for each column with the test before and after each treatment;
    ``details["treat.points"]`` one for each unit and column that was changed.

    >>> Treat(winmax=3, indicators={"CO2": "none", "Bord": {"winmax": 10}}).of("Bord").winmax
    10
    """

    winmax: int = 5
    skew: float = 2.0
    kurt: float = 3.5
    transform: str = "log"
    skip: tuple[str, ...] = ()
    first: str = "winsorise"
    combine: bool = False
    force: bool = False
    winsor_skew: float | None = None
    winsor_kurt: float | None = None
    count: str = "points"
    power: float | str = "auto"
    indicators: Mapping[str, Any] = field(default_factory=dict)
    compat: str = ""
    id: str = ""
    step: ClassVar[str] = "treat"
    phase: ClassVar[int | None] = 3

    def faults(self) -> Iterator[Problem]:
        """Yield a negative ``winmax``, thresholds not above 0, an unknown choice, or faults of an indicator's own."""
        if self.winmax < 0:
            yield range_problem(self.name, "winmax", self.winmax, ">= 0")
        for name in ("skew", "kurt", "winsor_skew", "winsor_kurt"):
            value = getattr(self, name)
            if value is not None and not value > 0:
                yield range_problem(self.name, name, value, "> 0")
        for name, choices in _CHOICES.items():
            if getattr(self, name) not in choices:
                yield choice_problem(self.name, name, getattr(self, name), choices)
        if isinstance(self.power, str) and self.power != "auto":
            yield choice_problem(self.name, "power", self.power, ("auto", "0.5"))
        elif not isinstance(self.power, str) and not abs(self.power) <= POWERS[1]:
            yield range_problem(self.name, "power", self.power, f"{POWERS[0]:g} .. {POWERS[1]:g}")
        for code, own in self.indicators.items():
            yield from self._own_faults(code, own)

    def of(self, code: str) -> Treat | None:
        """Return the specification that holds for one indicator; None when it is left untreated."""
        own = self.indicators.get(code)
        if own == "none" or code in self.skip:
            return None
        base = replace(self, indicators={}, skip=()) if self.indicators or self.skip else self
        if own is None:
            return base
        merged = step_from_dict({**base.to_dict(), **own})
        assert isinstance(merged, Treat)
        return merged

    @property
    def recipe(self) -> Recipe:
        """The parameters of one column, for :func:`.treat_rows.treat_by`."""
        return Recipe(
            self.winmax,
            self.skew,
            self.kurt,
            self.transform,
            self.first,
            self.combine,
            self.force,
            self.skew if self.winsor_skew is None else self.winsor_skew,
            self.kurt if self.winsor_kurt is None else self.winsor_kurt,
            self.count,
            self.power,
            self.compat,
        )

    def problems(self, framework: Framework, data: IndicatorData, before: tuple[Step, ...]) -> Iterator[Problem]:
        """Yield unknown indicators, and columns that need a logarithm which their values do not have."""
        yield from unknown_indicators(self, framework, {**dict.fromkeys(self.skip), **self.indicators})
        if not any(name in ("ln", "log_gii") for name in self._names()):
            return
        divided = {code for step in before for code in _divided(step, framework)}
        for code in framework.indicators:
            spec = self.of(code)
            if spec is not None and code in data.codes and code not in divided:
                yield from _without_log(self.name, code, spec.recipe, data)

    def apply(self, state: State) -> State:
        """Return the state with treated columns."""
        values = state.values.copy()
        parts: list[Part] = []
        for recipe, columns in self._groups(state.framework).items():
            rows = np.ascontiguousarray(np.moveaxis(state.values[..., columns], -2, -1))
            done = treat_by(rows.reshape(-1, rows.shape[-1]), recipe)
            if done.unfit.any():
                bad = done.unfit.reshape(rows.shape[:-1]).reshape(-1, len(columns)).any(axis=0)
                lost = [state.framework.indicators[c] for c, one in zip(columns, bad, strict=True) if one]
                raise InputError([no_logarithm(self.name, code, recipe) for code in lost])
            values[..., columns] = np.moveaxis(done.rows.reshape(rows.shape), -1, -2)
            parts.append(Part(tuple(columns), recipe, done))
        if not state.single:
            return state.becomes(values=values)
        codes = state.framework.indicators
        tables = {self.name: details(parts, codes)}
        if any((part.done.chosen | part.done.transformed).any() for part in parts):
            tables[f"{self.name}.points"] = Points(state, values, tuple(parts))
        return state.becomes(values=values, tables=tables, problems=list(_left(parts, codes)))

    def _groups(self, framework: Framework) -> dict[Recipe, list[int]]:
        groups: dict[Recipe, list[int]] = {}
        own = self if not self.indicators else None
        shared = self.recipe
        for position, code in enumerate(framework.indicators):
            if own is not None and code not in self.skip:
                groups.setdefault(shared, []).append(position)
            elif own is None and (spec := self.of(code)) is not None:
                groups.setdefault(spec.recipe, []).append(position)
        return groups

    def _names(self) -> set[str]:
        own = [one for one in self.indicators.values() if isinstance(one, Mapping)]
        return {self.first, self.transform, *(str(one.get(key)) for one in own for key in ("first", "transform"))}

    def _own_faults(self, code: str, own: object) -> Iterator[Problem]:
        if own == "none":
            return
        if not isinstance(own, Mapping):
            yield choice_problem(self.name, f"indicators.{code}", own, ("none", "{...}"))
            return
        for key in WHOLE:
            if key in own:
                yield choice_problem(self.name, f"indicators.{code}", key, _OWN)
        try:
            self.of(code)
        except InputError as error:
            yield from error.problems


_CHOICES: dict[str, tuple[str, ...]] = {
    "transform": (*TRANSFORMS, "none"),
    "first": ("winsorise", *TRANSFORMS, "none"),
    "count": ("points", "steps"),
    "compat": ("", REFERENCE),
}
_OWN = ("winmax", "skew", "kurt", "transform", "first", "combine", "force", "winsor_skew", "winsor_kurt", "power")


def _divided(step: Step, framework: Framework) -> Iterator[str]:
    if step.step == "denominate":
        by: Mapping[str, str] = getattr(step, "by", {})
        yield from (code for code in framework.indicators if by.get(code, framework.node(code).denominator))


def _without_log(step: str, code: str, recipe: Recipe, data: IndicatorData) -> Iterator[Problem]:
    if treat_by(data.column(code)[None], recipe).unfit.any():
        yield no_logarithm(step, code, recipe)


def no_logarithm(step: str, code: str, recipe: Recipe) -> Problem:
    """Return the problem of a column that has no logarithm of the kind asked for."""
    gii = "log_gii" in (recipe.first, recipe.transform) and "ln" not in (recipe.first, recipe.transform)
    return Problem(
        "no_logarithm",
        msg("The largest value of %(code)s is not above 1: the logarithm %(transform)s would turn its order round.")
        if gii
        else msg("%(code)s has values of zero or below: they have no logarithm."),
        msg("Use the transform log for it, or leave the indicator untreated."),
        {"code": code, "transform": "log_gii" if gii else "ln"},
        place=f"PIPELINE {step}",
    )


def _left(parts: list[Part], codes: tuple[str, ...]) -> Iterator[Problem]:
    """Yield a warning for each column that fails the test in the end."""
    for part in parts:
        done = part.done
        for at in np.flatnonzero(done.failing).tolist():
            code = codes[part.columns[at]]
            few = bool(done.few[at])
            yield Problem(
                "few_values" if few else "still_failing",
                msg("%(code)s has outliers but only two different values: it is left untreated.")
                if few
                else msg("%(code)s still has outliers after the treatment: skewness %(skew)s, kurtosis %(kurt)s."),
                msg("Check the values, or give the indicator a treatment of its own."),
                {"code": code, "skew": f"{done.last[0][at]:.2f}", "kurt": f"{done.last[1][at]:.2f}"},
                place=f"DATA {code}",
                severity="warning",
            )
