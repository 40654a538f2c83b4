"""The columns an analysis looks at: units by codes, taken from a result, a stage, raw data or a plain array."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qualipolis.methods.composite.data import Floats, IndicatorData
from qualipolis.methods.composite.framework import Framework, unknown_code
from qualipolis.methods.composite.result import CompositeResult, Stage
from qualipolis.methods.problems import InputError, Problem, msg


@dataclass(frozen=True, eq=False, repr=False)
class Columns:
    """Values of ``codes`` for ``units``, (units, codes), missing as NaN."""

    units: tuple[str, ...]
    codes: tuple[str, ...]
    values: Floats

    @property
    def constant(self) -> tuple[str, ...]:
        """Codes with fewer than two different values: they tell no unit from another and correlate with nothing."""
        flat = flat_columns(self.values)
        return tuple(code for code, one in zip(self.codes, flat, strict=True) if one)

    def only(self, codes: Sequence[str]) -> Columns:
        """Return some of the columns, in the order asked; InputError names those that are not there."""
        unknown = [code for code in codes if code not in self.codes]
        if unknown:
            raise InputError([unknown_code(code) for code in unknown])
        return Columns(self.units, tuple(codes), self.values[:, [self.codes.index(code) for code in codes]])

    def __repr__(self) -> str:
        return f"Columns({len(self.units)} units x {len(self.codes)} codes)"


Source = CompositeResult | Stage | IndicatorData | Columns | ArrayLike


def columns(
    source: Source,
    stage: str | None = None,
    level: int | None = None,
    under: str | None = None,
    codes: Sequence[str] | None = None,
) -> Columns:
    """Return the columns to analyse.

    Parameters
    ----------
    source : a result, a stage, raw data, columns, or an array (units, columns) whose codes are ``c1``, ``c2``, ...
        or those given as ``codes``
    stage : step id of the result whose data are meant (``"raw"``, ``"treat"``, ...); by default the last one, which
        has the normalised indicators and all aggregates
    level : only nodes of this level
    under : only nodes below this one; without ``level`` its children
    codes : only these codes

    Raises
    ------
    InputError
        an unknown stage, node or code; ``stage``, ``level`` or ``under`` for a source without a framework; an array
        that is not (units, columns), or has an infinite value

    >>> columns([[1.0, 2.0], [3.0, 4.0]], codes=("a", "b")).codes
    ('a', 'b')
    """
    if isinstance(source, CompositeResult):
        return _of_stage(_stage(source, stage), level, under, codes)
    if isinstance(source, Stage):
        return _of_stage(source, level, under, codes)
    if stage is not None or level is not None or under is not None:
        raise InputError([_no_framework()])
    if isinstance(source, IndicatorData):
        source = Columns(source.units, source.codes, source.values)
    if not isinstance(source, Columns):
        return _of_array(source, codes)
    return source if codes is None else source.only(codes)


def family(framework: Framework, level: int | None, under: str | None) -> tuple[str, ...]:
    """Return the nodes of a level, below a node; without level its children, without either the indicators.

    >>> from qualipolis.methods.composite.framework import Node
    >>> fw = Framework((Node("a", parent="X"), Node("b", parent="X"), Node("X", level=2, kind="aggregate")))
    >>> family(fw, None, "X"), family(fw, 2, None)
    (('a', 'b'), ('X',))
    """
    if under is None:
        return tuple(n.code for n in framework.nodes if n.level == (1 if level is None else level))
    if level is None:
        return framework.children(under)
    below = descendants(framework, under)
    return tuple(code for code in framework.codes if code in below and framework.node(code).level == level)


def descendants(framework: Framework, code: str) -> frozenset[str]:
    """Return every node below one.

    >>> from qualipolis.methods.composite.framework import Node
    >>> sorted(descendants(Framework((Node("a", parent="X"), Node("X", level=2, kind="aggregate"))), "X"))
    ['a']
    """
    children = framework.children(code)
    return frozenset(children).union(*(descendants(framework, child) for child in children))


def flat_columns(values: Floats) -> NDArray[np.bool_]:
    """Return which columns of (units, columns) have no two different values; digits lost in rounding do not count.

    >>> flat_columns(np.array([[1.0, 2.0], [1.0, 3.0], [np.nan, 4.0]])).tolist()
    [True, False]
    """
    low = np.fmin.reduce(values, axis=0, initial=np.inf)
    high = np.fmax.reduce(values, axis=0, initial=-np.inf)
    flat: NDArray[np.bool_] = ~(high - low > 1e-13 * np.maximum(np.abs(low), np.abs(high)))
    return flat


def constant_problem(code: str) -> Problem:
    """Return the warning about a column that has one single value."""
    return Problem(
        "constant_column",
        msg("%(node)s has the same value for every unit, so it is left out of this analysis."),
        msg("Check the data, or think about whether this indicator is needed."),
        {"node": code},
        place=f"DATA {code}",
        severity="warning",
    )


def varying(found: Columns) -> tuple[Columns, list[Problem]]:
    """Return the columns that vary, and a warning for each that does not.

    >>> kept, problems = varying(columns([[1.0, 5.0], [2.0, 5.0]]))
    >>> kept.codes, [p.params["node"] for p in problems]
    (('c1',), ['c2'])
    """
    constant = found.constant
    if not constant:
        return found, []
    return found.only([c for c in found.codes if c not in constant]), [constant_problem(code) for code in constant]


def _of_stage(stage: Stage, level: int | None, under: str | None, codes: Sequence[str] | None) -> Columns:
    every = Columns(stage.units, stage.codes, stage.values)
    if codes is not None:
        return every.only(codes)
    if level is None and under is None:
        return every
    wanted = family(stage.state.framework, level, under)
    return every.only(wanted)


def _stage(result: CompositeResult, stage: str | None) -> Stage:
    if stage is None:
        return result.runs[-1]
    if stage not in result.stages:
        raise InputError(
            [
                Problem(
                    "unknown_stage",
                    msg("The result has no stage %(stage)s."),
                    msg("Use one of: %(known)s."),
                    {"stage": stage, "known": ", ".join(result.stages)},
                )
            ]
        )
    return result.stages[stage]


def _of_array(values: ArrayLike, codes: Sequence[str] | None) -> Columns:
    array = np.array(values, dtype=np.float64)
    wrong = array.ndim != 2 or (codes is not None and array.shape[1] != len(codes))
    if wrong or np.isinf(array).any():
        raise InputError(
            [
                Problem(
                    "wrong_table",
                    msg("The table has the shape %(shape)s, or an infinite value."),
                    msg("Give one row for each unit and one column for each code, missing cells as NaN."),
                    {"shape": array.shape},
                )
            ]
        )
    array.setflags(write=False)
    names = tuple(codes) if codes is not None else tuple(f"c{i + 1}" for i in range(array.shape[1]))
    return Columns(tuple(f"u{i + 1}" for i in range(len(array))), names, array)


def _no_framework() -> Problem:
    return Problem(
        "no_framework",
        msg("A level, a node above or a stage can only be asked of a result."),
        msg("Give the codes instead."),
    )
