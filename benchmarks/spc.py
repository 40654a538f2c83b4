"""Process control: charts, findings and whole files, beside R in the same run and beside recorded times of other tools.

Run: .venv/bin/python benchmarks/spc.py [--only charts,methods,files,page] [--points N] [--lives N] [--no-r]
CPU seconds of one process, best of three, both sides with columns already in memory; files are timed from the file on
disk to the findings, by the clock, each in a process of its own with its greatest memory. Where a tool cannot be run here,
its time is a recorded one (marked so), measured on a shared machine with two cores; ratios against those are no better
than that.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(name, "1")

import numpy as np  # noqa: E402

from qualipolis.methods.spc import findings  # noqa: E402
from qualipolis.methods.spc.capability import Specification  # noqa: E402
from qualipolis.methods.spc.charts import individuals_chart, range_chart, xbar_chart  # noqa: E402
from qualipolis.methods.spc.msa import gauge_rr  # noqa: E402
from qualipolis.methods.spc.reliability import fit_life, lifetimes  # noqa: E402
from qualipolis.methods.spc.tolerance import factor_two_sided  # noqa: E402

PARTS = ("charts", "methods", "page", "files")
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
FROM_FILE = """
import resource, sys, time
begun = time.perf_counter()
from pathlib import Path
from qualipolis.lake.factory import read_measurements
from qualipolis.lake.factory.examining import examine
from qualipolis.methods.spc.findings import sentences
measured = read_measurements(Path(sys.argv[1]))
read = time.perf_counter() - begun
found = examine(measured)
told = [sentences(one) for one in found.found]
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(time.perf_counter() - begun, read, memory, time.process_time(), measured.count, len(measured.characteristics))
"""


@dataclass(frozen=True)
class Row:
    """One task: our seconds, the goal, the other side and its seconds."""

    task: str
    ours: float
    goal: float | None = None
    other: str = ""
    theirs: float | None = None
    note: str = ""

    def __str__(self) -> str:
        goal = "" if self.goal is None else f"{self.goal:g} s {'yes' if self.ours <= self.goal else 'NO'}"
        ratio = "" if self.theirs is None else f"{self.theirs / self.ours:,.0f} x"
        theirs = "" if self.theirs is None else f"{self.theirs:g} s"
        return f"{self.task:<58} {self.ours:>9.4f} s  {goal:<11} {self.other:<28} {theirs:>10} {ratio:>9}  {self.note}"


def cpu(work: Callable[[], object]) -> tuple[float, object]:
    """Return the best CPU time of three runs, and the result."""
    best, found = float("inf"), None
    for _ in range(3):
        begun = time.process_time()
        found = work()
        best = min(best, time.process_time() - begun)
    return best, found


def charts(points: int, rng: np.random.Generator) -> Iterator[Row]:
    """Charts with all rules on one long series and on many short ones."""
    values = rng.standard_normal(points)
    ours, _ = cpu(lambda: individuals_chart(values).signals("nelson").any)
    yield Row(f"individuals, eight rules, {points:,} points", ours, 1)
    groups = values.reshape(-1, 5)
    ours, _ = cpu(lambda: (xbar_chart(groups).signals("nelson").any, range_chart(groups).beyond))
    yield Row(f"x-bar and R, eight rules, {points:,} values", ours, 1, "qcc 3.0: range chart fails at 1e6")
    many = values.reshape(-1, 1000)
    recorded = 128.0 if points == 10_000_000 else None
    ours, _ = cpu(lambda: findings.many(many, lower=-4, upper=4))
    task = f"{len(many):,} x 1,000: individuals, eight rules, capability"
    yield Row(task, ours, 1, "qcc 3.0 (recorded)" if recorded else "", recorded)


def methods(lives: int, rng: np.random.Generator, with_r: bool) -> Iterator[Row]:
    """Weibull fit with suspensions, gauge studies, exact factors."""
    life, end = 100 * rng.weibull(2, lives), rng.uniform(50, 200, lives)
    columns = {"time": np.minimum(life, end), "event": (life <= end).astype(float)}
    columns["y"] = (rng.normal(size=(20, 1, 1)) + 0.3 * rng.normal(size=(20, 10, 10))).ravel()
    r = _r(columns, lives) if with_r else {}
    fit, found = cpu(lambda: fit_life(lifetimes(columns["time"], columns["event"])))
    same = f"shapes {found.shape:.9f} {r['shape']:.9f}" if r else ""  # type: ignore[attr-defined]
    yield Row(f"Weibull, {lives:,} lives, half censored", fit, 0.05, "R survreg" if r else "", r.get("weibull"), same)
    for parts, trials, goal in ((20, 10, None), (200, 10, 0.01)):
        part, operator, _trial = (index.ravel().tolist() for index in np.indices((parts, 10, trials)))
        y = columns["y"] if parts == 20 else rng.normal(size=parts * 10 * trials)
        ours, study = cpu(lambda y=y, p=part, o=operator: gauge_rr(y, p, o, pool_above=1, draws=0))
        task = f"gauge R&R, {len(y):,} rows"
        if parts == 20:
            same = f"MS {study.table[0].mean:.9f} {r['ms']:.9f}" if r else ""  # type: ignore[attr-defined]
            yield Row(task, ours, goal, "R anova(lm)" if r else "", r.get("anova"), same)
        else:
            yield Row(task, ours, goal, "R anova(lm) (recorded)", 39)
    sizes = iter(range(10, 10_000))
    ours, _ = cpu(lambda: factor_two_sided(next(sizes), 0.95, 0.95))
    yield Row("exact two-sided tolerance factor k2", ours, 0.001, "tolerance 3.0.0 (recorded)", 1.07)


def _r(columns: dict[str, np.ndarray], lives: int) -> dict[str, float]:
    """Return the times and numbers of R on the same columns; nothing where R is not here."""
    if shutil.which("Rscript") is None:
        print("R is not here: nothing to compare with in the same run")
        return {}
    with tempfile.TemporaryDirectory() as folder:
        for name, column in columns.items():
            column.astype(np.float64).tofile(Path(folder) / f"{name}.bin")
        done = subprocess.run(["Rscript", "-e", R, folder, str(lives)], capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"R could not be asked: {done.stderr.strip().splitlines()[-1:]}")
        return {}
    found: dict[str, float] = json.loads(done.stdout)
    return found


def page(rng: np.random.Generator) -> Iterator[Row]:
    """What a page asks for: findings and drawing of one characteristic."""
    from qualipolis.faces.report.control_chart_svg import draw_chart

    limits = Specification(-4, 4)
    for n in (125, 100_000):
        x = rng.standard_normal(n)
        ours, found = cpu(lambda x=x: findings.study(x, specification=limits))
        yield Row(f"findings on {n:,} values", ours, 1)
        chart = found.charts[0]  # type: ignore[attr-defined]
        ours, _ = cpu(lambda chart=chart: draw_chart(chart, specification=limits))
        yield Row(f"drawing of {n:,} points", ours, 1)


def files(points: int, rng: np.random.Generator) -> Iterator[Row]:
    """A plant's file from the disk to findings in words, with the greatest memory of the process."""
    import pyarrow as pa
    import pyarrow.csv as writer

    values = pa.array(rng.normal(25, 0.01, points).round(4))
    kinds = np.arange(1000, dtype=np.int32)
    plain = writer.WriteOptions(include_header=False, quoting_style="none")
    for layout in ("one column", "stacked", "stacked in turn"):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "plant.csv"
            codes = np.repeat(kinds, points // 1000) if layout == "stacked" else np.resize(kinds, points)
            names = pa.DictionaryArray.from_arrays(pa.array(codes), pa.array([f"C{i:04d}" for i in kinds]))
            columns = (
                {"value": values} if layout == "one column" else {"name": names.cast(pa.string()), "value": values}
            )
            with path.open("wb") as file:
                file.write(b"value\n" if layout == "one column" else b"characteristic,value\n")
                writer.write_csv(pa.table(columns), file, plain)
            del names, codes, columns
            yield _file(layout, path)


def _file(layout: str, path: Path) -> Row:
    best: list[float] = []
    for _ in range(2):
        done = subprocess.run([sys.executable, "-c", FROM_FILE, path], capture_output=True, text=True, check=True)
        found = [float(text) for text in done.stdout.split()]
        best = min(best, found) if best else found
    whole, read, memory, cpu_seconds, count, characteristics = best
    size = path.stat().st_size / 1e6
    note = f"{size:.0f} MB, {characteristics:,.0f} characteristic(s); read {read:.1f} s, CPU {cpu_seconds:.1f} s; {memory:,.0f} MiB"
    return Row(f"file to findings, {layout}, {count:,.0f} values", whole, 10, note=note)


def main() -> None:
    """Print a line for each task."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default=",".join(PARTS))
    parser.add_argument("--points", type=int, default=10_000_000)
    parser.add_argument("--lives", type=int, default=100_000)
    parser.add_argument("--no-r", action="store_true")
    given = parser.parse_args()
    rng, points = np.random.default_rng(1), given.points - given.points % 1000
    makers: dict[str, Callable[[], Iterator[Row]]] = {
        "charts": lambda: charts(points, rng),
        "methods": lambda: methods(given.lives, rng, not given.no_r),
        "page": lambda: page(rng),
        "files": lambda: files(points, rng),
    }
    print(f"{'task':<58} {'ours':>11}  {'goal':<11} {'beside':<28} {'theirs':>10} {'ratio':>9}")
    for part in given.only.split(","):
        for row in makers[part]():
            print(row, flush=True)


if __name__ == "__main__":
    main()
