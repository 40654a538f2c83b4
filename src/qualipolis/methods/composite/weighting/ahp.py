"""Weights from pairwise comparisons: the analytic hierarchy process."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.composite.data import Floats
from qualipolis.methods.problems import InputError, Problem, msg

if TYPE_CHECKING:
    import polars as pl

RANDOM_INDEX = (0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59)
"""Mean consistency index of random matrices of 1 to 15 items (Saaty 1980)."""
ACCEPTABLE = 0.10


@dataclass(frozen=True)
class Judgement:
    """One comparison: ``a`` was said to be ``given`` times as important as ``b``; the weights say ``implied``.
    ``factor`` is how far apart the two are, 1 or more."""

    a: str
    b: str
    given: float
    implied: float

    @property
    def factor(self) -> float:
        """The larger over the smaller of given and implied."""
        return max(self.given / self.implied, self.implied / self.given)


@dataclass(frozen=True, eq=False)
class AhpWeights:
    """What :func:`ahp_weights` returns.

    ``index`` and ``ratio`` are the consistency index and ratio of the (joint) matrix; ``judgements`` are sorted, the
    most inconsistent first; ``experts`` are the consistency ratios of the single matrices.
    """

    codes: tuple[str, ...]
    weights: Mapping[str, float]
    lambda_max: float
    index: float
    ratio: float
    judgements: tuple[Judgement, ...]
    experts: Mapping[str, float]
    problems: tuple[Problem, ...]

    def to_frame(self) -> pl.DataFrame:
        """Return one line for each code: code, weight."""
        import polars as pl

        return pl.DataFrame({"code": self.codes, "weight": [self.weights[code] for code in self.codes]})

    def judgements_frame(self) -> pl.DataFrame:
        """Return one line for each comparison, the most inconsistent first: a, b, given, implied, factor."""
        import polars as pl

        rows = [(j.a, j.b, j.given, j.implied, j.factor) for j in self.judgements]
        kinds = {"a": pl.String, "b": pl.String, "given": pl.Float64, "implied": pl.Float64, "factor": pl.Float64}
        return pl.DataFrame(rows, schema=kinds, orient="row")


def ahp_weights(
    comparisons: ArrayLike | Mapping[str, ArrayLike], codes: Sequence[str] | None = None, acceptable: float = ACCEPTABLE
) -> AhpWeights:
    r"""Return weights from comparisons on Saaty's scale (1 equal, 3 moderately, 5 strongly, 7 very strongly, 9 extremely).

    .. math:: A w = \lambda_{max} w, \qquad CI = \frac{\lambda_{max} - n}{n - 1}, \qquad CR = CI / RI_n

    with :math:`a_{ij}` how many times as important i is as j, and RI the mean CI of random matrices. Several experts
    are joined by the geometric mean of each comparison, which keeps it reciprocal (Aczel and Saaty 1983).

    Parameters
    ----------
    comparisons : (n, n) matrix, or expert -> matrix. A cell above the diagonal may be NaN when its mirror is given
    codes : names of the items, ``c1``, ``c2``, ... by default
    acceptable : consistency ratio above which a problem names the worst comparisons

    InputError names, with the expert, a matrix of the wrong shape and each comparison that is missing, not above 0, or
    not the reciprocal of its mirror (to 1 %). Sources: Saaty (1980); Saaty (1990), EJOR 48.

    >>> found = ahp_weights([[1, 2, 4], [1 / 2, 1, 2], [1 / 4, 1 / 2, 1]], codes=("a", "b", "c"))
    >>> {code: round(weight, 4) for code, weight in found.weights.items()}, round(abs(found.ratio), 6)
    ({'a': 0.5714, 'b': 0.2857, 'c': 0.1429}, 0.0)
    """
    tables = comparisons if isinstance(comparisons, Mapping) else {"": comparisons}
    arrays = {str(expert): np.array(table, dtype=np.float64) for expert, table in tables.items()}
    size = len(codes) if codes is not None else max((len(array) for array in arrays.values() if array.ndim), default=0)
    names = tuple(codes) if codes is not None else tuple(f"c{i + 1}" for i in range(size))
    errors = [problem for expert, array in arrays.items() for problem in _faults(array, names, expert)]
    if errors or not arrays or not names:
        raise InputError(errors or [_shape_problem("", (0, 0), 1)])
    return _joined({expert: _completed(array) for expert, array in arrays.items()}, names, acceptable)


def _joined(whole: Mapping[str, Floats], names: tuple[str, ...], acceptable: float) -> AhpWeights:
    joint = np.exp(np.mean([np.log(array) for array in whole.values()], axis=0))
    vector, largest, index, ratio = _eigen(joint)
    judgements = tuple(sorted(_judgements(joint, vector, names), key=lambda one: -one.factor))
    experts = {expert: _eigen(array)[3] for expert, array in whole.items() if expert}
    found = AhpWeights(
        names, dict(zip(names, vector.tolist(), strict=True)), largest, index, ratio, judgements, experts, ()
    )
    problems = tuple(_problems(found, acceptable))
    return AhpWeights(names, found.weights, largest, index, ratio, judgements, experts, problems)


def _eigen(matrix: Floats) -> tuple[Floats, float, float, float]:
    n = len(matrix)
    values, vectors = np.linalg.eig(matrix)
    at = int(np.argmax(values.real))
    vector = np.abs(vectors[:, at].real)
    largest = float(values[at].real)
    index = (largest - n) / (n - 1) if n > 1 else 0.0
    if n <= 2:
        return vector / vector.sum(), largest, 0.0, 0.0
    ratio = index / RANDOM_INDEX[n - 1] if n <= len(RANDOM_INDEX) else float("nan")
    return vector / vector.sum(), largest, index, ratio


def _completed(array: Floats) -> Floats:
    mirror = 1.0 / array.T
    whole = np.where(np.isnan(array), mirror, array)
    whole = np.sqrt(whole * (1.0 / whole.T))
    np.fill_diagonal(whole, 1.0)
    return whole


def _judgements(matrix: Floats, vector: Floats, names: tuple[str, ...]) -> Iterator[Judgement]:
    for i, j in zip(*np.triu_indices(len(names), 1), strict=True):
        a, b = (i, j) if matrix[i, j] >= 1 else (j, i)
        yield Judgement(names[a], names[b], float(matrix[a, b]), float(vector[a] / vector[b]))


def _faults(array: Floats, names: tuple[str, ...], expert: str) -> Iterator[Problem]:
    if array.shape != (len(names), len(names)):
        yield _shape_problem(expert, array.shape, len(names))
        return
    for i, j in zip(*np.triu_indices(len(names), 1), strict=True):
        pair = array[i, j], array[j, i]
        who = {"a": names[i], "b": names[j]}
        place = f"AHP {expert}".strip()
        known = [value for value in pair if not np.isnan(value)]
        if not known or any(not (np.isfinite(value) and value > 0) for value in known):
            yield Problem(
                "bad_comparison",
                msg("The comparison of %(a)s and %(b)s is missing or not above 0."),
                msg("Give a number from 1/9 to 9."),
                who,
                place,
            )
        elif len(known) == 2 and abs(np.log(pair[0] * pair[1])) > 0.01:
            yield Problem(
                "not_reciprocal",
                msg("%(a)s against %(b)s and %(b)s against %(a)s contradict each other."),
                msg("One must be 1 divided by the other: 3 and 1/3."),
                who,
                place,
            )


def _shape_problem(expert: str, shape: tuple[int, ...], size: int) -> Problem:
    return Problem(
        "bad_matrix",
        msg("The comparison matrix has the shape %(shape)s where %(size)s rows and columns are expected."),
        msg("Give one row and one column for each item, in the same order."),
        {"shape": shape, "size": size},
        place=f"AHP {expert}".strip(),
    )


def _problems(found: AhpWeights, acceptable: float) -> Iterator[Problem]:
    if len(found.codes) > len(RANDOM_INDEX):
        yield Problem(
            "too_many_items",
            msg("With more than 15 items the consistency ratio is not known, and people cannot compare so many well."),
            msg("Build groups of at most nine and compare inside them."),
            severity="warning",
        )
    if found.ratio > acceptable:
        worst = found.judgements[0]
        yield Problem(
            "inconsistent",
            msg("The comparisons contradict each other (consistency ratio %(ratio).2f)."),
            msg("Look first at %(a)s against %(b)s: given %(given).2g, the other answers say %(implied).2g."),
            {"ratio": found.ratio, "a": worst.a, "b": worst.b, "given": worst.given, "implied": worst.implied},
            severity="warning",
        )
    for expert, ratio in found.experts.items():
        if ratio > acceptable:
            yield Problem(
                "inconsistent_expert",
                msg("The comparisons of %(expert)s contradict each other (consistency ratio %(ratio).2f)."),
                msg("Ask again before joining them with the others."),
                {"expert": expert, "ratio": ratio},
                place=f"AHP {expert}",
                severity="warning",
            )
