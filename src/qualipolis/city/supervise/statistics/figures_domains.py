"""Rates by town, cluster, product class and stage: direct, with partial pooling beside; towns in their funnel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _

from qualipolis.city.registry.models import Cluster, Unit
from qualipolis.city.supervise.models import Stage
from qualipolis.city.supervise.statistics import estimates, rates
from qualipolis.city.supervise.statistics.estimates import Estimate, Market, Pooled
from qualipolis.methods.sampling.rates import funnel_limits

KINDS = ("cluster", "town", "category", "stage")
INNER, OUTER = 0.95, 0.998


@dataclass(frozen=True)
class Domain:
    """One domain with its name in words, its own estimate and the one that borrows from the others."""

    name: str
    direct: Estimate
    pooled: Pooled | None


@dataclass(frozen=True)
class Domains:
    """The domains of a kind, and the whole beside them."""

    kind: str
    market: Market
    rows: tuple[Domain, ...]
    whole: Estimate | None


@dataclass(frozen=True)
class Spot:
    """A town in the funnel: its counted batches, and whether it lies outside the limits of chance.

    ``outside`` is 0 inside, 1 outside the 95 % limits, 2 outside the 99.8 % limits; ``side`` is -1 below, 1 above.
    """

    code: str
    name: str
    passed: int
    n: int
    low: float
    high: float
    outer_low: float
    outer_high: float

    @property
    def share(self) -> float:
        return self.passed / self.n

    @property
    def outside(self) -> int:
        if self.share < self.outer_low or self.share > self.outer_high:
            return 2
        return int(self.share < self.low or self.share > self.high)

    @property
    def side(self) -> int:
        return -1 if self.share < self.low else int(self.share > self.high)


@dataclass(frozen=True)
class Funnel:
    """All towns of a year against the share of all counted batches."""

    year: int
    share: float
    n: int
    spots: tuple[Spot, ...]

    @property
    def expected(self) -> float:
        """Towns that chance alone puts outside the 95 % limits, at most."""
        return (1 - INNER) * len(self.spots)


def domains(kind: str, year: int, purpose: str = "random") -> Domains:
    """Return the domains of a kind in a year; small ones also with partial pooling."""
    found = rates.rows(years=[year], purpose=purpose)
    made, whole = estimates.market(found, purpose, year, by=kind), estimates.market(found, purpose, year).whole
    pooled = {one.label: one for one in estimates.pooled(made.domains)}
    names = names_of(kind)
    rows = [
        Domain(names.get(one.label, one.label) or _("not known"), one, pooled.get(one.label)) for one in made.domains
    ]
    return Domains(kind, made, tuple(rows), whole)


def names_of(kind: str) -> dict[str, str]:
    """Return the words of the values of a column."""
    if kind == "town":
        return {one.code: str(one.name) for one in Unit.objects.all()}
    if kind == "cluster":
        return {one.code: str(one.name) for one in Cluster.objects.all()}
    return {value: str(label) for value, label in Stage.choices} if kind == "stage" else {}


def funnel(year: int, purpose: str = "random") -> Funnel | None:
    """Return the towns with the exact limits of chance at their numbers of batches; None without a counted batch."""
    here = rates.counted(rates.rows(years=[year], purpose=purpose), purpose)
    if not here:
        return None
    tally: dict[str, list[int]] = {}
    for row in here:
        one = tally.setdefault(row["town"], [0, 0])
        one[0] += bool(row["passed"])
        one[1] += 1
    share = sum(passed for passed, _n in tally.values()) / len(here)
    codes, cases = sorted(tally), np.array([tally[code][1] for code in sorted(tally)])
    limits = [end for level in (INNER, OUTER) for end in funnel_limits(cases, share, level)]
    names = names_of("town")
    spots = tuple(
        Spot(code, names.get(code, code), *tally[code], *(float(end[i]) for end in limits))
        for i, code in enumerate(codes)
    )
    return Funnel(year, share, len(here), spots)


def curves(found: Funnel) -> dict[float, tuple[list[float], list[float], list[float]]]:
    """Return the limits at every number of cases up to the largest town: level -> cases, low, high."""
    most = max(spot.n for spot in found.spots)
    cases = np.unique(np.linspace(1, most * 1.04, min(int(most), 240)).astype(int))
    made = {}
    for level in (INNER, OUTER):
        low, high = funnel_limits(cases, found.share, level)
        made[level] = (cases.astype(float).tolist(), low.tolist(), high.tolist())
    return made


def outside(found: Funnel) -> Sequence[Spot]:
    """Return the towns outside the 95 % limits, the farthest first."""
    return sorted((spot for spot in found.spots if spot.outside), key=lambda spot: (-spot.outside, spot.share))
