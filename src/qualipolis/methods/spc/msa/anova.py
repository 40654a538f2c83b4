"""Analysis of variance of gauge studies, and what each mean square expects.

Crossed, p parts, o operators, r trials:
    E[MS_e] = σ²_e,  E[MS_po] = σ²_e + rσ²_po,  E[MS_o] = E[MS_po] + prσ²_o,  E[MS_p] = E[MS_po] + orσ²_p
Nested, p parts for each of o operators: E[MS_p] = σ²_e + rσ²_p, E[MS_o] = E[MS_p] + prσ²_o.

A negative estimate is set to 0. The constrained estimate (REML of balanced data) instead pools the mean squares that
contradict each other, so that the other components change too.

Source: R. K. Burdick, C. M. Borror and D. C. Montgomery (2005), *Design and Analysis of Gauge R&R Studies*, ASA-SIAM;
W. A. Thompson (1962), "The problem of negative estimates of variance components", Ann. Math. Stat. 33, 273-289.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np

from qualipolis.methods.spc.charts.result import Floats
from qualipolis.methods.spc.msa.design import GaugeStudy

NAMES = {False: ("part", "operator", "interaction", "repeatability"), True: ("part", "operator", "repeatability")}


@dataclass(frozen=True)
class Line:
    """One source of variation: sum of squares, degrees of freedom, mean square, F and its p-value."""

    source: str
    freedom: int
    squares: float
    mean: float
    f: float
    p: float


def mean_squares(study: GaugeStudy) -> dict[str, tuple[float, int]]:
    """Return sum of squares and degrees of freedom of each source, in closed form."""
    y = study.table - study.table.mean()
    r = y.shape[-1]
    if study.nested:
        o, p = y.shape[:2]
        operators, parts = y.mean(axis=(1, 2)), y.mean(axis=2)
        squares = p * r * float(operators @ operators)
        inside = r * float(np.sum((parts - operators[:, None]) ** 2))
        error = float(np.sum((y - parts[:, :, None]) ** 2))
        return {"part": (inside, o * (p - 1)), "operator": (squares, o - 1), "repeatability": (error, o * p * (r - 1))}
    p, o = y.shape[:2]
    parts, operators, cells = y.mean(axis=(1, 2)), y.mean(axis=(0, 2)), y.mean(axis=2)
    cross = cells - parts[:, None] - operators
    error = float(np.sum((y - cells[:, :, None]) ** 2))
    return {
        "part": (o * r * float(parts @ parts), p - 1),
        "operator": (p * r * float(operators @ operators), o - 1),
        "interaction": (r * float(np.sum(cross**2)), (p - 1) * (o - 1)),
        "repeatability": (error, p * o * (r - 1)),
    }


def without_interaction(squares: Mapping[str, tuple[float, int]]) -> dict[str, tuple[float, int]]:
    """Return the table with the interaction pooled into the repeatability."""
    (more, freedom), (error, left) = squares["interaction"], squares["repeatability"]
    kept = {name: value for name, value in squares.items() if name != "interaction"}
    return kept | {"repeatability": (error + more, left + freedom)}


def lines(squares: Mapping[str, tuple[float, int]], nested: bool) -> tuple[Line, ...]:
    """Return the table with F tests; the last source tests nothing."""
    from scipy.stats import f

    against = {"part": "repeatability", "operator": "part"} if nested else {}
    if "interaction" in squares:
        against = {"part": "interaction", "operator": "interaction", "interaction": "repeatability"}
    elif not nested:
        against = {"part": "repeatability", "operator": "repeatability"}
    found = []
    for source, (square, freedom) in squares.items():
        mean, ratio, p = square / freedom, float("nan"), float("nan")
        if source in against:
            below, df = squares[against[source]]
            ratio = mean / (below / df) if below > 0 else float("inf")
            p = float(f.sf(ratio, freedom, df))
        found.append(Line(source, freedom, square, mean, ratio, p))
    return tuple(found)


def components(means: Mapping[str, Floats | float], sizes: tuple[int, int, int], nested: bool) -> dict[str, Floats]:
    """Return variance components from mean squares (numbers or arrays), negative ones set to 0."""
    p, o, r = sizes
    m = {name: np.asarray(value, dtype=np.float64) for name, value in means.items()}
    error = m["repeatability"]
    if nested:
        found = {"operator": (m["operator"] - m["part"]) / (p * r), "interaction": np.zeros_like(error)}
        found["part"] = (m["part"] - error) / r
    else:
        base = m.get("interaction", error)
        found = {
            "operator": (m["operator"] - base) / (p * r),
            "interaction": (base - error) / r,
            "part": (m["part"] - base) / (o * r),
        }
    return {"repeatability": error} | {name: np.maximum(value, 0.0) for name, value in found.items()}


def constrained(squares: Mapping[str, tuple[float, int]], nested: bool) -> dict[str, float]:
    """Return mean squares that keep to their order, by maximum likelihood: those that contradict it are pooled.

    Of the ways to pool neighbours in the order, the one with the largest likelihood −Σ ν (ln θ + MS/θ) is taken.
    """
    order = [("repeatability", "part"), ("part", "operator")]
    if "interaction" in squares:
        order = [("repeatability", "interaction"), ("interaction", "operator"), ("interaction", "part")]
    elif not nested:
        order = [("repeatability", "operator"), ("repeatability", "part")]
    best, chosen = -np.inf, {}
    for joined in product((False, True), repeat=len(order)):
        found = _pooled(squares, [pair for pair, join in zip(order, joined, strict=True) if join])
        if any(found[low] > found[high] * (1 + 1e-12) for low, high in order):
            continue
        likelihood = sum(
            -df * (np.log(found[n]) + ss / df / found[n]) for n, (ss, df) in squares.items() if found[n] > 0
        )
        if likelihood > best:
            best, chosen = likelihood, found
    return chosen


def _pooled(squares: Mapping[str, tuple[float, int]], pairs: list[tuple[str, str]]) -> dict[str, float]:
    group = {name: name for name in squares}
    for low, high in pairs:
        old, new = group[high], group[low]
        group = {name: new if mine == old else mine for name, mine in group.items()}
    sums = {head: np.zeros(2) for head in group.values()}
    for name, (square, freedom) in squares.items():
        sums[group[name]] += (square, freedom)
    return {name: float(sums[head][0] / sums[head][1]) for name, head in group.items()}
