"""Speed of the composite-indicator engine beside the recorded cost of COINr 1.1.14 (single thread, CPU seconds).

COINr's figures were measured on 2026-11-22 with R 4.2.2 on another shared two-core machine and are quoted, not run
here: a ratio is an order of magnitude, not a duel.

Run: .venv/bin/python benchmarks/composite.py [--quick]
The ASEM rows use a problem of the same size and shape (51 units, 49 indicators, 8 + 2 + 1 aggregates) made here.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np

from qualipolis.methods.composite import (
    CITY_PIPELINE,
    DEFAULT_PIPELINE,
    Alternatives,
    CompositeResult,
    DataNoise,
    Framework,
    IndicatorData,
    Node,
    Pipeline,
    WeightNoise,
)

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


def beside_the_reference(repeat: int) -> None:
    small = problem(51, 49)
    result = DEFAULT_PIPELINE.run(*small)
    line("ASEM size, full build", *clock(lambda: DEFAULT_PIPELINE.run(*small), repeat), 0.06)
    factors = (WeightNoise(0.25, (2, 3)), WINMAX, LOW, MEANS)
    for n, cost in ((100, 7.9), (500, 43.0), (1000, 87.0)):
        line(
            f"ASEM size, uncertainty N = {n}", *clock(lambda n=n: result.uncertainty(n, factors=factors), repeat), cost
        )
    large = problem(3000, 60)
    line("3,000 units x 60 indicators, full build", *clock(lambda: DEFAULT_PIPELINE.run(*large), repeat), 1.2)
    result = DEFAULT_PIPELINE.run(*large)
    for n, cost in ((20, 20.6), (100, 106.0)):
        line(
            f"3,000 x 60, uncertainty N = {n}", *clock(lambda n=n: result.uncertainty(n, factors=factors), repeat), cost
        )


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
    print("\nGrowth (seconds of CPU; linear in replicates and in units)")
    for units in (400, 800, 1600):
        result = run(CITY_PIPELINE, (units, 44))
        times = [clock(lambda n=n, r=result: r.uncertainty(n), repeat)[0] for n in (250, 500, 1000)]
        print(
            f"{units:>6} units: "
            + "  ".join(f"N = {n}: {t:6.3f}" for n, t in zip((250, 500, 1000), times, strict=True))
        )


def importing() -> None:
    code = "import numpy, time; t = time.perf_counter(); import qualipolis.methods.composite; print(time.perf_counter() - t)"
    times = [
        float(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout)
        for _ in range(5)
    ]
    print(f"\nImport beyond numpy: {min(times):.3f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one repetition")
    repeat = 1 if parser.parse_args().quick else 3
    print(f"{'':<64} {'CPU s':>9} {'wall s':>9} {'COINr s':>9} {'ratio':>9}")
    beside_the_reference(repeat)
    province(repeat)
    growth(repeat)
    importing()
    print(f"Peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


if __name__ == "__main__":
    main()
