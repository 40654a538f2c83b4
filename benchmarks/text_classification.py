"""Classification of texts beside the numbers to beat: accuracy, macro-F1, top 3, calibration error.

Run: python benchmarks/text_classification.py [task ...]; without a task all of them (some 15 minutes on one core). Needs
the folder of public data beside the repository. Random splits are drawn with seeds 0, 1, 2 and the mean is told. With
``--beside``, the recipe to beat (TF-IDF, linear support vectors) runs on the same splits.
"""

from __future__ import annotations

import sys

sys.path.append(sys.path.pop(0))  # a benchmark beside this one bears the name of a module of Python

import argparse
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
from text_tasks import Split, at_random, cpsc, cpsc_hazard, few, gbt4754, nyc, rasff, zh_reviews

from qualipolis.methods.text.classify import CHINESE, ENGLISH, Recipe, fit, reliability
from qualipolis.methods.text.fields import Field

SEEDS = (0, 1, 2)
DRAWS = tuple(range(10))


@dataclass(frozen=True)
class Task:
    """What is measured, the numbers to beat (accuracy, macro-F1, top 3; None where none is known), and how it is fitted."""

    title: str
    splits: Callable[[], Iterable[Split]]
    sizes: tuple[int, int, int]
    bar: tuple[float | None, float | None, float | None]
    options: dict = field(default_factory=dict)
    beside: str = "char"


@dataclass(frozen=True, eq=False)
class Told:
    """What a model told of one split: probabilities, the labels' numbers, labels true and told, and seconds."""

    probabilities: np.ndarray
    numbers: np.ndarray
    truth: list[str]
    first: list[str]
    fitted: float
    told: float


@dataclass(frozen=True)
class Measured:
    """Accuracy, macro-F1, top 3, calibration error, texts a second of fitting and of telling."""

    accuracy: float
    macro: float
    top: float
    error: float
    chance: float
    train_seconds: float
    per_second: float


def complaints(seed: int) -> Split:
    return at_random(zh_reviews("0"), seed)


EN = {"fields": ENGLISH}
FEW = {"fields": (Field("char", 1, 2), Field("segment", 1, 1, 0.5)), "recipe": Recipe(smoothing=1)}
ZH = {"fields": CHINESE}
TASKS = {
    "zh": Task("Chinese reviews, category", lambda: [at_random(zh_reviews(), 0)], (10, 50_178, 12_545),
               (0.905, 0.899, 0.980), ZH | {"held": "last"}),
    "zh-complaints": Task("Chinese complaints, category", lambda: [complaints(0)], (10, 24_812, 6_204),
                          (0.891, 0.886, 0.977), ZH | {"held": "last"}),
    **{f"few-{n}": Task(f"the same from {n} a class", lambda n=n: [few(complaints(0), n, s) for s in DRAWS],
                        sizes, bar, FEW)
       for n, sizes, bar in ((10, (10, 100, 6_204), (0.618, 0.585, 0.819)), (30, (10, 300, 6_204), (0.714, 0.683, 0.888)),
                      (100, (10, 980, 6_204), (0.801, 0.771, 0.934)), (300, (10, 2_780, 6_204), (0.847, 0.841, 0.956)))},
    "gbt4754": Task("GB/T 4754 class, division", lambda: [one for s in SEEDS for one in gbt4754(s)], (27, 476, 119),
                    (0.787, 0.799, None), ZH | {"recipe": Recipe(balanced=True, smoothing=1),
                              "calibration": "platt"}),
    "cpsc": Task("CPSC product, random", lambda: [cpsc(s) for s in SEEDS], (94, 2_265, 567), (0.841, 0.822, 0.931),
                 EN | {"recipe": Recipe(balanced=True, ratio_share=0)}),
    "cpsc-hazard": Task("CPSC hazard, temporal", lambda: [cpsc_hazard()], (17, 2_397, 600), (0.492, 0.367, 0.737),
                        EN | {"held": "last"}, "both"),
    "rasff": Task("RASFF category, temporal", lambda: [rasff("category")], (31, 17_462, 4_317), (0.778, 0.638, 0.890),
                  EN | {"held": "rolling"}, "both"),
    "rasff-hazard": Task("RASFF hazard, temporal", lambda: [rasff("hazard")], (32, 13_162, 3_106),
                         (0.692, 0.245, 0.791), EN | {"held": "rolling"}, "both"),
    "nyc": Task("NYC product type, random", lambda: [nyc(s) for s in SEEDS], (11, 3_160, 791), (0.809, 0.725, 0.932),
                EN, "both"),
}  # fmt: skip


def told(split: Split, options: dict) -> Told:
    start = time.perf_counter()
    model = fit(split.train, split.train_labels, **options)
    fitted = time.perf_counter()
    found = model.probabilities(split.test)
    seconds = fitted - start, time.perf_counter() - fitted
    place = {label: number for number, label in enumerate(model.labels)}
    numbers = np.array([place.get(label, -1) for label in split.test_labels])
    first = [model.labels[number] for number in found.argmax(1)]
    return Told(found, numbers, split.test_labels, first, *seconds)


def measured(found: list[Told]) -> Measured:
    """All splits of a task taken together: every text is judged once in each split it was held out in."""
    from sklearn.metrics import f1_score

    width = max(one.probabilities.shape[1] for one in found)
    whole = np.concatenate(
        [np.pad(one.probabilities, ((0, 0), (0, width - one.probabilities.shape[1]))) for one in found]
    )
    numbers = np.concatenate([one.numbers for one in found])
    truth, first = [y for one in found for y in one.truth], [y for one in found for y in one.first]
    macro = f1_score(truth, first, average="macro", zero_division=0)
    top = (np.argsort(-whole, axis=1)[:, :3] == numbers[:, None]).any(1).mean()
    held = reliability(whole, numbers)
    rest = float(np.mean([one.fitted for one in found])), len(truth) / sum(one.told for one in found)
    return Measured(held.accuracy, float(macro), float(top), held.error, by_chance(whole), *rest)


def by_chance(probabilities: np.ndarray, times: int = 100) -> float:
    """The calibration error that probabilities which hold exactly would show on so many texts."""
    generator = np.random.default_rng(0)
    first = probabilities.max(1)
    pair = np.column_stack([first, np.zeros(len(first))])
    errors = [reliability(pair, np.where(generator.random(len(first)) < first, 0, 1)).error for _ in range(times)]
    return float(np.mean(errors))


def usual(split: Split, kind: str) -> tuple[float, float, float]:
    """Accuracy, macro-F1 and top 3 of TF-IDF with linear support vectors, as the numbers to beat were made."""
    from scipy.sparse import hstack
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.metrics import f1_score
    from sklearn.svm import LinearSVC

    chinese = any("一" <= mark <= "鿿" for mark in split.train[0])
    ways = [TfidfVectorizer(analyzer="char", ngram_range=(1, 2) if chinese else (2, 5), sublinear_tf=True)]
    if kind == "both":
        ways = [TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True),
                TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)]  # fmt: skip
    train = hstack([way.fit_transform(split.train) for way in ways]).tocsr()
    model = LinearSVC().fit(train, split.train_labels)
    scores = model.decision_function(hstack([way.transform(split.test) for way in ways]).tocsr())
    first = model.classes_[scores.argmax(1)]
    best = model.classes_[np.argsort(-scores, axis=1)[:, :3]]
    top = np.mean([label in three for label, three in zip(split.test_labels, best, strict=True)])
    macro = f1_score(split.test_labels, first, average="macro", zero_division=0)
    return float(np.mean(first == np.array(split.test_labels))), float(macro), float(top)


def row(name: str, task: Task, beside: bool) -> str:
    splits = list(task.splits())
    if tuple(splits[0].sizes) != task.sizes:
        print(f"{name}: sizes {splits[0].sizes}, known are {task.sizes}")
    found = measured([told(split, task.options) for split in splits])
    reached = (found.accuracy, found.macro, found.top)
    pairs = zip(task.bar, reached, strict=True)
    cells = [f"{'-' if bar is None else f'{bar:.3f}'} / {now:.3f}" for bar, now in pairs]
    if beside:
        other = np.mean([usual(split, task.beside) for split in splits], axis=0)
        cells = [f"{cell} ({said:.3f})" for cell, said in zip(cells, other, strict=True)]
    errors = f"{found.error:.3f} ({found.chance:.3f})"
    ends = (errors, f"{found.train_seconds:.0f} s", f"{found.per_second:,.0f}")
    return "| " + " | ".join([task.title, str(task.sizes[0]), f"{len(splits)}", *cells, *ends]) + " |"


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("tasks", nargs="*", help=", ".join(TASKS))
    asked.add_argument("--beside", action="store_true")
    given = asked.parse_args()
    print("Each cell: number to beat / number reached" + (" (the usual recipe on the same splits)." * given.beside))
    print(
        "| task | classes | splits | accuracy | macro-F1 | top 3 | calibration error (by chance alone) | fit | texts/s |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for name in given.tasks or TASKS:
        print(row(name, TASKS[name], given.beside), flush=True)


if __name__ == "__main__":
    main()
