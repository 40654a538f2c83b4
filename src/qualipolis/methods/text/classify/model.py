"""A classifier of texts: what it knows, what it tells, and when it says that it does not know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.text.classify.calibration import Calibration
from qualipolis.methods.text.classify.features import Rows, Vocabulary

if TYPE_CHECKING:
    from qualipolis.methods.text.classify.explaining import Explanation

TOP = 3
FEW = 30
UNCERTAIN_BELOW = 0.5
UNKNOWN_BELOW = 0.15

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Case:
    """A text the model learned from, kept to be shown as like another."""

    text: str
    label: str


@dataclass(frozen=True)
class Prediction:
    """What a classifier tells of one text.

    ``labels`` and ``probabilities`` are the likeliest classes with how sure the model is, the likeliest first.
    ``uncertain`` says that the first is likelier wrong than a person should trust unseen: below the model's limit, or
    learned from fewer than 30 texts. ``unknown`` says that the model knows too little of the words to tell anything:
    ``known``, the share of the text's runs it has seen, is below its limit.
    """

    labels: tuple[str, ...]
    probabilities: tuple[float, ...]
    known: float
    uncertain: bool
    unknown: bool

    def __str__(self) -> str:
        said = ", ".join(f"{one} {share:.0%}" for one, share in zip(self.labels, self.probabilities, strict=True))
        return said + (" (unknown words)" if self.unknown else " (uncertain)" if self.uncertain else "")


@dataclass(frozen=True, eq=False)
class Classifier:
    """A linear classifier with calibrated probabilities; made by :func:`~qualipolis.methods.text.classify.fit`.

    ``weights`` has a row for each run of the vocabulary and a column for each label, ``constants`` a number for each
    label, ``counts`` how many texts each was learned from. Nothing in it is changed: what learns returns a new one.
    """

    labels: tuple[str, ...]
    vocabulary: Vocabulary
    weights: NDArray[np.floating]
    constants: Matrix
    calibration: Calibration
    counts: tuple[int, ...]
    cases: tuple[Case, ...] = ()
    uncertain_below: float = UNCERTAIN_BELOW
    unknown_below: float = UNKNOWN_BELOW

    @classmethod
    def fit(cls, texts: Sequence[str], labels: Sequence[str], **options: Any) -> Classifier:
        """Return a classifier learned from labelled texts; see :func:`~qualipolis.methods.text.classify.training.fit`."""
        from qualipolis.methods.text.classify.training import fit

        return fit(texts, labels, **options)

    def learn(self, text: str, label: str) -> Classifier:
        """Return the classifier after one correction; see :func:`~qualipolis.methods.text.classify.learning.learn`."""
        from qualipolis.methods.text.classify.learning import learn

        return learn(self, text, label)

    def explain(self, text: str, label: str | None = None) -> Explanation:
        """Return the words and cases behind an answer."""
        from qualipolis.methods.text.classify.explaining import explain

        return explain(self, text, label)

    def rows(self, texts: Sequence[str]) -> Rows:
        """Return the sparse rows of ``texts``."""
        return self.vocabulary.rows(texts)

    @cached_property
    def case_rows(self) -> Rows:
        """The sparse rows of the kept cases."""
        return self.rows([case.text for case in self.cases])

    def scores(self, texts: Sequence[str]) -> Matrix:
        """Return the linear scores, texts x labels."""
        return self.scored(self.rows(texts))

    def scored(self, rows: Rows) -> Matrix:
        """Return the linear scores of rows made before."""
        return rows.times(self.weights) + self.constants

    def probabilities(self, texts: Sequence[str]) -> Matrix:
        """Return the calibrated probabilities, texts x labels, each row summing to 1.

        A text of unknown words gets the shares of the labels in training: nothing is known of it but that.
        """
        return self._shares(self.rows(texts))

    def _shares(self, rows: Rows) -> Matrix:
        found = self.calibration.probabilities(self.scored(rows))
        prior = np.maximum(np.array(self.counts, float), 1)
        found[rows.known < self.unknown_below] = prior / prior.sum()
        return found

    def predict(self, texts: Sequence[str], top: int = TOP) -> tuple[Prediction, ...]:
        """Return the ``top`` likeliest labels of each text, with probabilities; ties in the order of the labels."""
        rows = self.rows(texts)
        found = self._shares(rows)
        order = np.argsort(-found, axis=1, kind="stable")[:, : max(1, min(top, len(self.labels)))]
        told = np.take_along_axis(found, order, axis=1)
        each = zip(order.tolist(), told.tolist(), rows.known.tolist(), strict=True)
        return tuple(self._told(numbers, shares, known) for numbers, shares, known in each)

    def _told(self, numbers: list[int], shares: list[float], known: float) -> Prediction:
        unknown = known < self.unknown_below
        uncertain = unknown or shares[0] < self.uncertain_below or self.counts[numbers[0]] < FEW
        return Prediction(tuple(self.labels[one] for one in numbers), tuple(shares), known, uncertain, unknown)

    def pruned(self, most: int) -> Classifier:
        """Return the classifier with only the ``most`` runs whose weights differ most between labels, times rarity."""
        rarity = np.concatenate(self.vocabulary.rarity) if self.vocabulary.rarity else np.zeros(0)
        worth = (self.weights.max(1) - self.weights.min(1)) * rarity
        if len(worth) <= most:
            return self
        kept = np.zeros(len(worth), bool)
        kept[np.argsort(-worth, kind="stable")[:most]] = True
        return replace(self, vocabulary=self.vocabulary.cut(kept), weights=self.weights[kept])
