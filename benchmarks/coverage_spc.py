"""Do control charts alarm as often as they state, and do intervals hold what they say? Simulations with known truth.

Run: .venv/bin/python benchmarks/coverage_spc.py [charts|intervals] [--scale 1.0]

Charts: processes under control, with known parameters; the average run length found (points watched ÷ false alarms) beside
the one stated, with its Monte Carlo error. Intervals: the share of nominal 95 % intervals that hold the truth.
"""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Callable, Iterator

import numpy as np
from scipy.signal import lfilter

from qualipolis.methods.spc import charts, run_length
from qualipolis.methods.spc.capability import capability
from qualipolis.methods.spc.msa import gauge_rr
from qualipolis.methods.spc.rules import judge, rules_of
from qualipolis.methods.spc.tolerance import normal_tolerance

Rng = np.random.Generator
Runs = tuple[int, int]  # points watched, false alarms
Row = tuple[str, float, float, float]  # name, found, stated, Monte Carlo error
LONG = 400_000


def rate_of(beyond: np.ndarray) -> Runs:
    """Of charts without memory: every point is judged for itself."""
    return int(beyond.size), int(beyond.sum())


def first_of(beyond: np.ndarray) -> Runs:
    """Of charts with memory: (replicates, points) up to the first alarm of each replicate, which then ends."""
    any_, first = beyond.any(axis=1), beyond.argmax(axis=1)
    return int(np.where(any_, first + 1, beyond.shape[1]).sum()), int(any_.sum())


def row(name: str, runs: Runs, stated: float) -> Row:
    points, alarms = runs
    found = points / max(alarms, 1)
    return name, found, stated, found / np.sqrt(max(alarms, 1))


def stated(chart: charts.ControlChart | charts.CusumChart) -> float:
    return run_length.stated_arl(chart)


def shewhart(rng: Rng, n: int) -> Iterator[Row]:
    x, groups = rng.normal(0, 1, n), rng.normal(0, 1, (n, 5))
    made = {
        "individuals": charts.individuals_chart(x, center=0, std=1),
        "individuals, probability 0.99": charts.individuals_chart(x, center=0, std=1, confidence=0.99),
        "moving range": charts.moving_range_chart(x, std=1),
        "mean": charts.xbar_chart(groups, center=0, std=1),
        "range": charts.range_chart(groups, std=1),
        "range, probability": charts.range_chart(groups, std=1, confidence=0.9973),
        "standard deviation": charts.deviation_chart(groups, std=1),
        "standard deviation, probability": charts.deviation_chart(groups, std=1, confidence=0.9973),
    }
    for name, chart in made.items():
        runs = pieces(chart.beyond) if chart.kind == "MR" else rate_of(chart.beyond)
        yield row(name, runs, stated(_short(chart)))


def pieces(beyond: np.ndarray, points: int = 2000) -> Runs:
    """Of moving ranges, whose alarms come in pairs: cut into pieces, each watched up to its first alarm."""
    whole = len(beyond) // points * points
    return first_of(beyond[:whole].reshape(-1, points)[:, 1:])


def _short(chart: charts.ControlChart, points: int = 200) -> charts.ControlChart:
    """The first points of a chart: the stated length of constant limits needs no more."""
    if np.asarray(chart.lower).shape[-1] == 1 and np.asarray(chart.upper).shape[-1] == 1:
        size = None if chart.size is None else np.broadcast_to(chart.size, chart.values.shape)[:points]
        return dataclasses.replace(
            chart, values=chart.values[:points], size=size, calibration=chart.calibration[:points]
        )
    return chart


def counts(rng: Rng, n: int) -> Iterator[Row]:
    sizes = rng.integers(80, 240, n).astype(float)
    for words, known in (("", {}), (", probability", {"confidence": 0.9973})):
        yield row(
            f"p{words}", *_counted(charts.p_chart(rng.binomial(sizes.astype(int), 0.1), sizes, center=0.1, **known))
        )
        yield row(f"np{words}", *_counted(charts.np_chart(rng.binomial(200, 0.1, n), 200, center=0.1, **known)))
        yield row(f"u{words}", *_counted(charts.u_chart(rng.poisson(sizes * 0.1), sizes, center=0.1, **known)))
        yield row(f"c{words}", *_counted(charts.c_chart(rng.poisson(12, n), center=12, **known)))
    for mean in (8.0, 40.0):
        between = rng.geometric(1 / mean, n)
        yield row(f"g, mean {mean:g}", *_counted(charts.g_chart(between, center=mean)))
        yield row(f"g, mean {mean:g}, probability", *_counted(charts.g_chart(between, center=mean, confidence=0.9973)))
    t = charts.t_chart(rng.exponential(50, n))
    yield row("t", rate_of(t.beyond), stated(t))


def _counted(chart: charts.ControlChart) -> tuple[Runs, float]:
    return rate_of(chart.beyond), stated(_short(chart))


def overdispersed(rng: Rng, n: int) -> Iterator[Row]:
    """Laney's charts: the share itself is normal around 0.1, units are many; limits from all points."""
    p = rng.normal(0.1, 0.01, n).clip(0.01, 0.3)
    chart = charts.p_chart(rng.binomial(5000, p), 5000, prime=True)
    yield row("Laney p′", rate_of(chart.beyond), stated(chart))
    u = rng.normal(4.0, 0.4, n).clip(0.5)
    chart = charts.u_chart(rng.poisson(u * 500), 500, prime=True)
    yield row("Laney u′", rate_of(chart.beyond), stated(chart))


def memory(rng: Rng, replicates: int) -> Iterator[Row]:
    m = 4000
    x = rng.normal(0, 1, (replicates, m))
    for weight, width in ((0.1, 2.7), (0.2, 2.86), (0.4, 3.0)):
        for steady in (False, True):
            chart = charts.ewma_chart(x, weight=weight, sigmas=width, steady=steady, center=0.0, std=1.0)
            wanted = run_length.ewma_arl(weight, width, varying=not steady)
            name = f"EWMA λ {weight:g}, k {width:g}{', steady limits' if steady else ''}"
            yield row(name, first_of(chart.beyond), wanted)
    for k, h, start in ((0.5, 4.0, 0.0), (0.5, 5.0, 0.0), (0.5, 5.0, 2.5), (0.25, 8.0, 0.0)):
        chart = charts.cusum_chart(x, reference=k, decision=h, head_start=start, center=0.0, std=1.0)
        wanted = run_length.cusum_arl(k, h, head_start=start)
        name = f"CUSUM k {k:g}, h {h:g}{f', head start {start:g}' if start else ''}"
        yield row(name, first_of(chart.beyond), wanted)


def many(rng: Rng, replicates: int) -> Iterator[Row]:
    known = {"weight": 0.1, "limit": 10.97, "center": np.zeros(3), "covariance": np.eye(3)}
    for steady in (False, True):
        beyond = [
            charts.mewma_chart(rng.normal(0, 1, (1500, 3)), steady=steady, **known).beyond for _ in range(replicates)
        ]
        name = f"MEWMA p 3, λ 0.1, h 10.97{', steady limits' if steady else ''}"
        yield row(name, first_of(np.array(beyond)), run_length.mewma_arl(0.1, 10.97, 3, varying=not steady))
    points = alarms = 0
    for _ in range(20 * replicates):
        x = rng.normal(0, 1, (75, 3))
        chart = charts.t2_chart(x, confidence=0.99, calibration=np.arange(50))
        points, alarms = points + 25, alarms + int(chart.beyond[50:].sum())
    yield row("T², new points, limits from 50", (points, alarms), 100.0)


def special(rng: Rng, n: int) -> Iterator[Row]:
    part = np.repeat(rng.integers(0, 3, n // 4), 4)
    spread, nominal = np.array([0.5, 1.0, 3.0]), {0: 10.0, 1: 20.0, 2: 50.0}
    target = np.array([nominal[i] for i in range(3)])[part]
    x = target + rng.normal(0, 1, len(part))
    labels = part.tolist()
    chart: charts.ControlChart = charts.nominal_chart(x, labels, nominal, center=0.0, std=1.0)
    yield row("deviations from nominal", rate_of(chart.beyond), 370.398)
    known = dict(enumerate(spread.tolist()))
    uneven = target + rng.normal(0, 1, len(part)) * spread[part]
    chart = charts.standardised_chart(uneven, labels, center=nominal, std=known)
    yield row("standardised Z", rate_of(chart.beyond), 370.398)
    chart = charts.standardised_range_chart(uneven, labels, center=nominal, std=known)
    yield row("moving range of Z", pieces(chart.beyond), stated(chart))
    for phi in (-0.5, 0.5, 0.9):
        series = lfilter([1.0], [1.0, -phi], rng.normal(0, 1, n))
        model = charts.FirstOrder(0.0, phi, 1.0, n)
        chart = charts.residual_chart(series, model=model)
        yield row(f"forecast errors, φ {phi:g}", rate_of(chart.beyond), run_length.residual_arl(phi))
    steps = rng.normal(0, 1, n)
    wandering = np.cumsum(0.3 * np.concatenate([[0.0], steps[:-1]])) + steps  # IMA(1, 1) with λ = 0.3
    chart = charts.wandering_chart(wandering, weight=0.3, start=0.0, std=1.0)
    yield row("around the EWMA, λ 0.3", rate_of(chart.beyond), 370.398)
    chart = charts.trend_chart(0.001 * np.arange(n) + rng.normal(0, 1, n))
    yield row("around a trend", rate_of(chart.beyond), 370.398)


def with_rules(rng: Rng, replicates: int) -> Iterator[Row]:
    z = rng.normal(0, 1, (replicates, 1500))
    for name in ("western_electric", "limits"):
        asked = rules_of(name)
        yield row(f"rules: {name}", first_of(judge(z, asked).any), run_length.rules_arl(asked))


def chart_rows(scale: float, seed: int = 1) -> list[Row]:
    rng = np.random.default_rng(seed)
    n, r = int(LONG * scale), int(1500 * scale)
    makers: tuple[tuple[Callable[[Rng, int], Iterator[Row]], int], ...] = (
        (shewhart, n), (counts, n), (overdispersed, n), (special, n), (memory, r), (with_rules, 2 * r), (many, r),
    )  # fmt: skip
    return [one for maker, size in makers for one in maker(rng, size)]


def held(draws: Iterator[dict[str, bool]]) -> dict[str, tuple[float, int]]:
    """Share of intervals that hold the truth, by name, and how many there were."""
    found: dict[str, list[bool]] = {}
    for one in draws:
        for name, holds in one.items():
            found.setdefault(name, []).append(holds)
    return {name: (float(np.mean(all_)), len(all_)) for name, all_ in found.items()}


def of_capability(rng: Rng, times: int, shape: tuple[int, ...], mean: float = 10.5) -> Iterator[dict[str, bool]]:
    """Normal values with σ 1 and limits 6 and 14: Cp 1.333, Cpk from the mean."""
    true = {"Cp": 8 / 6, "Cpk": (14 - mean) / 3 if mean >= 10 else (mean - 6) / 3}
    for _ in range(times):
        found = capability(rng.normal(mean, 1, shape), lower=6, upper=14)
        one = {}
        for name in ("Cp", "Cpk"):
            for letter in "CP":
                index = found[f"{letter}{name[1:]}"]
                one[f"{letter}{name[1:]}"] = index.low <= true[name] <= index.high
        one["Ppu, one side"] = found["Ppu"].low <= (14 - mean) / 3 <= found["Ppu"].high
        yield one


def of_tolerance(rng: Rng, times: int, n: int, share: float = 0.95) -> Iterator[dict[str, bool]]:
    """Whether an interval holds at least the wanted share of the process."""
    from scipy.special import ndtr

    for _ in range(times):
        x = rng.normal(0, 1, n)
        two = normal_tolerance(x, share=share)
        one = normal_tolerance(x, share=share, sides="upper")
        yield {
            "both sides": bool(ndtr(two.high) - ndtr(two.low) >= share), "one side": bool(ndtr(one.high) >= share),
        }  # fmt: skip


def of_gauge(
    rng: Rng, times: int, interaction: float, sizes: tuple[int, int, int] = (10, 3, 3)
) -> Iterator[dict[str, bool]]:
    """Parts σ 1, operators 0.2, repeatability 0.25."""
    parts, people, trials = sizes
    part = np.repeat(np.arange(parts), people * trials)
    operator = np.tile(np.repeat(np.arange(people), trials), parts)
    cell = part * people + operator
    error = 0.25**2 + 0.2**2 + interaction**2
    true = {"sd.repeatability": 0.25, "sd.grr": np.sqrt(error), "study.grr": 100 * np.sqrt(error / (1 + error))}
    for _ in range(times):
        x = rng.normal(0, 1, parts)[part] + rng.normal(0, 0.2, people)[operator] + rng.normal(0, 0.25, len(part))
        x = x + rng.normal(0, 1, parts * people)[cell] * interaction
        found = gauge_rr(x, part.tolist(), operator.tolist(), draws=2000, rng=rng)
        spans = found.intervals
        yield {name: bool(spans[name][0] <= value <= spans[name][1]) for name, value in true.items() if name in spans}


def interval_rows(scale: float, seed: int = 2) -> list[tuple[str, float, int]]:
    rng = np.random.default_rng(seed)
    times = max(50, int(4000 * scale))
    cases = {
        "25 subgroups of 5": of_capability(rng, times, (25, 5)),
        "100 single values": of_capability(rng, times, (100,)),
        "30 single values": of_capability(rng, times, (30,)),
        "25 subgroups of 5, centred": of_capability(rng, times, (25, 5), 10.0),
        "tolerance, n 10": of_tolerance(rng, times, 10),
        "tolerance, n 50": of_tolerance(rng, times, 50),
        "gauge 10 x 3 x 3": of_gauge(rng, times // 4, 0.0),
        "gauge 10 x 3 x 3, interaction": of_gauge(rng, times // 4, 0.15),
        "gauge 15 x 6 x 2": of_gauge(rng, times // 4, 0.0, (15, 6, 2)),
    }
    return [(f"{case}: {name}", *found) for case, draws in cases.items() for name, found in held(draws).items()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="?", choices=("charts", "intervals"))
    parser.add_argument("--scale", type=float, default=1.0)
    asked = parser.parse_args()
    if asked.what != "intervals":
        print(f"{'chart':40} {'found':>9} {'stated':>9} {'± (1 SE)':>9}")
        for name, found, wanted, error in chart_rows(asked.scale):
            print(
                f"{name:40} {found:9.1f} {wanted:9.1f} {error:9.1f}{'  <-' if abs(found - wanted) > 3 * error else ''}"
            )
    if asked.what != "charts":
        print(f"{'95 % intervals':50} {'held':>7} {'times':>7}")
        for name, share, times in interval_rows(asked.scale):
            print(f"{name:50} {100 * share:6.1f}% {times:7d}{'  <-' if abs(share - 0.95) > 0.02 else ''}")


if __name__ == "__main__":
    main()
