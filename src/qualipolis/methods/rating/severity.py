"""How severe each reviewer is: the many-facet model as a mixed model. It is shown beside the scores and changes none."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.rating.connected import panels
from qualipolis.methods.rating.crossed import CrossedFit, crossed_reml

Floats = NDArray[np.float64]
TERMS = ("applicant", "item", "reviewer", "applicant:item", "applicant:reviewer", "reviewer:item")
FEWEST_REVIEWERS, FEWEST_APPLICANTS, FEWEST_ITEMS = 3, 2, 2
ALPHA = 0.05
NOISE = (0.5, 1.5)


@dataclass(frozen=True)
class ReviewerSeverity:
    """One reviewer against the average of all. ``effect`` in per cent points: below 0 strict, above 0 generous.

    ``p`` is of no difference, held against all reviewers at once (Holm). ``fit`` is the mean square of the residuals
    against what the model expects (1); ``noise`` says "erratic" or "muted" when it is far from 1 and not by chance.
    """

    reviewer: str
    n: int
    applicants: int
    effect: float
    se: float
    low: float
    high: float
    p: float
    leaning: str
    fit: float
    fit_p: float
    noise: str
    panel: int


@dataclass(frozen=True)
class FairScore:
    """What an applicant's independent scores sum to, and what they would with reviewers of average severity."""

    applicant: str
    reviewers: int
    raw: float
    adjusted: float
    low: float
    high: float

    @property
    def shift(self) -> float:
        return self.adjusted - self.raw


@dataclass(frozen=True)
class Severity:
    """The model of one round. ``variances`` are squared per cent points; ``reliability`` for 1 to 8 reviewers."""

    reviewers: tuple[ReviewerSeverity, ...]
    applicants: tuple[FairScore, ...]
    variances: Mapping[str, float]
    residual: float
    mean: float
    p_no_difference: float
    reliability: tuple[tuple[int, float], ...]
    panels: tuple[tuple[str, ...], ...]
    dropped: tuple[str, ...]
    confidence: float
    n: int


@dataclass(frozen=True)
class _Columns:
    applicant: tuple[str, ...]
    item: tuple[str, ...]
    reviewer: tuple[str, ...]
    score: Floats


def severity(
    applicants: Sequence[str],
    items: Sequence[str],
    reviewers: Sequence[str],
    scores: Sequence[float],
    *,
    points: Mapping[str, float] | None = None,
    confidence: float = 0.95,
) -> Severity:
    """Return the severity of each reviewer with its interval, fit, and every applicant's total beside an adjusted one.

    ``y_air = μ + a + i + r + (ai) + (ar) + (ri) + e``, all effects random, normal and independent, by REML. The effect
    of a reviewer is predicted (BLUP), so it is drawn towards 0 where he scored little; its error includes that of μ,
    and it is told against the mean of the reviewers. The interval takes the variances as estimated and uses Student's t
    on one degree less than there are reviewers, as their variance rests on so few. The adjusted total takes from each score the effect of its reviewer:
    ``Σ_i (points_i/100) · mean_r (y_air - r̂)``. The share of ``r = 0`` is tested by the restricted likelihood ratio
    against half a χ² on one degree. Reliability for ``k`` reviewers of one applicant is
    ``σ²(total) / (σ²(total) + error/k)`` with the reviewers' part in the error (absolute).

    Parameters
    ----------
    applicants, items, reviewers, scores : columns of equal length, one row for each independent score in per cent
    points : points of each item; without them the total is the mean per cent
    confidence : between 0.5 and 1

    Raises
    ------
    InputError
        columns of different length, missing or repeated scores, unknown items, fewer than 3 reviewers, 2 applicants or
        2 items, all scores the same

    References
    ----------
    J. M. Linacre (1989), "Many-facet Rasch measurement". R. L. Brennan (2001), "Generalizability theory". D. Bates et
    al. (2015), Journal of Statistical Software 67(1). S. G. Self and K.-Y. Liang (1987), JASA 82, 605-610.

    >>> rows = [(a, i, r, 50 + 10 * (a == "A") + 5 * (i == "x") - 10 * (r == "strict") + (7 * len(a + i) * k) % 5)
    ...         for a in "ABC" for i in ("x", "y", "z") for k, r in enumerate(("strict", "mild", "plain"))]
    >>> found = severity(*zip(*rows))
    >>> found.reviewers[0].reviewer, found.reviewers[0].leaning, found.n
    ('strict', 'strict', 27)
    """
    columns = _columns(applicants, items, reviewers, scores, points, confidence)
    factors = _factors(columns)
    fit = crossed_reml(columns.score, factors, keep="reviewer")
    names, order = fit.effects["reviewer"].levels, {r: k for k, r in enumerate(fit.effects["reviewer"].levels)}
    centre = np.eye(len(names)) - 1.0 / len(names)
    effect, cover = centre @ fit.effects["reviewer"].values, centre @ fit.covariance @ centre
    groups = panels(zip(columns.reviewer, columns.applicant, strict=True))
    weights = _weights(columns, points)
    return Severity(
        _reviewers(columns, fit, effect, cover, groups, confidence),
        _applicants(columns, weights, order, effect, cover, confidence),
        fit.variances,
        fit.residual,
        fit.mean,
        _no_difference(columns, factors, fit),
        _reliability(fit, weights),
        groups,
        tuple(term for term in TERMS if term not in factors),
        confidence,
        fit.n,
    )


def _columns(
    applicants: Sequence[str],
    items: Sequence[str],
    reviewers: Sequence[str],
    scores: Sequence[float],
    points: Mapping[str, float] | None,
    confidence: float,
) -> _Columns:
    wrong = []
    if len({len(applicants), len(items), len(reviewers), len(scores)}) != 1:
        raise InputError([Problem("lengths", msg("The columns do not have the same length."))])
    cells = list(zip(applicants, items, reviewers, strict=True))
    if len(set(cells)) < len(cells):
        wrong.append(Problem("repeated", msg("A reviewer scored an item of an applicant twice.")))
    for what, known, fewest in (
        (msg("Severity needs at least %(n)s reviewers."), reviewers, FEWEST_REVIEWERS),
        (msg("Severity needs at least %(n)s applicants."), applicants, FEWEST_APPLICANTS),
        (msg("Severity needs at least %(n)s items."), items, FEWEST_ITEMS),
    ):
        if len(set(known)) < fewest:
            wrong.append(Problem("too_few", what, "", {"n": fewest}))
    unknown = sorted(set(items) - set(points)) if points is not None else []
    wrong += [Problem("unknown_item", msg("The scheme has no item %(item)s."), "", {"item": one}) for one in unknown]
    if not 0.5 <= confidence < 1:
        wrong.append(Problem("bad_confidence", msg("The confidence lies between 0.5 and 1."), place="confidence"))
    if wrong:
        raise InputError(wrong)
    return _Columns(tuple(applicants), tuple(items), tuple(reviewers), np.asarray(scores, dtype=np.float64))


def _factors(columns: _Columns) -> dict[str, list[str]]:
    """Return the terms that the scores can tell apart: fewer levels than scores."""
    parts = {"applicant": columns.applicant, "item": columns.item, "reviewer": columns.reviewer}
    out = {}
    for term in TERMS:
        levels = ["\x1f".join(cell) for cell in zip(*(parts[name] for name in term.split(":")), strict=True)]
        if len(set(levels)) < len(levels):
            out[term] = levels
    return out


def _weights(columns: _Columns, points: Mapping[str, float] | None) -> dict[str, float]:
    known = sorted(set(columns.item))
    return {item: (points[item] / 100 if points is not None else 1.0 / len(known)) for item in known}


def _quantile(confidence: float, reviewers: int) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(reviewers - 1, (1 + confidence) / 2))


def holm(p: Floats) -> Floats:
    """Return p-values held against all of them at once (S. Holm, 1979, Scandinavian Journal of Statistics 6, 65-70).

    >>> holm(np.array([0.01, 0.04, 0.03])).tolist()
    [0.03, 0.06, 0.06]
    """
    order, out = np.argsort(p), np.empty(len(p))
    out[order] = np.minimum(np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1)), 1.0)
    return out


def _reviewers(
    columns: _Columns,
    fit: CrossedFit,
    effect: Floats,
    cover: Floats,
    groups: tuple[tuple[str, ...], ...],
    confidence: float,
) -> tuple[ReviewerSeverity, ...]:
    from scipy.special import stdtr

    names = fit.effects["reviewer"].levels
    se = np.sqrt(np.maximum(np.diag(cover), 0.0))
    away = np.divide(np.abs(effect), se, out=np.zeros_like(se), where=se > 0)
    p, z = holm(2 * stdtr(len(names) - 1, -away)), _quantile(confidence, len(names))
    squares, square_p = _mean_squares(columns, fit)
    panel = {name: k for k, group in enumerate(groups) for name in group}
    out = []
    for k, name in enumerate(names):
        seen = [a for a, r in zip(columns.applicant, columns.reviewer, strict=True) if r == name]
        leaning = "" if p[k] >= ALPHA else ("strict" if effect[k] < 0 else "generous")
        noise = "" if square_p[k] >= ALPHA else _noise(squares[k])
        out.append(
            ReviewerSeverity(
                name, len(seen), len(set(seen)), float(effect[k]), float(se[k]),
                float(effect[k] - z * se[k]), float(effect[k] + z * se[k]), float(p[k]), leaning,
                float(squares[k]), float(square_p[k]), noise, panel[name],
            )
        )  # fmt: skip
    return tuple(sorted(out, key=lambda one: (one.effect, one.reviewer)))


def _noise(square: float) -> str:
    return "erratic" if square > NOISE[1] else "muted" if square < NOISE[0] else ""


def _mean_squares(columns: _Columns, fit: CrossedFit) -> tuple[Floats, Floats]:
    """Return each reviewer's ``Σ e²/(σ² Σ(1 - h))`` and its two-sided p-value on ``Σ(1 - h)`` degrees (Holm)."""
    from scipy.special import chdtr, chdtrc

    code = {name: k for k, name in enumerate(fit.effects["reviewer"].levels)}
    index = np.array([code[name] for name in columns.reviewer])
    free = np.bincount(index, weights=1.0 - fit.leverage, minlength=len(code))
    squares = np.bincount(index, weights=(columns.score - fit.fitted) ** 2, minlength=len(code)) / fit.residual
    share = np.divide(squares, free, out=np.ones_like(free), where=free > 1e-9)
    tail = np.minimum(1.0, 2 * np.minimum(chdtr(free, squares), chdtrc(free, squares)))
    return share, holm(np.asarray(tail))


def _applicants(
    columns: _Columns,
    weights: Mapping[str, float],
    order: Mapping[str, int],
    effect: Floats,
    cover: Floats,
    confidence: float,
) -> tuple[FairScore, ...]:
    cells: dict[str, dict[str, list[tuple[int, float]]]] = {}
    for a, i, r, y in zip(columns.applicant, columns.item, columns.reviewer, columns.score, strict=True):
        cells.setdefault(a, {}).setdefault(i, []).append((order[r], float(y)))
    z, out = _quantile(confidence, len(effect)), []
    for applicant, by_item in sorted(cells.items()):
        raw, take = 0.0, np.zeros(len(effect))
        for item, scored in by_item.items():
            raw += weights[item] * math.fsum(y for _, y in scored) / len(scored)
            for k, _ in scored:
                take[k] += weights[item] / len(scored)
        adjusted, error = raw - float(take @ effect), math.sqrt(max(float(take @ cover @ take), 0.0))
        count = int(np.count_nonzero(take))
        out.append(FairScore(applicant, count, raw, adjusted, adjusted - z * error, adjusted + z * error))
    return tuple(out)


def _no_difference(columns: _Columns, factors: Mapping[str, Sequence[str]], fit: CrossedFit) -> float:
    from scipy.special import chdtrc

    without = crossed_reml(columns.score, {name: levels for name, levels in factors.items() if name != "reviewer"})
    gain = max(without.criterion - fit.criterion, 0.0)
    return 1.0 if gain < 1e-8 else float(chdtrc(1, gain)) / 2


def _reliability(fit: CrossedFit, weights: Mapping[str, float]) -> tuple[tuple[int, float], ...]:
    worth = np.array(list(weights.values()))
    whole, squared = float(worth.sum() ** 2), float((worth**2).sum())
    part = {term: fit.variances.get(term, 0.0) for term in TERMS}
    true = whole * part["applicant"] + squared * part["applicant:item"]
    error = whole * (part["reviewer"] + part["applicant:reviewer"])
    error += squared * (part["reviewer:item"] + fit.residual)
    return tuple((k, true / (true + error / k) if true + error > 0 else 0.0) for k in range(1, 9))
