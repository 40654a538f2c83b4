"""Learning on: from one correction, and a new class from a handful of examples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.text.classify.fitting import Recipe, solve
from qualipolis.methods.text.classify.model import Case, Classifier
from qualipolis.methods.text.classify.widening import widened

STEP = 0.3
MARGIN = 1.0
LEAST_EXAMPLES = 2
EXAMPLES_COST = 10.0


def learn(model: Classifier, text: str, label: str, step: float = STEP) -> Classifier:
    """Return ``model`` after one correction: ``text`` is of ``label``.

    The weights of the right label and of the likeliest wrong one are moved by ``tau x``, ``x`` the text's row, with
    ``tau = min(step, loss/(2 |x|^2))`` and the loss ``max(0, 1 - (s_right - s_wrong))`` (passive-aggressive, PA-I): no
    more than is needed for a margin of 1, and never more than ``step``, so that one mistaken correction cannot turn a
    model over. Runs the model did not know are added.

    References
    ----------
    K. Crammer et al. (2006), "Online passive-aggressive algorithms", JMLR 7, 551-585.

    Raises
    ------
    InputError : a label the model does not have; :func:`with_label` adds one
    """
    if label not in model.labels:
        what = msg("The model has no label %(label)s.")
        remedy = msg("Add the label first, with at least two examples.")
        raise InputError([Problem("no_label", what, remedy, {"label": label})])
    wide = widened(model, [text])
    rows = wide.rows([text])
    right = wide.labels.index(label)
    scores = wide.scored(rows)[0]
    rivals = scores.copy()
    rivals[right] = -np.inf
    wrong = int(rivals.argmax())
    weights, constants = wide.weights.copy(), wide.constants.copy()
    size = float((rows.values.astype(float) ** 2).sum()) + 1.0
    tau = min(step, max(0.0, MARGIN - (scores[right] - scores[wrong])) / (2 * size))
    for number, sign in ((right, 1.0), (wrong, -1.0)):
        weights[rows.columns, number] += (sign * tau * rows.values).astype(weights.dtype)
        constants[number] += sign * tau
    counts = tuple(count + (number == right) for number, count in enumerate(wide.counts))
    return replace(wide, weights=weights, constants=constants, counts=counts)


def with_label(model: Classifier, label: str, texts: Sequence[str], others: Sequence[str] = ()) -> Classifier:
    """Return ``model`` with one label more, learned from a few ``texts`` of it, five to thirty.

    A score is fitted that tells the examples from the cases the model keeps and from ``others``, with the same machines
    as the others' scores, so that they compare; an error on an example costs ten times as much as one on the rest, for
    they are few. Then the examples are given to :func:`learn` once each. Until a label has thirty examples, every
    prediction of it is marked uncertain.

    Raises
    ------
    InputError : fewer than two examples, a label the model has, or neither cases kept nor others given
    """
    _checked(model, label, texts, others)
    wide = widened(model, texts)
    rest = [*(case.text for case in model.cases), *others]
    numbers = np.array([1] * len(texts) + [0] * len(rest), np.int64)
    rows = wide.rows([*texts, *rest])
    recipe = Recipe(cost=EXAMPLES_COST, ratio_share=0.0, balanced=True)
    weights, constants = solve(rows, numbers, 2, recipe)
    new_labels = (*wide.labels, label)
    bigger = replace(
        wide,
        labels=new_labels,
        weights=np.column_stack([wide.weights, weights[:, 1]]).astype(np.float32),
        constants=np.append(wide.constants, constants[1]),
        counts=(*wide.counts, 0),
        cases=(*wide.cases, *(Case(text[:200], label) for text in texts)),
    )
    for text in texts:
        bigger = learn(bigger, text, label)
    return bigger


def _checked(model: Classifier, label: str, texts: Sequence[str], others: Sequence[str]) -> None:
    problems = []
    if label in model.labels:
        what = msg("The model has the label %(label)s already.")
        problems.append(Problem("label_there", what, msg("Teach it by corrections instead."), {"label": label}))
    if len(texts) < LEAST_EXAMPLES:
        what = msg("A new label needs two examples or more; %(n)s was given.")
        problems.append(Problem("few_examples", what, msg("Give five to thirty."), {"n": len(texts)}))
    if not model.cases and not others:
        what = msg("The model keeps no cases to tell a new label from.")
        problems.append(Problem("no_cases", what, msg("Give texts of other labels."), {}))
    if problems:
        raise InputError(problems)
