"""Fitting a classifier, its probabilities calibrated on texts it has not learned from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.text.classify.calibration import Calibration, Matrix, Numbers, calibrated
from qualipolis.methods.text.classify.features import Rows, vocabulary
from qualipolis.methods.text.classify.fitting import Recipe, chosen, folds, solve
from qualipolis.methods.text.classify.model import Case, Classifier
from qualipolis.methods.text.fields import Field

CHINESE = (Field("char", 1, 2), Field("segment", 1, 2, 0.7))
ENGLISH = (Field("inside", 2, 5), Field("word", 1, 2))
HELD = ("folds", "last", "rolling")
FIFTHS = 5
FOLDS, FEW_FOLDS = ((200, 5), (5000, 10)), 3


def fit(
    texts: Sequence[str],
    labels: Sequence[str],
    *,
    fields: Sequence[Field] = CHINESE,
    recipe: Recipe = Recipe(),  # noqa: B008
    calibration: str = "auto",
    held: str = "folds",
    count: int = 0,
    least: int = 1,
    most: int = 400_000,
    cases: int = 0,
    seed: int = 0,
) -> Classifier:
    """Return a classifier of ``texts`` into ``labels``.

    Linear scores (see :func:`~qualipolis.methods.text.classify.fitting.solve`) on the runs that ``fields`` read, with
    probabilities calibrated on texts held out: each of ``count`` folds in turn (``held="folds"``), or the last fifth of
    the texts as they are given (``held="last"``), which, for texts in the order of time, tells what a change of times
    does to the model, or each of the last four fifths in turn, told by what came before it (``held="rolling"``). The
    weights are then fitted on all texts.

    Parameters
    ----------
    texts, labels : one label for each text; two labels or more
    calibration : ``"auto"`` or one of the methods of :func:`~qualipolis.methods.text.classify.calibration.calibrated`
    count : folds; 0 takes five below 200 texts, ten below 5,000 and three above
    least, most : runs that fewer than ``least`` texts have are left out, and of each field all but the ``most`` commonest
    cases : how many texts are kept in the model to be shown as like others, dealt evenly over the labels; 0 keeps none
    seed : for the folds and the choice of cases

    Raises
    ------
    InputError : lengths that differ, no text, one label only

    >>> model = fit(["电池鼓包", "充电发热", "衣服褪色", "裤子开线"] * 3, ["电", "电", "衣", "衣"] * 3)
    >>> model.predict(["电池发热"])[0].labels[0]
    '电'
    """
    _checked(texts, labels, held)
    names = tuple(sorted(set(labels)))
    place = {name: number for number, name in enumerate(names)}
    numbers = np.array([place[label] for label in labels], np.int64)
    known = vocabulary(texts, fields, least=least, most=most)
    if not known.width:
        what, remedy = msg("The texts share no words to learn from."), msg("Give texts with words, more of each label.")
        raise InputError([Problem("no_words", what, remedy)])
    rows = known.rows(texts)
    curve = _curve(rows, numbers, len(names), recipe, calibration, held, count, seed)
    weights, constants = solve(rows, numbers, len(names), recipe)
    counts = tuple(np.bincount(numbers, minlength=len(names)).tolist())
    kept = _cases(texts, numbers, names, cases, seed)
    return Classifier(names, known, weights.astype(np.float32), constants, curve, counts, kept)


def held_out(
    rows: Rows, numbers: Numbers, classes: int, recipe: Recipe, held: str = "folds", count: int = 0, seed: int = 0
) -> tuple[Matrix, Numbers]:
    """Return scores of texts by models that did not see them, and the numbers of their labels."""
    parts = _parts(numbers, held, count, seed)
    scores, found = [], []
    for seen, left in parts:
        if len(np.unique(numbers[seen])) < 2 or not len(left):
            continue
        scores.append(_scores(rows, numbers, classes, recipe, seen, left))
        found.append(numbers[left])
    empty = np.zeros((0, classes)), np.zeros(0, np.int64)
    return (np.concatenate(scores), np.concatenate(found)) if scores else empty


def _parts(numbers: Numbers, held: str, count: int, seed: int) -> list[tuple[Numbers, Numbers]]:
    """Return which texts are seen and which are left for judging, one or more times."""
    texts = len(numbers)
    if held == "folds":
        count = count or next((few for most, few in FOLDS if texts < most), FEW_FOLDS)
        fold = folds(numbers, count, seed)
        return [(np.flatnonzero(fold != one), np.flatnonzero(fold == one)) for one in range(count)]
    bounds = [texts * fifth // FIFTHS for fifth in range(FIFTHS + 1)]
    ends = range(1, FIFTHS) if held == "rolling" else [FIFTHS - 1]
    return [(np.arange(bounds[end]), np.arange(bounds[end], bounds[end + 1])) for end in ends]


def _scores(
    rows: Rows, numbers: Numbers, classes: int, recipe: Recipe, seen: Numbers, left: Numbers
) -> Matrix:  # fmt: skip
    """Fit on what is seen, score what is left; a class nothing was seen of stands far below all others."""
    there, again = np.unique(numbers[seen], return_inverse=True)
    weights, constants = solve(chosen(rows, seen), again.astype(np.int64), len(there), recipe)
    found = chosen(rows, left).times(weights) + constants
    scores = np.full((len(left), classes), found.min() - 1.0)
    scores[:, there] = found
    return scores


def _curve(
    rows: Rows, numbers: Numbers, classes: int, recipe: Recipe, method: str, held: str, count: int, seed: int
) -> Calibration:  # fmt: skip
    scores, found = held_out(rows, numbers, classes, recipe, held, count, seed)
    return calibrated(scores, found, method) if len(found) else Calibration()


def _cases(texts: Sequence[str], numbers: Numbers, names: Sequence[str], most: int, seed: int) -> tuple[Case, ...]:
    """Deal the places for cases over the labels, one each in turn."""
    order = np.random.default_rng(seed).permutation(len(texts))
    turn: Counter[int] = Counter()
    ranked = []
    for at in order.tolist():
        turn[int(numbers[at])] += 1
        ranked.append((turn[int(numbers[at])], at))
    kept = [at for _, at in sorted(ranked)[:most]]
    return tuple(Case(texts[at][:200], names[int(numbers[at])]) for at in kept)


def _checked(texts: Sequence[str], labels: Sequence[str], held: str) -> None:
    problems = []
    if len(texts) != len(labels):
        what = msg("%(texts)s texts have %(labels)s labels.")
        problems.append(
            Problem("lengths", what, msg("Give one label for each text."), {"texts": len(texts), "labels": len(labels)})
        )
    if len(set(labels)) < 2:
        what = msg("A classifier needs texts of two labels or more; %(n)s was given.")
        problems.append(Problem("one_label", what, msg("Add texts of another label."), {"n": len(set(labels))}))
    if held not in HELD:
        what = msg("Texts cannot be held out by %(held)s.")
        problems.append(Problem("held_out", what, msg("Name folds, last or rolling."), {"held": held}))
    if problems:
        raise InputError(problems)
