"""Estimation from a stratified cluster sample beside R ``survey`` and Python ``svy``.

Run: .venv/bin/python benchmarks/estimation.py [--rows N] [--svy PYTHON]
``--svy`` names a Python that has svy installed; R is used where ``Rscript`` with the package survey is found. All get
the same columns (whole numbers for strata, clusters and domains) already in memory. Median of several runs.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

STRATA, DOMAINS = 50, 30

SVY = """
import json, sys, time, statistics
import numpy as np, polars as pl, svy
folder, runs = sys.argv[1], int(sys.argv[2])
names = {"w": "f8", "y": "f8", "x": "f8", "stratum": "i4", "psu": "i4", "dom": "i4"}
frame = pl.DataFrame({n: np.fromfile(f"{folder}/{n}.bin", t) for n, t in names.items()})
def clock(work, times):
    out, spent = None, []
    for _ in range(times):
        begun = time.perf_counter(); out = work(); spent.append(time.perf_counter() - begun)
    return statistics.median(spent), out
build, sample = clock(lambda: svy.Sample(frame, svy.Design(stratum="stratum", psu="psu", wgt="w")), runs)
mean, found = clock(lambda: sample.estimation.mean("y"), runs)
ratio, _ = clock(lambda: sample.estimation.ratio(y="y", x="x"), runs)
by, _ = clock(lambda: sample.estimation.mean("y", by="dom"), max(1, runs // 2))
one = found.estimates[0]
print(json.dumps({"build": build, "mean": mean, "ratio": ratio, "30 domains": by, "est": one.est, "se": one.se}))
"""

R = """
suppressMessages(library(survey))
args <- commandArgs(TRUE); folder <- args[1]; n <- as.integer(args[2]); runs <- as.integer(args[3])
real <- function(f) readBin(file.path(folder, paste0(f, ".bin")), "double", n)
whole <- function(f) readBin(file.path(folder, paste0(f, ".bin")), "integer", n, size = 4)
d <- data.frame(w = real("w"), y = real("y"), x = real("x"), stratum = whole("stratum"), psu = whole("psu"), dom = whole("dom"))
clock <- function(f, k) { s <- numeric(k); for (i in 1:k) s[i] <- system.time(out <<- f())[["elapsed"]]; median(s) }
build <- clock(function() svydesign(id = ~psu, strata = ~stratum, weights = ~w, data = d), 1)
des <- out
mean <- clock(function() svymean(~y, des), runs); m <- out
ratio <- clock(function() svyratio(~y, ~x, des), 1)
by <- clock(function() svyby(~y, ~dom, des, svymean), 1)
cat(sprintf('{"build": %.6f, "mean": %.6f, "ratio": %.6f, "30 domains": %.6f, "est": %.17g, "se": %.17g}', build, mean, ratio, by, coef(m), SE(m)))
"""


def columns(rows: int) -> dict[str, np.ndarray]:
    """Strata of clusters of rows, sorted by cluster as a file of a survey is."""
    rng = np.random.default_rng(4)
    clusters = max(2 * STRATA, rows // 50)
    psu = np.sort(rng.integers(0, clusters, rows)).astype(np.int32)
    y = (rng.random(rows) < np.clip(rng.normal(0.95, 0.03, clusters), 0, 1)[psu]).astype(float)
    return {
        "w": rng.uniform(1, 5, rows),
        "y": y,
        "x": rng.normal(10, 2, rows),
        "stratum": (psu // -(-clusters // STRATA)).astype(np.int32),
        "psu": psu,
        "dom": rng.integers(0, DOMAINS, rows).astype(np.int32),
    }


def clock(work: Callable[[], Any], runs: int) -> tuple[float, Any]:
    """Return the median wall time and what came out."""
    spent, out = [], None
    for _ in range(runs):
        begun = time.perf_counter()
        out = work()
        spent.append(time.perf_counter() - begun)
    return statistics.median(spent), out


def ours(data: dict[str, np.ndarray], runs: int) -> dict[str, float]:
    from qualipolis.methods.sampling.estimation import mean, proportion, ratio, survey_design

    build, design = clock(lambda: survey_design(data["w"], strata=data["stratum"], clusters=data["psu"]), runs)
    whole, found = clock(lambda: mean(design, data["y"]), runs)
    return {
        "build": build,
        "mean": whole,
        "ratio": clock(lambda: ratio(design, data["y"], data["x"]), runs)[0],
        "30 domains": clock(lambda: mean(design, data["y"], data["dom"]), runs)[0],
        "30 proportions": clock(lambda: proportion(design, data["y"], data["dom"]), runs)[0],
        "est": float(found.estimate[0]),
        "se": float(found.se[0]),
    }


def others(data: dict[str, np.ndarray], runs: int, python: str) -> dict[str, dict[str, float]]:
    """Run what is installed of the others on the same columns."""
    found: dict[str, dict[str, float]] = {}
    rows = data["w"].size
    with tempfile.TemporaryDirectory() as folder:
        for name, column in data.items():
            column.tofile(Path(folder) / f"{name}.bin")
        lines = {"svy": [python, "-c", SVY, folder, str(runs)] if python else []}
        script = Path(folder) / "run.R"
        script.write_text(R)
        rscript = shutil.which("Rscript")
        lines["R survey"] = [rscript, str(script), folder, str(rows), str(min(runs, 3))] if rscript else []
        for name, line in lines.items():
            if line:
                run = subprocess.run(line, capture_output=True, text=True, check=False)
                if run.returncode:
                    print(f"{name}: {run.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
                else:
                    found[name] = json.loads(run.stdout[run.stdout.index("{") :])
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--svy", default="", help="a Python that has svy")
    given = parser.parse_args()
    data = columns(given.rows)
    found = {"ours": ours(data, given.runs), **others(data, given.runs, given.svy)}
    print(f"{given.rows:,} rows, {np.unique(data['psu']).size:,} clusters, {STRATA} strata; seconds, median")
    for key in ("build", "mean", "ratio", "30 domains", "30 proportions"):
        told = "  ".join(f"{name} {result[key]:8.4f}" for name, result in found.items() if key in result)
        print(f"{key:15s} {told}")
    for name, result in found.items():
        print(f"{name:9s} mean {result['est']:.15g} se {result['se']:.13g}")


if __name__ == "__main__":
    main()
