"""Does a list of signals keep its share of false ones? Simulated series, and real alerts with their days shuffled.

Run: .venv/bin/python benchmarks/signal_discoveries.py [--repeat 100] [--data ../shared/data/rasff_2020_2024/rasff.csv.gz]
Simulated: 2,000 keys, 60 with a signal of four standard deviations, three methods or twelve weeks; independent, in
blocks of twenty that move together while each week is much like the last, and one half the mirror of the other.
Shuffled: the days of all alerts are dealt anew, so that nothing can be unusual; every signal is then false.
"""

from __future__ import annotations

import argparse
import gzip
from dataclasses import replace
from pathlib import Path

import numpy as np
from scipy.stats import norm

from qualipolis.lake.signals import listen, read_config, read_reports
from qualipolis.methods.signal.combined import combine
from qualipolis.methods.signal.discoveries import METHODS, watch

KEYS, WEEKS, TRUE = 2000, 12, 60
DEPENDENCE = ("independent", "blocks", "opposed")
CONFIG = b"""
[columns]
date = "Date of Case"
report = "Reference"
product = "Product Category"
hazard = "Hazard Substance"
[signals]
weeks = 100
"""


def p_values(rng: np.random.Generator, dependence: str) -> np.ndarray:
    """P-values of weeks by keys; the first keys hold a signal."""
    noise = rng.normal(size=(WEEKS, KEYS))
    if dependence == "blocks":
        shared = np.repeat(rng.normal(size=(WEEKS, KEYS // 20)), 20, axis=1)
        noise = np.sqrt(0.5) * noise + np.sqrt(0.5) * shared
        for week in range(1, WEEKS):
            noise[week] = 0.8 * noise[week - 1] + 0.6 * noise[week]
    elif dependence == "opposed":
        noise[:, KEYS // 2 :] = -noise[:, : KEYS // 2]
    return norm.sf(noise + 4.0 * (np.arange(KEYS) < TRUE))


def shares(called: np.ndarray) -> tuple[float, float]:
    """Share of the called that are false, and of the true that are called."""
    false = called[..., TRUE:].sum()
    return float(false / max(called.sum(), 1)), float(called[..., :TRUE].mean())


def simulated(repeat: int) -> None:
    """Print false share and power of every way of joining and watching."""
    print("way | dependence | false share | found")
    for dependence in DEPENDENCE:
        found: dict[str, list[tuple[float, float]]] = {}
        for seed in range(repeat):
            weeks = p_values(np.random.default_rng(seed), dependence)
            heard = {"a": weeks[0], "b": weeks[1], "c": weeks[2]}
            for within in ("bonferroni", "cauchy"):
                for across in ("by", "bh"):
                    called = combine(range(KEYS), heard, within=within, across=across).level == "signal"
                    found.setdefault(f"{within}, {across}", []).append(shares(called))
            for method in METHODS:
                called = np.array([week.found for week in watch(list(weeks), method)])
                found.setdefault(f"weeks, {method}", []).append(shares(called))
            found.setdefault("p at most 0.05", []).append(shares(weeks[0] <= 0.05))
        for way, both in found.items():
            false, power = np.mean(both, axis=0)
            print(f"{way} | {dependence} | {100 * false:.1f} % | {100 * power:.0f} %")


def shuffled(path: Path, repeat: int) -> None:
    """Print signals per week on real alerts, as they came and with their days dealt anew."""
    content = path.read_bytes()
    config = read_config(CONFIG, "signal.toml")
    reports = read_reports(gzip.decompress(content) if path.suffix == ".gz" else content, config, name=path.stem)
    ids, first = np.unique(reports.report, return_index=True)
    place = np.searchsorted(ids, reports.report)
    counts = []
    for seed in range(repeat):
        day = np.random.default_rng(seed).permutation(reports.day[first])[place]
        counts += [int((week.level == "signal").sum()) for week in listen(replace(reports, day=day), config).judged]
    heard = listen(reports, config)
    real = [int((week.level == "signal").sum()) for week in heard.judged]
    print(f"{heard.latest.tests:,} keys: {np.mean(real):.1f} signals a week as they came (median {np.median(real):.0f}); "
          f"days shuffled: {np.sum(counts)} signals in {len(counts)} weeks")  # fmt: skip


def main(arguments: list[str] | None = None) -> None:
    """Print both."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--repeat", type=int, default=100)
    asked.add_argument("--data", type=Path, default=Path("../shared/data/rasff_2020_2024/rasff.csv.gz"))
    given = asked.parse_args(arguments)
    simulated(given.repeat)
    if given.data.is_file():
        shuffled(given.data, 5)


if __name__ == "__main__":
    main()
