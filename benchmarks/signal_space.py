"""Scan of a map of 281 areas (12,939 windows) against 9,999 simulated maps: seconds beside R.

Run: .venv/bin/python benchmarks/signal_space.py [--simulations 9999] [--repeat 5] [--folder ../shared/golden]
The map is that of leukaemia in upstate New York where the folder is present, else one of the same size drawn by chance.
R's SpatialEpi 1.2.8 is run where it is installed; where it is not, the seconds measured with it on another day stand in
its place, and say so.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from time import perf_counter, process_time

import numpy as np
import polars as pl

from qualipolis.methods.signal.space import scan

QUOTED = {"67 areas, 2,585 windows": 1.0, "281 areas, 12,939 windows": 4.6}  # seconds, SpatialEpi 1.2.8, R 4.2.2, 9,999
MAPS = {
    "67 areas, 2,585 windows": ("golden/signal/spatial/pennLC.csv", 67, 0.5),
    "281 areas, 12,939 windows": ("golden/inputs/signal/spatial/NYleukemia.csv", 281, 0.15),
}
SCRIPT = """
suppressMessages(library(SpatialEpi)); d <- read.csv("{file}")
t <- system.time(kulldorff(d[, c("x_km", "y_km")], d$cases, d$population, d$expected, {share}, {maps}, 0.05, FALSE))
cat(t[["elapsed"]])
"""


def table_of(folder: Path, name: str) -> pl.DataFrame:
    """Return the map of that name, or one of its size drawn by chance."""
    file, areas, _ = MAPS[name]
    if (folder / file).is_file():
        return pl.read_csv(folder / file)
    rng = np.random.default_rng(areas)
    people = rng.integers(1500, 6000, areas)
    cases = rng.multinomial(552, people / people.sum())
    x, y = rng.normal(size=(2, areas)) * 50
    columns = {"x_km": x, "y_km": y, "cases": cases, "population": people}
    return pl.DataFrame(columns | {"expected": people * 552 / people.sum()})


def ours(table: pl.DataFrame, share: float, maps: int, repeat: int) -> tuple[float, float, int]:
    """Return the best wall-clock and processor seconds, and the number of windows."""
    best = (float("inf"), float("inf"))
    windows = 0
    for seed in range(repeat):
        wall, cpu = perf_counter(), process_time()
        found = scan(
            table["cases"], table["population"], table.select("x_km", "y_km"), expected=table["expected"],
            share=share, simulations=maps, seed=seed,
        )  # fmt: skip
        best, windows = min(best, (perf_counter() - wall, process_time() - cpu)), found.zones
    return *best, windows


def theirs(table: pl.DataFrame, share: float, maps: int) -> float | None:
    """Return the seconds of SpatialEpi; None where it is not installed."""
    if shutil.which("Rscript") is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "map.csv"
        table.write_csv(file)
        words = SCRIPT.format(file=file, share=share, maps=maps)
        done = subprocess.run(["Rscript", "-e", words], capture_output=True, text=True, check=False)
    return float(done.stdout) if done.returncode == 0 and done.stdout else None


def main(arguments: list[str] | None = None) -> None:
    """Print one line for each map."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--simulations", type=int, default=9999)
    asked.add_argument("--repeat", type=int, default=5)
    asked.add_argument("--folder", type=Path, default=Path("../shared"))
    given = asked.parse_args(arguments)
    print(f"scan, {given.simulations} simulated maps, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    for name, (_, _, share) in MAPS.items():
        table = table_of(given.folder, name)
        wall, cpu, windows = ours(table, share, given.simulations, given.repeat)
        seconds = theirs(table, share, given.simulations)
        source = "R SpatialEpi" if seconds is not None else "R SpatialEpi, quoted, 9,999 maps"
        seconds = QUOTED[name] if seconds is None else seconds
        print(f"{name} ({windows}): {wall:.2f} s ({cpu:.2f} s of processors); {source} {seconds:.2f} s; "
              f"{seconds / wall:.1f} times as fast")  # fmt: skip


if __name__ == "__main__":
    main()
