"""Why a text was told to be of a class: which words spoke for it and against it, and which cases are like it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.text.classify.features import short_keys
from qualipolis.methods.text.classify.model import Case, Classifier
from qualipolis.methods.text.fields import WORD, Field, runs, spaced
from qualipolis.methods.text.normalise import normalise

LEAST_WEIGHT = 0.01


@dataclass(frozen=True)
class Word:
    """A word of the text and what it adds to the score of the label against the mean of all labels."""

    word: str
    weight: float


@dataclass(frozen=True)
class Like:
    """A case the model learned from and how like it is, 0 to 1."""

    case: Case
    likeness: float


@dataclass(frozen=True)
class Explanation:
    """The words that weighed most for and against a label, the heaviest first, and the cases most like the text."""

    label: str
    words: tuple[Word, ...]
    cases: tuple[Like, ...]

    def __str__(self) -> str:
        return self.label + ": " + ", ".join(f"{one.word} {one.weight:+.2f}" for one in self.words)


def explain(model: Classifier, text: str, label: str | None = None, most: int = 6) -> Explanation:
    """Return which words of ``text`` speak for ``label``, by default the likeliest, and the cases most like it.

    The score of a linear model is a sum over runs; each run's part (its value times the weight for the label less the
    mean weight of all labels) is dealt evenly over the characters it covers, and a word's weight is the sum over its
    characters. So the weights of all words together with the constant are the score itself: nothing is approximated.

    >>> from qualipolis.methods.text.classify.training import fit
    >>> model = fit(["电池鼓包", "衣服褪色"] * 3, ["电", "衣"] * 3, cases=2)
    >>> why = explain(model, "昨天电池坏了")
    >>> why.words[0].word, why.cases[0].case.text
    ('电池', '电池鼓包')
    """
    number = _number(model, text, label)
    said = normalise(text)
    weights = _by_character(model, said, number)
    found: dict[str, float] = {}
    for word, start, stop in words_of(said):
        found[word] = found.get(word, 0.0) + float(weights[start:stop].sum())
    ranked = sorted(found.items(), key=lambda pair: (-abs(pair[1]), pair[0]))
    words = tuple(Word(word, weight) for word, weight in ranked[:most] if abs(weight) >= LEAST_WEIGHT)
    return Explanation(model.labels[number], words, nearest(model, text))


def _number(model: Classifier, text: str, label: str | None) -> int:
    if label is None:
        return int(model.scores([text])[0].argmax())
    if label not in model.labels:
        what = msg("The model has no label %(label)s.")
        raise InputError([Problem("no_label", what, msg("Name one of its labels."), {"label": label})])
    return model.labels.index(label)


def nearest(model: Classifier, text: str, most: int = 3) -> tuple[Like, ...]:
    """Return the kept cases most like ``text`` by the cosine of their rows; none where the model keeps none."""
    if not model.cases:
        return ()
    rows, own = model.case_rows, model.rows([text])
    mine = np.zeros(rows.width)
    mine[own.columns] = own.values
    summed = np.concatenate([[0.0], np.cumsum(rows.values * mine[rows.columns])])
    likeness = summed[rows.starts[1:]] - summed[rows.starts[:-1]]
    order = np.argsort(-likeness, kind="stable")[:most]
    return tuple(Like(model.cases[at], float(likeness[at])) for at in order.tolist() if likeness[at] > 1e-9)


def words_of(text: str) -> list[tuple[str, int, int]]:
    """Return the words of a normalised text with the places they stand at; Chinese is cut into words.

    >>> words_of("usb充电器 坏了")
    [('usb', 0, 3), ('充电器', 3, 6), ('坏', 7, 8), ('了', 8, 9)]
    """
    found, at = [], 0
    for part in WORD.findall(spaced(text)):
        start = text.find(part, at)
        if start >= 0:
            found.append((part, start, start + len(part)))
            at = start + len(part)
    return found


def _by_character(model: Classifier, said: str, number: int) -> NDArray[np.float64]:
    """Return what each character of a normalised text adds to the score of a label against the mean of all."""
    rows = model.rows([said])
    value = np.zeros(rows.width)
    value[rows.columns] = rows.values
    lean = model.weights[:, number].astype(float) - model.weights.mean(1, dtype=float)
    total, offset = np.zeros(len(said) + 1), 0
    for field, keys in zip(model.vocabulary.fields, model.vocabulary.keys, strict=True):
        total += _spread(field, said, keys, value[offset : offset + len(keys)] * lean[offset : offset + len(keys)])
        offset += len(keys)
    return total[:-1]


def _spread(field: Field, said: str, keys: NDArray[np.uint32], parts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Deal the part of each known run evenly over the places it stands at and the characters it covers."""
    found = runs([said], field)
    short = short_keys(found.keys)
    place = np.searchsorted(keys, short)
    there = place < len(keys)
    there[there] = keys[place[there]] == short[there]
    place, starts, stops = place[there], found.starts[there], found.stops[there]
    if field.kind == "segment":
        where = _places(spaced(said), said)
        starts, stops = where[starts], where[stops]
    starts, stops = np.clip(starts, 0, len(said)), np.clip(stops, 0, len(said))
    times = np.bincount(place, minlength=len(keys))[place]
    each = parts[place] / times / np.maximum(stops - starts, 1)
    change = np.bincount(starts, each, len(said) + 1) - np.bincount(stops, each, len(said) + 1)
    return np.cumsum(change)


def _places(wide: str, said: str) -> NDArray[np.int64]:
    """Return for each place of a spaced text, and its end, the place in the text itself."""
    found, at = [], 0
    for mark in wide:
        found.append(at)
        at += at < len(said) and mark == said[at]
    return np.array([*found, len(said)], np.int64)
