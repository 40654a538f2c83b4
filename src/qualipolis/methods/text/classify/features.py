"""Texts as sparse rows of numbers: the runs a vocabulary knows, weighed by how rare they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.text.fields import Field, Runs, runs
from qualipolis.methods.text.fields import Keys as LongKeys
from qualipolis.methods.text.normalise import normalise

BATCH = 2000

Keys = NDArray[np.uint32]
Floats = NDArray[np.float32]
Whole = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Rows:
    """Sparse rows: the columns and values of row i stand from ``starts[i]`` to ``starts[i + 1]``.

    ``known`` is, for each row, the share of its different runs that the vocabulary knows; 0 for a text without runs.
    """

    starts: Whole
    columns: Whole
    values: Floats
    width: int
    known: Floats

    def __len__(self) -> int:
        return len(self.starts) - 1

    def times(self, weights: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return the rows times a dense matrix of ``width`` rows.

        >>> rows = Rows(np.array([0, 2, 2]), np.array([0, 2]), np.array([1, 2], np.float32), 3, np.ones(2, np.float32))
        >>> rows.times(np.array([[1.0], [10.0], [100.0]])).tolist()
        [[201.0], [0.0]]
        """
        found = np.zeros((len(self), weights.shape[1]))
        for row, (start, stop) in enumerate(pairwise(self.starts.tolist())):
            if stop > start:
                found[row] = self.values[start:stop] @ weights[self.columns[start:stop]]
        return found


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """The runs a model knows: for each field its sorted keys, and for each key its inverse document frequency."""

    fields: tuple[Field, ...]
    keys: tuple[Keys, ...]
    rarity: tuple[Floats, ...]

    @property
    def width(self) -> int:
        """How many runs are known, over all fields."""
        return sum(len(keys) for keys in self.keys)

    def rows(self, texts: Sequence[str]) -> Rows:
        """Return the sparse rows of ``texts``, which are normalised first.

        A run ``g`` weighs ``(1 + ln f)(ln((1 + N)/(1 + d)) + 1)`` with its frequency ``f`` in the text and ``d`` of the
        ``N`` texts of training having it. Each field is scaled to length 1 times its share of the weights. A run that
        is not known counts in the length as the rarest known, so that a text of strange words gets small scores.

        >>> made = vocabulary(["褪色", "褪色了"], (Field("char", 1, 2),))
        >>> rows = made.rows(["褪色", "电池"])
        >>> np.diff(rows.starts).tolist(), rows.known.tolist(), round(float((rows.values**2).sum()), 6)
        ([3, 0], [1.0, 0.0], 1.0)
        """
        said = [normalise(text) for text in texts]
        parts = [self._batch(said[at : at + BATCH]) for at in range(0, len(said), BATCH)]
        return _stacked(parts, self.width)

    def _batch(self, texts: Sequence[str]) -> Rows:
        parts, offset = [], 0
        for field, keys, rarity in zip(self.fields, self.keys, self.rarity, strict=True):
            share = field.weight / np.sqrt(sum(one.weight**2 for one in self.fields))
            parts.append(_field_rows(runs(texts, field), len(texts), keys, rarity, share, offset))
            offset += len(keys)
        return _beside(parts, len(texts), offset)

    def cut(self, kept: NDArray[np.bool_]) -> Vocabulary:
        """Return the vocabulary with only the runs where ``kept`` is true, in the same order."""
        bounds = np.cumsum([0, *(len(keys) for keys in self.keys)])
        parts = [kept[a:b] for a, b in pairwise(bounds.tolist())]
        keys = tuple(keys[part] for keys, part in zip(self.keys, parts, strict=True))
        return replace(self, keys=keys, rarity=tuple(r[part] for r, part in zip(self.rarity, parts, strict=True)))


def vocabulary(texts: Sequence[str], fields: Sequence[Field], *, least: int = 1, most: int = 400_000) -> Vocabulary:
    """Return the vocabulary of ``texts``: in each field the runs that ``least`` texts have, the ``most`` commonest.

    References
    ----------
    G. Salton and C. Buckley (1988), "Term-weighting approaches in automatic text retrieval", Information Processing &
    Management 24, 513-523.

    >>> vocabulary(["褪色", "褪色了"], (Field("char", 1, 1),), least=2).width
    2
    """
    said = [normalise(text) for text in texts]
    known = [_common(runs(said, field), least, most) for field in fields]
    rarity = [(np.log((1 + len(said)) / (1 + having)) + 1).astype(np.float32) for _, having in known]
    return Vocabulary(tuple(fields), tuple(keys for keys, _ in known), tuple(rarity))


def short_keys(keys: LongKeys) -> Keys:
    """Return the upper halves of the keys: what a model keeps, so that its file is small.

    A run the model does not know is mistaken for one of ``V`` it knows with a probability of V/2^32.
    """
    return (keys >> np.uint64(32)).astype(np.uint32)


def _common(found: Runs, least: int, most: int) -> tuple[Keys, Whole]:
    """Return the sorted keys that stand in ``least`` texts or more and in how many each stands."""
    short = (np.unique(_pairs(found)) & np.uint64(0xFFFFFFFF)).astype(np.uint32)
    different, having = np.unique(short, return_counts=True)
    kept = having >= least
    if kept.sum() > most:
        rank = np.lexsort((different, -having))
        kept = np.zeros(len(different), bool)
        kept[rank[:most]] = True
    return different[kept], having[kept]


def _field_rows(found: Runs, texts: int, keys: Keys, rarity: Floats, weight: float, offset: int) -> Rows:
    pairs, counts = np.unique(_pairs(found), return_counts=True)
    rows, short = (pairs >> np.uint64(32)).astype(np.int64), (pairs & np.uint64(0xFFFFFFFF)).astype(np.uint32)
    place = np.searchsorted(keys, short)
    there = place < len(keys)
    there[there] = keys[place[there]] == short[there]
    rare = np.full(len(pairs), rarity.max() if len(rarity) else 1.0)
    rare[there] = rarity[place[there]]
    values = (1 + np.log(counts)) * rare
    length = np.sqrt(np.bincount(rows, values**2, texts))
    values = weight * values / np.where(length[rows] > 0, length[rows], 1)
    every, hits = np.bincount(rows, minlength=texts), np.bincount(rows[there], minlength=texts)
    known = np.divide(hits, every, out=np.zeros(texts), where=every > 0)
    starts = np.concatenate([[0], np.cumsum(hits)])
    return Rows(starts, place[there] + offset, values[there].astype(np.float32), len(keys), known.astype(np.float32))


def _pairs(found: Runs) -> NDArray[np.uint64]:
    """Return text and run of each place in one number."""
    return np.asarray(found.rows.astype(np.uint64) << np.uint64(32) | short_keys(found.keys), np.uint64)


def _beside(parts: Sequence[Rows], texts: int, width: int) -> Rows:
    """Join the fields of the same texts; known is what the first field knows."""
    rows = np.concatenate([np.repeat(np.arange(texts), np.diff(part.starts)) for part in parts])
    order = np.argsort(rows, kind="stable")
    columns = np.concatenate([part.columns for part in parts])[order]
    values = np.concatenate([part.values for part in parts])[order]
    starts = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=texts))])
    return Rows(starts, columns, values, width, parts[0].known)


def _stacked(parts: Sequence[Rows], width: int) -> Rows:
    """Join batches of texts, one under another."""
    empty = Rows(np.zeros(1, np.int64), np.zeros(0, np.int64), np.zeros(0, np.float32), width, np.zeros(0, np.float32))
    parts = parts or [empty]
    lengths = np.concatenate([np.diff(part.starts) for part in parts])
    starts = np.concatenate([[0], np.cumsum(lengths)])
    columns = np.concatenate([part.columns for part in parts])
    values = np.concatenate([part.values for part in parts])
    return Rows(starts, columns, values, width, np.concatenate([part.known for part in parts]))
