"""Stratified PPS draws beside R ``sampling``, and hashing by itself.

Run: .venv/bin/python benchmarks/draws.py [--rows 1000000 10000000] [--processes 2]
30 strata, lognormal sizes (sigma 1.2), 334 units of each (34 at 1e5), everything in memory, the
fastest of some runs. R is used where ``Rscript``
with the package sampling is found; else its figures of 2026-11-22 on another two-core machine are quoted.
``pps_systematic`` hashes one ticket for each stratum and one for each unit drawn; ``pps_pareto`` one for every unit.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np

from qualipolis.methods.sampling.draws.draw import Rule, draw
from qualipolis.methods.sampling.draws.frame import Frame

STRATA = 30
QUOTED = {
    100_000: {"R split + UPsystematic": 0.012, "R cumsum by hand": 0.013},
    1_000_000: {"R split + UPsystematic": 0.156, "R cumsum by hand": 0.223},
    10_000_000: {"R split + UPsystematic": 1.94, "R cumsum by hand": 1.30},
}
R = """
suppressMessages(library(sampling))
args <- commandArgs(TRUE); folder <- args[1]; rows <- as.integer(args[2]); n <- as.integer(args[3]); runs <- as.integer(args[4])
x <- readBin(file.path(folder, "x.bin"), "double", rows)
s <- readBin(file.path(folder, "s.bin"), "integer", rows, size = 4)
clock <- function(f) { t <- numeric(runs); for (i in 1:runs) t[i] <- system.time(f())[["elapsed"]]; min(t) }
package <- function() lapply(split(seq_along(x), s), function(i) i[UPsystematic(inclusionprobabilities(x[i], n)) == 1])
byhand <- function() lapply(split(seq_along(x), s), function(i) {
  c <- cumsum(x[i]); i[findInterval((runif(1) + 0:(n - 1)) * c[length(c)] / n, c) + 1] })
cat(sprintf("%.4f %.4f", clock(package), clock(byhand)))
"""


def frame_of(rows: int) -> Frame:
    rng = np.random.default_rng(1)
    keys = np.char.add("E", np.arange(rows).astype("U8")).astype("S9")
    labels = tuple(f"S{k:02d}" for k in range(STRATA))
    return Frame(keys, rng.integers(0, STRATA, rows).astype(np.uint8), labels, rng.lognormal(0, 1.2, rows))


def clock(frame: Frame, method: str, n: int, runs: int, processes: int = 1) -> tuple[float, float]:
    """Seconds of wall clock and of this process, the fastest of some runs."""
    rule, wall, own = Rule(method, dict.fromkeys(frame.labels, n)), [], []
    for run in range(runs):
        begun, worked = time.perf_counter(), time.process_time()
        if processes > 1:
            with ProcessPoolExecutor(processes) as pool:
                draw(frame, rule, f"seed {run}", pool.map)
        else:
            draw(frame, rule, f"seed {run}")
        wall.append(time.perf_counter() - begun)
        own.append(time.process_time() - worked)
    return min(wall), min(own)


def r_seconds(frame: Frame, n: int, runs: int) -> dict[str, float] | None:
    """Seconds of R on the same columns, or None where R or its package is absent."""
    if shutil.which("Rscript") is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        frame.sizes.tofile(f"{folder}/x.bin")
        frame.codes.astype(np.int32).tofile(f"{folder}/s.bin")
        (Path(folder) / "run.R").write_text(R)
        line = ["Rscript", f"{folder}/run.R", folder, str(len(frame)), str(n), str(runs)]
        said = subprocess.run(line, capture_output=True, text=True, check=False)
    if said.returncode:
        return None
    package, by_hand = map(float, said.stdout.split())
    return {"R split + UPsystematic": package, "R cumsum by hand": by_hand}


def main(rows: list[int] | None = None, processes: int | None = None) -> None:
    cores = processes or os.cpu_count() or 1
    for count in rows or [100_000, 1_000_000, 10_000_000]:
        frame, n = frame_of(count), 34 if count < 1_000_000 else 334
        runs = 7 if count < 10_000_000 else 5
        print(f"{count:,} units, {STRATA} strata, {STRATA * n:,} drawn          wall      own CPU")
        for name, method, hands in (
            ("pps_systematic", "pps_systematic", 1),
            ("pps_pareto", "pps_pareto", 1),
            (f"pps_pareto, {cores} processes", "pps_pareto", cores),
        ):
            wall, own = clock(frame, method, n, runs if hands == 1 and method != "pps_pareto" else 1, hands)
            print(f"  {name:34}{wall:10.3f} s{own:10.3f} s")
        measured = r_seconds(frame, n, runs)
        for name, seconds in (measured or QUOTED.get(count, {})).items():
            print(f"  {name:34}{seconds:10.3f} s   {'here' if measured else 'quoted'}")
        print(f"  largest memory so far {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.2f} GiB")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="*")
    parser.add_argument("--processes", type=int)
    asked = parser.parse_args()
    main(asked.rows, asked.processes)
