"""Process control beside R (survival, anova) in the same run, and beside recorded times of qcc where it cannot be installed.

Run: .venv/bin/python benchmarks/process_control.py [--points N] [--lives N]
CPU seconds of one process, best of three; both sides get columns already in memory. The recorded times of qcc 3.0 were
measured on a shared machine with two cores; ratios against them are no better than that.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(name, "1")

import numpy as np  # noqa: E402

from qualipolis.methods.spc.capability import capability  # noqa: E402
from qualipolis.methods.spc.charts import individuals_chart, range_chart, xbar_chart  # noqa: E402
from qualipolis.methods.spc.msa import gauge_rr  # noqa: E402
from qualipolis.methods.spc.reliability import fit_life, lifetimes  # noqa: E402
from qualipolis.methods.spc.tolerance import factor_two_sided  # noqa: E402

R = """
suppressMessages(library(survival)); args <- commandArgs(TRUE); folder <- args[1]; n <- as.integer(args[2])
real <- function(f, k) readBin(file.path(folder, f), "double", k)
clock <- function(work) { best <- Inf; for (i in 1:3) { t <- proc.time(); out <- work(); best <- min(best, sum((proc.time() - t)[1:2])) }; list(best, out) }
time <- real("time.bin", n); event <- real("event.bin", n)
fit <- clock(function() survreg(Surv(time, event) ~ 1, dist = "weibull"))
y <- real("y.bin", 2000); part <- factor(rep(1:20, each = 100)); operator <- factor(rep(rep(1:10, each = 10), 20))
grr <- clock(function() anova(lm(y ~ part * operator)))
cat(sprintf('{"weibull": %f, "shape": %.9f, "anova": %f, "ms": %.9f}', fit[[1]], 1 / fit[[2]]$scale, grr[[1]], grr[[2]][1, 3]))
"""


def cpu(work: Callable[[], object]) -> tuple[float, object]:
    """Return the best CPU time of three runs, and the result."""
    best, found = float("inf"), None
    for _ in range(3):
        begun = time.process_time()
        found = work()
        best = min(best, time.process_time() - begun)
    return best, found


def charts(points: int, rng: np.random.Generator) -> None:
    """Charts with all rules on one long series and on many short ones."""
    values = rng.standard_normal(points)
    ours, _ = cpu(lambda: individuals_chart(values).signals("nelson").any)
    print(f"individuals with Nelson's eight rules, {points:,} points: {ours:.2f} s")
    groups = values.reshape(-1, 5)
    ours, _ = cpu(lambda: (xbar_chart(groups).signals("nelson").any, range_chart(groups).beyond))
    print(
        f"mean and range, {points:,} values, rules on the means: {ours:.2f} s; qcc fails on its range chart at 1,000,000"
    )
    many = values.reshape(-1, 1000)
    ours, _ = cpu(lambda: individuals_chart(many).signals("nelson").any)
    if points == 10_000_000:
        print(
            f"10,000 series of 1,000 points with rules: {ours:.2f} s; qcc 3.0, recorded, about 128 s: {128 / ours:.0f} times"
        )


def beside_r(lives: int, rng: np.random.Generator) -> None:
    """Weibull fit with suspensions, and a gauge study, beside R in the same run."""
    life, end = 100 * rng.weibull(2, lives), rng.uniform(50, 200, lives)
    time_, event = np.minimum(life, end), (life <= end).astype(float)
    y = (rng.normal(size=(20, 1, 1)) + 0.3 * rng.normal(size=(20, 10, 10))).ravel()
    part, operator, _trial = (index.ravel().tolist() for index in np.indices((20, 10, 10)))
    fit, found = cpu(lambda: fit_life(lifetimes(time_, event)))
    study, grr = cpu(lambda: gauge_rr(y, part, operator, pool_above=1, draws=0))
    print(f"Weibull fit, {lives:,} lives: {fit:.3f} s; gauge study, 2,000 values: {study:.4f} s")
    if shutil.which("Rscript") is None:
        print("R is not here: nothing to compare with")
        return
    with tempfile.TemporaryDirectory() as folder:
        for name, column in (("time", time_), ("event", event), ("y", y)):
            column.astype(np.float64).tofile(Path(folder) / f"{name}.bin")
        done = subprocess.run(["Rscript", "-e", R, folder, str(lives)], capture_output=True, text=True, check=True)
    theirs = json.loads(done.stdout)
    print(
        f"R survreg: {theirs['weibull']:.3f} s, {theirs['weibull'] / fit:.1f} times ours; shapes {found.shape:.9f} {theirs['shape']:.9f}"
    )
    print(
        f"R anova(lm): {theirs['anova']:.3f} s, {theirs['anova'] / study:.0f} times ours; MS {grr.table[0].mean:.9f} {theirs['ms']:.9f}"
    )


def small(rng: np.random.Generator) -> None:
    """What a page asks for once."""
    data = rng.normal(0, 1, (25, 5))
    once, _ = cpu(lambda: capability(data, lower=-4, upper=4))
    print(f"capability with exact limits: {1000 * once:.1f} ms")
    sizes = iter(range(10, 10_000))
    once, _ = cpu(lambda: factor_two_sided(next(sizes), 0.95, 0.95))
    print(f"exact two-sided tolerance factor: {1000 * once:.1f} ms; tolerance 3.0.0, recorded, 1,070 ms")


def main() -> None:
    """Print a line for each task."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--points", type=int, default=10_000_000)
    parser.add_argument("--lives", type=int, default=100_000)
    given = parser.parse_args()
    rng = np.random.default_rng(1)
    charts(given.points - given.points % 1000, rng)
    beside_r(given.lives, rng)
    small(rng)


if __name__ == "__main__":
    main()
