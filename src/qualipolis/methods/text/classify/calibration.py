"""Scores into probabilities that hold: of the texts told with 80 %, 80 % are right."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.problems import InputError, Problem, msg

METHODS = ("temperature", "platt", "isotonic", "platt_isotonic")
AUTO = "auto"
BINS = 15
LEAST_SHARE = 1e-6
LEAST_HALVED, LEAST_CURVED = 60, 400

Matrix = NDArray[np.float64]
Numbers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Calibration:
    """A map from scores to probabilities; made by :func:`calibrated`.

    ``method`` is ``"temperature"``: softmax of ``slope`` times the scores; ``"platt"``: a logistic curve
    ``1/(1 + exp(-(slope s + constant)))`` of each score, scaled to sum 1; ``"isotonic"``: the temperature's
    probabilities through a rising step-free curve ``knots -> heights``, scaled to sum 1; ``"platt_isotonic"``: the
    probabilities of ``"platt"`` through such a curve.
    """

    method: str = "temperature"
    slope: float = 1.0
    constant: float = 0.0
    knots: Matrix = field(default_factory=lambda: np.zeros(0))
    heights: Matrix = field(default_factory=lambda: np.zeros(0))

    def probabilities(self, scores: Matrix) -> Matrix:
        """Return probabilities, each row summing to 1, in the order of the scores.

        >>> Calibration("temperature", 2.0).probabilities(np.array([[1.0, 0.0]])).round(3).tolist()
        [[0.881, 0.119]]
        """
        if self.method.startswith("platt"):
            found = _scaled(1 / (1 + np.exp(-np.clip(self.slope * scores + self.constant, -60, 60))))
        else:
            found = _softmax(self.slope * scores)
        return _scaled(np.interp(found, self.knots, self.heights)) if self.method.endswith("isotonic") else found


class Bin(NamedTuple):
    """Texts told with about the same probability: how many, the mean told, the share right."""

    n: int
    told: float
    right: float


@dataclass(frozen=True)
class Reliability:
    """How well told probabilities of the first label hold.

    ``error`` is the expected calibration error: the mean over texts of |told - right| in 15 bins of equal width.
    ``even_error`` is the same over 15 bins with equally many texts (ties together), ``brier`` the squared error over all classes.
    """

    n: int
    accuracy: float
    told: float
    error: float
    even_error: float
    brier: float
    bins: tuple[Bin, ...]


def calibrated(scores: Matrix, numbers: Numbers, method: str = AUTO) -> Calibration:
    """Return the calibration of ``method`` that fits ``scores`` of texts the model has not learned from.

    The slope (and the constant of ``"platt"``) has the least log loss; ``"isotonic"`` pools adjacent violators over the
    probabilities of all classes together, so that a small class borrows the curve of the large ones. ``"auto"`` takes
    the one with the least Brier score when fitted on each half of the texts and judged on the other; below 400 texts
    no curve is tried, and below 60 only the temperature.

    References
    ----------
    C. Guo et al. (2017), "On calibration of modern neural networks", ICML, 1321-1330 (temperature, ECE). J. Platt
    (1999), "Probabilistic outputs for support vector machines". B. Zadrozny and C. Elkan (2002), "Transforming
    classifier scores into accurate multiclass probability estimates", KDD, 694-699 (isotonic).

    Raises
    ------
    InputError : no text to calibrate on, or a method that is not known
    """
    if method not in (*METHODS, AUTO) or not len(scores):
        what = msg("Probabilities cannot be calibrated: method %(method)s, %(n)s texts.")
        remedy = msg("Name temperature, platt, isotonic, platt_isotonic or auto and give texts that were held out.")
        raise InputError([Problem("calibration", what, remedy, {"method": method, "n": len(scores)})])
    if method == AUTO:
        method = _best(scores, numbers)
    slope = _temperature(scores, numbers)
    made = _platt(scores, numbers, slope) if method.startswith("platt") else Calibration("temperature", slope)
    if not method.endswith("isotonic"):
        return made
    knots, heights = _isotonic(made.probabilities(scores), numbers)
    return replace(made, method=method, knots=knots, heights=heights)


def _best(scores: Matrix, numbers: Numbers) -> str:
    """Return the method with the least Brier score over two halves, the simpler one where they tie."""
    if len(scores) < LEAST_HALVED:
        return METHODS[0]
    methods = METHODS if len(scores) >= LEAST_CURVED else METHODS[:2]
    half = np.random.default_rng(0).permutation(len(scores)) % 2 == 0
    losses = [
        sum(_brier(calibrated(scores[one], numbers[one], name).probabilities(scores[~one]), numbers[~one])
            for one in (half, ~half))
        for name in methods
    ]  # fmt: skip
    return methods[int(np.argmin(losses))]


def _brier(probabilities: Matrix, numbers: Numbers) -> float:
    hits = np.zeros_like(probabilities)
    known = np.flatnonzero(numbers >= 0)
    hits[known, numbers[known]] = 1
    return float(((probabilities - hits) ** 2).sum(1).mean())


def reliability(probabilities: Matrix, numbers: Numbers) -> Reliability:
    """Return how well the probability of the first label holds on texts whose class is known.

    >>> held = reliability(np.array([[0.8, 0.2]] * 5), np.array([0, 0, 0, 0, 1]))
    >>> (held.n, held.accuracy, round(held.error, 6))
    (5, 0.8, 0.0)
    """
    first = probabilities.argmax(1)
    told, right = probabilities[np.arange(len(first)), first], first == numbers
    wide = np.minimum((told * BINS).astype(int), BINS - 1)
    edges = np.quantile(told, np.arange(1, BINS) / BINS) if len(told) else np.zeros(0)
    even = np.searchsorted(edges, told)
    bins, error = _gap(wide, told, right)
    hits = np.zeros_like(probabilities)
    known = numbers >= 0
    hits[np.flatnonzero(known), numbers[known]] = 1
    brier = float(((probabilities - hits) ** 2).sum(1).mean())
    return Reliability(
        len(told), float(right.mean()), float(told.mean()), error, _gap(even, told, right)[1], brier, bins
    )


def _gap(place: NDArray[np.int_], told: Matrix, right: NDArray[np.bool_]) -> tuple[tuple[Bin, ...], float]:
    counts = np.bincount(place, minlength=BINS)
    said = np.bincount(place, told, BINS) / np.maximum(counts, 1)
    held = np.bincount(place, right, BINS) / np.maximum(counts, 1)
    bins = tuple(Bin(int(n), float(s), float(h)) for n, s, h in zip(counts, said, held, strict=True))
    return bins, float((counts * np.abs(said - held)).sum() / max(len(told), 1))


def _softmax(scores: Matrix) -> Matrix:
    said = np.exp(scores - scores.max(1, keepdims=True))
    return np.asarray(said / said.sum(1, keepdims=True))


def _scaled(shares: Matrix) -> Matrix:
    shares = np.maximum(shares, LEAST_SHARE)
    return np.asarray(shares / shares.sum(1, keepdims=True))


def _loss(probabilities: Matrix, numbers: Numbers) -> float:
    """Return the mean log loss over texts whose class the model has; a class it lacks (-1) can be told by no one.

    Of ``n`` texts, one in ``n + 2`` is taken to be of any class: however well the classes lie apart in a few texts, no
    probability becomes 1 (Platt's targets).
    """
    rows = np.flatnonzero(numbers >= 0)
    if not len(rows):
        return 0.0
    logs = np.log(np.maximum(probabilities[rows], 1e-12))
    doubt = 1 / (len(rows) + 2)
    right = logs[np.arange(len(rows)), numbers[rows]]
    return float(-((1 - doubt) * right + doubt * logs.mean(1)).mean())


def _temperature(scores: Matrix, numbers: Numbers) -> float:
    from scipy.optimize import minimize_scalar

    found = minimize_scalar(
        lambda log: _loss(_softmax(np.exp(log) * scores), numbers), bounds=(-4.0, 5.0), method="bounded"
    )
    return float(np.exp(found.x))


def _platt(scores: Matrix, numbers: Numbers, slope: float) -> Calibration:
    from scipy.optimize import minimize

    start = np.array([np.log(slope), 0.0])

    def loss(at: Matrix) -> float:
        return _loss(Calibration("platt", float(np.exp(at[0])), float(at[1])).probabilities(scores), numbers)

    found = minimize(loss, start, method="Nelder-Mead", options={"xatol": 1e-3, "fatol": 1e-6})
    return Calibration("platt", float(np.exp(found.x[0])), float(found.x[1]))


def _isotonic(probabilities: Matrix, numbers: Numbers) -> tuple[Matrix, Matrix]:
    from scipy.optimize import isotonic_regression

    hits = np.zeros_like(probabilities)
    known = np.flatnonzero(numbers >= 0)
    hits[known, numbers[known]] = 1
    order = np.argsort(probabilities, axis=None, kind="stable")
    x, y = probabilities.ravel()[order], hits.ravel()[order]
    made = isotonic_regression(y)
    bounds = made.blocks
    middle = np.add.reduceat(x, bounds[:-1]) / np.diff(bounds)
    heights = made.x[bounds[:-1]]
    return np.concatenate([[0.0], middle, [1.0]]), np.concatenate([[0.0], heights, [max(1.0, heights[-1])]])
