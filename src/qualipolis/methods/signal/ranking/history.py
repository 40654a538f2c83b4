"""What was found at a firm before: features that know nothing of the day itself or of anything later."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qualipolis.methods.problems import Problem, msg, refuse

Floats = NDArray[np.float64]
Places = NDArray[np.int64]
YEAR = 365.25


def past_record(
    units: Sequence[Hashable],
    days: ArrayLike,
    outcomes: Mapping[str, ArrayLike],
    at_units: Sequence[Hashable],
    at_days: ArrayLike,
    *,
    known_before: float = np.inf,
    half_life: float = 365.0,
    prior: float = 2.0,
    forgotten_after: float = 3.0,
) -> dict[str, Floats]:
    """Return, for each (unit, day) asked about, what the unit's earlier inspections found.

    Only inspections on days strictly before both the day asked about and ``known_before`` are looked at, so a ranking
    made on the first day of a plan can be replayed without a look ahead. For every outcome ``x``:
    ``past_x = (Σ x + prior·x̄) / (n + prior)``, ``recent_x`` the same with weights ``2^(-age/half_life)``, and ``last_x``
    of the latest day (x̄ the mean of all inspections before ``known_before``, also for units never inspected); beside
    them ``past_inspections`` and ``years_since_last`` (``forgotten_after`` at most, and where there is none).

    Parameters
    ----------
    units, days : (history,) who was inspected on which day (a number of days, any origin)
    outcomes : (history,) each what was found: 0/1 or a count
    at_units, at_days : (rows,) the inspections asked about
    half_life : days after which a finding counts half; prior : how many inspections the mean counts as
    forgotten_after : years

    Raises
    ------
    InputError
        columns of unequal length, missing days or outcomes

    >>> found = past_record(["a", "a", "b"], [0, 100, 50], {"fail": [1, 0, 0]}, ["a", "b"], [200, 40])
    >>> found["past_inspections"].tolist(), found["past_fail"].round(3).tolist(), found["last_fail"].round(3).tolist()
    ([2.0, 0.0], [0.417, 0.333], [0.0, 0.333])
    """
    when, asked = np.asarray(days, dtype=np.float64).ravel(), np.asarray(at_days, dtype=np.float64).ravel()
    values = {name: np.asarray(one, dtype=np.float64).ravel() for name, one in outcomes.items()}
    _check({"units": len(units), "days": len(when)} | {name: len(x) for name, x in values.items()})
    _check({"at_units": len(at_units), "at_days": len(asked)})
    _finite({"days": when, "at_days": asked} | values)
    place = {unit: code for code, unit in enumerate(dict.fromkeys([*units, *at_units]))}
    who = np.array([place[one] for one in units], dtype=np.int64)
    whom = np.array([place[one] for one in at_units], dtype=np.int64)
    first, last, order = _earlier(who, when, whom, np.minimum(asked, known_before))
    owner, entry = _spread(first, last)
    found: dict[str, Floats] = {"past_inspections": (last - first).astype(np.float64)}
    age = asked[owner] - when[order][entry]
    years = np.full(len(asked), forgotten_after)
    np.minimum.at(years, owner, age / YEAR)
    found["years_since_last"] = years
    weight = np.exp2(-age / half_life)
    latest = _latest(when[order], first, last, owner, entry)
    for name, x in values.items():
        usable = x[when < known_before]
        mean = float(usable.mean()) if len(usable) else 0.0
        past = x[order][entry]
        found |= {f"past_{name}": _shrunk(owner, np.ones(len(past)), past, mean, prior, len(asked))}
        found |= {f"recent_{name}": _shrunk(owner, weight, past, mean, prior / 2, len(asked))}
        found |= {f"last_{name}": _shrunk(owner, latest, past, mean, 0.0, len(asked))}
    return found


def _earlier(who: Places, when: Floats, whom: Places, limit: Floats) -> tuple[Places, Places, Places]:
    """Return from where to where, in ``order``, the earlier entries of each row stand."""
    order = np.lexsort((when, who))
    sorted_days, sorted_who = when[order], who[order]
    levels, rank = np.unique(np.concatenate([sorted_days, limit]), return_inverse=True)
    key = sorted_who * len(levels) + rank[: len(when)]
    asked = whom * len(levels) + rank[len(when) :]
    first = np.searchsorted(sorted_who, whom, side="left")
    return first.astype(np.int64), np.searchsorted(key, asked, side="left").astype(np.int64), order.astype(np.int64)


def _spread(first: Places, last: Places) -> tuple[Places, Places]:
    """Return every (row, entry) pair of a row with its earlier entries."""
    counts = last - first
    owner = np.repeat(np.arange(len(first)), counts)
    within = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    return owner, first[owner] + within


def _latest(days: Floats, first: Places, last: Places, owner: Places, entry: Places) -> Floats:
    """Return 1 for the entries on the latest earlier day of their row."""
    if not len(entry):
        return np.zeros(0)
    newest = days[np.maximum(last - 1, 0)]
    same: Floats = (days[entry] == newest[owner]).astype(np.float64)
    return same


def _shrunk(owner: Places, weight: Floats, x: Floats, mean: float, prior: float, rows: int) -> Floats:
    over = np.bincount(owner, weight * x, rows) + prior * mean
    under = np.bincount(owner, weight, rows) + prior
    shrunk: Floats = np.divide(over, under, out=np.full(rows, mean), where=under > 0)
    return shrunk


def _check(lengths: Mapping[str, int]) -> None:
    names = list(lengths)
    bad = [name for name in names if lengths[name] != lengths[names[0]]]
    what = msg("Column %(name)s has %(rows)s rows, %(first)s has %(size)s.")
    remedy = msg("Give every row all its columns.")
    size = lengths[names[0]]
    refuse(
        Problem("unequal_lengths", what, remedy, {"name": n, "rows": lengths[n], "first": names[0], "size": size}, n)
        for n in bad
    )


def _finite(columns: Mapping[str, Floats]) -> None:
    what = msg("%(count)s entries of column %(name)s are missing, the first in row %(row)s.")
    remedy = msg("Leave out inspections whose day or outcome is not known.")
    refuse(
        Problem("missing", what, remedy, {"count": len(bad), "name": name, "row": int(bad[0]) + 1}, name)
        for name, x in columns.items()
        if len(bad := np.flatnonzero(~np.isfinite(x)))
    )
