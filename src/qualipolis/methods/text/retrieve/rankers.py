"""Rankers: how much each text of a collection answers a query, by the runs of characters or words they share."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.text.fields import Field, runs
from qualipolis.methods.text.normalise import normalise

Scores = NDArray[np.float32]
Groups = NDArray[np.int64]
CHARACTERS = Field("char", 1, 2)
WORDS = Field("word", 1, 1)
INSIDE = Field("inside", 2, 5)
SEGMENTS = Field("segment", 1, 2)
KINDS = ("bm25", "tfidf", "cover")
BATCH = 256


@dataclass(frozen=True, eq=False)
class Ranker:
    """A collection of texts ready to be asked; made by :func:`bm25`, :func:`tfidf` or :func:`cover`.

    ``vocabulary`` has the keys of the runs in order, ``weights`` one row for each text and one column for each run,
    ``rarity`` what a run weighs in a query.
    """

    kind: str
    field: Field
    vocabulary: NDArray[np.uint64]
    weights: csr_matrix
    rarity: NDArray[np.float64]
    turned: csr_matrix = dataclasses.field(repr=False)

    def __len__(self) -> int:
        return int(self.weights.shape[0])

    @property
    def name(self) -> str:
        """Kind and field in one word, such as ``bm25 char1-2``."""
        return f"{self.kind} {self.field.name}"

    def scores(self, queries: Sequence[str]) -> Scores:
        """Return one row for each query and one column for each text; 0 where they share nothing.

        >>> bm25(["洗过以后褪色", "螺栓断裂"]).scores(["洗后褪色"]).astype(float).round(2).tolist()
        [[3.81, 0.0]]
        """
        found = np.zeros((len(queries), len(self)), np.float32)
        for at in range(0, len(queries), BATCH):
            asked = self._asked(queries[at : at + BATCH])
            found[at : at + BATCH] = (asked @ self.turned).toarray()
        return found

    def top(self, query: str, most: int = 10) -> list[tuple[int, float]]:
        """Return the places and scores of the ``most`` best texts, ties in the order of the collection.

        >>> [place for place, _ in tfidf(["甲乙丙", "甲乙", "丁"]).top("甲乙", 2)]
        [1, 0]
        """
        row = self.scores([query])[0]
        order = np.argsort(-row, kind="stable")[:most]
        return [(int(at), float(row[at])) for at in order if row[at] > 0]

    def _asked(self, queries: Sequence[str]) -> csr_matrix:
        keys, rows = _read(queries, self.field)
        if not len(self.vocabulary):
            return csr_matrix((len(queries), 0))
        at = np.minimum(np.searchsorted(self.vocabulary, keys), len(self.vocabulary) - 1)
        known = self.vocabulary[at] == keys
        counts = _counted(rows[known], at[known], (len(queries), len(self.vocabulary)))
        if self.kind != "tfidf":
            counts.data = self.rarity[counts.indices] if self.kind == "cover" else np.minimum(counts.data, 2.0)
            return counts
        unknown = np.bincount(rows[~known], minlength=len(queries)) * self._new() ** 2
        counts.data = (1 + np.log(counts.data)) * self.rarity[counts.indices]
        length = np.sqrt(np.asarray(counts.multiply(counts).sum(axis=1)).ravel() + unknown)
        return _scaled(counts, length)

    def _new(self) -> float:
        """What a run weighs that no text of the collection has."""
        return float(np.log(1 + len(self)) + 1)


def _read(texts: Sequence[str], field: Field) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    found = runs([normalise(text) for text in texts], field)
    return found.keys, found.rows


def _counted(rows: NDArray[np.int64], columns: NDArray[np.int64], shape: tuple[int, int]) -> csr_matrix:
    made = csr_matrix((np.ones(len(rows)), (rows, columns)), shape=shape)
    made.sum_duplicates()
    return made


def _scaled(matrix: csr_matrix, length: NDArray[np.float64]) -> csr_matrix:
    made = matrix.copy()
    made.data = made.data / np.repeat(np.where(length > 0, length, 1.0), np.diff(made.indptr))
    return made


def _collection(texts: Sequence[str], field: Field, groups: Groups | None
                ) -> tuple[NDArray[np.uint64], csr_matrix, NDArray[np.float64]]:  # fmt: skip
    keys, rows = _read(texts, field)
    vocabulary, columns = np.unique(keys, return_inverse=True)
    number = len(texts)
    if groups is not None:
        rows, number = groups[rows], int(groups.max(initial=-1)) + 1
    counts = _counted(rows, columns, (number, len(vocabulary)))
    having = np.bincount(counts.indices, minlength=len(vocabulary)).astype(float)
    return vocabulary, counts, having


def _made(kind: str, field: Field, vocabulary: NDArray[np.uint64], weights: csr_matrix,
          rarity: NDArray[np.float64]) -> Ranker:  # fmt: skip
    weights = weights.astype(np.float32)
    return Ranker(kind, field, vocabulary, weights, rarity, weights.T.tocsr())


def bm25(texts: Sequence[str], field: Field = CHARACTERS, groups: Groups | None = None, *, k1: float = 1.2,
         b: float = 0.75) -> Ranker:  # fmt: skip
    """Return a ranker by Okapi BM25; with ``groups`` the texts of one number 0, 1... are one long text.

    A run with frequency ``f`` in a text of ``l`` runs (``m`` on average), which ``d`` of ``N`` texts have, weighs
    ``ln(1 + (N - d + .5)/(d + .5)) · f (k1 + 1)/(f + k1 (1 - b + b l/m))``; a query sums the weights of its runs, one that
    it says more than once twice.

    References
    ----------
    S. Robertson and H. Zaragoza (2009), "The probabilistic relevance framework: BM25 and beyond", Foundations and
    Trends in Information Retrieval 3, 333-389.

    >>> [(place, round(score, 2)) for place, score in bm25(["充电宝发烫", "童装褪色"]).top("充电时发烫", 1)]
    [(0, 3.96)]
    """
    _checked(k1, b)
    vocabulary, counts, having = _collection(texts, field, groups)
    rarity = np.log(1 + (counts.shape[0] - having + 0.5) / (having + 0.5))
    long = np.asarray(counts.sum(axis=1)).ravel()
    norm = k1 * (1 - b + b * long / (long.mean() if long.sum() else 1.0))
    counts.data = counts.data * (k1 + 1) / (counts.data + np.repeat(norm, np.diff(counts.indptr)))
    counts.data *= rarity[counts.indices]
    return _made("bm25", field, vocabulary, counts, rarity)


def tfidf(texts: Sequence[str], field: Field = CHARACTERS, groups: Groups | None = None) -> Ranker:
    """Return a ranker by the cosine of tf-idf weights, 0 to 1; ``groups`` as in :func:`bm25`.

    A run of a text weighs ``(1 + ln f) · (ln((1 + N)/(1 + d)) + 1)``, the weights of a text scaled to length 1; runs of a
    query that no text has count in its length, so that a text is wholly like itself alone.

    References
    ----------
    G. Salton and C. Buckley (1988), "Term-weighting approaches in automatic text retrieval", Information Processing &
    Management 24, 513-523.

    >>> tfidf(["甲乙丙", "甲乙"]).scores(["甲乙"]).astype(float).round(3).tolist()
    [[0.657, 1.0]]
    """
    vocabulary, counts, having = _collection(texts, field, groups)
    rarity = np.log((1 + counts.shape[0]) / (1 + having)) + 1
    counts.data = (1 + np.log(counts.data)) * rarity[counts.indices]
    length = np.sqrt(np.asarray(counts.multiply(counts).sum(axis=1)).ravel())
    return _made("tfidf", field, vocabulary, _scaled(counts, length), rarity)


def cover(texts: Sequence[str], field: Field = CHARACTERS, groups: Groups | None = None) -> Ranker:
    """Return a ranker by how much of each text stands in the query, weighed by rarity, 0 to 1: for short names.

    The name of a class of industry is short and its definition long: what counts is that the whole name is said.

    >>> cover(["稻谷种植", "小麦种植业"]).scores(["指稻谷的种植"]).astype(float).round(2).tolist()
    [[0.84, 0.26]]
    """
    vocabulary, counts, having = _collection(texts, field, groups)
    rarity = np.sqrt(np.log((1 + counts.shape[0]) / (1 + having)) + 1)
    counts.data = rarity[counts.indices]
    whole = np.asarray(counts.multiply(counts).sum(axis=1)).ravel()
    return _made("cover", field, vocabulary, _scaled(counts, whole), rarity)


def _checked(k1: float, b: float) -> None:
    if not (k1 >= 0 and 0 <= b <= 1):
        what = msg("The constants of BM25 are k1 = %(k1)s and b = %(b)s.")
        raise InputError([Problem("bm25", what, msg("Give k1 of 0 or more and b from 0 to 1."), {"k1": k1, "b": b})])
