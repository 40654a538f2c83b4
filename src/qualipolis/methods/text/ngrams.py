"""How like texts are, by the runs of characters they share: no dictionary, no segmentation, Chinese and English alike."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.text.normalise import plain

SIZES = (2, 3)
LONGEST = 12


def grams(text: str, sizes: Sequence[int] = SIZES) -> Counter[str]:
    """Return how often each run of ``sizes`` characters stands in a text; no run reaches over a space.

    >>> sorted(grams("褪色 褪色了", (2,)).items())
    [('色了', 1), ('褪色', 2)]
    """
    words = plain(text).split()
    return Counter(word[at : at + size] for word in words for size in sizes for at in range(len(word) - size + 1))


@dataclass(frozen=True, eq=False)
class Corpus:
    """Texts ready to be compared; made by :func:`corpus`."""

    texts: tuple[str, ...]
    rarity: dict[str, float]
    places: dict[str, list[tuple[int, float]]]

    def likeness(self, text: str) -> NDArray[np.float64]:
        """Return the cosine of ``text`` with every text of the corpus, 0 to 1; an empty text is like none.

        >>> corpus(["洗过以后褪色", "螺栓断裂"]).likeness("洗后褪色").round(2).tolist()
        [0.37, 0.0]
        """
        found = np.zeros(len(self.texts))
        for gram, weight in _weighed(grams(text), self.rarity, len(self.texts)).items():
            for place, other in self.places.get(gram, ()):
                found[place] += weight * other
        return np.clip(found, 0.0, 1.0)


def corpus(texts: Sequence[str]) -> Corpus:
    """Return the corpus of ``texts``, with tf-idf weights of their character runs.

    A run ``g`` of a text weighs ``(1 + ln f) · (ln((1 + N)/(1 + d)) + 1)`` with its frequency ``f`` in the text, ``d``
    of the ``N`` texts having it; the weights of a text are scaled to length 1, so that the sum of products of two texts
    is their cosine.

    References
    ----------
    G. Salton and C. Buckley (1988), "Term-weighting approaches in automatic text retrieval", Information Processing &
    Management 24, 513-523. W. B. Cavnar and J. M. Trenkle (1994), "N-gram-based text categorization", SDAIR-94.

    >>> corpus(["甲乙丙", "甲乙"]).likeness("甲乙").round(3).tolist()
    [0.449, 1.0]
    """
    counted = [grams(text) for text in texts]
    seen = Counter(gram for counts in counted for gram in counts)
    rarity = {gram: _rarity(number, len(texts)) for gram, number in seen.items()}
    places: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for place, counts in enumerate(counted):
        for gram, weight in _weighed(counts, rarity, len(texts)).items():
            places[gram].append((place, weight))
    return Corpus(tuple(texts), rarity, dict(places))


def _rarity(having: int, texts: int) -> float:
    return math.log((1 + texts) / (1 + having)) + 1


def _weighed(counts: Counter[str], rarity: dict[str, float], texts: int) -> dict[str, float]:
    new = _rarity(0, texts)
    raw = {gram: (1 + math.log(number)) * rarity.get(gram, new) for gram, number in counts.items()}
    length = math.sqrt(sum(weight * weight for weight in raw.values()))
    return {gram: weight / length for gram, weight in raw.items()} if length else {}


def shared(first: str, second: str, most: int = 3) -> tuple[str, ...]:
    """Return the longest runs of two characters or more that stand in both texts, one after another; twelve are told.

    >>> shared("洗过三次以后褪色，客户退货", "水洗后严重褪色，全部退货")
    ('褪色', '退货')
    """
    one, other = plain(first), plain(second)
    there = set(_latin(other))
    found = [word for word in dict.fromkeys(_latin(one)) if word in there]
    found += [run for run in dict.fromkeys(_runs(one, other)) if len(run) > 1]
    best = sorted(found, key=len, reverse=True)[:most]
    return tuple(sorted((run[:LONGEST] for run in best), key=one.find))


def _latin(text: str) -> list[str]:
    return [word for word in text.split() if word.isascii() and len(word) > 2 and not word.isdigit()]


def _runs(text: str, other: str) -> Iterator[str]:
    """Yield the runs of words that are not Latin which stand in ``other``, each as long as it goes, one after another."""
    for word in text.split():
        at = 0 if not word.isascii() else len(word)
        while at < len(word):
            size = 1
            while at + size < len(word) and word[at : at + size + 1] in other:
                size += 1
            if size > 1:
                yield word[at : at + size]
            at += size
