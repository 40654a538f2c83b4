"""What data say of themselves, as facts for the choice of an instrument; only the rest has to be asked.

The mean: a trend when the slope of the means differs from 0 (p < 0.01); random when, the trend taken off, means differ more
than the spread within explains (analysis of variance, p < 0.01). The spread: Brown and Forsythe's test, p < 0.01. Single
values are taken in blocks of ten. Signals in excess: over the 0.9 quantile of what chance allows.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.problems import InputError
from qualipolis.methods.spc.capability.specification import Specification
from qualipolis.methods.spc.capability.study import capability
from qualipolis.methods.spc.cards import lag_one, stability_check
from qualipolis.methods.spc.charts.counts import dispersion, p_chart, u_chart
from qualipolis.methods.spc.charts.individuals import individuals_chart
from qualipolis.methods.spc.charts.result import Floats, series
from qualipolis.methods.spc.charts.variables import Subgroups, xbar_chart
from qualipolis.methods.spc.distributions.mixture import two_populations
from qualipolis.methods.spc.msa.gauge import GaugeRR
from qualipolis.methods.spc.normality import normality
from qualipolis.methods.spc.reliability.fit import LifeFit
from qualipolis.methods.spc.reliability.lifetimes import Lifetimes
from qualipolis.methods.spc.rules import Rule

Kind = Literal["measured", "several", "units", "defects", "events"]
Found = dict[str, float | int | str | None]
BLOCK, SURE = 10, 0.01


def facts_of(
    data: ArrayLike | None = None,
    *,
    kind: Kind = "measured",
    size: ArrayLike = 1.0,
    specification: Specification | None = None,
    gauge: GaugeRR | None = None,
    life: Lifetimes | LifeFit | None = None,
    rules: str | Iterable[Rule] = "limits",
) -> Found:
    """Return the facts that can be computed; ``recommend({"goal": ...} | facts_of(...))`` asks for the others.

    Parameters
    ----------
    data : (m,) values in the order of time, (m, n) subgroups, (m, k) ``"several"`` characteristics, or counts
    kind : what the data are; ``"events"`` for what lies between events
    size : units or areas behind each count
    specification, gauge, life : limits of the drawing, the gauge study on record, the lives or their fit
    rules : by which stability is judged

    >>> x = np.random.default_rng(2).normal(10, 1, (30, 5))
    >>> found = facts_of(x, specification=Specification(6, 14))
    >>> found["subgroup_size"], found["location"], found["sides"], found["excess_signals"]
    (5, 'constant', 'two', 0)
    """
    found: Found = {}
    if data is not None:
        found["kind"] = "measured" if kind == "several" else kind
        makers = {"measured": _measured, "several": _several, "events": _events}
        if kind in makers:
            found |= makers[kind](np.asarray(data, dtype=np.float64), rules)
        else:
            found |= _counted(data, size, kind)
    if specification is not None:
        found["sides"] = "one" if len(specification.judged) == 1 else "two"
        found["boundary"] = "yes" if specification.boundary else "no"
        if data is not None and kind == "measured":
            found["index_bound"] = _bound(np.asarray(data, dtype=np.float64), specification, found)
    return found | _gauged(gauge) | _lived(life)


def _gauged(gauge: GaugeRR | None) -> Found:
    if gauge is None:
        return {}
    share = gauge.percent_tolerance
    found: Found = {"measurement": "grr", "grr": gauge.percent_study["grr"], "ndc": gauge.ndc}
    return found | {"grr_tolerance": share["grr"] if share else None}


def _measured(x: Floats, rules: str | Iterable[Rule]) -> Found:
    grouped = x.ndim == 2
    chart = xbar_chart(x) if grouped else individuals_chart(series(x))
    sizes = Subgroups(x).sizes if grouped else np.ones(1, dtype=np.int64)
    flat = x[~np.isnan(x)]
    check = stability_check(chart, rules)
    signals, allowed = int(str(check.params["found"])), int(str(check.params["allowed"]))
    lag, _ = lag_one(chart.values)
    found: Found = {"n": len(flat), "subgroups": int(np.sum(~np.isnan(chart.values))), "characteristics": 1}
    found |= {"subgroup_size": int(sizes.max()), "sizes_vary": _yes(np.ptp(sizes) > 0)}
    found |= {"autocorrelation": None if np.isnan(lag) else abs(lag), "short_runs": "no"}
    found["excess_signals"] = max(0, signals - allowed)
    return found | _shape(flat) | _over_time(x)


def _yes(holds: object) -> str:
    return "yes" if holds else "no"


def _shape(flat: Floats) -> Found:
    """Return how normal the values are; the tails by the lower limit of the share beyond 3σ against what is expected."""
    from qualipolis.methods.sampling.estimation.binomial import binomial_interval

    try:
        tests = normality(flat)
    except InputError:
        return {"normal_p": None, "mixed": "no"}
    z = np.abs(flat - flat.mean()) / flat.std(ddof=1)
    found: Found = {"normal_p": tests.anderson_darling.p, "plot_correlation": tests.correlation}
    least, _ = binomial_interval(int(np.sum(z > 3)), len(z), 0.99)
    found["tail_ratio"] = float(least) / 0.0026997960632601866
    try:
        return found | {"mixed": _yes(two_populations(flat).mixed)}
    except InputError:
        return found | {"mixed": "no"}


def _over_time(x: Floats) -> Found:
    """Return how mean and spread move: nothing where there are fewer than four groups to compare."""
    from scipy.stats import f_oneway, levene, linregress

    rows = list(x) if x.ndim == 2 else np.array_split(x, max(1, len(x) // BLOCK))
    groups = [row[~np.isnan(row)] for row in rows]
    groups = [group for group in groups if len(group) >= 2]
    flat = np.concatenate(groups) if groups else np.zeros(0)
    if len(groups) < 4 or all(np.ptp(group) == 0 for group in groups):
        return {}
    time = np.repeat(np.arange(len(groups), dtype=float), [len(group) for group in groups])
    line = linregress(np.arange(len(groups)), [group.mean() for group in groups])
    trend = line.pvalue < SURE
    level = flat - line.slope * time if trend else flat
    cuts = np.cumsum([len(group) for group in groups])[:-1]
    jumps = f_oneway(*np.split(level, cuts)).pvalue < SURE
    names = {(False, False): "constant", (False, True): "random", (True, False): "trend", (True, True): "both"}
    spread = levene(*groups, center="median").pvalue
    return {"location": names[bool(trend), bool(jumps)], "spread_constant": _yes(not spread < SURE)}


def _several(x: Floats, rules: str | Iterable[Rule]) -> Found:
    kept = x[~np.isnan(x).any(axis=1)]
    found: Found = {"n": len(kept), "subgroups": len(kept), "characteristics": x.shape[1]}
    if len(kept) < 8 or np.any(np.ptp(kept, axis=0) == 0):
        return found
    r = np.corrcoef(kept, rowvar=False) - np.eye(x.shape[1])
    return found | {"correlated": _yes(np.abs(r).max() > 2 / np.sqrt(len(kept)))}


def _events(x: Floats, rules: str | Iterable[Rule]) -> Found:
    return {"subgroups": int(np.sum(~np.isnan(x)))}


def _counted(counts: ArrayLike, size: ArrayLike, kind: Kind) -> Found:
    x = series(counts, "counts")
    n = np.broadcast_to(np.asarray(size, dtype=np.float64), x.shape)
    found: Found = {"subgroups": int(np.sum(~np.isnan(x))), "expected_count": float(np.nanmean(x))}
    found["sizes_vary"] = _yes(np.nanmax(n) > np.nanmin(n))
    chart = p_chart if kind == "units" else u_chart
    try:
        found["dispersion_p"] = dispersion(x, n, "binomial" if kind == "units" else "poisson").p_over
    except InputError:
        return found | {"dispersion_p": None}
    return found | {"sigma_z": float(str(chart(x, n, prime=True).conventions["sigma_z"]))}


def _bound(x: Floats, specification: Specification, found: Found) -> float | None:
    """Return the lower bound of Cpk, or of Ppk when points signal; None where the normal law does not hold."""
    p, signals = found.get("normal_p"), found.get("excess_signals")
    if not isinstance(p, float) or p < 0.05:
        return None
    bound = capability(x, lower=specification.lower, upper=specification.upper, boundary=specification.boundary)[
        "Ppk" if signals else "Cpk"
    ].bound
    return max(0.0, bound)


def _lived(life: Lifetimes | LifeFit | None) -> Found:
    if life is None:
        return {}
    if isinstance(life, Lifetimes):
        return {"failures": life.failures}
    low, high = life.shape_limits()
    side = "wear" if low > 1 else "infant" if high < 1 else "random"
    return {"failures": life.life.failures, "ageing": side if life.name == "weibull" else None}
