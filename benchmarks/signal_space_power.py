"""How often does the scan find a cluster planted in three neighbouring towns of Dongguan, and how well does it place it?

Run: .venv/bin/python benchmarks/signal_space_power.py [--repeat 100] [--data ../shared/data/dongguan_towns/dongguan_towns.csv]
Reports are spread over 32 towns by a made-up population of 50,000 to 600,000; in three neighbouring towns, others each
time, they come several times as often. Printed: found (p at most 0.05), share of the three towns among the found ones,
share of the found ones that were planted, and how often something is found where nothing was planted.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import polars as pl

from qualipolis.methods.signal.space import Zones, connected, discs, distances, scan

FACTORS, TOTALS = (1.0, 2.0, 3.0, 5.0), (40, 160)


def map_of(path: Path) -> tuple[dict[str, Zones], list[frozenset[int]]]:
    """Return both kinds of windows and the neighbours of each town."""
    table = pl.read_csv(path, infer_schema=False)
    number = {code: i for i, code in enumerate(table["code"])}
    near = [frozenset(number[one] for one in text.split("|")) for text in table["neighbours"]]
    places, size = table.select(pl.col("lon", "lat").cast(float)).to_numpy(), np.ones(len(near))
    between = distances(places, "great_circle")
    return {"discs": discs(between, size, 0.5), "connected, up to 4": connected(near, size, 0.5, 4)}, near


def planted(near: list[frozenset[int]], rng: np.random.Generator) -> list[int]:
    """Return three towns, each touching one before."""
    towns = [int(rng.integers(len(near)))]
    while len(towns) < 3:
        around = sorted(set().union(*(near[one] for one in towns)) - set(towns))
        towns.append(int(rng.choice(around)))
    return towns


def trial(zones: Zones, near: list[frozenset[int]], factor: float, total: int, seed: int) -> tuple[float, float, float]:
    """Return found, share of the planted that was found, share of the found that was planted."""
    rng = np.random.default_rng(seed)
    people = rng.integers(50, 600, len(near)) * 1000
    towns = planted(near, rng)
    weight = people.astype(float)
    weight[towns] *= factor
    found = scan(rng.multinomial(total, weight / weight.sum()), people, zones=zones, simulations=199, seed=seed)
    first = found.most_likely
    if first is None or first.p > 0.05:
        return 0.0, np.nan, np.nan
    both = len(set(first.index) & set(towns))
    return 1.0, both / 3, both / len(first.index)


def main(arguments: list[str] | None = None) -> None:
    """Print one line for each kind of window, number of reports and factor."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--repeat", type=int, default=100)
    asked.add_argument("--data", type=Path, default=Path("../shared/data/dongguan_towns/dongguan_towns.csv"))
    given = asked.parse_args(arguments)
    kinds, near = map_of(given.data)
    print("windows | reports | times as often | found | planted towns found | found towns planted")
    for total in TOTALS:
        for factor in FACTORS:
            for name, zones in kinds.items():
                tried = np.array([trial(zones, near, factor, total, seed) for seed in range(given.repeat)])
                hit = tried[:, 0] > 0
                placed = tried[hit, 1:].mean(axis=0) if hit.any() else (np.nan, np.nan)
                print(f"{name} | {total} | {factor:g} | {100 * hit.mean():.0f} % | {100 * placed[0]:.0f} % | "
                      f"{100 * placed[1]:.0f} %", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
