"""What data say of themselves, as facts for the choice of an instrument; only the rest has to be asked.

Mean and spread over time: the time model of ISO 22514-2 (:mod:`.capability.time_models`), each test at 0.01; single values are
taken in blocks of five. Signals in excess: over the 0.9 quantile of what chance allows. Parts scatter alike unless the test of
Brown and Forsythe says otherwise (p < 0.01).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.problems import InputError
from qualipolis.methods.spc.capability.specification import Specification
from qualipolis.methods.spc.capability.study import capability
from qualipolis.methods.spc.capability.time_models import time_model
from qualipolis.methods.spc.cards import lag_one, stability_check
from qualipolis.methods.spc.charts.counts import dispersion, p_chart, u_chart
from qualipolis.methods.spc.charts.individuals import individuals_chart
from qualipolis.methods.spc.charts.result import Floats, series
from qualipolis.methods.spc.charts.variables import Subgroups, xbar_chart
from qualipolis.methods.spc.distributions.mixture import two_populations
from qualipolis.methods.spc.msa.attribute import AttributeStudy
from qualipolis.methods.spc.msa.gauge import GaugeRR
from qualipolis.methods.spc.normality import normality
from qualipolis.methods.spc.reliability.fit import LifeFit
from qualipolis.methods.spc.reliability.lifetimes import Lifetimes
from qualipolis.methods.spc.rules import Rule

Kind = Literal["measured", "several", "units", "defects", "events"]
Found = dict[str, float | int | str | None]
SURE = 0.01


def facts_of(
    data: ArrayLike | None = None,
    *,
    kind: Kind = "measured",
    size: ArrayLike = 1.0,
    specification: Specification | None = None,
    gauge: GaugeRR | AttributeStudy | None = None,
    life: Lifetimes | LifeFit | None = None,
    part: Sequence[Any] | None = None,
    rules: str | Iterable[Rule] = "limits",
) -> Found:
    """Return the facts that can be computed; ``recommend({"goal": ...} | facts_of(...))`` asks for the others.

    Parameters
    ----------
    data : (m,) values in the order of time, (m, n) subgroups, (m, k) ``"several"`` characteristics, or counts
    kind : what the data are; ``"events"`` for what lies between events
    size : units or areas behind each count
    specification, gauge, life : limits of the drawing, the gauge study (or that of judges) on record, the lives or their fit
    part : the part behind each point, where several are made in short runs
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
            if part is not None and kind == "measured":
                found |= _parts(np.asarray(data, dtype=np.float64), part)
        else:
            found |= _counted(data, size, kind)
    if specification is not None:
        found["sides"] = "one" if len(specification.judged) == 1 else "two"
        found["boundary"] = "yes" if specification.boundary else "no"
        if data is not None and kind == "measured":
            found["index_bound"] = _bound(np.asarray(data, dtype=np.float64), specification, found)
    return found | _gauged(gauge) | _lived(life)


def _gauged(gauge: GaugeRR | AttributeStudy | None) -> Found:
    """Return what the study on record says; of judges, the lowest kappa, against the standard or between them."""
    if gauge is None:
        return {}
    if isinstance(gauge, AttributeStudy):
        kappas = [*(one.fleiss_standard for one in gauge.appraisers.values()), gauge.fleiss_between]
        lowest = min((k for k in kappas if k is not None and k == k), default=None)
        return {"measurement": "agreement", "kappa": None if lowest is None else max(0.0, lowest)}
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
    """Return how mean and spread move, by the time model of ISO 22514-2; nothing where it cannot be told."""
    try:
        found = time_model(x, alpha=SURE)
    except InputError:
        return {}
    trend, rest = found.tests["trend"].rejected, found.tests["lack_of_fit"].rejected
    moves = {"A1": "constant", "A2": "constant", "B": "constant", "C1": "random", "C2": "random", "C3": "trend"}
    wild = "both" if trend and rest else "trend" if trend else "random"
    location = moves.get(found.model, "both" if found.model == "C4" else wild)
    return {"location": location, "spread_constant": _yes(found.model not in ("B", "D"))}


def _parts(x: Floats, part: Sequence[Any]) -> Found:
    """Return whether runs are short, and whether parts scatter alike (Brown and Forsythe, p ≥ 0.01)."""
    from scipy.stats import levene

    names = list(dict.fromkeys(part))
    if len(names) < 2 or len(part) != len(x):
        return {}
    apart = x if x.ndim == 1 else np.nanmean(x, axis=1)
    code = np.array([names.index(name) for name in part])
    groups = [apart[(code == i) & ~np.isnan(apart)] for i in range(len(names))]
    groups = [group for group in groups if len(group) >= 4]
    if len(groups) < 2 or all(np.ptp(group) == 0 for group in groups):
        return {"short_runs": "yes"}
    alike = not float(levene(*groups, center="median").pvalue) < SURE
    return {"short_runs": "yes", "parts_alike": _yes(alike)}


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
