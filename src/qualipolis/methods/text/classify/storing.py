"""A classifier as plain arrays, for one file without code in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.text.classify.calibration import METHODS, Calibration
from qualipolis.methods.text.classify.features import Vocabulary
from qualipolis.methods.text.classify.model import Case, Classifier
from qualipolis.methods.text.fields import Field

FORM = 1
MOST_LABELS = 2000
MOST_RUNS = 5_000_000

Arrays = dict[str, NDArray[np.generic]]


def to_arrays(model: Classifier, *, packed: bool = False) -> Arrays:
    """Return ``model`` as arrays of numbers and bytes, none of them objects.

    With ``packed`` the weights are kept in 8 bits, each label with its own scale: a quarter of the size, and a little
    less exact.
    """
    weights = {"weights": model.weights.astype(np.float32)}
    if packed:
        scale = np.maximum(np.abs(model.weights).max(0), 1e-12) / 127
        weights = {"weights": np.round(model.weights / scale).astype(np.int8), "scale": scale.astype(np.float32)}
    fields, curve = model.vocabulary.fields, model.calibration
    return {
        "form": np.array([FORM]),
        "labels": _bytes(model.labels),
        "counts": np.array(model.counts, np.int64),
        "constants": model.constants.astype(np.float64),
        "fields": _bytes([f"{one.kind} {one.smallest} {one.largest} {one.weight!r}" for one in fields]),
        "keys": np.concatenate([*model.vocabulary.keys, np.zeros(0, np.uint32)]),
        "sizes": np.array([len(keys) for keys in model.vocabulary.keys], np.int64),
        "rarity": np.concatenate([*model.vocabulary.rarity, np.zeros(0, np.float32)]).astype(np.float16),
        "calibration": _bytes([curve.method]),
        "curve": np.array([curve.slope, curve.constant]),
        "knots": np.array([curve.knots, curve.heights], np.float64),
        "limits": np.array([model.uncertain_below, model.unknown_below]),
        "case_texts": _bytes([case.text for case in model.cases]),
        "case_labels": np.array([model.labels.index(case.label) for case in model.cases], np.int64),
        **weights,
    }


def from_arrays(arrays: Mapping[str, NDArray[np.generic]]) -> Classifier:
    """Return the classifier that :func:`to_arrays` wrote.

    Raises
    ------
    InputError : arrays that are missing, of another form, or that do not fit one another

    >>> from qualipolis.methods.text.classify.training import fit
    >>> model = fit(["电池鼓包", "衣服褪色"] * 3, ["电", "衣"] * 3)
    >>> from_arrays(to_arrays(model)).predict(["电池"])[0].labels
    ('电', '衣')
    """
    try:
        return _read(arrays)
    except (KeyError, ValueError, IndexError, TypeError, OverflowError) as error:
        what = msg("The model cannot be read: %(why)s.")
        remedy = msg("Train it again with this version.")
        raise InputError([Problem("model", what, remedy, {"why": str(error)})]) from None


def _read(arrays: Mapping[str, NDArray[np.generic]]) -> Classifier:
    if int(arrays["form"][0]) != FORM:
        raise ValueError(f"form {int(arrays['form'][0])}")
    labels = tuple(_words(arrays["labels"]))
    fields = tuple(_field(line) for line in _words(arrays["fields"]))
    bounds = np.cumsum(arrays["sizes"].astype(np.int64))[:-1]
    keys = tuple(np.split(arrays["keys"].astype(np.uint32), bounds))
    rarity = tuple(np.split(arrays["rarity"].astype(np.float32), bounds))
    weights = arrays["weights"].astype(np.float32)
    if "scale" in arrays:
        weights = weights * arrays["scale"].astype(np.float32)
    constants = arrays["constants"].astype(np.float64)
    known = Vocabulary(fields, keys, rarity)
    _fitting(labels, known, weights, constants)
    slope, constant = arrays["curve"].astype(float).tolist()
    knots, heights = arrays["knots"].astype(np.float64)
    method = _words(arrays["calibration"])[0]
    if method not in METHODS or not np.isfinite([slope, constant]).all():
        raise ValueError(f"calibration {method}")
    curve = Calibration(method, slope, constant, knots, heights)
    numbers = arrays["case_labels"].astype(np.int64).tolist()
    cases = tuple(Case(t, labels[at]) for t, at in zip(_words(arrays["case_texts"]), numbers, strict=True))
    counts = tuple(arrays["counts"].astype(np.int64).tolist())
    uncertain, unknown = arrays["limits"].astype(float).tolist()
    return Classifier(labels, known, weights, constants, curve, counts, cases, uncertain, unknown)


def _fitting(
    labels: Sequence[str], known: Vocabulary, weights: NDArray[np.floating], constants: NDArray[np.floating]
) -> None:
    if not 2 <= len(set(labels)) == len(labels) <= MOST_LABELS or known.width > MOST_RUNS:
        raise ValueError("labels")
    if weights.shape != (known.width, len(labels)) or constants.shape != (len(labels),):
        raise ValueError(f"weights {weights.shape}")
    if any((np.diff(keys.astype(np.int64)) <= 0).any() for keys in known.keys):
        raise ValueError("keys")
    if not (np.isfinite(weights).all() and np.isfinite(constants).all()):
        raise ValueError("weights")


def _field(line: str) -> Field:
    kind, smallest, largest, weight = line.split()
    return Field(kind, int(smallest), int(largest), float(weight))


def _bytes(words: Sequence[str]) -> NDArray[np.uint8]:
    return np.frombuffer("\0".join(word.replace("\0", " ") for word in ["", *words]).encode(), np.uint8)


def _words(said: NDArray[np.generic]) -> list[str]:
    return said.astype(np.uint8).tobytes().decode().split("\0")[1:]
