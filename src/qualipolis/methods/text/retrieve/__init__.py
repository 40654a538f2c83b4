"""Ranking texts by how much they answer a query: rankers, learned fusion, labels of past texts, mended typing, reasons.

>>> texts = ["充电宝充电时发烫鼓包", "童装洗过以后褪色", "螺栓在扭矩试验里断裂"]
>>> bm25(texts).top("充电宝很烫", 1)[0][0], shared("充电宝很烫", texts[0])
(0, ('充电宝',))
"""

from __future__ import annotations

from qualipolis.methods.text.retrieve.fusion import Fusion, fit_fusion, reciprocal, scaled
from qualipolis.methods.text.retrieve.labels import LabelRanker, by_label, spread
from qualipolis.methods.text.retrieve.rankers import (
    CHARACTERS,
    INSIDE,
    SEGMENTS,
    WORDS,
    Ranker,
    bm25,
    cover,
    tfidf,
)
from qualipolis.methods.text.retrieve.spelling import Guess, Speller, speller
from qualipolis.methods.text.retrieve.words import shared

__all__ = [
    "CHARACTERS",
    "INSIDE",
    "SEGMENTS",
    "WORDS",
    "Fusion",
    "Guess",
    "LabelRanker",
    "Ranker",
    "Speller",
    "bm25",
    "by_label",
    "cover",
    "fit_fusion",
    "reciprocal",
    "scaled",
    "shared",
    "speller",
    "spread",
    "tfidf",
]
