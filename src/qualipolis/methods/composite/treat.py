"""Treat outliers: winsorise step by step, then a log transform if that is not enough (Handbook step 3; COINr ``Treat``)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.composite.data import Floats, IndicatorData
from qualipolis.methods.composite.denominate import unknown_indicators
from qualipolis.methods.composite.framework import Framework
from qualipolis.methods.composite.moments import distinct_counts, skew_kurtosis
from qualipolis.methods.composite.steps import State, Step, Table, choice_problem, range_problem, register
from qualipolis.methods.problems import Problem

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


def log_ct(rows: Floats) -> Floats:
    """Return log(x - min + 0.01 (max - min)), the coin tool's log, over the last axis.

    >>> log_ct(np.array([0.0, 100.0])).round(6).tolist()
    [0.0, 4.615121]
    """
    low, high = np.nanmin(rows, axis=-1, keepdims=True), np.nanmax(rows, axis=-1, keepdims=True)
    out: Floats = np.log(rows - low + 0.01 * (high - low))
    return out


def log_towards(rows: Floats) -> Floats:
    """Return :func:`log_ct` for rows skewed to the right, and its mirror -log_ct(-x) for rows skewed to the left.

    A plain log makes a left-skewed column worse; the mirror pulls in the long left tail and keeps the order.

    >>> log_towards(np.array([0.0, 97.0, 98.0, 99.0, 100.0])).round(3).tolist()
    [-4.615, -1.386, -1.099, -0.693, -0.0]
    """
    sign = np.where(skew_kurtosis(rows)[0] < 0, -1.0, 1.0)[..., None]
    return sign * log_ct(sign * rows)


TRANSFORMS: dict[str, Callable[[Floats], Floats]] = {"log": log_towards, "log_ct": log_ct}


@register
@dataclass(frozen=True)
class Treat(Step):
    """Winsorise each column that fails the test; transform the original column if it still fails.

    Test: a column passes if \\|skew\\| < ``skew`` **or** kurtosis < ``kurt`` (type 2). Winsorising sets the most extreme
    value, with all its ties, to the next one, on the side of the current skew, until the column passes or ``winmax``
    times. A column with fewer than three different values is left as it is (winsorising would make it constant).
    Source: JRC COIN Tool user guide; Becker et al. (2022), COINr, JOSS 7(78).

    Parameters
    ----------
    winmax : most steps of winsorising
    skew, kurt : thresholds of the test
    transform : ``log`` (towards the skewed side), ``log_ct`` (as the reference does on either side) or ``none``
    skip : indicators left untreated

    >>> Treat(winmax=3).to_dict()
    {'step': 'treat', 'winmax': 3, 'skew': 2.0, 'kurt': 3.5, 'transform': 'log', 'skip': []}
    """

    winmax: int = 5
    skew: float = 2.0
    kurt: float = 3.5
    transform: str = "log"
    skip: tuple[str, ...] = ()
    id: str = ""
    step: ClassVar[str] = "treat"
    phase: ClassVar[int | None] = 3

    def faults(self) -> Iterator[Problem]:
        """Yield a negative ``winmax``, thresholds not above 0 or an unknown transform."""
        if self.winmax < 0:
            yield range_problem(self.name, "winmax", self.winmax, ">= 0")
        for name in ("skew", "kurt"):
            if not getattr(self, name) > 0:
                yield range_problem(self.name, name, getattr(self, name), "> 0")
        if self.transform not in (*TRANSFORMS, "none"):
            yield choice_problem(self.name, "transform", self.transform, (*TRANSFORMS, "none"))

    def problems(self, framework: Framework, data: IndicatorData, before: tuple[Step, ...]) -> Iterator[Problem]:
        """Yield skipped indicators that the framework does not have."""
        yield from unknown_indicators(self, framework, dict.fromkeys(self.skip))

    def apply(self, state: State) -> State:
        """Return the state with treated columns; ``details["treat"]`` shows the test before and after each step."""
        columns = np.array([code not in self.skip for code in state.framework.indicators])
        rows = np.ascontiguousarray(np.moveaxis(state.values[..., columns], -2, -1))
        done = treat_rows(rows.reshape(-1, rows.shape[-1]), self.winmax, self.skew, self.kurt, self.transform)
        values = state.values.copy()
        values[..., columns] = np.moveaxis(done.rows.reshape(rows.shape), -1, -2)
        codes = [code for code in state.framework.indicators if code not in self.skip]
        return state.becomes(values=values, tables={self.name: done.table(codes)} if state.single else {})


@dataclass(frozen=True, eq=False)
class Treated:
    """Treated rows with skew and kurtosis before, after winsorising and after the transform, and the count of steps."""

    rows: Floats
    before: tuple[Floats, Floats]
    winsorised: Ints
    after: tuple[Floats, Floats]
    transformed: Bools
    last: tuple[Floats, Floats]
    failed: Bools

    def table(self, codes: list[str]) -> Table:
        """Return one line for each column; None where a step was not reached."""

        def shown(values: Floats, where: Bools) -> list[float | None]:
            return [float(v) if w and not np.isnan(v) else None for v, w in zip(values, where, strict=True)]

        every, tried = np.ones(len(codes), dtype=bool), self.winsorised > 0
        return {
            "node": list(codes),
            "passed_before": [not bool(f) for f in self.failed],
            "skew_before": shown(self.before[0], every),
            "kurtosis_before": shown(self.before[1], every),
            "winsorised": [int(n) if t else None for n, t in zip(self.winsorised, tried, strict=True)],
            "skew_winsorised": shown(self.after[0], tried),
            "kurtosis_winsorised": shown(self.after[1], tried),
            "transformed": self.transformed.tolist(),
            "skew_transformed": shown(self.last[0], self.transformed),
            "kurtosis_transformed": shown(self.last[1], self.transformed),
        }


def treat_rows(rows: Floats, winmax: int, skew: float, kurt: float, transform: str) -> Treated:
    """Treat each row of (m, units); see :class:`Treat`.

    >>> treat_rows(np.array([[1.0, 2.0, 3.0, 4.0, 50.0]]), 5, 2.0, 3.5, "log").rows.tolist()
    [[1.0, 2.0, 3.0, 4.0, 4.0]]
    """
    before = skew_kurtosis(rows)
    failed = _fails(*before, skew, kurt) & (distinct_counts(rows) > 2)
    out, counts, after = _winsorise(rows, before, failed, winmax, skew, kurt)
    still = failed & _fails(*after, skew, kurt)
    last = (after[0].copy(), after[1].copy())
    if transform == "none" or not still.any():
        return Treated(out, before, counts, after, np.zeros_like(still), last, failed)
    out[still] = TRANSFORMS[transform](rows[still])
    last[0][still], last[1][still] = skew_kurtosis(out[still])
    return Treated(out, before, counts, after, still, last, failed)


def _fails(skewness: Floats, kurtosis: Floats, skew: float, kurt: float) -> Bools:
    out: Bools = (np.abs(skewness) >= skew) & (kurtosis >= kurt)
    return out


def _winsorise(
    rows: Floats, before: tuple[Floats, Floats], failed: Bools, winmax: int, skew: float, kurt: float
) -> tuple[Floats, Ints, tuple[Floats, Floats]]:
    out = rows.copy()
    after = (before[0].copy(), before[1].copy())
    counts = np.zeros(len(rows), dtype=np.int64)
    active = np.flatnonzero(failed)
    for _ in range(winmax):
        if not active.size:
            break
        sign = np.sign(after[0][active])[:, None]
        part = out[active] * sign
        top = np.nanmax(part, axis=1, keepdims=True)
        second = np.max(part, axis=1, keepdims=True, initial=-np.inf, where=part < top)
        out[active] = np.where(part == top, second, part) * sign
        after[0][active], after[1][active] = skew_kurtosis(out[active])
        counts[active] += 1
        again = _fails(after[0][active], after[1][active], skew, kurt) & (distinct_counts(out[active]) > 2)
        active = active[again]
    return out, counts, after
