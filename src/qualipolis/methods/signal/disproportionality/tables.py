"""Two-by-two tables of pairs: how many reports name a product and a hazard together, and how many would by chance."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qualipolis.methods.problems import Problem, msg, refuse

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
LARGEST_DENSE = 50_000_000


@dataclass(frozen=True)
class Tables:
    """One row a pair: ``a`` reports with both, ``b`` with the left only, ``c`` with the right only, ``d`` with neither.

    ``left`` and ``right`` name the pair; ``strata`` holds the same pairs, row for row, within each stratum.
    """

    a: Floats
    b: Floats
    c: Floats
    d: Floats
    left: tuple[Hashable, ...] = ()
    right: tuple[Hashable, ...] = ()
    strata: Mapping[Hashable, Tables] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        for name in "abcd":
            object.__setattr__(self, name, np.asarray(getattr(self, name), dtype=np.float64).ravel())
        _check(self)

    def __len__(self) -> int:
        return len(self.a)

    @property
    def n(self) -> Floats:
        """All reports of the table of each pair."""
        return self.a + self.b + self.c + self.d

    @property
    def expected(self) -> Floats:
        """``E = (a + b)(a + c) / N``: the reports with both if left and right had nothing to do with each other."""
        total = self.n
        return np.divide((self.a + self.b) * (self.a + self.c), total, out=np.zeros(len(self)), where=total > 0)


def _check(tables: Tables) -> None:
    """Refuse columns of unequal length and entries that are no counts."""
    size, problems = len(tables.a), []
    for name in ("b", "c", "d", "left", "right"):
        length = len(getattr(tables, name))
        if length != size and (length or name in "bcd"):
            what = msg("The columns of the tables have different lengths: a has %(a)s rows, %(name)s has %(rows)s.")
            remedy = msg("Give every column one entry for each pair.")
            problems.append(Problem("unequal_lengths", what, remedy, {"a": size, "name": name, "rows": length}, name))
    for name in "abcd":
        column = getattr(tables, name)
        bad = np.flatnonzero(~(np.isfinite(column) & (column >= 0)))
        if len(bad):
            what = msg("%(count)s entries of column %(name)s are no counts, the first in row %(row)s.")
            remedy = msg("A count is 0 or more and never missing; leave out pairs that nobody counted.")
            params = {"count": len(bad), "name": name, "row": int(bad[0]) + 1}
            problems.append(Problem("not_a_count", what, remedy, params, name))
    problems += [_stratum(size, key, one) for key, one in tables.strata.items() if len(one) != size]
    refuse(problems)


def _stratum(size: int, key: Hashable, one: Tables) -> Problem:
    what = msg("Stratum %(key)s has %(rows)s pairs, the whole has %(size)s.")
    remedy = msg("Give every stratum the same pairs in the same order, with 0 where there is no report.")
    return Problem("unequal_strata", what, remedy, {"key": key, "rows": len(one), "size": size}, "strata")


def count_pairs(
    reports: Sequence[Hashable],
    left: Sequence[Hashable],
    right: Sequence[Hashable],
    strata: Sequence[Hashable] | None = None,
) -> Tables:
    """Return the table of every pair that some report names, counting distinct reports.

    A report counts once for a pair, for a left and for a right, however often it repeats them; ``N`` is the number of
    distinct reports. A report names a pair when it names both, in the same row or not: only so do a, b, c and d add up
    to N. Where the rows of one letter are separate matters, give each a number of its own. Pairs come sorted by left,
    then right. A value that nobody stated is a value of its own: write it as such (``"not stated"``), an empty cell is
    refused.

    Parameters
    ----------
    reports, left, right : (rows,) one row says that this report names this left (product) and this right (hazard)
    strata : (rows,) the stratum of the report (year, sex, channel); each report lies in exactly one

    Raises
    ------
    InputError
        columns of different length, empty cells, a report in two strata, reports that name too many pairs to be listed

    >>> counted = count_pairs([1, 1, 2, 3, 3], ["toy", "toy", "toy", "lamp", "lamp"],
    ...                       ["lead", "lead", "lead", "shock", "lead"])
    >>> list(zip(counted.left, counted.right, counted.a.tolist(), counted.b.tolist(), counted.d.tolist()))
    [('lamp', 'lead', 1.0, 0.0, 0.0), ('lamp', 'shock', 1.0, 0.0, 2.0), ('toy', 'lead', 2.0, 0.0, 0.0)]
    """
    _same_rows(reports, left, right, strata)
    (who, report_names), (x, lefts), (y, rights) = (_coded(column) for column in (reports, left, right))
    shape = (len(lefts), len(rights))
    both = _together(who, x, y, shape)
    codes = np.unique(both[1])
    pairs = np.stack([codes // max(len(rights), 1), codes % max(len(rights), 1)], axis=1)
    whole = _counted(codes, both, (who, x, y), shape)
    parts = {}
    if strata is not None:
        layer, layers = _coded(strata)
        _one_stratum_each(who, layer, report_names)
        for code, name in enumerate(layers):
            inside = layer == code
            here = np.isin(both[0], who[inside])
            rows = (who[inside], x[inside], y[inside])
            parts[name] = Tables(*_counted(codes, (both[0][here], both[1][here]), rows, shape))
    names_left, names_right = (
        tuple(names[i] for i in codes) for names, codes in zip((lefts, rights), pairs.T, strict=True)
    )
    return Tables(*whole, names_left, names_right, MappingProxyType(parts))


def tables_of_counts(left: Sequence[Hashable], right: Sequence[Hashable], counts: ArrayLike) -> Tables:
    """Return the tables of pairs that come already counted, one row a pair: margins and ``N`` are sums of the counts.

    This is the right reading where every report names one left and one right. Where a report can name several, the
    sums exceed the number of reports: count from the reports instead (:func:`count_pairs`).

    >>> tables_of_counts(["toy", "toy", "lamp"], ["lead", "shock", "shock"], [3, 1, 6]).expected.tolist()
    [1.2, 2.8, 4.2]
    """
    n = np.asarray(counts, dtype=np.float64).ravel()
    _same_rows(n.tolist(), left, right, None)
    (x, lefts), (y, rights) = _coded(left), _coded(right)
    if len(np.unique(x * max(len(rights), 1) + y)) < len(x):
        what = msg("A pair stands in more than one row.")
        refuse([Problem("repeated_pair", what, msg("Add the counts of equal pairs together first."), place="left")])
    row = np.bincount(x, n, len(lefts))[x] if len(n) else n
    column = np.bincount(y, n, len(rights))[y] if len(n) else n
    return Tables(n, row - n, column - n, np.maximum(n.sum() - row - column + n, 0.0), tuple(left), tuple(right))


def all_cells(tables: Tables) -> tuple[Floats, Floats]:
    """Return counts and expected counts of every left with every right, the pairs nobody reported (0) included.

    The likelihood without truncation needs them.

    >>> n, expected = all_cells(tables_of_counts(["toy", "toy", "lamp"], ["lead", "shock", "shock"], [3, 1, 6]))
    >>> n.tolist(), expected.round(1).tolist()
    ([0.0, 6.0, 3.0, 1.0], [1.8, 4.2, 1.2, 2.8])
    """
    (x, lefts), (y, rights) = _coded(tables.left), _coded(tables.right)
    if len(lefts) * len(rights) > LARGEST_DENSE:
        what = msg("%(left)s times %(right)s cells are too many to be listed.")
        remedy = msg("Fit with the truncated likelihood, which needs the reported pairs alone.")
        params = {"left": len(lefts), "right": len(rights)}
        refuse([Problem("too_many_cells", what, remedy, params, "tables")])
    row, column = np.zeros(len(lefts)), np.zeros(len(rights))
    row[x], column[y] = tables.a + tables.b, tables.a + tables.c
    n = np.zeros((len(lefts), len(rights)))
    n[x, y] = tables.a
    total = tables.n.max(initial=1.0)
    return n.ravel(), (row[:, None] * column[None, :] / total).ravel()


def _coded(column: Sequence[Hashable]) -> tuple[Codes, list[Hashable]]:
    """Return the place of each entry among the sorted distinct ones, and these."""
    distinct = list(dict.fromkeys(column))
    numbers = all(isinstance(one, int | float) for one in distinct)
    distinct.sort(key=_as_number if numbers else str)
    place = {name: code for code, name in enumerate(distinct)}
    return np.fromiter((place[one] for one in column), dtype=np.int64, count=len(column)), distinct


def _as_number(one: Hashable) -> float:
    return float(one) if isinstance(one, int | float) else 0.0


def _once(who: Codes, x: Codes, values: int) -> tuple[Codes, Codes]:
    """Return the distinct (report, value) pairs, sorted by report."""
    keys = np.unique(who * max(values, 1) + x)
    return keys // max(values, 1), keys % max(values, 1)


def _together(who: Codes, x: Codes, y: Codes, shape: tuple[int, int]) -> tuple[Codes, Codes]:
    """Return (report, pair) for every pair that a report names, each once."""
    (by_left, lefts), (by_right, rights) = _once(who, x, shape[0]), _once(who, y, shape[1])
    first, last = (np.searchsorted(by_right, by_left, side=side) for side in ("left", "right"))
    times = last - first
    if (total := int(times.sum())) > LARGEST_DENSE:
        what = msg("The reports name %(pairs)s pairs together, more than can be listed.")
        remedy = msg("Give each row of a long report a number of its own.")
        refuse([Problem("too_many_pairs", what, remedy, {"pairs": total}, "reports")])
    within = np.arange(total) - np.repeat(np.cumsum(times) - times, times)
    right = rights[np.repeat(first, times) + within]
    return np.repeat(by_left, times), np.repeat(lefts, times) * max(shape[1], 1) + right


def _counted(
    codes: Codes, both: tuple[Codes, Codes], rows: tuple[Codes, Codes, Codes], shape: tuple[int, int]
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return a, b, c, d of the pairs among these rows."""
    who, x, y = rows
    width = max(shape[1], 1)
    a = np.bincount(np.searchsorted(codes, both[1]), minlength=len(codes)).astype(np.float64)
    row = np.bincount(_once(who, x, shape[0])[1], minlength=shape[0])[codes // width]
    column = np.bincount(_once(who, y, shape[1])[1], minlength=shape[1])[codes % width]
    return a, row - a, column - a, len(np.unique(who)) - row - column + a


def _same_rows(
    first: Sequence[Hashable],
    left: Sequence[Hashable],
    right: Sequence[Hashable],
    strata: Sequence[Hashable] | None,
) -> None:
    """Refuse columns of different length and empty cells."""
    columns = {"reports": first, "left": left, "right": right} | ({} if strata is None else {"strata": strata})
    problems = []
    for name, column in columns.items():
        if len(column) != len(first):
            what = msg("Column %(name)s has %(rows)s rows, the first column has %(size)s.")
            params: dict[str, object] = {"name": name, "rows": len(column), "size": len(first)}
            problems.append(Problem("unequal_lengths", what, msg("Give every row all its columns."), params, name))
        empty = [i for i, one in enumerate(column) if one is None or one == "" or one != one]
        if empty:
            what = msg("%(count)s cells of column %(name)s are empty, the first in row %(row)s.")
            remedy = msg("Write what nobody stated as a value of its own, such as “not stated”.")
            params = {"count": len(empty), "name": name, "row": empty[0] + 1}
            problems.append(Problem("empty_cells", what, remedy, params, name))
    refuse(problems)


def _one_stratum_each(who: Codes, layer: Codes, names: Sequence[Hashable]) -> None:
    both = np.unique(np.stack([who, layer], axis=1), axis=0)
    codes, times = np.unique(both[:, 0], return_counts=True)
    if np.any(times > 1):
        what = msg("%(count)s reports lie in two strata, the first is %(report)s.")
        remedy = msg("Give each report one stratum.")
        params = {"count": int(np.sum(times > 1)), "report": names[int(codes[times > 1][0])]}
        refuse([Problem("two_strata", what, remedy, params, "strata")])
