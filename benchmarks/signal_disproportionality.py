"""Speed of the measures of disproportionality on 1e5 pairs, beside R.

Run: .venv/bin/python benchmarks/signal_disproportionality.py
The pairs come from ../shared (102,483 pairs) where it is there, else they are drawn here. openEBGM is run too where
Rscript finds it; else its figures of 2026-11-22 (R 4.2.2, another shared two-core machine) are quoted: a ratio to a
quoted figure is an order of magnitude, not a duel. Seconds are the best of five; cpu seconds beside them.
"""

# ruff: noqa: E402
from __future__ import annotations

import csv
import gzip
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path[0] = ""  # not this folder: its signal.py would hide the library of that name

import shutil
import subprocess

import numpy as np

from qualipolis.methods.signal.disproportionality import (
    Posterior,
    Tables,
    Theta,
    count_pairs,
    disproportionality,
    fit_theta,
    p_values,
    tables_of_counts,
)

SHARED = Path(__file__).resolve().parents[2] / "shared" / "golden"
QUOTED = {
    "openEBGM, 17,189 pairs: processRaw": 0.142,
    "openEBGM, 17,189 pairs: fit on squashed pairs": 0.615,
    "openEBGM, 17,189 pairs: ebgm": 0.012,
    "openEBGM, 17,189 pairs: one quantile": 0.464,
    "PhViD, 102,483 pairs: fit": 16.0,
    "numpy, 102,483 pairs: EB05 by halving": 1.1,
}
OPEN_EBGM = """
suppressMessages(library(openEBGM)); data(caers); caers$strat1 <- NULL
p <- processRaw(caers); th <- c({theta}); q <- Qn(th, p$N, p$E)
cat(system.time(quantBisect(5, th, p$N, p$E, q))["elapsed"])
"""


def rows(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", newline="") as file:
        return list(csv.DictReader(file))


def big() -> Tables:
    path = SHARED / "inputs" / "signal" / "disprop" / "phvid_counts.csv.gz"
    if path.is_file():
        table = rows(path)
        return tables_of_counts([r["var1"] for r in table], [r["var2"] for r in table], [int(r["n"]) for r in table])
    rng = np.random.default_rng(0)
    left, right = rng.gamma(0.5, 1.0, 550), rng.gamma(0.5, 1.0, 900)
    mean = np.outer(left / left.sum(), right / right.sum()) * 400_000
    n = rng.poisson(mean * rng.gamma(1.5, 1 / 1.5, mean.shape))
    x, y = np.nonzero(n)
    return tables_of_counts(x.tolist(), y.tolist(), n[x, y])


def best(what: str, act: Callable[[], object], repeats: int = 5) -> float:
    wall, cpu = [], []
    for _ in range(repeats):
        start, work = time.perf_counter(), time.process_time()
        act()
        wall.append(time.perf_counter() - start)
        cpu.append(time.process_time() - work)
    print(f"{what:<66} {min(wall):8.3f} s  {min(cpu):8.3f} s cpu", flush=True)
    return min(wall)


def shrunk(tables: Tables, expected: np.ndarray, theta: Theta) -> None:
    posterior = Posterior(tables.a, expected, theta)
    posterior.geometric_mean()
    posterior.quantile(0.05)
    posterior.quantile(0.95)


def reference(theta: Theta) -> None:
    if shutil.which("Rscript"):
        script = OPEN_EBGM.format(theta=", ".join(map(str, theta.numbers)))
        told = subprocess.run(["Rscript", "-e", script], capture_output=True, text=True, check=False)
        if told.returncode == 0:
            print(f"{'openEBGM here, 17,189 pairs: one quantile':<66} {float(told.stdout):8.3f} s")
            return
    print("openEBGM is not installed here; quoted:")
    for what, seconds in QUOTED.items():
        print(f"  {what:<64} {seconds:8.3f} s")


def main() -> None:
    tables = big()
    theta = fit_theta(tables.a, tables.expected)
    apart = tables.expected * np.random.default_rng(0).uniform(0.9, 1.1, len(tables))
    print(f"{len(tables):,} pairs")
    took = best("EBGM, EB05, EB95", lambda: shrunk(tables, tables.expected, theta))
    best("EBGM, EB05, EB95, no two pairs alike", lambda: shrunk(tables, apart, theta))
    best("the prior: fit on squashed pairs, five starts", lambda: fit_theta(tables.a, tables.expected))
    whole = best(
        "the prior, EBGM, EB05, EB95", lambda: shrunk(tables, tables.expected, fit_theta(tables.a, tables.expected))
    )
    scores = disproportionality(tables, theta=theta)
    best("every measure given the prior", lambda: disproportionality(tables, theta=theta))
    best("Fisher's exact p", lambda: p_values(scores))
    print(f"to beat: EBGM with EB05 and EB95 under 0.5 s: {took:.3f} s; with the prior learnt as well {whole:.3f} s")
    small(theta)
    reference(theta)


def small(theta: Theta) -> None:
    path = SHARED / "signal" / "disprop" / "caers_reports.csv.gz"
    if not path.is_file():
        return
    table = rows(path)
    columns = [[r[name] for r in table] for name in ("id", "var1", "var2")]
    tables = count_pairs(*columns)
    print(f"CAERS, {len(tables):,} pairs")
    best("counting distinct reports (openEBGM processRaw .142 s)", lambda: count_pairs(*columns))
    best("the prior (openEBGM .615 s)", lambda: fit_theta(tables.a, tables.expected))
    best("one quantile (openEBGM .464 s)", lambda: Posterior(tables.a, tables.expected, theta).quantile(0.05))


if __name__ == "__main__":
    main()
