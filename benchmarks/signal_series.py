"""Outbreak detection beside R surveillance 1.20.3, both sides in one run: the same numbers, and how fast.

Run: .venv/bin/python benchmarks/signal_series.py [--series 1000] [--weeks 260] [--r-series 20] [--folder FOLDER] [--quick]
1. Agreement: every series of the folder (default ../shared/golden/inputs/signal/timeseries: columns date, observed) goes
   through all algorithms in R and here; the largest relative difference of bounds and scores is printed, and how many
   alarms differ. 2. Speed: Farrington flexible (4 years, 10 season groups, reweighting, trend, alpha 0.01) on simulated
   seasonal series. R runs ``--r-series`` of them and its seconds are scaled up (its cost is the same for each series);
   with ``--r-series`` equal to ``--series`` nothing is scaled. CPU seconds of one process, this side on one thread.
Without Rscript and the package the script says so and quotes 4.5 ms a week and series.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from qualipolis.methods.signal.series import (
    Alarms,
    bayes,
    cusum,
    cusum_rossi,
    ears,
    farrington,
    farrington_flexible,
    glr_poisson,
    rki,
)

REPOSITORY = Path(__file__).resolve().parents[1]
INPUTS = REPOSITORY.parent / "shared" / "golden" / "inputs" / "signal" / "timeseries"
QUOTED = 0.0045  # seconds of R a week and series
YEARS = 4

AGREE = r"""
suppressMessages(library(surveillance)); library(jsonlite)
args <- commandArgs(TRUE)
plan <- fromJSON(args[1], simplifyVector = FALSE)
out <- list()
put <- function(s) list(upper = as.numeric(upperbound(s)), alarm = as.numeric(alarms(s)))
for (one in plan) {
  d <- read.csv(one$file); n <- nrow(d); f <- one$frequency; b <- one$years
  s <- sts(observed = as.numeric(d$observed), start = c(2000, 1), frequency = f)
  dated <- sts(observed = as.numeric(d$observed), epoch = as.numeric(as.Date(d$date)), epochAsDate = TRUE, frequency = f)
  r <- list()
  for (m in c("C1", "C2", "C3")) r[[paste0("ears_", m)]] <- put(earsC(s, list(method = m, alpha = 0.001)))
  k <- (f * b + 3 + 1):n
  far <- list(range = k, b = b, w = 3, alpha = 0.01, powertrans = "2/3", limit54 = c(5, 4), trend = TRUE, reweight = TRUE)
  r$farrington <- put(suppressWarnings(farrington(s, far)))
  flexible <- function(of, range, trend, p, method) {
    control <- list(range = range, b = b, w = 3, noPeriods = one$periods, pastWeeksNotIncluded = one$excluded,
      weightsThreshold = 2.58, trend = trend, pThresholdTrend = p, thresholdMethod = method, alpha = 0.01,
      reweight = TRUE, glmWarnings = FALSE)
    q <- suppressWarnings(farringtonFlexible(of, control))
    c(put(q), list(score = as.numeric(q@control$score), p = as.numeric(q@control$pvalue)))
  }
  for (m in c("delta", "nbPlugin", "muan")) {
    r[[paste0("flexible_", m)]] <- flexible(s, k, FALSE, 1, m)
    r[[paste0("flexible_trend_", m)]] <- flexible(s, k, TRUE, 0.05, m)
  }
  if (f == 52) {
    kd <- (53 * b + 3 + 2):n
    r$dated_flexible_trend_delta <- flexible(dated, kd, TRUE, 1, "delta")
  }
  q <- (2 * f + 4 + 1):n
  r$bayes <- put(bayes(s, list(range = q, b = 0, w = 6, alpha = 0.05)))
  r$bayes_2 <- put(bayes(s, list(range = q, b = 2, w = 2, alpha = 0.05)))
  r$rki <- put(rki(s, list(range = q, b = 2, w = 4, actY = FALSE)))
  r$cusum <- put(cusum(s, list(range = k, k = 1.04, h = 2.26)))
  r$cusum_rossi <- put(cusum(s, list(range = k, k = 1.04, h = 2.26, trans = "rossi")))
  mu <- mean(d$observed[1:(k[1] - 1)])
  r$glr <- put(glrpois(s, list(range = k, c.ARL = 5, mu0 = rep(mu, length(k)), Mtilde = 1, M = -1,
    change = "intercept", ret = "cases")))
  out[[one$name]] <- r
}
cat(toJSON(out, digits = NA, na = "null", auto_unbox = FALSE))
"""

SPEED = r"""
suppressMessages(library(surveillance))
args <- commandArgs(TRUE)
y <- t(as.matrix(read.csv(args[1], header = FALSE)))
s <- sts(y, start = c(2015, 1), frequency = 52)
control <- list(b = 4, w = 3, noPeriods = 10, pastWeeksNotIncluded = 26, weightsThreshold = 2.58, trend = TRUE,
  pThresholdTrend = 0.05, alpha = 0.01, thresholdMethod = args[2], reweight = TRUE, glmWarnings = FALSE)
control$range <- (52 * 4 + 3 + 1):nrow(y)
took <- system.time(q <- suppressWarnings(farringtonFlexible(s, control)))
cat(sum(took[c("user.self", "sys.self")]), sum(alarms(q), na.rm = TRUE), "\n")
"""


def with_surveillance() -> bool:
    """Is R here, with the package?"""
    if shutil.which("Rscript") is None:
        return False
    asked = [
        "Rscript",
        "-e",
        'quit(status = !all(sapply(c("surveillance", "jsonlite"), requireNamespace, quietly = TRUE)))',
    ]
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0


def r(script: str, *arguments: str) -> str:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "run.R"
        path.write_text(script)
        return subprocess.run(["Rscript", str(path), *arguments], capture_output=True, text=True, check=True).stdout


def planned(folder: Path) -> list[dict]:
    """Files with what they can bear: months or weeks, years of the past."""
    plan = []
    for file in sorted(folder.glob("*.csv")):
        with file.open() as lines:
            rows = list(csv.DictReader(lines))
        if "observed" not in rows[0] or any(row["observed"] in ("", "NA") for row in rows):
            continue
        days = np.array([row["date"] for row in rows], dtype="datetime64[D]")
        monthly = int(np.median(np.diff(days).astype(int))) > 20
        frequency = 12 if monthly else 52
        years = min(4, (len(rows) - 10) // (frequency + 1))
        if years < 2:
            print(f"{file.name}: too short for {frequency} a year, left out")
            continue
        shape = {"periods": 3 if monthly else 10, "excluded": 6 if monthly else 26}
        plan.append({"name": file.stem, "file": str(file), "frequency": frequency, "years": years, **shape})
    return plan


def ours(one: dict) -> dict[str, Alarms]:
    """The same algorithms with the same settings."""
    with Path(one["file"]).open() as lines:
        rows = list(csv.DictReader(lines))
    y = np.array([float(row["observed"]) for row in rows])
    f, b = one["frequency"], one["years"]
    k, q = f * b + 3, 2 * f + 4
    result = {f"ears_{m}": ears(y, m, alpha=0.001) for m in ("C1", "C2", "C3")}
    result["farrington"] = farrington(y, b, 3, f, alpha=0.01)
    shape = {"frequency": f, "periods": one["periods"], "excluded": one["excluded"]}
    for m in ("delta", "nbPlugin", "muan"):
        result[f"flexible_{m}"] = farrington_flexible(y, b, 3, trend=False, threshold=m, **shape)
        result[f"flexible_trend_{m}"] = farrington_flexible(y, b, 3, threshold=m, **shape)
    if f == 52:
        days = np.array([row["date"] for row in rows], dtype="datetime64[D]")
        result["dated_flexible_trend_delta"] = farrington_flexible(y, b, 3, p_trend=1.0, dates=days, **shape)
    result["bayes"], result["bayes_2"] = bayes(y, 0, 6, True, f), bayes(y, 2, 2, True, f)
    result["rki"] = rki(y, 2, 4, False, f)
    result["cusum"], result["cusum_rossi"] = cusum(y, k), cusum_rossi(y, k)
    result["glr"] = glr_poisson(y, k)
    assert q < len(y)
    return result


def numbers(values: list) -> np.ndarray:
    return np.array([np.nan if value is None else value for value in values], dtype=float)


def gap(mine: np.ndarray, theirs: np.ndarray) -> tuple[float, int]:
    """Largest relative difference (what is below 1e-9 counts as 0), and cells where only one side has a number."""
    mine = mine[len(mine) - len(theirs) :]
    both = np.isfinite(mine) & np.isfinite(theirs)
    difference = np.abs(mine - theirs)[both] / np.maximum(np.abs(theirs[both]), 1e-3)
    return float(difference.max(initial=0.0)), int((np.isfinite(mine) != np.isfinite(theirs)).sum())


def agreement(folder: Path) -> int:
    """Print the differences; the number of algorithms beyond 1e-6."""
    plan = planned(folder)
    theirs = json.loads(r(AGREE, json.dumps(plan)))
    beyond = runs = 0
    for one in plan:
        mine = ours(one)
        worst, told = 0.0, []
        for name, reference in theirs[one["name"]].items():
            said = mine[name]
            most, lone = gap(said.upperbound, numbers(reference["upper"]))
            if "score" in reference:
                most = max(most, gap(said.score, numbers(reference["score"]))[0])
                most = max(most, gap(said.p_value, numbers(reference["p"]))[0])
            alarm = numbers(reference["alarm"])
            other = int((said.alarm[len(said.alarm) - len(alarm) :] != (alarm == 1)).sum())
            worst, runs = max(worst, most), runs + 1
            if most > 1e-6 or other or lone:
                beyond += 1
                told.append(f"{name}: {most:.1e}, {other} alarms and {lone} cells differ")
        print(f"{one['name']:24s} {len(mine)} algorithms, largest relative difference {worst:.1e} {'; '.join(told)}")
    print(f"{runs} runs, {beyond} with any difference above 1e-6")
    return beyond


def simulated(series: int, weeks: int, seed: int = 1) -> np.ndarray:
    """Negative binomial counts with a season, a slow trend and levels from rare to frequent."""
    rng = np.random.default_rng(seed)
    t = np.arange(weeks)
    season = 0.4 * np.sin(2 * np.pi * (t + rng.integers(0, 52, (series, 1))) / 52)
    mean = np.exp(rng.normal(1, 1, (series, 1)) + season + rng.normal(0, 0.001, (series, 1)) * t)
    return rng.negative_binomial(mean, 0.5).astype(float)


def speed(series: int, weeks: int, some: int, there: bool) -> None:
    counts = simulated(series, weeks)
    judged = weeks - 52 * YEARS - 3
    print(f"Farrington flexible, {series} series x {weeks} weeks, {judged} weeks judged of each, with trend")
    for threshold in ("delta", "nbPlugin"):
        begin, wall = time.process_time(), time.perf_counter()
        said = farrington_flexible(counts, YEARS, threshold=threshold)
        spent, wall = time.process_time() - begin, time.perf_counter() - wall
        print(f"  {threshold}: here {spent:.2f} s of processor, {wall:.2f} s on the clock, {said.n_alarms} alarms")
        if not there:
            print(f"  R is not here; at {QUOTED * 1000} ms a week it would be {QUOTED * judged * series:.0f} s")
            continue
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "counts.csv"
            np.savetxt(path, counts[:some], fmt="%d", delimiter=",")
            seconds, alarms = r(SPEED, str(path), threshold).split()
        scaled = float(seconds) * series / some
        same = int(said.alarm[:some].sum())
        how = "measured whole" if some == series else f"scaled from {some} series, {float(seconds):.1f} s"
        print(
            f"  {threshold}: R {scaled:.0f} s of processor ({how}); ratio {scaled / spent:.0f}; alarms of these {same} / {alarms}"
        )


def on_one_thread() -> None:
    """Begin again with one thread for the linear algebra: R has one as well."""
    if os.environ.get("OPENBLAS_NUM_THREADS") != "1":
        os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")
        os.execv(sys.executable, [sys.executable, *sys.argv])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--series", type=int, default=1000)
    parser.add_argument("--weeks", type=int, default=260)
    parser.add_argument("--r-series", type=int, default=20)
    parser.add_argument("--folder", type=Path, default=INPUTS)
    parser.add_argument("--quick", action="store_true", help="speed alone")
    asked = parser.parse_args()
    there = with_surveillance()
    beyond = 0
    if not asked.quick and there and asked.folder.is_dir():
        beyond = agreement(asked.folder)
    speed(asked.series, asked.weeks, min(asked.r_series, asked.series), there)
    return 1 if beyond else 0


if __name__ == "__main__":
    on_one_thread()
    sys.exit(main())
