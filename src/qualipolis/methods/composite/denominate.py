"""Denominate: divide size-dependent indicators by a denominator (Handbook step 2 and 5; COINr ``Denominate``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from qualipolis.methods.composite.data import LARGEST, Floats, IndicatorData, match
from qualipolis.methods.composite.framework import Framework
from qualipolis.methods.composite.steps import State, Step, range_problem, register
from qualipolis.methods.problems import InputError, Problem, msg

if TYPE_CHECKING:
    import polars as pl

    from qualipolis.methods.composite.result import CompositeResult


@register
@dataclass(frozen=True)
class Denominate(Step):
    """x / (denominator / scale), for each indicator that has a denominator.

    Parameters
    ----------
    by : indicator -> denominator, over what the framework says; ``""`` leaves the indicator undivided
    scale : indicator -> factor on the result, above 0 (a rate per 1,000 has 1000)

    A cell whose denominator is missing or zero becomes missing, with a warning that names unit and column.

    >>> Denominate(scale={"patents": 10000}).to_dict()
    {'step': 'denominate', 'by': {}, 'scale': {'patents': 10000.0}}
    """

    by: Mapping[str, str] = field(default_factory=dict)
    scale: Mapping[str, float] = field(default_factory=dict)
    id: str = ""
    step: ClassVar[str] = "denominate"
    phase: ClassVar[int | None] = 1

    def faults(self) -> Iterator[Problem]:
        """Yield a scale that is not above 0, or absurdly large."""
        for code, scale in self.scale.items():
            if not 0 < scale <= LARGEST:
                yield range_problem(self.name, f"scale.{code}", scale, f"> 0, <= {LARGEST:g}")

    def chosen(self, framework: Framework) -> dict[int, str]:
        """Return column position -> denominator code."""
        pairs = {code: self.by.get(code, framework.node(code).denominator) for code in framework.indicators}
        return {position: name for position, name in enumerate(pairs.values()) if name}

    def problems(self, framework: Framework, data: IndicatorData, before: tuple[Step, ...]) -> Iterator[Problem]:
        """Yield denominators that the data do not have and indicators that the framework does not have."""
        for position, name in self.chosen(framework).items():
            if name not in data.denominators:
                yield Problem(
                    "missing_denominator",
                    msg("The denominator %(name)s of %(code)s is not in the data."),
                    msg("Add the column or take the denominator out of the framework."),
                    {"name": name, "code": framework.indicators[position]},
                    place=f"META {framework.indicators[position]}",
                )
        yield from unknown_indicators(self, framework, {**self.by, **self.scale})

    def apply(self, state: State) -> State:
        """Return the state with divided columns."""
        chosen = self.chosen(state.framework)
        if not chosen:
            return state
        values = state.values.copy(order="K")
        found: list[Problem] = []
        for position, name in chosen.items():
            code = state.framework.indicators[position]
            below = state.data.denominators[name][state.rows]
            values[..., position] = divide(values[..., position], below, self.scale.get(code, 1.0))
            if state.single:
                found.extend(_lost(state, code, name, below))
        return state.becomes(values=values, problems=found)


def divide(values: Floats, denominator: Floats, scale: float = 1.0) -> Floats:
    """Return ``values / (denominator / scale)`` over the last axis; NaN where the denominator is 0 or missing.

    >>> divide(np.array([1.0, 2.0]), np.array([4.0, 0.0]), 100.0).tolist()
    [25.0, nan]
    """
    return values / (np.where(denominator == 0, np.nan, denominator) / scale)


def denominator_correlations(
    source: IndicatorData | CompositeResult, framework: Framework | None = None, threshold: float = 0.6
) -> pl.DataFrame:
    r"""Return the indicators that go with the size of the unit: :math:`|r|` with a denominator above the threshold.

    Pearson's r over the units that have both values. An indicator that follows size measures size: divide it, or say
    why not. After dividing, run it again on the result of the step to see whether the size effect has gone.

    Parameters
    ----------
    source : the raw data, or a result: then the stage before the normalisation, over the units still in
    framework : the indicators to look at; all columns of the data, or the result's own framework, when left out
    threshold : smallest :math:`|r|` shown, itself not; 0 shows all pairs

    Returns
    -------
    frame : indicator, denominator, correlation, n; strongest first inside each indicator. A pair of fewer than 3 units
        or without variation has no correlation and is not shown.

    Raises
    ------
    InputError
        when the data have no denominators or lack an indicator, or the threshold is no number from 0 to 1

    Source: OECD/JRC Handbook (2008) step 2; COINr ``get_denom_corr``.

    >>> data = IndicatorData(("u", "v", "w"), ("a",), [[1], [2], [3.5]], denominators={"people": [10, 20, 30]})
    >>> denominator_correlations(data).select("indicator", "denominator", "n").row(0)
    ('a', 'people', 3)
    """
    import polars as pl

    codes, values, denominators = _columns_of(source, framework)
    errors = []
    if not denominators:
        errors.append(Problem("no_denominators", msg("The data have no denominators."), msg("Add their columns.")))
    if not 0 <= threshold <= 1:
        errors.append(
            Problem(
                "bad_threshold",
                msg("The threshold of the correlation is %(value)s."),
                msg("Give a number from 0 to 1."),
                {"value": threshold},
            )
        )
    if errors:
        raise InputError(errors)
    rows = []
    for position, code in enumerate(codes):
        pairs = [(name, *pairwise(values[:, position], below)) for name, below in denominators.items()]
        pairs = [pair for pair in pairs if abs(pair[1]) > threshold]
        rows += [(code, *pair) for pair in sorted(pairs, key=lambda pair: (-abs(pair[1]), pair[0]))]
    schema = {"indicator": pl.String, "denominator": pl.String, "correlation": pl.Float64, "n": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def pairwise(x: Floats, y: Floats) -> tuple[float, int]:
    """Return Pearson's r over the places where both are present, and their number; NaN where there is no r.

    >>> pairwise(np.array([1.0, 2.0, 3.0, np.nan]), np.array([2.0, 4.0, 6.0, 9.0]))
    (1.0, 3)
    """
    both = ~(np.isnan(x) | np.isnan(y))
    n = int(both.sum())
    if n < 3:
        return float("nan"), n
    a, b = x[both] - x[both].mean(), y[both] - y[both].mean()
    spread = float(np.sqrt((a * a).sum() * (b * b).sum()))
    flat = np.ptp(x[both]) == 0 or np.ptp(y[both]) == 0 or spread == 0
    return (float("nan") if flat else max(-1.0, min(1.0, float((a * b).sum()) / spread))), n


def _columns_of(
    source: IndicatorData | CompositeResult, framework: Framework | None
) -> tuple[tuple[str, ...], Floats, Mapping[str, Floats]]:
    if isinstance(source, IndicatorData):
        lacking = match(framework, source).problems if framework is not None else ()
        if any(problem.severity == "error" for problem in lacking):
            raise InputError([problem for problem in lacking if problem.severity == "error"])
        codes = source.codes if framework is None else framework.indicators
        return codes, source.values[:, [source.codes.index(code) for code in codes]], source.denominators
    kinds = [stage.kind for stage in source.runs]
    ends = [kinds.index(kind) for kind in ("normalise", "weigh", "aggregate") if kind in kinds]
    state = source.runs[min(ends) - 1].state
    tree = framework or source.framework
    columns = [source.framework.indicators.index(code) for code in tree.indicators]
    below = {name: values[state.rows] for name, values in source.data.denominators.items()}
    return tree.indicators, state.values[:, columns], below


def _lost(state: State, code: str, name: str, below: Floats) -> Iterator[Problem]:
    for unit, value in zip(state.units, below, strict=True):
        if value == 0 or np.isnan(value):
            yield Problem(
                "zero_denominator" if value == 0 else "empty_denominator",
                msg("The denominator %(name)s is zero: the cell counts as missing.")
                if value == 0
                else msg("The denominator %(name)s is missing: the cell counts as missing."),
                msg("Correct the denominator."),
                {"name": name},
                place=f"DATA {unit}, {code}",
                severity="warning",
            )


def unknown_indicators(step: Step, framework: Framework, codes: Mapping[str, object]) -> Iterator[Problem]:
    """Yield one problem for each code that is no indicator of the framework."""
    for code in codes:
        if code not in framework.indicators:
            yield Problem(
                "unknown_indicator",
                msg("The step %(step)s names %(code)s, which is no indicator of the framework."),
                msg("Correct the code."),
                {"step": step.name, "code": code},
                place=f"PIPELINE {step.name}",
            )
