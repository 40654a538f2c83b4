"""Thousands of characteristics at once: which are not steady, which do not keep to their limits, worst first.

Each row has an individuals chart with all rules and the indices Cpk and Ppk with the one-sided lower bound of Bissell,
Ĉ (1 − z √(1/(9nĈ²) + 1/(2ν))). Whoever needs more of one characteristic calls :func:`study` on it.

Source: A. F. Bissell (1990), "How reliable is your capability index?", Applied Statistics 39, 331-340.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.spc.charts.individuals import individuals_chart
from qualipolis.methods.spc.charts.result import Floats
from qualipolis.methods.spc.findings.chance import allowed
from qualipolis.methods.spc.rules import Rule, rules_of

if TYPE_CHECKING:
    import polars as pl

CHUNK = 1 << 19  # values judged at a time: they then stay in the cache of one core
WORKERS = 2


@dataclass(frozen=True, eq=False)
class Overview:
    """One entry for each characteristic, in the order given; ``order`` lists them worst first.

    ``signals`` counts the marked points, ``allowed`` what nine in ten stable processes do not exceed; ``cpk``, ``ppk``
    and ``bound`` (of Ppk) are NaN without limits or without spread; ``outside`` counts values beyond the limits.
    """

    names: tuple[str, ...]
    n: NDArray[np.int64]
    mean: Floats
    sd: Floats
    within: Floats
    signals: NDArray[np.int64]
    allowed: NDArray[np.int64]
    cpk: Floats
    ppk: Floats
    bound: Floats
    outside: NDArray[np.int64]
    rules: tuple[Rule, ...]
    confidence: float

    def __len__(self) -> int:
        return len(self.names)

    @property
    def unsteady(self) -> NDArray[np.bool_]:
        """Characteristics with more signals than chance explains."""
        found: NDArray[np.bool_] = self.signals > self.allowed
        return found

    @property
    def order(self) -> NDArray[np.intp]:
        """Positions, worst first: values outside, then a low index, then signals beyond chance."""
        share = self.outside / np.maximum(self.n, 1)
        index = np.where(np.isnan(self.ppk), np.inf, self.ppk)
        excess = np.maximum(self.signals - self.allowed, 0) / np.maximum(self.n, 1)
        return np.lexsort((np.arange(len(self)), -excess, index, -share))

    def to_frame(self) -> pl.DataFrame:
        """Return one row for each characteristic, worst first."""
        import polars as pl

        at = self.order
        columns = {"name": [self.names[i] for i in at.tolist()]}
        names = ("n", "mean", "sd", "within", "signals", "allowed", "outside", "cpk", "ppk", "bound")
        return pl.DataFrame(columns | {name: getattr(self, name)[at] for name in names})

    def __repr__(self) -> str:
        return f"Overview({len(self):,} characteristics, {int(self.unsteady.sum()):,} not steady)"


def many(
    values: Floats | Sequence[ArrayLike],
    *,
    lower: ArrayLike | None = None,
    upper: ArrayLike | None = None,
    names: Sequence[str] | None = None,
    rules: str | Sequence[Rule] = "nelson",
    confidence: float = 0.95,
) -> Overview:
    """Return the overview of many characteristics.

    Parameters
    ----------
    values : (k, m), a row for each characteristic in the order of time, or k series of any length; NaN is not measured
    lower, upper : limits, one for all or k of them; NaN where there is none
    names : of the characteristics; numbers from 1 unless given
    rules, confidence : by which points signal; of the bound

    Raises
    ------
    InputError
        Names or limits that are not one for each characteristic.

    >>> x = np.random.default_rng(1).normal(10, 1, (50, 100))
    >>> x[7, 50:] += 3
    >>> found = many(x, lower=4, upper=16)
    >>> int(found.order[0]), bool(found.unsteady[7])
    (7, True)
    """
    rows = values if isinstance(values, np.ndarray) else [np.asarray(row, dtype=np.float64) for row in values]
    k = len(rows)
    called = tuple(names) if names is not None else tuple(str(i + 1) for i in range(k))
    low, high = (np.full(k, np.nan) if v is None else np.asarray(v, dtype=np.float64) for v in (lower, upper))
    if len(called) != k or any(v.ndim and len(v) != k for v in (low, high)):
        what = msg("Give one name and one limit for each of the %(n)s characteristics.")
        raise InputError([Problem("columns", what, "", {"n": k}, "names")])
    low, high, asked = np.broadcast_to(low, k), np.broadcast_to(high, k), rules_of(rules)
    found = np.zeros((9, k))
    with ThreadPoolExecutor(WORKERS) as pool:
        jobs = [(at, pool.submit(_block, block, low[at], high[at], asked, confidence)) for at, block in _blocks(rows)]
        for at, job in jobs:
            found[:, at] = job.result()
    counts = [found[i].astype(np.int64) for i in (0, 4, 5, 8)]
    return Overview(
        called, counts[0], found[1], found[2], found[3], counts[1], counts[3], found[6], found[7],
        _bound(found[7], found[0], confidence), counts[2], asked, confidence,
    )  # fmt: skip


def _blocks(rows: Floats | Sequence[Floats]) -> Iterator[tuple[NDArray[np.intp], Floats]]:
    """Yield rows of one length together, a few at a time."""
    if isinstance(rows, np.ndarray):
        step = max(1, CHUNK // max(1, rows.shape[-1]))
        for start in range(0, len(rows), step):
            at = np.arange(start, min(len(rows), start + step))
            yield at, rows[at[0] : at[-1] + 1]
        return
    by_length: dict[int, list[int]] = {}
    for i, row in enumerate(rows):
        by_length.setdefault(len(row), []).append(i)
    for length, places in by_length.items():
        step = max(1, CHUNK // max(1, length))
        for start in range(0, len(places), step):
            part = places[start : start + step]
            yield np.array(part, dtype=np.intp), np.stack([rows[i] for i in part])


def _block(x: Floats, low: Floats, high: Floats, rules: tuple[Rule, ...], confidence: float) -> Floats:
    """Return n, mean, sd, σ within, signals, outside, Cpk, Ppk and allowed signals of a block of series."""
    found = np.full((9, len(x)), np.nan)
    whole = not np.isnan(x.sum())
    n = np.full(len(x), x.shape[1]) if whole else np.sum(~np.isnan(x), axis=1)
    found[0], found[4:6], found[8] = n, 0, 0
    usable = np.flatnonzero(n >= 3) if x.shape[1] > 2 else np.zeros(0, dtype=np.intp)
    if not len(usable):
        return found
    kept = x if len(usable) == len(x) else x[usable]
    mean, sd = (kept.mean(axis=1), _sd(kept)) if whole else (np.nanmean(kept, axis=1), np.nanstd(kept, axis=1, ddof=1))
    found[1, usable], found[2, usable] = mean, sd
    within, signals = _charted(kept, rules)
    found[3, usable], found[4, usable] = within, signals
    found[8, usable] = [allowed(rules, int(m)) for m in n[usable]]
    under, over = low[usable, None], high[usable, None]
    if not (np.isnan(under).all() and np.isnan(over).all()):
        found[5, usable] = np.sum(kept < under, axis=1) + np.sum(kept > over, axis=1)
        room = np.fmin(mean - under[:, 0], over[:, 0] - mean) / 3
        with np.errstate(divide="ignore", invalid="ignore"):
            found[6, usable], found[7, usable] = (
                np.where(within > 0, room / within, np.nan),
                np.where(sd > 0, room / sd, np.nan),
            )
    return found


def _sd(x: Floats) -> Floats:
    centred = x - x.mean(axis=1, keepdims=True)
    found: Floats = np.sqrt(np.einsum("ij,ij->i", centred, centred) / (x.shape[1] - 1))
    return found


def _charted(x: Floats, rules: tuple[Rule, ...]) -> tuple[Floats, Floats]:
    """Return σ within and the number of marked points; NaN and 0 where no two values are neighbours."""
    try:
        chart = individuals_chart(x)
    except InputError:
        return np.full(len(x), np.nan), np.zeros(len(x))
    assert chart.process_sigma is not None
    return chart.process_sigma, chart.signals(rules).any.sum(axis=1).astype(np.float64)


def _bound(index: Floats, n: Floats, confidence: float) -> Floats:
    from scipy.special import ndtri

    with np.errstate(divide="ignore", invalid="ignore"):
        found: Floats = index - ndtri(confidence) * np.sqrt(1 / (9 * n) + index**2 / (2 * (n - 1)))
    return found
