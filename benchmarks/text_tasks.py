"""The tasks of text classification with public data beside the repository, and the splits on which numbers are known.

Rules of the splits: a class stays when it has enough texts (at least ``n``); "random" is 80/20, drawn within classes with
a seed; "temporal" trains on what came before and tests on what came after. The sizes are checked against the known ones.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
YEAR = "2024"


@dataclass(frozen=True)
class Split:
    """Texts and labels to learn from, and to be judged by."""

    train: list[str]
    train_labels: list[str]
    test: list[str]
    test_labels: list[str]

    @property
    def sizes(self) -> tuple[int, int, int]:
        return len(set(self.train_labels) | set(self.test_labels)), len(self.train), len(self.test)


def table(name: str) -> list[dict[str, str]]:
    path = SHARED / name
    content = gzip.decompress(path.read_bytes()) if name.endswith(".gz") else path.read_bytes()
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def frequent(pairs: list[tuple[str, str]], least: int, counted: list[str] | None = None) -> list[tuple[str, str]]:
    """Keep the pairs of text and label whose label stands ``least`` times or more."""
    counts = Counter(counted if counted is not None else [label for _, label in pairs])
    return [(text, label) for text, label in pairs if counts[label] >= least]


def at_random(pairs: list[tuple[str, str]], seed: int) -> Split:
    """Draw 80/20 within labels."""
    from sklearn.model_selection import train_test_split

    texts, labels = [text for text, _ in pairs], [label for _, label in pairs]
    a, b, ya, yb = train_test_split(texts, labels, test_size=0.2, random_state=seed, stratify=labels)
    return Split(a, ya, b, yb)


def after(pairs: list[tuple[str, str]], first: int) -> Split:
    """Train on the pairs before place ``first``, test on the rest."""
    a, b = pairs[:first], pairs[first:]
    return Split([t for t, _ in a], [y for _, y in a], [t for t, _ in b], [y for _, y in b])


def in_folds(pairs: list[tuple[str, str]], seed: int, count: int = 5) -> list[Split]:
    from sklearn.model_selection import StratifiedKFold

    labels = np.array([label for _, label in pairs])
    made = StratifiedKFold(count, shuffle=True, random_state=seed).split(labels, labels)
    return [after([pairs[at] for at in [*seen, *left]], len(seen)) for seen, left in made]


def zh_reviews(label: str | None = None) -> list[tuple[str, str]]:
    """Chinese reviews by category, each different text once; ``label="0"`` the complaints among them."""
    found: dict[str, dict[str, str]] = {}
    for row in table("zh_online_shopping_10_cats/online_shopping_10_cats.csv.gz"):
        text = row["review"].replace("\ufeff", "").strip()
        if text:
            found.setdefault(text, row)
    return [(text, row["cat"]) for text, row in found.items() if label is None or row["label"] == label]


def few(split: Split, count: int, seed: int) -> Split:
    """Keep ``count`` texts of each label to learn from."""
    order = np.random.default_rng(seed).permutation(len(split.train))
    turn: Counter[str] = Counter()
    kept = []
    for at in order.tolist():
        label = split.train_labels[at]
        turn[label] += 1
        if turn[label] <= count:
            kept.append(at)
    labels = [split.train_labels[at] for at in kept]
    return Split([split.train[at] for at in kept], labels, split.test, split.test_labels)


def cpsc_pairs() -> list[tuple[str, str]]:
    rows = [row for row in table("cpsc_recalls_1973_2013/cpsc_recalls.csv") if row["product_types"]]
    return frequent([(row["description"], row["product_types"].split("|")[0]) for row in rows], 10)


def cpsc(seed: int) -> Split:
    return at_random(cpsc_pairs(), seed)


def cpsc_hazard() -> Split:
    rows = sorted(table("cpsc_recalls_1973_2013/cpsc_recalls.csv"), key=lambda row: row["date"])
    pairs = frequent([(row["description"], row["hazards"].split("|")[0]) for row in rows if row["hazards"]], 20)
    return after(pairs, len(pairs) - 600)


def rasff(column: str) -> Split:
    """RASFF by ``"category"`` of the product or by ``"hazard"``, the first one named; 2020-2023, then 2024."""
    rows = sorted(table("rasff_2020_2024/rasff.csv.gz"), key=lambda row: row["Date of Case"])
    name = {"category": "Product Category", "hazard": "Hazard Category"}[column]
    found = [(row, row[name].split(";" if column == "hazard" else "\0")[0].strip().casefold()) for row in rows]
    found = [(row, label) for row, label in found if label]
    early = [label for row, label in found if row["Date of Case"] < YEAR]
    kept = frequent([(_rasff_text(row, column), label) for row, label in found], 20, early)
    counts = Counter(early)
    return after(kept, sum(1 for label in early if counts[label] >= 20))


def _rasff_text(row: dict[str, str], column: str) -> str:
    return row["Product"] if column == "category" else f"{row['Product']} | {row['Country Origin']}"


def nyc(seed: int) -> Split:
    found: dict[str, str] = {}
    for row in table("nyc_metal_lab_tests/nyc_metal_lab_tests.csv.gz"):
        found.setdefault(row["PRODUCT_NAME"], row["PRODUCT_TYPE"])
    return at_random(list(found.items()), seed)


def gbt4754(seed: int) -> list[Split]:
    """Classes of manufacturing, name and definition, by division; five folds."""
    return in_folds(gbt4754_pairs(), seed)


def gbt4754_pairs(names: bool = False) -> list[tuple[str, str]]:
    """Name and definition of each class of manufacturing, and its division; or the divisions and their names."""
    rows = table("gbt4754/gbt4754.csv")
    above = {row["code"]: row for row in rows}

    def up(row: dict[str, str], level: str) -> str:
        while row["level"] != level:
            row = above[row["parent"]]
        return row["code"]

    if names:
        return [(row["code"], row["name"]) for row in rows if row["level"] == "2" and row["parent"] == "C"]
    classes = [row for row in rows if row["level"] == "4" and up(row, "1") == "C"]
    return frequent([(f"{row['name']} {row['remark']}", up(row, "2")) for row in classes], 5)
