"""From independent scores to the score of the team: spread, items that need a meeting, totals."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from qualipolis.methods.problems import InputError, Problem, msg

Source = Literal["mean", "consensus", "open", "none"]


@dataclass(frozen=True)
class ItemScore:
    """One item: the independent scores in per cent, their spread, and what counts.

    ``source`` is "mean" of the independent scores, "consensus", "open" while a consensus is owed, "none" without scores.
    """

    item: str
    points: float
    n: int
    low: float | None
    high: float | None
    mean: float | None
    spread: float | None
    needs_consensus: bool
    final: float | None
    source: Source

    @property
    def earned(self) -> float | None:
        """Points of the item; None while its score is not settled."""
        return None if self.final is None else self.points * self.final / 100


@dataclass(frozen=True)
class Tally:
    """The items of one applicant with the totals. ``total`` is None while an item is open; ``mean_total`` never waits."""

    items: tuple[ItemScore, ...]
    reviewers: tuple[str, ...]
    total: float | None
    mean_total: float | None

    @property
    def open_items(self) -> tuple[str, ...]:
        return tuple(one.item for one in self.items if one.source in ("open", "none"))


def spread(scores: Sequence[float]) -> float:
    """Return the distance between the highest and the lowest score; 0 for one score or none.

    >>> spread([35, 55, 60]), spread([40])
    (25.0, 0.0)
    """
    return float(max(scores) - min(scores)) if scores else 0.0


def tally(
    sheets: Mapping[str, Mapping[str, float]],
    points: Mapping[str, float],
    *,
    limit: float = 20.0,
    consensus: Mapping[str, float] | None = None,
    step: float = 5.0,
) -> Tally:
    """Return what each item earns from the sheets of all reviewers.

    ``s_i = mean_r(y_ir)`` while ``max_r - min_r ≤ limit``; beyond it the consensus of the reviewers, and nothing until
    there is one. The total is ``Σ points_i · s_i / 100``. Independent scores are never changed.

    Parameters
    ----------
    sheets : for each reviewer the score of each item, per cent of its points
    points : points of each item of the scheme, in the order shown
    limit : largest spread, in per cent points, that needs no consensus
    consensus : agreed scores; one for an item whose spread does not ask for it still counts (the team has met)
    step : scores are multiples of this many per cent

    Raises
    ------
    InputError
        an item that the scheme does not have, a score outside 0 to 100 or off the steps; all of them together

    References
    ----------
    Baldrige Performance Excellence Program, examiner guidelines (independent review, consensus review);
    GB/T 19580-2012 with GB/Z 19579-2012 for the items and the bands.

    >>> found = tally({"A": {"x": 40, "y": 50}, "B": {"x": 50, "y": 80}}, {"x": 600, "y": 400})
    >>> [(i.item, i.final, i.source) for i in found.items], found.total, found.mean_total
    ([('x', 45.0, 'mean'), ('y', None, 'open')], None, 530.0)
    >>> tally({"A": {"x": 40, "y": 50}, "B": {"x": 50, "y": 80}}, {"x": 600, "y": 400}, consensus={"y": 60}).total
    510.0
    """
    agreed = dict(consensus or {})
    _check(sheets, points, agreed, step)
    items = tuple(_item(item, worth, sheets, limit, agreed.get(item)) for item, worth in points.items())
    finals, means = [one.earned for one in items], [(one.points, one.mean) for one in items]
    total = math.fsum(v for v in finals if v is not None) if all(v is not None for v in finals) else None
    mean = math.fsum(w * m / 100 for w, m in means if m is not None) if all(m is not None for _, m in means) else None
    return Tally(items, tuple(sheets), total, mean)


def _item(
    item: str, points: float, sheets: Mapping[str, Mapping[str, float]], limit: float, agreed: float | None
) -> ItemScore:
    scores = [float(sheet[item]) for sheet in sheets.values() if item in sheet]
    if not scores:
        return ItemScore(item, points, 0, None, None, None, None, False, None, "none")
    apart, mean = spread(scores), math.fsum(scores) / len(scores)
    wide = apart > limit
    if agreed is not None:
        final, source = float(agreed), "consensus"
    else:
        final, source = (None, "open") if wide else (mean, "mean")  # type: ignore[assignment]
    return ItemScore(item, points, len(scores), min(scores), max(scores), mean, apart, wide, final, source)  # type: ignore[arg-type]


def _check(
    sheets: Mapping[str, Mapping[str, float]], points: Mapping[str, float], agreed: Mapping[str, float], step: float
) -> None:
    said = [(who, item, score) for who, sheet in sheets.items() for item, score in sheet.items()]
    said += [("", item, score) for item, score in agreed.items()]
    wrong = [one for who, item, score in said if (one := score_problem(item, score, points, step, who)) is not None]
    if wrong:
        raise InputError(wrong)


def score_problem(
    item: str, score: float, points: Mapping[str, float], step: float = 5.0, who: str = ""
) -> Problem | None:
    """Return what is wrong with one score, or None.

    >>> score_problem("x", 42, {"x": 100}).text()
    'x: 42 is not a multiple of 5 between 0 and 100.'
    """
    place = f"{who} {item}".strip()
    if item not in points:
        return Problem("unknown_item", msg("The scheme has no item %(item)s."), "", {"item": item}, place)
    if not (math.isfinite(score) and 0 <= score <= 100) or abs(score / step - round(score / step)) > 1e-9:
        what = msg("%(score)s is not a multiple of %(step)s between 0 and 100.")
        return Problem("bad_score", what, "", {"score": f"{score:g}", "step": f"{step:g}"}, place)
    return None
