"""People or machines that sort: does each agree with himself, with the others, and with the standard.

Agreement of an item: all its judgements are the same. Within: the trials of one appraiser; between: all trials of all
appraisers; against the standard: all trials are right. Shares of items with exact (Clopper-Pearson) limits. Single
judgements give the miss rate (a bad item passed) and the false alarm rate (a good one refused).

Fleiss' kappa against the standard compares each trial with it and takes the mean over trials; within, the trials of one
appraiser are the judges, between, all trials of all. Cohen's kappa is that of one cross table of all judgements, as in the
manual's worked example.

Source: AIAG (2010), *Measurement Systems Analysis*, 4th ed., chapter III, section C; J. L. Fleiss (1971); J. Cohen (1960).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.problems import InputError, Problem, msg, refuse
from qualipolis.methods.sampling.estimation.binomial import binomial_interval
from qualipolis.methods.spc.comparison.result import confidence_problems
from qualipolis.methods.spc.msa.agreement import cohen_kappa, fleiss_kappa

Codes = NDArray[np.int64]


@dataclass(frozen=True)
class Share:
    """Hits among cases, their share and its exact limits, all from 0 to 1."""

    hits: int
    cases: int
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Appraiser:
    """One appraiser. Kappas are NaN where they have no meaning, and None without a standard or a second trial.

    ``effectiveness`` is the share of items judged rightly in every trial.
    """

    within: Share | None
    effectiveness: Share | None
    miss: Share | None
    false_alarm: Share | None
    fleiss_within: float | None
    fleiss_standard: float | None
    cohen_standard: float | None


@dataclass(frozen=True)
class AttributeStudy:
    """The study: each appraiser, agreement between them and of all with the standard, and kappas.

    ``cohen_pairs[a, b]`` compares two appraisers judgement by judgement, trial with trial.
    """

    appraisers: Mapping[Any, Appraiser]
    between: Share | None
    all_standard: Share | None
    fleiss_between: float | None
    fleiss_standard: float | None
    cohen_standard: float | None
    cohen_pairs: Mapping[tuple[Any, Any], float]
    categories: tuple[Any, ...]
    items: int
    trials: int


def attribute_study(
    item: Sequence[Any],
    appraiser: Sequence[Any],
    judgement: Sequence[Any],
    standard: Sequence[Any] | None = None,
    *,
    bad: Any = None,
    confidence: float = 0.95,
) -> AttributeStudy:
    """Return the agreement of appraisers, from columns with one row for each judgement.

    Parameters
    ----------
    item, appraiser, judgement : columns; each appraiser judges each item equally often
    standard : the right judgement of the item in each row
    bad : the category that must not pass, for misses and false alarms; needs the standard

    >>> items, people, right = [1, 1, 2, 2, 3, 3] * 2, list("AAAAAABBBBBB"), list("ggbbgg") * 2
    >>> study = attribute_study(items, people, list("ggbbgb") + list("ggbbgg"), right, bad="b")
    >>> study.appraisers["A"].effectiveness.hits, study.appraisers["A"].false_alarm.value
    (2, 0.25)
    """
    refuse(_problems(item, appraiser, judgement, standard, bad) + confidence_problems(confidence))
    items, people = list(dict.fromkeys(item)), list(dict.fromkeys(appraiser))
    kinds = sorted({*judgement, *(standard or ())}, key=str)
    number = {kind: i for i, kind in enumerate(kinds)}
    table = _table(item, appraiser, [number[j] for j in judgement], items, people)
    truth = None if standard is None else _truth(item, [number[s] for s in standard], items)
    c, made = len(kinds), {}
    for i, name in enumerate(people):
        made[name] = _appraiser(table[i], truth, c, None if bad is None else number[bad], confidence)
    every = np.concatenate(list(table), axis=1)
    single = len(people) < 2
    return AttributeStudy(
        made, None if single else _share(_same(every), confidence),
        None if truth is None or single else _share(_right(every, truth), confidence),
        None if single else _fleiss(every, c), _against(every, truth, c), _pooled(every, truth, c),
        {
            (people[i], people[j]): _cohen(table[i].ravel(), table[j].ravel(), c)
            for i in range(len(people))
            for j in range(i + 1, len(people))
        },
        tuple(kinds), len(items), table.shape[2],
    )  # fmt: skip


def _problems(
    item: Sequence[Any],
    appraiser: Sequence[Any],
    judgement: Sequence[Any],
    standard: Sequence[Any] | None,
    bad: Any,
) -> list[Problem]:
    n = len(judgement)
    if not len(item) == len(appraiser) == n or (standard is not None and len(standard) != n) or n < 2:
        what = msg("Items, appraisers, judgements and standard are columns of the same length.")
        return [Problem("columns", what, place="judgement")]
    for place, column in (("judgement", judgement), ("standard", standard or ())):
        empty = [i + 1 for i, v in enumerate(column) if v is None or v == "" or v != v]
        if empty:
            what, remedy = msg("Row %(n)s has no value."), msg("Judge it, or leave the whole item out.")
            return [Problem("missing_value", what, remedy, {"n": empty[0]}, place)]
    if bad is not None and (standard is None or bad not in standard):
        return [Problem("unknown_bad", msg("The category of bad items does not occur in the standard."), place="bad")]
    return []


def _table(
    item: Sequence[Any], appraiser: Sequence[Any], judged: list[int], items: list[Any], people: list[Any]
) -> Codes:
    """Return (appraisers, items, trials) codes; trials in the order of the rows."""
    row, column = ({name: i for i, name in enumerate(names)} for names in (items, people))
    cells: list[list[list[int]]] = [[[] for _ in items] for _ in people]
    for i, a, j in zip(item, appraiser, judged, strict=True):
        cells[column[a]][row[i]].append(j)
    trials = {len(cell) for line in cells for cell in line}
    if len(trials) > 1:
        what = msg("Appraisers judged items a different number of times.")
        raise InputError(
            [Problem("unbalanced", what, msg("Judge what is missing, or leave the item out."), place="item")]
        )
    return np.array(cells, dtype=np.int64)


def _truth(item: Sequence[Any], codes: list[int], items: list[Any]) -> Codes:
    found = dict(zip(item, codes, strict=True))
    for name, code in zip(item, codes, strict=True):
        if found[name] != code:
            what = msg("Item %(item)s has two different standards.")
            raise InputError([Problem("two_standards", what, "", {"item": name}, "standard")])
    return np.array([found[name] for name in items], dtype=np.int64)


def _share(hits: NDArray[np.bool_], confidence: float) -> Share:
    count, cases = int(hits.sum()), len(hits)
    low, high = binomial_interval(count, cases, confidence)
    return Share(count, cases, count / cases, float(low), float(high))


def _same(judged: Codes) -> NDArray[np.bool_]:
    return np.asarray((judged == judged[:, :1]).all(axis=1))


def _right(judged: Codes, truth: Codes) -> NDArray[np.bool_]:
    return np.asarray((judged == truth[:, None]).all(axis=1))


def _fleiss(judged: Codes, c: int) -> float:
    counts = np.stack([np.sum(judged == k, axis=1) for k in range(c)], axis=1)
    try:
        return fleiss_kappa(counts).kappa
    except InputError:
        return float("nan")


def _cohen(one: Codes, two: Codes, c: int) -> float:
    table = np.zeros((c, c))
    np.add.at(table, (one, two), 1)
    try:
        return cohen_kappa(table).kappa
    except InputError:
        return float("nan")


def _against(judged: Codes, truth: Codes | None, c: int) -> float | None:
    """Return the mean of Fleiss' kappa of each trial against the standard."""
    if truth is None:
        return None
    return float(np.mean([_fleiss(np.stack([column, truth], axis=1), c) for column in judged.T]))


def _pooled(judged: Codes, truth: Codes | None, c: int) -> float | None:
    """Return Cohen's kappa of all judgements in one cross table with the standard."""
    return None if truth is None else _cohen(judged.ravel(), np.repeat(truth, judged.shape[1]), c)


def _appraiser(judged: Codes, truth: Codes | None, c: int, bad: int | None, confidence: float) -> Appraiser:
    many = judged.shape[1] > 1
    miss = alarm = None
    if truth is not None and bad is not None:
        is_bad = truth == bad
        miss = _share((judged[is_bad] != bad).ravel(), confidence)
        alarm = _share((judged[~is_bad] == bad).ravel(), confidence) if (~is_bad).any() else None
    return Appraiser(
        _share(_same(judged), confidence) if many else None,
        None if truth is None else _share(_right(judged, truth), confidence),
        miss, alarm, _fleiss(judged, c) if many else None,
        _against(judged, truth, c), _pooled(judged, truth, c),
    )  # fmt: skip
