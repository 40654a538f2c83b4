"""Statistics of each column, with the flags that call for a look (OECD/JRC Handbook, steps 2 to 5).

Mean, median, standard deviation (n - 1), skewness and excess kurtosis of type 2 (Joanes and Gill 1998), quantiles of
type 7 (Hyndman and Fan 1996). ``most_frequent`` is the number of units that share the most frequent value. A column passes
when its skewness or its kurtosis is small enough; it is flagged when neither is.

Source: OECD/JRC (2008) Handbook; Becker et al. (2022) COINr, ``get_stats``, whose defaults these are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.composite.analysis.selection import Source, columns
from qualipolis.methods.composite.data import Floats
from qualipolis.methods.composite.moments import distinct_counts, skew_kurtosis
from qualipolis.methods.composite.steps import choice_problem
from qualipolis.methods.problems import InputError

if TYPE_CHECKING:
    import polars as pl

COMPAT = "coinr-1.1.14"
NUMBERS = ("min", "max", "mean", "median", "sd", "skew", "kurtosis", "q05", "q25", "q75", "q95")
COUNTS = ("available", "nonzero", "distinct", "most_frequent")
SHARES = ("available_share", "nonzero_share", "distinct_share", "most_frequent_share")
FLAGS = ("low_availability", "many_zeros", "few_distinct", "outliers")


@dataclass(frozen=True, eq=False, repr=False)
class Statistics:
    """What :func:`statistics` returns: for each code one number of each name.

    ``numbers`` are in the unit of the data; ``counts`` are units; ``shares`` are of all units for ``available``, of the
    units with a value for the others; ``flags`` say what fails its threshold.
    """

    codes: tuple[str, ...]
    units: int
    numbers: dict[str, Floats]
    counts: dict[str, NDArray[np.int64]]
    shares: dict[str, Floats]
    flags: dict[str, NDArray[np.bool_]]

    def to_frame(self) -> pl.DataFrame:
        """Return one line for each code: code, then every number, count, share and flag (null where undefined)."""
        import polars as pl

        table = {**self.numbers, **self.counts, **self.shares, **self.flags}
        return pl.DataFrame({"code": self.codes, **table}).with_columns(pl.selectors.float().fill_nan(None))

    def flagged(self, flag: str) -> tuple[str, ...]:
        """Return the codes with a flag, one of ``low_availability``, ``many_zeros``, ``few_distinct``, ``outliers``."""
        return tuple(code for code, on in zip(self.codes, self.flags[flag], strict=True) if on)

    def __repr__(self) -> str:
        counts = ", ".join(f"{name} {len(self.flagged(name))}" for name in FLAGS)
        return f"Statistics({len(self.codes)} codes, {self.units} units; flagged: {counts})"


def statistics(
    source: Source,
    stage: str | None = None,
    level: int | None = None,
    under: str | None = None,
    *,
    skew: float = 2.0,
    kurtosis: float = 3.5,
    available: float = 0.65,
    nonzero: float = 0.5,
    distinct: float = 0.5,
    compat: str = "",
) -> Statistics:
    """Return the statistics of each column (see the module), over the units that have a value.

    Parameters
    ----------
    source, stage, level, under : what to look at, see :func:`.columns`
    skew, kurtosis : ``outliers`` when skewness (either sign) and kurtosis **both** exceed these
    available : ``low_availability`` below this share of units with a value
    nonzero : ``many_zeros`` below this share of values that are not 0
    distinct : ``few_distinct`` below this share of different values
    compat : ``coinr-1.1.14`` takes both shares of all units for the flags, present or not, so that gaps look like zeros
        and like repeated values (its documentation says otherwise)

    Raises InputError for an unknown ``compat``, or what :func:`.columns` finds.

    >>> table = statistics([[1.0, 0.0], [2.0, 0.0], [3.0, 0.0], [10.0, float("nan")]], skew=1.5, kurtosis=3)
    >>> table.numbers["median"].tolist(), table.flagged("many_zeros"), table.flagged("outliers")
    ([2.5, 0.0], ('c2',), ('c1',))
    """
    if compat not in ("", COMPAT):
        raise InputError([choice_problem("statistics", "compat", compat, ("", COMPAT))])
    found = columns(source, stage, level, under)
    table = np.ascontiguousarray(found.values.T)
    numbers, counts = _numbers(table), _counts(table)
    n = np.where(counts["available"] > 0, counts["available"], np.nan)
    shares = {f"{name}_share": counts[name] / (len(found.units) if name == "available" else n) for name in COUNTS}
    flagged = {name: counts[name] / len(found.units) if compat else shares[f"{name}_share"] for name in COUNTS}
    with np.errstate(invalid="ignore"):
        flags = {
            "low_availability": shares["available_share"] < available,
            "many_zeros": flagged["nonzero"] < nonzero,
            "few_distinct": flagged["distinct"] < distinct,
            "outliers": (np.abs(numbers["skew"]) > skew) & (numbers["kurtosis"] > kurtosis),
        }
    return Statistics(found.codes, len(found.units), numbers, counts, shares, flags)


def _counts(table: Floats) -> dict[str, NDArray[np.int64]]:
    present = ~np.isnan(table)
    return {
        "available": present.sum(axis=1),
        "nonzero": (present & (table != 0)).sum(axis=1),
        "distinct": np.asarray(distinct_counts(table) * present.any(axis=1), dtype=np.int64),
        "most_frequent": np.array([_most_frequent(row) for row in table], dtype=np.int64),
    }


def _numbers(table: Floats) -> dict[str, Floats]:
    ordered = np.sort(table, axis=1)
    count = (~np.isnan(ordered)).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(count > 0, np.nansum(table, axis=1) / count, np.nan)
        deviation = np.nan_to_num(table - mean[:, None], nan=0.0)
        sd = np.sqrt(np.where(count > 1, (deviation**2).sum(axis=1) / (count - 1), np.nan))
    skewness, excess = skew_kurtosis(table)
    low = np.where(count > 0, ordered[:, 0], np.nan)
    found = [low, _quantile(ordered, count, 1.0), mean, _quantile(ordered, count, 0.5), sd, skewness, excess]
    found += [_quantile(ordered, count, q) for q in (0.05, 0.25, 0.75, 0.95)]
    return dict(zip(NUMBERS, found, strict=True))


def _quantile(ordered: Floats, count: NDArray[np.int64], q: float) -> Floats:
    """Type 7 of each row, whose missing values stand at the end."""
    at = np.maximum(count - 1, 0) * q
    below = np.floor(at).astype(np.intp)
    above = np.ceil(at).astype(np.intp)
    rows = np.arange(len(ordered))
    part = at - below
    low, high = ordered[rows, below], ordered[rows, above]
    value: Floats = np.where(part == 0, low, low * (1 - part) + high * part)
    return value


def _most_frequent(row: Floats) -> int:
    values = row[~np.isnan(row)]
    return int(np.unique(values, return_counts=True)[1].max()) if values.size else 0
