"""A classifier learned from a table of texts and labels, judged on a fifth it has not seen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from qualipolis.lake.grids import grid_of, source_of
from qualipolis.lake.tables import read_table
from qualipolis.lake.triage import LONGEST_TEXT
from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.text.classify import CHINESE, ENGLISH, Classifier, fit, reliability
from qualipolis.methods.text.classify.fitting import folds
from qualipolis.methods.text.language import language

TEXT_NAMES = ("text", "文本", "内容", "描述", "description", "title")
LEAST_OF_A_LABEL = 5

Answer = dict[str, Any]


def trained(path: Path, label: str, text: str = "", *, cases: int = 200) -> tuple[Classifier, Answer]:
    """Return a model learned from a table with a column of texts and one of labels, and what it was measured at.

    A label with fewer than five texts is left out and told. A fifth of the texts, drawn evenly, judges a model learned
    from the rest; the model returned is learned from all.

    Raises
    ------
    InputError : a table that cannot be read, a column that is not there, fewer than two labels with enough texts
    """
    pairs, column = _pairs(path, label, text)
    counts: dict[str, int] = {}
    for _, one in pairs:
        counts[one] = counts.get(one, 0) + 1
    kept = [(said, one) for said, one in pairs if counts[one] >= LEAST_OF_A_LABEL]
    few = sorted(one for one, number in counts.items() if number < LEAST_OF_A_LABEL)
    if len(counts) - len(few) < 2:
        what = msg("Fewer than two labels of the column %(label)s have five texts or more.")
        remedy = msg("Give more texts of each label, or another column.")
        raise InputError([Problem("few_labels", what, remedy, {"label": label}, place=path.name)])
    texts, labels = [said for said, _ in kept], [one for _, one in kept]
    chinese = sum(language(said).code == "zh" for said in texts[:500]) * 2 >= min(len(texts), 500)
    fields = CHINESE if chinese else ENGLISH
    about = {"source": path.name, "text_column": column, "label_column": label, "left_out": few}
    return fit(texts, labels, fields=fields, cases=cases), about | {"measured": _judged(texts, labels, fields)}


def _judged(texts: list[str], labels: list[str], fields: tuple) -> Answer:
    """Learn from four fifths, judge on the rest."""
    place = {one: number for number, one in enumerate(sorted(set(labels)))}
    fold = folds(np.array([place[one] for one in labels]), 5, 0)
    seen, left = np.flatnonzero(fold != 0).tolist(), np.flatnonzero(fold == 0).tolist()
    model = fit([texts[at] for at in seen], [labels[at] for at in seen], fields=fields)
    shares = model.probabilities([texts[at] for at in left])
    numbers = np.array([model.labels.index(labels[at]) if labels[at] in model.labels else -1 for at in left])
    held = reliability(shares, numbers)
    top = float((np.argsort(-shares, axis=1)[:, :3] == numbers[:, None]).any(1).mean())
    return {"n": held.n, "accuracy": round(held.accuracy, 4), "top3": round(top, 4),
            "calibration_error": round(held.error, 4), "split": "one fifth of each label, drawn with seed 0"}  # fmt: skip


def _pairs(path: Path, label: str, text: str) -> tuple[list[tuple[str, str]], str]:
    grid = grid_of(read_table(source_of(path).content, name=path.name))
    headers = {name.strip().casefold(): at for at, name in enumerate(grid.headers)}
    wanted = [text] if text else list(TEXT_NAMES)
    found = next((headers[name.casefold()] for name in wanted if name.casefold() in headers), None)
    problems = []
    for column, at in ((label, headers.get(label.strip().casefold())), (text or TEXT_NAMES[0], found)):
        if at is None:
            what = msg("The table has no column %(column)s.")
            remedy = msg("It has: %(columns)s.")
            words = {"column": column, "columns": ", ".join(grid.headers[:20])}
            problems.append(Problem("no_column", what, remedy, words, place=path.name))
    if problems:
        raise InputError(problems)
    labelled = headers[label.strip().casefold()]
    rows = [(row[found].strip(), row[labelled].strip()) for row in grid.rows]
    return [(said[:LONGEST_TEXT], one) for said, one in rows if said and one], grid.headers[found]
