"""Do the intervals of pass rates hold what they say? Samples drawn with our own tickets from the demo city's firms.

Run: .venv/bin/python benchmarks/coverage_sampling.py [--repetitions 1000] [--n 1600] [--seed 7]
Every firm of the synthetic city has a known state (its batch passes or fails), drawn from the true rate of its town and
its size; one product class has no failing firm at all, one has two. Stratified samples are drawn again and again by
the tickets a campaign uses, estimated by ``methods.sampling.rates`` and compared with the truth. Printed are the share
of nominal 95 % intervals that hold the truth, its Monte Carlo error, the mean width, how often a sample had no failure.
"""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import dataclass
from time import perf_counter

import numpy as np

from qualipolis.demo.generate import generate
from qualipolis.methods.sampling.draws.draw import Rule, draw, worked
from qualipolis.methods.sampling.draws.frame import Frame, frame_of
from qualipolis.methods.sampling.rates import rate_by_domain

DESIGNS = {
    "stratified": "srs",
    "PPS Pareto": "pps_pareto",
    "PPS sequential Poisson": "pps_sequential_poisson",
    "PPS systematic": "pps_systematic",
}
LEVEL = 0.95
YEAR = -1


@dataclass(frozen=True)
class City:
    """Firms in the order of the frame: stratum, state (1 passes), and the domains of each."""

    frame: Frame
    strata: np.ndarray
    passed: np.ndarray
    domains: dict[str, np.ndarray]

    def truth(self, by: str) -> dict[str, float]:
        """True pass rate by domain."""
        labels = self.domains[by]
        return {name: float(self.passed[labels == name].mean()) for name in np.unique(labels)}


def city(seed: int = 7, year: int = YEAR) -> City:
    """The population: firms of the demo city, strata of cluster and size, states drawn from the truth of their towns."""
    made = generate(seed)
    firms = made.enterprises.join(made.products.unique("credit_code", keep="first"), on="credit_code").sort(
        "credit_code"
    )
    rate = dict(zip(made.truth.units, (100 - np.array(made.truth.unit_pass_rate))[:, year] / 100, strict=True))
    employees, town = firms["employees"].to_numpy(), firms["unit"].to_numpy()
    size_class = np.where(employees >= 200, "large", np.where(employees >= 30, "middle", "small"))
    effect = np.select([size_class == "large", size_class == "middle"], [0.6, 0.9], 1.35)
    rng = np.random.default_rng([seed, 40])
    failed = rng.random(len(firms)) < np.array([rate[one] for one in town]) * effect
    category = firms["category"].to_numpy()
    smallest = [name for name, _n in sorted(Counter(category).items(), key=lambda pair: pair[1])]
    failed[category == smallest[0]] = False
    failed[category == smallest[1]] = False
    failed[np.flatnonzero(category == smallest[1])[:2]] = True
    strata = np.char.add(np.char.add(firms["cluster"].to_numpy().astype(str), "/"), size_class.astype(str))
    keys, sizes = firms["credit_code"].to_list(), np.minimum(employees, 2000).astype(float)
    domains = {
        "city": np.full(len(firms), "all"),
        "cluster": firms["cluster"].to_numpy().astype(str),
        "town": town.astype(str),
        "product class": category.astype(str),
    }
    frame = frame_of(keys, strata.tolist(), sizes.tolist())
    order = {key: place for place, key in enumerate(keys)}
    place = np.array([order[key if isinstance(key, str) else key.decode()] for key in frame.ids])
    return City(frame, strata[place], 1.0 - failed[place], {name: one[place] for name, one in domains.items()})


@dataclass
class Tally:
    """Of one domain in one design: how often the truth was inside, below, above; widths; samples without a failure."""

    truth: float
    times: int = 0
    inside: int = 0
    width: float = 0.0
    none: int = 0
    gap: float = 0.0


Tallies = dict[tuple[str, str], Tally]


def study(found: City, method: str, n: int, repetitions: int, interval: str = "design_exact") -> Tallies:
    """Draw and estimate again and again."""
    sizes = {str(name): int(count) for name, count in Counter(found.strata.tolist()).items()}
    shares = {name: max(2, round(n * count / len(found.passed))) for name, count in sizes.items()}
    rule = worked(found.frame, Rule(method, shares))
    tallies: Tallies = {(by, name): Tally(p) for by in found.domains for name, p in found.truth(by).items()}
    for repetition in range(repetitions):
        drawn = draw(found.frame, rule, f"coverage {repetition}")
        chosen, weights = drawn.places, 1 / drawn.pi
        for by, labels in found.domains.items():
            estimates = rate_by_domain(
                found.passed[chosen], found.strata[chosen].tolist(), weights,
                sizes=sizes, by=labels[chosen].tolist(), level=LEVEL, method=interval,
            ).estimates  # fmt: skip
            for row in estimates:
                _count(tallies[by, row["domain"]], row)
    return tallies


def _count(tally: Tally, row: dict[str, float]) -> None:
    if np.isnan(row["low"]):
        return
    tally.times += 1
    tally.inside += row["low"] - 1e-12 <= tally.truth <= row["high"] + 1e-12
    tally.width += row["high"] - row["low"]
    tally.none += row["estimate"] >= 1 - 1e-12
    tally.gap += row["estimate"] - tally.truth


def coverage(tallies: Tallies, by: str, *, least_truth: float = 0.0, most_truth: float = 1.0) -> tuple[float, int]:
    """Return the share of intervals that held the truth over the domains of a kind, and how many there were."""
    kept = [t for (kind, _n), t in tallies.items() if kind == by and least_truth <= t.truth <= most_truth and t.times]
    times = sum(t.times for t in kept)
    return (sum(t.inside for t in kept) / times if times else float("nan")), times


def table(name: str, tallies: Tallies) -> None:
    """Print one design: the kinds of domains, then the planted ones."""
    print(f"\n{name}")
    print(
        f"{'domain':<34}{'domains':>8}{'coverage':>10}{'± MC':>8}{'lowest':>8}{'width':>8}{'bias':>9}{'no failure':>12}"
    )
    for by in ("city", "cluster", "town", "product class"):
        groups = {by: lambda p: p < 1}
        if by == "product class":
            groups = {
                "product class, over 1 % fail": lambda p: p < 0.99,
                "product class, 2 firms fail": lambda p: 0.99 <= p < 1,
                "product class, none fails": lambda p: p == 1,
            }
        for label, fits in groups.items():
            _line(label, [t for (kind, _n), t in tallies.items() if kind == by and fits(t.truth) and t.times])


def _line(label: str, kept: list[Tally]) -> None:
    times = sum(t.times for t in kept)
    if not times:
        return
    share = sum(t.inside for t in kept) / times
    repeats = max(t.times for t in kept)
    error = float(np.std([t.inside / t.times for t in kept]) / np.sqrt(len(kept))) if len(kept) > 1 else 0.0
    error = max(error, float(np.sqrt(share * (1 - share) / times)), float(0.5 / repeats) if share == 1 else 0.0)
    lowest = min(t.inside / t.times for t in kept)
    width, gap, none = (sum(getattr(t, name) for t in kept) / times for name in ("width", "gap", "none"))
    print(f"{label:<34}{len(kept):>8}{share:>10.3f}{error:>8.3f}{lowest:>8.3f}{width:>8.3f}{gap:>+9.4f}{none:>12.2f}")


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--repetitions", type=int, default=1000)
    reader.add_argument("--n", type=int, default=1600)
    reader.add_argument("--seed", type=int, default=7)
    reader.add_argument("--interval", default="design_bayes", help="design_exact, design_bayes (that of the pages)")
    reader.add_argument("--designs", default="", help="names of designs, comma-separated; all without")
    given = reader.parse_args()
    found = city(given.seed)
    print(
        f"{len(found.passed):,} firms, {np.unique(found.strata).size} strata, n {given.n}, pass rate {found.passed.mean():.4f}"
    )
    print(f"nominal {LEVEL:.0%}, interval {given.interval}, {given.repetitions} samples for each design")
    for name, method in DESIGNS.items():
        if given.designs and name not in given.designs.split(","):
            continue
        begun = perf_counter()
        table(name, study(found, method, given.n, given.repetitions, given.interval))
        print(f"({perf_counter() - begun:.0f} s)")


if __name__ == "__main__":
    main()
