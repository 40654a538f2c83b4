"""Sorting texts into classes: probabilities that hold, learning on, and the words and cases behind an answer.

:func:`fit` makes a :class:`Classifier`; its ``predict`` tells the likeliest labels of texts; :func:`learn` takes one
correction and :func:`with_label` a new label from a few examples, each returning a new classifier; :func:`explain` tells
which words and cases; :func:`to_arrays` and :func:`from_arrays` keep a classifier in plain arrays. Fitting needs
scikit-learn, telling needs numpy alone.
"""

from qualipolis.methods.text.classify.calibration import Calibration, Reliability, calibrated, reliability
from qualipolis.methods.text.classify.explaining import Explanation, Like, Word, explain, nearest
from qualipolis.methods.text.classify.features import Rows, Vocabulary, vocabulary
from qualipolis.methods.text.classify.fitting import Recipe
from qualipolis.methods.text.classify.learning import learn, with_label
from qualipolis.methods.text.classify.model import Case, Classifier, Prediction
from qualipolis.methods.text.classify.storing import from_arrays, to_arrays
from qualipolis.methods.text.classify.training import CHINESE, ENGLISH, fit

__all__ = [
    "CHINESE",
    "ENGLISH",
    "Calibration",
    "Case",
    "Classifier",
    "Explanation",
    "Like",
    "Prediction",
    "Recipe",
    "Reliability",
    "Rows",
    "Vocabulary",
    "Word",
    "calibrated",
    "explain",
    "fit",
    "from_arrays",
    "learn",
    "nearest",
    "reliability",
    "to_arrays",
    "vocabulary",
    "with_label",
]
