"""How a gauge study was made: which part, which operator, which trial; checked before anything is computed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.spc.charts.result import Floats

Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class GaugeStudy:
    """A balanced study: ``table[i, j, k]`` is the k-th value of part i by operator j.

    In a nested study (each operator has parts of their own, as when measuring destroys them) ``table[j, i, k]`` is the
    k-th value of the i-th part of operator j, and ``parts`` names the parts operator by operator.
    """

    table: Floats
    parts: tuple[Any, ...]
    operators: tuple[Any, ...]
    nested: bool

    @property
    def sizes(self) -> tuple[int, int, int]:
        """Number of parts (for each operator when nested), operators and trials."""
        a, b, r = self.table.shape
        return (b, a, r) if self.nested else (a, b, r)


def gauge_study(values: ArrayLike, part: Sequence[Any], operator: Sequence[Any], *, nested: bool = False) -> GaugeStudy:
    """Return the study behind columns of values, parts and operators, one row for each measurement.

    Raises
    ------
    InputError
        Columns of different length, a missing value, fewer than two of anything, an unbalanced study; the first
        combination with too few or too many values is named.
    """
    x = np.asarray(values, dtype=np.float64)
    if x.ndim != 1 or not len(x) == len(part) == len(operator):
        what = msg("Values, parts and operators are columns of the same length.")
        raise InputError([Problem("columns", what, place="values")])
    if not np.isfinite(x).all():
        what, remedy = msg("Row %(n)s has no value."), msg("Measure it, or leave the whole part out.")
        n = int(np.flatnonzero(~np.isfinite(x))[0]) + 1
        raise InputError([Problem("missing_value", what, remedy, {"n": n}, "values")])
    operators, column = _coded(operator)
    # a nested part is known by its operator and its name, so that names may be used again
    names = [(o, p) for o, p in zip(operator, part, strict=True)] if nested else list(part)
    parts, row = _coded(names)
    if nested:
        return GaugeStudy(_nested(x, row, column, parts, len(operators)), parts, operators, True)
    counts = np.zeros((len(parts), len(operators)), dtype=np.int64)
    np.add.at(counts, (row, column), 1)
    _refuse(counts, parts, operators)
    order = np.lexsort((np.arange(len(x)), column, row))
    return GaugeStudy(x[order].reshape(len(parts), len(operators), -1), parts, operators, False)


def _coded(names: Sequence[Any]) -> tuple[tuple[Any, ...], Ints]:
    """Return the different names in the order in which they come, and the number of each row."""
    seen: dict[Any, int] = {}
    codes = np.fromiter((seen.setdefault(name, len(seen)) for name in names), dtype=np.int64, count=len(names))
    return tuple(seen), codes


def _refuse(counts: Ints, parts: Sequence[Any], operators: Sequence[Any]) -> None:
    wrong = []
    if len(parts) < 2 or len(operators) < 2:
        what = msg("A gauge study needs at least two parts and two operators.")
        wrong.append(Problem("small_study", what, place="part"))
    elif counts.min() != counts.max():
        usual = int(np.bincount(counts.ravel()).argmax())
        i, j = (int(v) for v in np.argwhere(counts != usual)[0])
        what = msg("Part %(part)s has %(found)s values by operator %(operator)s, others have %(usual)s.")
        params = {"part": parts[i], "operator": operators[j], "found": int(counts[i, j]), "usual": usual}
        wrong.append(Problem("unbalanced", what, msg("Measure what is missing."), params, "values"))
    elif counts.min() < 2:
        what = msg("Each part is measured once only; repeatability needs at least two trials.")
        wrong.append(Problem("one_trial", what, place="values"))
    if wrong:
        raise InputError(wrong)


def _nested(x: Floats, row: Ints, column: Ints, parts: Sequence[Any], operators: int) -> Floats:
    owner = np.zeros(len(parts), dtype=np.int64)
    owner[row] = column
    per_operator, trials = np.bincount(owner, minlength=operators), np.bincount(row)
    wrong = []
    if operators < 2 or per_operator.min() < 2 or trials.min() < 2:
        what = msg("A nested study needs two operators, two parts for each and two trials of each part.")
        wrong.append(Problem("small_study", what, place="part"))
    elif len(set(per_operator.tolist())) > 1 or len(set(trials.tolist())) > 1:
        what = msg("Operators have different numbers of parts, or parts different numbers of trials.")
        wrong.append(Problem("unbalanced", what, msg("Measure what is missing."), place="values"))
    if wrong:
        raise InputError(wrong)
    order = np.lexsort((np.arange(len(x)), row, column))
    return np.asarray(x[order].reshape(operators, int(per_operator[0]), -1))
