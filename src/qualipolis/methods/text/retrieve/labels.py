"""What the labels of past texts add to ranking: texts of a likely label come first, and no label crowds out the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.text.fields import Field
from qualipolis.methods.text.retrieve.rankers import CHARACTERS, Groups, Ranker, Scores, bm25


@dataclass(frozen=True, eq=False)
class LabelRanker:
    """Ranks texts by how much the query is like all texts of the same label; made by :func:`by_label`."""

    ranker: Ranker
    labels: tuple[str, ...]
    places: NDArray[np.int64]

    @property
    def name(self) -> str:
        """The name of the ranker over the labels."""
        return f"label {self.ranker.name}"

    def scores(self, queries: Sequence[str]) -> Scores:
        """Return one row for each query and one column for each text: the score of the text's label."""
        return np.asarray(self.ranker.scores(queries)[:, self.places], np.float32)

    def of_labels(self, query: str) -> list[tuple[str, float]]:
        """Return the labels and their scores, the best first."""
        row = self.ranker.scores([query])[0]
        return [(self.labels[at], float(row[at])) for at in np.argsort(-row, kind="stable")]


def by_label(texts: Sequence[str], labels: Sequence[str], field: Field = CHARACTERS,
             make: Callable[[Sequence[str], Field, Groups], Ranker] = bm25) -> LabelRanker:  # fmt: skip
    """Return a ranker of texts by their labels: all texts of a label are one long text.

    References
    ----------
    X. Liu and W. B. Croft (2004), "Cluster-based retrieval using language models", SIGIR, 186-193.

    >>> found = by_label(["水洗褪色", "缩水起球", "电池鼓包"], ["童装", "童装", "手机"])
    >>> found.of_labels("洗后起球")[0][0], int(found.scores(["洗后起球"]).argmax())
    ('童装', 0)
    """
    _paired(len(texts), len(labels))
    names, places = np.unique(np.asarray(labels, str), return_inverse=True)
    return LabelRanker(make(texts, field, places), tuple(str(name) for name in names), places)


def spread(found: Scores, labels: Sequence[str], most: int = 3, deep: int = 10) -> Scores:
    """Return scores in which at most ``most`` of the first ``deep`` texts have the same label.

    The best texts of each label keep their order; what is beyond the share of its label comes after the first ``deep``.
    A list in which one guess fills every place has no second guess to offer.

    >>> spread(np.array([[5, 4, 3, 1]], np.float32), ["a", "a", "a", "b"], most=1, deep=2).argsort(axis=1)[:, ::-1]
    array([[0, 3, 1, 2]])
    """
    _paired(found.shape[1], len(labels))
    _, places = np.unique(np.asarray(labels, str), return_inverse=True)
    changed = np.array(found, np.float32)
    for row in changed:
        order = np.argsort(-row, kind="stable")
        ordered = places[order]
        by = np.argsort(ordered, kind="stable")
        first = np.concatenate([[0], np.flatnonzero(np.diff(ordered[by])) + 1])
        nth = np.empty(len(order), np.int64)
        nth[by] = np.arange(len(order)) - np.repeat(first, np.diff([*first, len(order)]))
        lead = order[nth < most][:deep]
        row[lead] += row.max() - min(row.min(), 0.0) + 1.0
    return changed


def _paired(texts: int, labels: int) -> None:
    if texts != labels:
        what = msg("There are %(texts)s texts and %(labels)s labels.")
        raise InputError([Problem("label_count", what, msg("Give each text one label."),
                                  {"texts": texts, "labels": labels})])  # fmt: skip
