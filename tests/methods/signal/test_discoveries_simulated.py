"""False discoveries among thousands of simulated series: the share promised is the share kept."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from qualipolis.methods.signal.combined import combine
from qualipolis.methods.signal.discoveries import watch

pytestmark = pytest.mark.slow
KEYS, WEEKS, TRUE = 2000, 12, 60


def p_values(rng: np.random.Generator, dependence: str, strength: float = 4.0) -> tuple[np.ndarray, np.ndarray]:
    """P-values of weeks by keys; the first ``TRUE`` keys hold a signal. Keys and weeks share what they hear."""
    noise = rng.normal(size=(WEEKS, KEYS))
    if dependence == "blocks":  # towns of one product move together, and one week is much like the last
        shared = np.repeat(rng.normal(size=(WEEKS, KEYS // 20)), 20, axis=1)
        noise = np.sqrt(0.5) * noise + np.sqrt(0.5) * shared
        for week in range(1, WEEKS):
            noise[week] = 0.8 * noise[week - 1] + 0.6 * noise[week]
    elif dependence == "opposed":  # one half of the keys mirrors the other
        noise[:, KEYS // 2 :] = -noise[:, : KEYS // 2]
    true = np.arange(KEYS) < TRUE
    return norm.sf(noise + strength * true), true


def false_share(called: np.ndarray, true: np.ndarray) -> float:
    return float((called & ~true).sum() / max(called.sum(), 1))


@pytest.mark.parametrize("dependence", ["independent", "blocks", "opposed"])
def test_a_list_of_thousands_of_series_keeps_its_share(dependence: str) -> None:
    rng = np.random.default_rng(41)
    shares, power = [], []
    for _ in range(60):
        weeks, true = p_values(rng, dependence)
        heard = {"series": weeks[0], "space": weeks[1], "reports": weeks[2]}
        found = combine(range(KEYS), heard).level == "signal"
        shares.append(false_share(found, true))
        power.append(found[true].mean())
    assert np.mean(shares) <= 0.05 + 2 * np.std(shares) / np.sqrt(len(shares))
    assert np.mean(power) > 0.5


@pytest.mark.parametrize("dependence", ["independent", "blocks", "opposed"])
@pytest.mark.parametrize("method", ["each_week", "spend", "batch_bh"])
def test_a_watch_over_weeks_keeps_its_share(method: str, dependence: str) -> None:
    rng = np.random.default_rng(43)
    kept = []
    for _ in range(60):
        weeks, true = p_values(rng, dependence)
        found = np.array([week.found for week in watch(list(weeks), method)])
        shares = [false_share(week, true) for week in found] if method == "each_week" else [false_share(found, true)]
        kept.append(np.mean(shares))
    assert np.mean(kept) <= 0.05 + 2 * np.std(kept) / np.sqrt(len(kept))
    assert found[:, true].mean() > 0.1


def test_without_control_most_of_the_list_would_be_false() -> None:
    weeks, true = p_values(np.random.default_rng(5), "independent")
    assert false_share(weeks[0] <= 0.05, true) > 0.5
