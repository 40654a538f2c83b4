"""Do the intervals hold what they say? Simulations with known truth: Sobol indices, replicates, true ranks.

Run: .venv/bin/python benchmarks/coverage.py [--repetitions 2000] [sobol|replicates|truth]
Prints the share of nominal 90 % intervals that hold the truth, with the Monte Carlo error of that share.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable

import numpy as np

from qualipolis.methods.composite import (
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
)
from qualipolis.methods.composite.aggregate import Aggregate
from qualipolis.methods.composite.sensitivity.exact import exact_indices
from qualipolis.methods.composite.sensitivity.sobol import sobol_of
from qualipolis.methods.composite.sensitivity.weight_sets import WeightSets

PIPELINE = Pipeline((Normalise("minmax", 1.0, 100.0), Weigh(), Aggregate()))
Numbers = np.ndarray


def tree(indicators: int, pillars: int) -> Framework:
    leaves = [Node(f"i{k}", parent=f"p{k % pillars}") for k in range(indicators)]
    middle = [Node(f"p{k}", parent="index", level=2, kind="aggregate") for k in range(pillars)]
    return Framework((*leaves, *middle, Node("index", level=3, kind="aggregate")))


def table(values: Numbers) -> IndicatorData:
    return IndicatorData([f"u{k}" for k in range(len(values))], [f"i{k}" for k in range(values.shape[1])], values)


POPULATIONS: dict[str, Callable[[np.random.Generator, tuple[int, ...]], Numbers]] = {
    "normal": lambda rng, shape: rng.standard_normal(shape),
    "skewed": lambda rng, shape: (rng.gamma(2.0, 1.0, shape) - 2.0) / np.sqrt(2.0),
    "flat": lambda rng, shape: rng.uniform(-1.0, 1.0, shape) * np.sqrt(3.0),
    "two clusters": lambda rng, shape: (np.sign(rng.random(shape) - 0.5) + 0.4 * rng.standard_normal(shape)) / 1.077,
}


def truth(population: str, rng: np.random.Generator, units: int, indicators: int) -> Numbers:
    """Correlated indicators: half of the variance is common to a unit."""
    draw = POPULATIONS[population]
    return np.sqrt(0.5) * draw(rng, (units, 1)) + np.sqrt(0.5) * rng.standard_normal((units, indicators))


def inside(ranks: Numbers, drawn: Numbers, low: Numbers, high: Numbers) -> Numbers:
    """Share of ranks (m, units) inside the interval: with its ends, and randomised: (2,).

    Ranks are whole numbers. With its ends an interval holds at least 90 %, and more where one place carries much of it;
    the randomised interval (Czado, Gneiting and Held 2009) takes just so much of a place at an end that it would hold
    90 % of the replicates ``drawn`` (n, units).
    """
    closed = ((ranks >= low) & (ranks <= high)).mean()
    ordered = np.sort(drawn, axis=0)
    below = np.stack([np.searchsorted(o, r, "left") for o, r in zip(ordered.T, ranks.T, strict=True)]) / len(drawn)
    upto = np.stack([np.searchsorted(o, r, "right") for o, r in zip(ordered.T, ranks.T, strict=True)]) / len(drawn)
    taken = np.clip(np.minimum(upto, 0.95) - np.maximum(below, 0.05), 0.0, None)
    point = (below > 0.05) & (below < 0.95)
    share = np.divide(taken, upto - below, out=point.astype(float), where=upto > below)
    return np.array([closed, share.mean()])


def of_truth(population: str, noise: float, observed: bool, repetitions: int, units: int = 60) -> tuple[Numbers, float]:
    """Share of units whose true rank lies in the interval made from noisy data, with ends and randomised; and its error."""
    framework, shares = tree(12, 3), []
    for repetition in range(repetitions):
        rng = np.random.default_rng((repetition, 1))
        real = truth(population, rng, units, 12)
        seen = real + noise * rng.standard_normal(real.shape)
        ranks = PIPELINE.run(framework, table(real)).ranks("index")
        result = PIPELINE.run(framework, table(seen))
        found = result.uncertainty(
            400, seed=repetition, factors=(DataNoise(noise, observed=observed),), nodes=("index",), threads=1
        )
        low, _median, high = found.rank_quantiles[:, 0]
        shares.append(inside(ranks[None], found.replicate_ranks[:, 0], low, high))
    return np.mean(shares, axis=0), float(np.std(shares, ddof=1, axis=0).max() / np.sqrt(repetitions))


def of_replicates(n: int, repetitions: int, units: int = 60) -> tuple[Numbers, float]:
    """Share of further replicates whose rank lies in the interval of n replicates; and its error."""
    factors = (WeightNoise(0.25), Alternatives("aggregate.method", ("arithmetic", "geometric")))
    framework, shares = tree(12, 3), []
    for repetition in range(repetitions):
        rng = np.random.default_rng((repetition, 2))
        result = PIPELINE.run(framework, table(truth("normal", rng, units, 12)))
        made = result.uncertainty(n, seed=repetition, factors=factors, nodes=("index",), threads=1)
        more = result.uncertainty(500, seed=10**6 + repetition, factors=factors, nodes=("index",), threads=1)
        low, _median, high = made.rank_quantiles[:, 0]
        ranks = more.replicate_ranks[:, 0]
        shares.append(inside(ranks, made.replicate_ranks[:, 0], low, high))
    return np.mean(shares, axis=0), float(np.std(shares, ddof=1, axis=0).max() / np.sqrt(repetitions))


def ishigami(u: Numbers) -> Numbers:
    x = np.pi * (2 * u - 1)
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def ishigami_indices() -> tuple[Numbers, Numbers]:
    v1, v2, v13 = 0.5 * (1 + 0.1 * np.pi**4 / 5) ** 2, 49 / 8, 0.01 * np.pi**8 * 8 / 225
    v = v1 + v2 + v13
    return np.array([v1, v2, 0.0]) / v, np.array([v1 + v13, v2, v13]) / v


A_OF_G = np.array([0.0, 1.0, 4.5, 9.0])


def g_function(u: Numbers) -> Numbers:
    return np.prod((np.abs(4 * u - 2) + A_OF_G) / (1 + A_OF_G), axis=1)


def g_indices() -> tuple[Numbers, Numbers]:
    own = 1 / (3 * (1 + A_OF_G) ** 2)
    whole = np.prod(1 + own) - 1
    return own / whole, own * np.prod(1 + own) / (1 + own) / whole


def composite_case() -> tuple[Callable[[Numbers], Numbers], Numbers, Numbers]:
    """A composite indicator whose exact indices are known by enumeration; its output is looked up."""
    rng = np.random.default_rng(5)
    result: CompositeResult = PIPELINE.run(tree(12, 3), table(rng.lognormal(size=(40, 12))))
    sets = tuple({f"p{k}": float(w) for k, w in enumerate(row)} for row in 1 + rng.uniform(-0.25, 0.25, (50, 3)))
    scales = (Normalise("minmax", 1.0, 100.0), Normalise("zscore", mean=10.0, sd=2.0))
    factors = (
        Alternatives("normalise", scales),
        WeightSets(sets),
        Alternatives("aggregate.method", ("arithmetic", "geometric")),
    )
    found = exact_indices(result, factors)
    sizes = np.array(found.output.shape)
    return lambda u: found.output[tuple((u * sizes).astype(int).T)], found.first, found.total


def of_sobol(
    function: Callable[[Numbers], Numbers], exact: Numbers, n: int, repetitions: int, **how: str
) -> tuple[Numbers, float]:
    """Share of the intervals that hold the exact index, (first and total, factors); and the largest error."""
    names = tuple(f"x{k}" for k in range(exact.shape[1]))
    hits = np.zeros(exact.shape)
    for repetition in range(repetitions):
        found = sobol_of(function, names, n=n, seed=repetition, bootstrap=500, **how)
        ends = np.stack([found.first[1:], found.total[1:]], axis=1)
        hits += (ends[0] - 1e-12 <= exact) & (exact <= ends[1] + 1e-12)
    return hits / repetitions, float(np.sqrt(0.09 / repetitions))


def print_sobol(repetitions: int) -> None:
    function, first, total = composite_case()
    cases = [
        ("Ishigami", ishigami, np.stack(ishigami_indices())),
        ("g-function", g_function, np.stack(g_indices())),
        ("composite", function, np.stack([first, total])),
    ]
    for how in ({"sampling": "sobol"}, {"sampling": "random"}):
        for n in (256, 1024):
            for name, work, exact in cases:
                share, error = of_sobol(work, exact, n, repetitions, **how)
                rows = "  ".join(" ".join(f"{x:.1%}" for x in row) for row in share)
                print(
                    f"{how['sampling']:<8} n={n:<5} {name:<12} mean {share.mean():.1%}  {rows}  +-{error:.1%}",
                    flush=True,
                )


def print_truth(repetitions: int) -> None:
    print("true rank inside: with the ends / randomised")
    for noise in (0.3, 0.8, 1.5):
        for population in POPULATIONS:
            naive, _ = of_truth(population, noise, False, repetitions)
            share, error = of_truth(population, noise, True, repetitions)
            print(
                f"noise sd {noise}  {population:<13} {both('naive', naive)} {both('observed', share)} +-{error:.1%}",
                flush=True,
            )
    for units in (15, 30, 200, 400):
        naive, _ = of_truth("normal", 0.8, False, max(repetitions // 2, 2), units)
        share, error = of_truth("normal", 0.8, True, max(repetitions // 2, 2), units)
        print(
            f"noise sd 0.8  normal, {units} units: {both('naive', naive)} {both('observed', share)} +-{error:.1%}",
            flush=True,
        )


def both(name: str, share: Numbers) -> str:
    return f"{name} {share[0]:.1%} / {share[1]:.1%}"


def print_replicates(repetitions: int) -> None:
    print("rank of a further replicate inside: with the ends / randomised")
    for units in (60, 400):
        for n in (100, 300, 1000):
            share, error = of_replicates(n, max(2, repetitions * 60 // units), units)
            print(f"{units} units, n = {n:<5} {both('', share)} +-{error:.1%}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", default=["sobol", "replicates", "truth"])
    parser.add_argument("--repetitions", type=int, default=2000)
    given = parser.parse_args()
    works = {"sobol": print_sobol, "replicates": print_replicates, "truth": print_truth}
    for part in given.parts:
        works[part](given.repetitions)


if __name__ == "__main__":
    main()
