"""Making room in a model for runs it did not know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from qualipolis.methods.text.classify.features import Vocabulary, vocabulary
from qualipolis.methods.text.classify.model import Classifier


def widened(model: Classifier, texts: Sequence[str]) -> Classifier:
    """Return ``model`` knowing every run of ``texts``; a new run has weights of 0 and the rarity of the rarest known.

    >>> from qualipolis.methods.text.classify.training import fit
    >>> model = fit(["电池", "衣服"] * 3, ["电", "衣"] * 3)
    >>> wide = widened(model, ["电池鼓包"])
    >>> wide.vocabulary.width > model.vocabulary.width, bool(np.allclose(wide.scores(["衣服"]), model.scores(["衣服"])))
    (True, True)
    """
    old = model.vocabulary
    fresh = vocabulary(texts, old.fields)
    keys, rarity, where = [], [], []
    offset = 0
    for known, rare, other in zip(old.keys, old.rarity, fresh.keys, strict=True):
        new = np.setdiff1d(other, known)
        joined = np.concatenate([known, new])
        rarest = rare.max() if len(rare) else np.float32(1)
        heights = np.concatenate([rare, np.full(len(new), rarest, np.float32)])
        order = np.argsort(joined, kind="stable")
        keys.append(joined[order])
        rarity.append(heights[order])
        where.append(np.where(order < len(known), order + offset, -1))
        offset += len(known)
    source = np.concatenate(where)
    weights = np.where((source >= 0)[:, None], model.weights[np.maximum(source, 0)], 0)
    made = Vocabulary(old.fields, tuple(keys), tuple(rarity))
    return replace(model, vocabulary=made, weights=weights.astype(model.weights.dtype))
