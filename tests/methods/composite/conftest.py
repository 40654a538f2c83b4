"""A small cast: towns with indicators of quality, made in memory."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from qualipolis.methods.composite import Framework, IndicatorData, Node


def tree(indicators: int = 6, pillars: int = 2) -> Framework:
    """Indicators spread over pillars under one index; every third is better when less; weights differ."""
    leaves = [
        Node(
            f"i{k}",
            parent=f"p{k % pillars}",
            weight=1.0 + k % 3,
            direction=-1 if k % 3 == 2 else 1,
            floor=10.0 if k % 3 == 2 else 0.0,
            target=0.0 if k % 3 == 2 else 10.0,
        )
        for k in range(indicators)
    ]
    middle = [Node(f"p{k}", parent="index", weight=1.0 + k, level=2, kind="aggregate") for k in range(pillars)]
    return Framework((*leaves, *middle, Node("index", level=3, kind="aggregate")))


def towns(units: int = 12, indicators: int = 6, missing: float = 0.0, seed: int = 0) -> IndicatorData:
    rng = np.random.default_rng(seed)
    values = rng.gamma(2.0, 2.0, (units, indicators))
    values[rng.random(values.shape) < missing] = np.nan
    values[0] = np.where(np.isnan(values[0]), 1.0, values[0])
    return IndicatorData([f"t{k:02d}" for k in range(units)], [f"i{k}" for k in range(indicators)], values)


@pytest.fixture
def make_tree() -> Callable[..., Framework]:
    return tree


@pytest.fixture
def make_towns() -> Callable[..., IndicatorData]:
    return towns


@pytest.fixture
def framework() -> Framework:
    return tree()


@pytest.fixture
def data() -> IndicatorData:
    return towns()
