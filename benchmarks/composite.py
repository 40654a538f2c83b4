"""Speed of the composite-indicator engine beside COINr 1.1.14 (single thread, CPU seconds).

COINr's figures were measured on 2026-11-22 with R 4.2.2 on another shared two-core machine; where Rscript with COINr is
found, its build, uncertainty and sensitivity of ASEM are run here as well and their own seconds are used. A ratio to a
quoted figure is an order of magnitude, not a duel.

Run: .venv/bin/python benchmarks/composite.py [--quick] [--only reference,province,growth,import]
The ASEM rows take the ASEM tables from ../shared where they are there, else a problem of the same size and shape made
here (51 units, 49 indicators, 8 + 2 + 1 aggregates). "ASEM Sobol" is everything: plain run, 100 noisy sets of weights,
winmax 1 to 5, 2 normalisations, 2 means, 600 full runs, indices with intervals.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from qualipolis.methods.composite import (
    CITY_PIPELINE,
    DEFAULT_PIPELINE,
    Aggregate,
    Alternatives,
    CompositeResult,
    DataNoise,
    Framework,
    IndicatorData,
    Node,
    Normalise,
    Pipeline,
    Weigh,
    WeightNoise,
    WeightSets,
    exact_indices,
    sobol_indices,
)

REPOSITORY = Path(__file__).resolve().parents[1]
REFERENCE = REPOSITORY.parent / "shared" / "golden" / "composite"

WINMAX = Alternatives("treat.winmax", (1, 2, 3, 4, 5))
LOW = Alternatives("normalise.low", (1.0,))
MEANS = Alternatives("aggregate.method", ("arithmetic", "geometric"))


def problem(units: int, indicators: int, pillars: int = 8, missing: float = 0.0, seed: int = 0):
    rng = np.random.default_rng(seed)
    nodes = [
        Node(
            f"i{k}",
            parent=f"p{k % pillars}",
            direction=1 if k % 4 else -1,
            floor=3.0 * (k % 4 == 0),
            target=3.0 * (k % 4 > 0),
        )
        for k in range(indicators)
    ]
    nodes += [Node(f"p{k}", parent=f"s{k % 2}", level=2, kind="aggregate") for k in range(pillars)]
    nodes += [Node(f"s{k}", parent="index", level=3, kind="aggregate") for k in range(2)]
    nodes += [Node("index", level=4, kind="aggregate")]
    values = rng.lognormal(size=(units, 1)) ** 0.5 * rng.lognormal(0, 0.8, (units, indicators))
    values[rng.random(values.shape) < missing] = np.nan
    data = IndicatorData([f"u{k}" for k in range(units)], [f"i{k}" for k in range(indicators)], values)
    return Framework(tuple(nodes)), data


def clock(work: Callable[[], object], repeat: int = 3) -> tuple[float, float]:
    """Return the best CPU and wall seconds."""
    cpu, wall = [], []
    for _ in range(repeat):
        c, w = time.process_time(), time.perf_counter()
        work()
        cpu.append(time.process_time() - c)
        wall.append(time.perf_counter() - w)
    return min(cpu), min(wall)


def line(what: str, cpu: float, wall: float, reference: float | None = None) -> None:
    ratio = f"{reference:9.1f} {reference / cpu:8.0f}x" if reference else f"{'':>9} {'':>9}"
    print(f"{what:<64} {cpu:9.3f} {wall:9.3f} {ratio}", flush=True)


def run(pipeline: Pipeline, size: tuple[int, ...], **rest: float) -> CompositeResult:
    return pipeline.run(*problem(*size, **rest))


def asem() -> tuple[Pipeline, Framework, IndicatorData]:
    """The ASEM tables, or a problem of their size."""
    if not REFERENCE.is_dir():
        return DEFAULT_PIPELINE, *problem(51, 49)
    sys.path.insert(0, str(REPOSITORY))
    from tests.golden.composite import cast

    return cast.pipeline(), cast.framework(REFERENCE), cast.data(REFERENCE)


def noisy_sets(framework: Framework, count: int = 100, seed: int = 0) -> WeightSets:
    rng = np.random.default_rng(seed)
    moved = [node for node in framework.nodes if node.level in (2, 3)]
    return WeightSets(tuple({node.code: node.weight * rng.uniform(0.75, 1.25) for node in moved} for _ in range(count)))


def four_factors(framework: Framework) -> tuple[Alternatives | WeightSets, ...]:
    scales = (Normalise("minmax", 1.0, 100.0), Normalise("zscore", mean=10.0, sd=2.0))
    return WINMAX, Alternatives("normalise", scales), noisy_sets(framework), MEANS


def end_to_end(n: int) -> object:
    pipeline, framework, data = asem()
    return sobol_indices(pipeline.run(framework, data), four_factors(framework), n=n)


COINR = """
suppressMessages(library(COINr)); cpu <- function(e) { t <- system.time(e); cat(t[1] + t[2], "\\n") }
cpu(coin <- suppressMessages(build_example_coin(quietly = TRUE)))
nw <- get_noisy_weights(coin$Meta$Weights$Original, data.frame(Level = c(2, 3), NoiseFactor = .25), Nrep = 100)
norms <- list(list(f_n = "n_minmax", f_n_para = list(c(1, 100))), list(f_n = "n_zscore", f_n_para = list(c(10, 2))))
specs <- list(
  Winmax = list(Address = "$Log$Treat$global_specs$f1_para$winmax", Distribution = 1:5, Type = "discrete"),
  Normalisation = list(Address = "$Log$Normalise$global_specs", Distribution = norms, Type = "discrete"),
  Weights = list(Address = "$Log$Aggregate$w", Distribution = nw, Type = "discrete"),
  Aggregation = list(Address = "$Log$Aggregate$f_ag", Distribution = c("a_amean", "a_gmean"), Type = "discrete"))
run <- function(n, type) get_sensitivity(coin, SA_specs = specs, N = n, SA_type = type, dset = "Aggregated",
  iCode = "Index", quietly = TRUE, Nboot = if (type == "SA") 100 else NULL)
cpu(run(100, "UA")); cpu(run(100, "SA"))
"""


def reference_here() -> dict[str, float]:
    """CPU seconds of COINr on this machine: build, uncertainty N = 100, Sobol N = 100; empty where it is not found."""
    if not shutil.which("Rscript"):
        return {}
    done = subprocess.run(["Rscript", "-e", COINR], capture_output=True, text=True, check=False)
    numbers = [float(line) for line in done.stdout.split("\n") if line.strip()] if done.returncode == 0 else []
    return dict(zip(("build", "uncertainty", "sobol"), numbers, strict=False))


def beside_the_reference(repeat: int) -> None:
    here = reference_here()
    if here:
        print("COINr was run on this machine for: " + ", ".join(here))
    pipeline, framework, data = asem()
    result = pipeline.run(framework, data)
    line("ASEM, full build", *clock(lambda: pipeline.run(framework, data), repeat), here.get("build", 0.06))
    factors = four_factors(framework)
    for n, cost in ((100, 7.9), (500, 43.0), (1000, 87.0)):
        work = clock(lambda n=n: result.uncertainty(n, factors=factors), repeat)
        line(f"ASEM, uncertainty N = {n}", *work, here["uncertainty"] * n / 100 if here else cost)
    line("ASEM Sobol N = 100, 600 runs, end to end", *clock(lambda: end_to_end(100), repeat), here.get("sobol", 50.6))
    line("   the same N = 1024, 6,144 runs", *clock(lambda: end_to_end(1024), repeat), 50.6 * 6144 / 600)
    line("   exact: all 2,000 combinations", *clock(lambda: exact_indices(result, factors), repeat), 50.6 * 2000 / 600)
    beside_the_large(repeat)
    print(f"Peak memory so far: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


def beside_the_large(repeat: int) -> None:
    large = problem(3000, 60)
    line("3,000 units x 60 indicators, full build", *clock(lambda: DEFAULT_PIPELINE.run(*large), repeat), 1.2)
    result = DEFAULT_PIPELINE.run(*large)
    factors = (WeightNoise(0.25, (2, 3)), WINMAX, LOW, MEANS)
    for n, cost in ((20, 20.6), (100, 106.0)):
        work = clock(lambda n=n: result.uncertainty(n, factors=factors), repeat)
        line(f"3,000 x 60, uncertainty N = {n}", *work, cost)
    copeland = Pipeline((Normalise(), Weigh(), Aggregate("copeland")))
    for units, cost in ((400, 7.6), (3000, 430.0)):
        flat = one_level(units, 20)
        line(f"Copeland, {units:,} units x 20 indicators", *clock(lambda f=flat: copeland.run(*f), repeat), cost)


def one_level(units: int, indicators: int) -> tuple[Framework, IndicatorData]:
    _tree, data = problem(units, indicators)
    leaves = [Node(code, parent="index") for code in data.codes]
    return Framework((*leaves, Node("index", level=2, kind="aggregate"))), data


def province(repeat: int) -> None:
    factors = (WeightNoise(0.25), LOW, Alternatives("normalise.method", ("goalposts", "minmax")), MEANS)
    for missing in (0.0, 0.05):
        result = run(CITY_PIPELINE, (1600, 44), missing=missing)
        name = f"1,600 x 44, N = 1000, {missing:.0%} missing, weights, 2 scales, 2 means"
        line(name + ", 11 nodes", *clock(lambda r=result: r.uncertainty(1000, factors=factors), repeat))
    noise = (*factors, DataNoise(0.1))
    line("   the same with noise on the data", *clock(lambda: result.uncertainty(1000, factors=noise), 1))
    towns = run(CITY_PIPELINE, (33, 44))
    line("33 x 44, N = 1000, with noise on the data", *clock(lambda: towns.uncertainty(1000, factors=noise), repeat))
    line(
        "1,600 x 44, 5% missing, index only",
        *clock(lambda: result.uncertainty(1000, factors=factors, nodes=("index",)), repeat),
    )


def growth(repeat: int) -> None:
    print(
        "\nGrowth (seconds of CPU; in brackets nanoseconds for each replicate and unit: level when the cost is linear)"
    )
    counts = (500, 1000, 2000, 4000)
    print(f"{'units':>8} " + "".join(f"{'N = ' + str(n):>20}" for n in counts))
    for units in (400, 800, 1600, 3200):
        result = run(CITY_PIPELINE, (units, 44))
        cells = []
        for n in counts:
            cpu = clock(lambda n=n, r=result: r.uncertainty(n, nodes=("index",)), repeat)[0]
            cells.append(f"{cpu:9.3f} ({1e9 * cpu / n / units:6.0f})")
        print(f"{units:>8} " + "".join(f"{cell:>20}" for cell in cells), flush=True)


def importing(_repeat: int) -> None:
    code = "import numpy, time; t = time.perf_counter(); import qualipolis.methods.composite; print(time.perf_counter() - t)"
    times = [
        float(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout)
        for _ in range(5)
    ]
    print(f"\nImport beyond numpy: {min(times):.3f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="one repetition")
    parser.add_argument("--only", default="reference,province,growth,import", help="parts, separated by commas")
    given = parser.parse_args()
    repeat = 1 if given.quick else 3
    parts = {"reference": beside_the_reference, "province": province, "growth": growth, "import": importing}
    print(f"{'':<64} {'CPU s':>9} {'wall s':>9} {'COINr s':>9} {'ratio':>9}")
    for name in given.only.split(","):
        parts[name](repeat)
    print(f"Peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


if __name__ == "__main__":
    main()
