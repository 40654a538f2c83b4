"""Screen: leave out units with too little data (Handbook step 2; COINr ``Screen``)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.composite.data import Floats, IndicatorData, match
from qualipolis.methods.composite.framework import Framework
from qualipolis.methods.composite.steps import State, Step, Table, range_problem, register
from qualipolis.methods.problems import InputError, Problem, msg

if TYPE_CHECKING:
    import polars as pl


@register
@dataclass(frozen=True)
class Screen(Step):
    """Keep the units whose share of available (and non-zero) cells reaches a threshold.

    Parameters
    ----------
    available : lowest share of cells that are not missing (0: zeros alone decide, the reference's ``byzeros``)
    nonzero : lowest share of cells that are not zero, among the available ones (0: missing cells alone decide,
        ``byNA``; both above 0: ``byNAandzeros``)
    include, exclude : units kept or left out whatever their shares

    ``details["screen"]`` lists every unit with its counts, shares, the thresholds missed and whether it is in.

    >>> Screen(0.8, exclude=("u7",)).to_dict()
    {'step': 'screen', 'available': 0.8, 'nonzero': 0.0, 'include': [], 'exclude': ['u7']}
    """

    available: float = 0.66
    nonzero: float = 0.0
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    id: str = ""
    step: ClassVar[str] = "screen"
    phase: ClassVar[int | None] = 2

    def faults(self) -> Iterator[Problem]:
        """Yield thresholds that are no share."""
        for name in ("available", "nonzero"):
            value = getattr(self, name)
            if not 0 <= value <= 1:
                yield range_problem(self.name, name, value, "0 .. 1")
        for unit in sorted({*self.include} & {*self.exclude}):
            yield Problem(
                "included_and_excluded",
                msg("%(unit)s is both to be kept and to be left out."),
                msg("Name it once."),
                {"unit": unit},
                place=f"PIPELINE {self.name}",
            )

    def problems(self, framework: Framework, data: IndicatorData, before: tuple[Step, ...]) -> Iterator[Problem]:
        """Yield forced units that the data do not have."""
        for unit in (*self.include, *self.exclude):
            if unit not in data.units:
                yield Problem(
                    "unknown_unit",
                    msg("The step %(step)s names %(unit)s, which is no unit of the data."),
                    msg("Correct the code."),
                    {"step": self.name, "unit": unit},
                    place=f"PIPELINE {self.name}",
                )

    def apply(self, state: State) -> State:
        """Return the state with the units that pass. A batch is screened by its first replicate (see ``fixed``)."""
        values = state.values.reshape(-1, *state.values.shape[-2:])[0]
        table = availability(values)
        table |= {"low_available": table["available"] < self.available, "low_nonzero": table["nonzero"] < self.nonzero}
        keep = ~(table["low_available"] | table["low_nonzero"])
        units = np.array(state.units, dtype=object)
        keep = (keep | np.isin(units, self.include)) & ~np.isin(units, self.exclude)
        if not keep.any():
            raise InputError([_nobody(self.name)])
        shown: Table = {"unit": list(units)} | {k: v.tolist() for k, v in table.items()} | {"included": keep.tolist()}
        found = [_left_out(str(unit), str(unit) in self.exclude) for unit in units[~keep]] if state.single else []
        gone = ~np.isnan(values).all(axis=0) & np.isnan(values[keep]).all(axis=0)
        found += [_emptied(state.framework.indicators[at]) for at in np.flatnonzero(gone)] if state.single else []
        return state.becomes(
            rows=state.rows[keep], values=state.values[..., keep, :], problems=found, tables={self.name: shown}
        )


def fixed(step: Screen, before: State, after: State) -> Screen:
    """Return a screen that leaves out the same units whatever the values: for replicates with noise in the data.

    >>> import inspect; inspect.signature(fixed).return_annotation
    'Screen'
    """
    stay = set(after.units)
    out = tuple(unit for unit in before.units if unit not in stay)
    return Screen(0.0, 0.0, exclude=out, id=step.id)


def availability(values: Floats) -> dict[str, NDArray[Any]]:
    """Return, for each unit of (units, columns): missing, zero, both, available share, non-zero share of the available.

    >>> availability(np.array([[1.0, 0.0, np.nan, 2.0]]))["available"].tolist()
    [0.75]
    """
    missing = np.isnan(values).sum(axis=1)
    zero = (values == 0).sum(axis=1)
    present = values.shape[1] - missing
    with np.errstate(invalid="ignore", divide="ignore"):
        nonzero = np.where(present > 0, 1 - zero / np.maximum(present, 1), 0.0)
    return {
        "missing": missing,
        "zero": zero,
        "missing_or_zero": missing + zero,
        "available": present / values.shape[1],
        "nonzero": nonzero,
    }


@dataclass(frozen=True, eq=False)
class Availability:
    """How much data each unit has: ``units`` over all indicators, ``groups`` below each aggregate."""

    units: pl.DataFrame
    groups: pl.DataFrame


def data_availability(framework: Framework, data: IndicatorData) -> Availability:
    """Return what is missing and what is zero, for each unit and for each unit and aggregate.

    Parameters
    ----------
    framework : the tree; a group is all indicators below an aggregate, whatever the level
    data : the raw data

    Returns
    -------
    Availability
        ``units``: unit, missing, zero, missing_or_zero, available (share of the cells), nonzero (share of the available
        ones that are not zero); ``groups``: the same with ``node`` and its count of ``indicators``

    Zero shares say nothing of quality by themselves; an indicator that is zero for most units tells few of them apart.
    Source: OECD/JRC Handbook (2008) step 2.

    Raises InputError when the data lack an indicator of the framework.

    >>> from qualipolis.methods.composite.framework import Node
    >>> fw = Framework((Node("a", parent="X"), Node("b", parent="X"), Node("X", level=2, kind="aggregate")))
    >>> found = data_availability(fw, IndicatorData(("u", "v"), ("a", "b"), [[1, float("nan")], [0, 3]]))
    >>> found.units["available"].to_list(), found.groups["zero"].to_list()
    ([0.5, 1.0], [0, 1])
    """
    import polars as pl

    lacking = [problem for problem in match(framework, data).problems if problem.severity == "error"]
    if lacking:
        raise InputError(lacking)
    columns = {code: at for at, code in enumerate(framework.indicators)}
    values = data.values[:, [data.codes.index(code) for code in framework.indicators]]
    parts = []
    for node in framework.aggregates:
        leaves = framework.leaves(node)
        shares = availability(values[:, [columns[leaf] for leaf in leaves]])
        parts.append(pl.DataFrame({"unit": data.units, "node": node, "indicators": len(leaves), **shares}))
    return Availability(pl.DataFrame({"unit": data.units, **availability(values)}), pl.concat(parts))


def _left_out(unit: str, forced: bool) -> Problem:
    return Problem(
        "screened_out",
        msg("%(unit)s is excluded by the pipeline and is not scored.")
        if forced
        else msg("%(unit)s has too little data and is not scored."),
        "" if forced else msg("Complete its data or lower the threshold."),
        {"unit": unit},
        place=f"DATA {unit}",
        severity="warning",
    )


def _emptied(code: str) -> Problem:
    return Problem(
        "emptied_column",
        msg("No unit that is left has a value of %(code)s: the indicator does not count."),
        msg("Complete its data, lower the threshold, or take the indicator out of the framework."),
        {"code": code},
        place=f"DATA {code}",
        severity="warning",
    )


def _nobody(step: str) -> Problem:
    return Problem(
        "nobody_left",
        msg("No unit has enough data."),
        msg("Complete the data or lower the threshold."),
        {},
        place=f"PIPELINE {step}",
    )
