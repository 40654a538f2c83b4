"""From named features to the matrix a model reads."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qualipolis.methods.problems import Problem, msg, refuse

Floats = NDArray[np.float64]
Column = ArrayLike | Sequence[Hashable]
LEAST_OF_A_KIND = 20


@dataclass(frozen=True)
class Encoding:
    """How each feature becomes numbers, learnt from the past alone.

    A number keeps one column, centred and scaled; where it was missing the past median stands, and a second column says
    so. A word gets a column for each value seen at least 20 times; rarer and new ones share none of them.
    """

    medians: Mapping[str, float]
    kinds: Mapping[str, tuple[str, ...]]
    gaps: frozenset[str]
    names: tuple[tuple[str, str], ...]
    centre: Floats
    scale: Floats

    def matrix(self, features: Mapping[str, Column]) -> Floats:
        """Return (rows, columns) of the features."""
        raw = np.column_stack([self._one(name, part, features[name]) for name, part in self.names])
        return (raw - self.centre) / self.scale

    def _one(self, name: str, part: str, column: Column) -> Floats:
        if name in self.kinds:
            return np.array([str(one) == part for one in np.asarray(column, dtype=object).ravel()], dtype=np.float64)
        numbers = np.asarray(column, dtype=np.float64).ravel()
        missing = ~np.isfinite(numbers)
        return missing.astype(np.float64) if part == "missing" else np.where(missing, self.medians[name], numbers)


def encoding(features: Mapping[str, Column]) -> Encoding:
    """Learn the encoding from the features of the past.

    >>> learnt = encoding({"age": [1.0, 3.0, float("nan")], "kind": ["shop"] * 3})
    >>> learnt.names
    (('age', ''), ('age', 'missing'))
    """
    medians: dict[str, float] = {}
    kinds: dict[str, tuple[str, ...]] = {}
    names: list[tuple[str, str]] = []
    for name, column in features.items():
        if np.asarray(column).dtype.kind in "biuf":
            numbers = np.asarray(column, dtype=np.float64).ravel()
            known = numbers[np.isfinite(numbers)]
            medians[name] = float(np.median(known)) if len(known) else 0.0
            names += [(name, "")] + ([(name, "missing")] if len(known) < len(numbers) else [])
        else:
            values, times = np.unique(
                [str(one) for one in np.asarray(column, dtype=object).ravel()], return_counts=True
            )
            kinds[name] = tuple(str(value) for value in values[times >= LEAST_OF_A_KIND])
            names += [(name, kind) for kind in kinds[name]]
    gaps = frozenset(name for name, part in names if part == "missing")
    plain = Encoding(medians, kinds, gaps, tuple(names), np.zeros(1), np.ones(1))
    raw = np.column_stack([plain._one(name, part, features[name]) for name, part in names])
    spread = raw.std(axis=0)
    keep = np.flatnonzero(spread > 0)
    kept = tuple(names[i] for i in keep)
    return Encoding(medians, kinds, gaps, kept, raw.mean(axis=0)[keep], spread[keep])


def check_columns(past: Mapping[str, Column], due: Mapping[str, Column], rows: int) -> None:
    """Refuse features that differ between past and plan, or in length."""
    problems = []
    for name in [*past, *(one for one in due if one not in past)]:
        if (name in past) != (name in due):
            what = msg("Feature %(name)s is known for only one of the past and the plan.")
            problems.append(Problem("one_sided", what, msg("Give it for both or leave it out."), {"name": name}, name))
    lengths = {name: np.asarray(one, dtype=object).size for name, one in past.items()}
    problems += [_length(name, size, rows) for name, size in lengths.items() if size != rows]
    sizes = {name: np.asarray(one, dtype=object).size for name, one in due.items()}
    first = next(iter(sizes.values()), 0)
    problems += [_length(name, size, first) for name, size in sizes.items() if size != first]
    if not past:
        what = msg("There is no feature to rank by.")
        problems.append(Problem("no_features", what, msg("Give at least one, such as the past record."), place="past"))
    refuse(problems)


def _length(name: str, size: int, rows: int) -> Problem:
    what = msg("Feature %(name)s has %(size)s rows instead of %(rows)s.")
    params = {"name": name, "size": size, "rows": rows}
    return Problem("unequal_lengths", what, msg("Give every row all its columns."), params, name)
