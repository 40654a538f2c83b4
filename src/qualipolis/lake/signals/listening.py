"""Every method hears the same reports, week by week; one verdict falls on each product, hazard and place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qualipolis.lake.factory.dates import time_of
from qualipolis.lake.signals.clusters import Clusters, clusters_of
from qualipolis.lake.signals.config import Config
from qualipolis.lake.signals.places import Places
from qualipolis.lake.signals.reports import Reports
from qualipolis.methods.problems import InputError, Problem, msg, refuse
from qualipolis.methods.signal.combined import Combined, combine
from qualipolis.methods.signal.disproportionality import (
    Scores,
    Tables,
    count_pairs,
    disproportionality,
    exact_tail,
    tables_of_counts,
)
from qualipolis.methods.signal.series import detect, mondays

Floats = NDArray[np.float64]
Key = tuple[str, str, str]
MOST_CELLS = 40_000_000


@dataclass(frozen=True, eq=False)
class Heard:
    """All that was heard: keys (product, hazard, place; "" means all of them), counts by week, verdicts by week.

    ``judged`` holds the verdicts of the last weeks, the latest last; ``weeks`` the Monday of every column of
    ``counts``. ``expected`` and ``bound`` are those of the series in the latest week. ``days`` of the latest week have
    gone by.
    """

    reports: Reports
    config: Config
    keys: tuple[Key, ...]
    weeks: NDArray[np.datetime64]
    counts: Floats
    expected: Floats
    bound: Floats
    judged: tuple[Combined, ...]
    scores: Scores
    clusters: Clusters
    days: int

    @property
    def latest(self) -> Combined:
        """The verdicts of the latest week."""
        return self.judged[-1]

    def since(self, row: int) -> np.datetime64 | None:
        """Return the Monday since which a key has been a signal without a break; None when it is none now."""
        first = None
        for back, week in enumerate(reversed(self.judged), start=1):
            if week.level[row] != "signal":
                break
            first = self.weeks[-back]
        return first

    def recent(self) -> Floats:
        """Return the reports of each key in the recent weeks, the latest among them."""
        return np.asarray(self.counts[:, -self.config.signals.recent :].sum(axis=1))


def listen(reports: Reports, config: Config, places: Places | None = None) -> Heard:
    """Judge the latest weeks of all products, hazards and places, knowing only what came until then.

    Voices, each a p-value by key: ``series`` (this week against the weeks before, the detector of ``[series]``),
    ``share`` (the share of all reports that name the key, recent weeks against all before; Fisher), ``pairs`` (product
    and hazard together more often than either leads to, in the recent weeks; Fisher), ``space`` (the scan of places,
    latest week only). Keys with fewer than ``least`` reports in the recent weeks get p = 1: they are counted as
    tests and never called.
    """
    if config.signals.voices == ("space",) and (places is None or not config.columns.place):
        what = msg("Only the scan of places was asked for, and there is no table of places or no column of them.")
        remedy = msg("Name space.file and columns.place, or let another method speak.")
        raise InputError([Problem("no_voice", what, remedy, place="signals.voices")])
    keys, weeks, counts = weekly(reports, config)
    last = min(config.signals.weeks, len(weeks) - 1)
    if last < 1:
        what, remedy = msg("The reports lie in one week."), msg("Send a longer table, at least two weeks.")
        raise InputError([Problem("too_short", what, remedy, place=reports.name)])
    alarms = _series(_without_missing(counts, weeks, config), config)
    clusters = clusters_of(keys, counts, weeks, config, places)
    judged = []
    for back in range(last, 0, -1):
        end = len(weeks) - back + 1
        voices = {name: _voice(name, reports, keys, weeks, counts, end, config, alarms) for name in config.signals.voices
                  if name != "space"}  # fmt: skip
        if "space" in config.signals.voices and places is not None:
            voices["space"] = clusters.p if back == 1 else np.full(len(keys), np.nan)
        judged.append(_combined(keys, counts[:, :end], voices, config))
    column = len(weeks) - 1
    days = int((reports.until - weeks[-1]).astype(int)) + 1
    scores = disproportionality(_pairs(reports))
    return Heard(
        reports, config, keys, weeks, counts, alarms.expected[:, column], alarms.upperbound[:, column], tuple(judged),
        scores, clusters, min(days, 7),
    )  # fmt: skip


def weekly(reports: Reports, config: Config) -> tuple[tuple[Key, ...], NDArray[np.datetime64], Floats]:
    """Return keys, weeks and counts: distinct reports (or the sum of the counts) by key and week.

    What is judged is told by ``signals.levels``; places only where the table has them.
    """
    monday = mondays(reports.day)
    until = mondays(np.array([reports.until], dtype="datetime64[D]"))[0]
    weeks = np.arange(monday.min(), until + np.timedelta64(1, "D"), np.timedelta64(7, "D"))
    rows = [_level(reports, one) for one in config.signals.levels if one != "place" or config.columns.place]
    names, code = _distinct(np.concatenate(rows))
    if len(names) * len(weeks) > MOST_CELLS:
        what = msg("%(keys)s products, hazards and places in %(weeks)s weeks are too many to be judged at once.")
        params = {"keys": len(names), "weeks": len(weeks)}
        raise InputError([Problem("too_many", what, msg("Use coarser classes of products."), params, reports.name)])
    column = np.tile((monday - weeks[0]).astype(np.int64) // 7, len(rows))
    report, weight = np.tile(reports.report, len(rows)), np.tile(reports.count, len(rows))
    counts = np.zeros((len(names), len(weeks)))
    cells = np.stack([code.ravel(), column, report])
    if not reports.counted:
        cells = np.unique(cells, axis=1)
        weight = np.ones(cells.shape[1])
    np.add.at(counts, (cells[0], cells[1]), weight)
    keys = tuple((str(a), str(b), str(c)) for a, b, c in names.tolist())
    return keys, weeks, counts


def _level(reports: Reports, level: str) -> NDArray[np.str_]:
    """Return product, hazard and place of each entry as the level names them, empty where it does not."""
    none = np.full(len(reports), "")
    product = none if level == "hazard" else reports.product
    hazard = none if level == "product" else reports.hazard
    return np.stack([product, hazard, reports.place if level == "place" else none], axis=1)


def _distinct(rows: NDArray[np.str_]) -> tuple[NDArray[np.str_], NDArray[np.int64]]:
    """Return the different rows in order, and which one each row is."""
    columns = [np.unique(rows[:, j], return_inverse=True) for j in range(rows.shape[1])]
    code = np.zeros(len(rows), dtype=np.int64)
    for words, number in columns:
        code = code * len(words) + number
    _, first, code = np.unique(code, return_index=True, return_inverse=True)
    return rows[first], code


def _without_missing(counts: Floats, weeks: NDArray[np.datetime64], config: Config) -> Floats:
    """Return the counts with NaN in the weeks in which nobody could report."""
    days = [time_of(text) for text in config.reading.missing]
    what, remedy = msg("“%(text)s” is no day."), msg("Write it as 2024-03-12.")
    refuse(
        Problem("no_day", what, remedy, {"text": text[:40]}, "reading.missing")
        for text, day in zip(config.reading.missing, days, strict=True)
        if day is None
    )
    if not days:
        return counts
    gone = np.isin(weeks, mondays(np.array([day.date() for day in days if day], dtype="datetime64[D]")))
    return np.where(gone, np.nan, counts)


def _series(counts: Floats, config: Config) -> Any:
    """Return what the detector says; ``auto`` compares with the half-year before, or what there is of it."""
    auto = config.method == "auto"
    settings = {"half_width": min(26, counts.shape[1] - 1)} if auto else config.settings
    try:
        found = detect(counts, "bayes" if auto else config.method, **settings)
    except InputError:
        raise
    except (TypeError, ValueError, IndexError) as error:
        what, remedy = msg("The settings do not fit the method: %(why)s."), msg("See the page of the methods.")
        raise InputError([Problem("bad_settings", what, remedy, {"why": str(error)[:200]}, "series")]) from error
    if "series" in config.signals.voices and found.judged.any() and np.isnan(found.p_value).all():
        what = msg("%(method)s states no p-value, so it cannot be joined with other methods.")
        remedy = msg("Choose bayes, farrington_flexible or another that states one.")
        raise InputError([Problem("no_p_value", what, remedy, {"method": config.method}, "series.method")])
    return found


def _voice(
    name: str, reports: Reports, keys: tuple[Key, ...], weeks: NDArray[np.datetime64], counts: Floats, end: int,
    config: Config, alarms: Any,
) -> Floats:  # fmt: skip
    """Return the p-values of one voice at the end of week ``end - 1``."""
    recent = config.signals.recent
    if name == "series":
        return np.asarray(alarms.p_value[:, end - 1])
    if name == "share":
        return _share(reports, weeks, counts, end, recent)
    return _together(reports, keys, weeks, end, recent)


def _share(reports: Reports, weeks: NDArray[np.datetime64], counts: Floats, end: int, recent: int) -> Floats:
    """Is the key's share of all reports larger in the recent weeks than before? NaN while there is no before."""
    begin = end - recent
    if begin < 1:
        return np.full(len(counts), np.nan)
    whole = _all_reports(reports, weeks)
    now, before = counts[:, begin:end].sum(axis=1), counts[:, :begin].sum(axis=1)
    all_now, all_before = whole[begin:end].sum(), whole[:begin].sum()
    others = (np.maximum(all_now - now, 0), np.maximum(all_before - before, 0))
    return exact_tail(Tables(now, before, *others))


def _all_reports(reports: Reports, weeks: NDArray[np.datetime64]) -> Floats:
    """Return all reports of each week, whatever they name; each counts once."""
    column = (mondays(reports.day) - weeks[0]).astype(np.int64) // 7
    if reports.counted:
        return np.bincount(column, reports.count, len(weeks))
    pairs = np.unique(np.stack([column, reports.report]), axis=1)
    return np.bincount(pairs[0], minlength=len(weeks)).astype(np.float64)


def _together(reports: Reports, keys: tuple[Key, ...], weeks: NDArray[np.datetime64], end: int, recent: int) -> Floats:
    """Are product and hazard named together more often than by chance in the recent weeks? Whole city only."""
    day = reports.day
    last = weeks[end - 1] + np.timedelta64(6, "D")
    inside = (day >= weeks[max(end - recent, 0)]) & (day <= last)
    found = np.full(len(keys), np.nan)
    if not inside.any():
        return found
    tables = _pairs(reports, inside)
    p = dict(zip(zip(tables.left, tables.right, strict=True), exact_tail(tables).tolist(), strict=True))
    return np.array([p.get(key[:2], 1.0) if all(key[:2]) and not key[2] else np.nan for key in keys])


def _pairs(reports: Reports, inside: NDArray[np.bool_] | None = None) -> Tables:
    """Return the two-by-two tables of products and hazards."""
    rows = np.ones(len(reports), dtype=bool) if inside is None else inside
    left, right = reports.product[rows].tolist(), reports.hazard[rows].tolist()
    if not reports.counted:
        return count_pairs(reports.report[rows].tolist(), left, right)
    pairs, code = np.unique(np.array([left, right]), axis=1, return_inverse=True)
    counts = np.bincount(code.ravel(), reports.count[rows])
    return tables_of_counts(pairs[0].tolist(), pairs[1].tolist(), counts)


def _combined(keys: tuple[Key, ...], counts: Floats, voices: dict[str, Floats], config: Config) -> Combined:
    """Join the voices; keys nobody has reported until then are not among the tests."""
    judging = config.signals
    few = counts[:, -judging.recent :].sum(axis=1) < judging.least
    unseen = counts.sum(axis=1) == 0
    told = {}
    for name, p in voices.items():
        held = np.where(few & ~np.isnan(p), 1.0, p)
        told[name] = np.where(unseen, np.nan, held)
    return combine(keys, told, alpha=judging.alpha, within=judging.within, across=judging.across)
