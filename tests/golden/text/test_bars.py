"""The numbers to beat, on the splits they were made on. The long ones are slow; benchmarks/text_classification.py has all."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from qualipolis.methods.text.classify import CHINESE, ENGLISH, Recipe, fit, reliability

FOLDER = Path(__file__).resolve().parents[3] / "benchmarks"


@pytest.fixture(scope="module")
def tasks(shared: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("text_tasks", FOLDER / "text_tasks.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["text_tasks"] = module
    spec.loader.exec_module(module)
    return module


def judged(split, **options) -> tuple[float, float, float]:
    """Accuracy, top 3 and calibration error."""
    model = fit(split.train, split.train_labels, **options)
    shares = model.probabilities(split.test)
    place = {label: number for number, label in enumerate(model.labels)}
    truth = np.array([place.get(label, -1) for label in split.test_labels])
    top = float((np.argsort(-shares, axis=1)[:, :3] == truth[:, None]).any(1).mean())
    held = reliability(shares, truth)
    return held.accuracy, top, held.error


def test_the_splits_are_those_the_numbers_were_made_on(tasks):
    assert tasks.cpsc(0).sizes == (94, 2_265, 567)
    assert tasks.cpsc_hazard().sizes == (17, 2_397, 600)
    assert tasks.rasff("category").sizes == (31, 17_462, 4_317)
    assert tasks.rasff("hazard").sizes == (32, 13_162, 3_106)
    assert tasks.nyc(0).sizes == (11, 3_160, 791)
    assert len(tasks.gbt4754_pairs()) == 595


@pytest.mark.slow
def test_the_hazard_of_a_recall_is_told_as_well_as_it_was_later(tasks):
    accuracy, top, error = judged(tasks.cpsc_hazard(), fields=ENGLISH, held="last")
    assert accuracy >= 0.492 and top >= 0.737 and error < 0.05


@pytest.mark.slow
def test_products_of_recalls(tasks):
    found = [judged(tasks.cpsc(seed), fields=ENGLISH, recipe=Recipe(balanced=True, ratio_share=0)) for seed in range(3)]
    accuracy, top, _ = np.mean(found, axis=0)
    assert accuracy >= 0.841 and top >= 0.931


@pytest.mark.slow
@pytest.mark.parametrize(("column", "bar", "top_bar"), [("category", 0.778, 0.890), ("hazard", 0.692, 0.791)])
def test_food_notifications_of_the_year_after(tasks, column, bar, top_bar):
    accuracy, top, error = judged(tasks.rasff(column), fields=ENGLISH, held="rolling")
    assert accuracy >= bar and top >= top_bar and error < 0.05


@pytest.mark.slow
@pytest.mark.parametrize(("label", "bar"), [("0", 0.891), (None, 0.905)], ids=["complaints", "all"])
def test_categories_of_chinese_reviews(tasks, label, bar):
    accuracy, top, error = judged(tasks.at_random(tasks.zh_reviews(label), 0), fields=CHINESE, held="last")
    assert accuracy >= bar and top >= 0.977 and error < 0.05
