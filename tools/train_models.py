"""Train the classifiers that ship: run ``python tools/train_models.py [NAME ...]`` beside the folder of public data.

Each is trained on what may be shipped only, judged on texts it has not seen (named in its card), then trained on all of
it and written to ``src/qualipolis/lake/models`` with a card. Same data and versions give the same file.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path.append(str(REPOSITORY / "benchmarks"))

from text_tasks import Split, after, at_random, cpsc_pairs, gbt4754_pairs, rasff, zh_reviews  # noqa: E402

from qualipolis.lake.models import FOLDER, save  # noqa: E402
from qualipolis.methods.text.classify import (  # noqa: E402
    CHINESE,
    ENGLISH,
    Classifier,
    Recipe,
    fit,
    from_arrays,
    reliability,
    to_arrays,
)

SEEDS = FOLDER / "complaints_zh.toml"
KINDS = {"书籍": "books", "平板": "digital", "手机": "digital", "计算机": "digital", "水果": "food", "蒙牛": "food",
         "洗发水": "cosmetics", "热水器": "appliances", "衣服": "clothing", "酒店": "lodging"}  # fmt: skip
EACH_WORD = 6
RENAMED = {  # the system renamed these categories in 2021
    "fish and fish products": "fish and products thereof",
    "dietetic foods, food supplements, fortified foods": "dietetic foods, food supplements and fortified foods",
}


@dataclass(frozen=True)
class Shipped:
    """A model that ships: texts with labels, how it is fitted, how it is judged, and what its card tells."""

    pairs: Callable[[], list[tuple[str, str]]]
    split: Callable[[list[tuple[str, str]]], Split]
    judged: str
    options: dict
    card: dict
    runs: int = 40_000
    cases: int = 300


def seeded(kind: str) -> list[tuple[str, str]]:
    """Sentences from the seeds: each word of ``kind`` in frames, with words of the other kind drawn beside it."""
    seeds = tomllib.loads(SEEDS.read_text("utf-8"))
    other = "problem" if kind == "product" else "product"
    others = [word for entry in seeds[other] for word in entry["words"]]
    generator = np.random.default_rng(20_260)
    words = [(word, entry["code"]) for entry in seeds[kind] for word in entry["words"]]
    found = []
    for _, (word, code) in sorted(enumerate(words), key=lambda pair: (pair[0] % 5, pair[0])):
        found.append((word, code))
        for _ in range(EACH_WORD):
            frame = seeds["frames"][generator.integers(len(seeds["frames"]))]
            beside = others[generator.integers(len(others))]
            said = {"w": word, "p": beside} if kind == "product" else {"w": beside, "p": word}
            found.append((frame.format(**said), code))
    return found


def by_words(pairs: list[tuple[str, str]]) -> Split:
    """Hold out the last fifth, which is every fifth word with all its sentences: a word of the test was never seen."""
    size = EACH_WORD + 1
    words = len(pairs) // size
    return after(pairs, (words - words // 5) * size)


def code_names(kind: str) -> dict[str, dict[str, str]]:
    seeds = tomllib.loads(SEEDS.read_text("utf-8"))
    return {entry["code"]: {"zh": entry["zh"], "en": entry["en"]} for entry in seeds[kind]}


def rasff_pairs() -> list[tuple[str, str]]:
    split = rasff("category")
    labels = [RENAMED.get(label, label) for label in [*split.train_labels, *split.test_labels]]
    return list(zip([*split.train, *split.test], labels, strict=True))


SYNTHETIC = {"licence": "Apache-2.0", "source": "complaints_zh.toml, written for this project; synthetic"}
MODELS = {
    "product-en": Shipped(cpsc_pairs, lambda pairs: at_random(pairs, 0), "80/20 at random within labels, seed 0",
        {"fields": ENGLISH, "recipe": Recipe(balanced=True, ratio_share=0)}, {"about": "consumer products in English, by CPSC product type", "language": "en",
        "licence": "US federal work, public domain",
        "source": "US Consumer Product Safety Commission, recalls 1973-2013"}, 20_000),
    "food-category-en": Shipped(rasff_pairs, lambda pairs: after(pairs, 17_462), "learned 2020-2023, judged on 2024; two renamed categories are taken as one",
        {"fields": ENGLISH, "held": "rolling"}, {"about": "food and feed in English, by RASFF product category",
        "language": "en", "licence": "CC BY 4.0",
        "source": "European Commission, Rapid Alert System for Food and Feed (RASFF), 2020-2024"}),
    "industry-zh": Shipped(gbt4754_pairs, lambda pairs: at_random(pairs, 0), "80/20 at random within labels, seed 0",
        {"fields": CHINESE, "recipe": Recipe(balanced=True, smoothing=1)},
        {"about": "manufacturing in Chinese, by division of GB/T 4754-2017", "language": "zh",
        "licence": "facts of a national standard", "source": "GB/T 4754-2017, names and definitions"}),
    "complaint-product-zh": Shipped(lambda: seeded("product"), by_words, "every fifth word held out with its sentences",
        {"fields": CHINESE, "recipe": Recipe(smoothing=1), "held": "last"},
        {"about": "Chinese complaints, by kind of product", "language": "zh", **SYNTHETIC}),
    "complaint-problem-zh": Shipped(lambda: seeded("problem"), by_words, "every fifth phrase held out with its sentences",
        {"fields": CHINESE, "recipe": Recipe(smoothing=1), "held": "last"},
        {"about": "Chinese complaints, by kind of problem", "language": "zh", **SYNTHETIC}),
}  # fmt: skip


def made(shipped: Shipped, texts: list[str], labels: list[str]) -> Classifier:
    """Fit, prune and round as the shipped file is, so that what is measured is what ships."""
    model = fit(texts, labels, most=shipped.runs, cases=shipped.cases, **shipped.options)
    return from_arrays(to_arrays(model, packed=True))


def measured(model: Classifier, texts: list[str], truth: list[str]) -> dict[str, float | int]:
    shares = model.probabilities(texts)
    numbers = np.array([model.labels.index(label) if label in model.labels else -1 for label in truth])
    held = reliability(shares, numbers)
    top = float((np.argsort(-shares, axis=1)[:, :3] == numbers[:, None]).any(1).mean())
    return {"n": held.n, "accuracy": round(held.accuracy, 4), "top3": round(top, 4),
            "calibration_error": round(held.error, 4)}  # fmt: skip


def ship(name: str) -> None:
    shipped = MODELS[name]
    pairs = shipped.pairs()
    split = shipped.split(pairs)
    judged = made(shipped, split.train, split.train_labels)
    card = {"name": name, **shipped.card, "script": "tools/train_models.py", "method": "linear, calibrated"}
    card["measured"] = measured(judged, split.test, split.test_labels) | {"split": shipped.judged}
    texts, labels = [text for text, _ in pairs], [label for _, label in pairs]
    model = made(shipped, texts, labels)
    if name.startswith("complaint-"):
        card["names"] = code_names(name.split("-")[1])
    if name == "industry-zh":
        card["names"] = {code: {"zh": said} for code, said in gbt4754_pairs(names=True)}
    if name == "complaint-product-zh":
        reviews = zh_reviews("0")
        real = measured(model, [text for text, _ in reviews], [KINDS[label] for _, label in reviews])
        card["measured_elsewhere"] = real | {
            "texts": "real complaints in Chinese reviews, ten categories, never learned"
        }
    path = save(model, FOLDER / name, card)
    print(name, card["measured"], card.get("measured_elsewhere", ""), f"{path.stat().st_size / 1e6:.2f} MB", flush=True)


if __name__ == "__main__":
    for one in sys.argv[1:] or MODELS:
        ship(one)
