"""What a scan found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Cluster:
    """A window in which the rate differs from that outside.

    ``ids`` and ``index`` name its areas (a disc: from its centre outwards); ``periods`` are its first and last period,
    None without time. ``ratio`` is observed over expected with the exact Poisson interval ``ratio_low`` to
    ``ratio_high`` (Garwood), which does not know that the window was chosen for its size: read it as an upper bound on
    what is certain. ``relative_risk`` compares inside with outside. ``p`` is the share of simulated maps, this one
    counted, whose largest ratio is as large; ``p_error`` its Monte Carlo error; ``p_gumbel`` continues it below
    ``1/(simulations + 1)`` with an extreme-value curve (Abrams and others 2010). ``recurrence``: periods between two
    such windows by chance, when only windows that last until now were looked at.
    """

    ids: tuple[str, ...]
    index: tuple[int, ...]
    centre: str
    radius: float
    periods: tuple[str, str] | None
    observed: int
    expected: float
    population: float
    ratio: float
    ratio_low: float
    ratio_high: float
    relative_risk: float
    llr: float
    rank: int
    p: float
    p_error: float
    p_gumbel: float
    recurrence: float

    @property
    def direction(self) -> str:
        """Tell whether more or less was seen than expected."""
        return "high" if self.observed >= self.expected else "low"


@dataclass(frozen=True, eq=False)
class Scan:
    """Clusters in order of their likelihood ratio, the most likely first; the others overlap none before them.

    ``zones`` counts the windows as constructed, ``distinct`` those that differ; ``maxima`` are the largest ratios of
    the simulated maps. Every p-value is compared with these maxima, so it already pays for all windows looked at.
    """

    model: str
    shape: str
    direction: str
    areas: int
    periods: int
    cases: int
    zones: int
    distinct: int
    largest: int
    share: float
    simulations: int
    clusters: tuple[Cluster, ...]
    maxima: Floats = field(repr=False)

    @property
    def most_likely(self) -> Cluster | None:
        """The cluster with the largest ratio; None when no window shows a difference."""
        return self.clusters[0] if self.clusters else None

    @property
    def secondary(self) -> tuple[Cluster, ...]:
        """The clusters after the first."""
        return self.clusters[1:]

    def significant(self, alpha: float = 0.05) -> tuple[Cluster, ...]:
        """Return the clusters with ``p`` at most ``alpha``."""
        return tuple(one for one in self.clusters if one.p <= alpha)

    def to_frame(self) -> Any:
        """Return one row for each cluster (a polars frame)."""
        import polars as pl

        names = ("centre", "radius", "observed", "expected", "population", "ratio", "ratio_low", "ratio_high",
                 "relative_risk", "llr", "rank", "p", "p_error", "p_gumbel")  # fmt: skip
        rows: list[dict[str, Any]] = []
        for one in self.clusters:
            first, last = one.periods or ("", "")
            about = {"areas": "|".join(one.ids), "n_areas": len(one.ids), "first": first, "last": last}
            rows.append(about | {name: getattr(one, name) for name in names})
        return pl.DataFrame(rows)

    def __str__(self) -> str:
        head = f"scan ({self.model}, {self.shape}): {self.cases} cases in {self.areas} areas, {self.zones} windows"
        return "\n".join([head, *(_line(one) for one in self.clusters)])


def _line(one: Cluster) -> str:
    when = f", {one.periods[0]} to {one.periods[1]}" if one.periods else ""
    return (
        f"  {', '.join(one.ids[:6])}{' …' if len(one.ids) > 6 else ''}{when}: "
        f"{one.observed} against {one.expected:.2f}, LLR {one.llr:.3f}, p {one.p:.4g} ± {one.p_error:.1g}"
    )


def gumbel_tail(llr: float, maxima: Floats) -> float:
    """Return the chance of a largest ratio of ``llr`` or more from a Gumbel curve with the moments of ``maxima``."""
    spread = float(maxima.std(ddof=1)) if len(maxima) > 1 else 0.0
    if spread <= 0:
        return float("nan")
    scale = spread * np.sqrt(6) / np.pi
    return float(-np.expm1(-np.exp(-(llr - (float(maxima.mean()) - np.euler_gamma * scale)) / scale)))


def exact_ratio(observed: int, expected: float, level: float = 0.95) -> tuple[float, float]:
    """Return the exact Poisson interval of observed over expected (Garwood 1936)."""
    from scipy.stats import chi2

    if expected <= 0:
        return float("nan"), float("nan")
    tail = (1 - level) / 2
    low = chi2.ppf(tail, 2 * observed) / 2 if observed else 0.0
    return float(low / expected), float(chi2.ppf(1 - tail, 2 * observed + 2) / 2 / expected)


def labels_of(given: Sequence[object] | None, count: int) -> tuple[str, ...]:
    """Return names of areas or periods: those given, else 1, 2, 3 …"""
    return tuple(str(one) for one in given) if given is not None else tuple(str(i + 1) for i in range(count))
