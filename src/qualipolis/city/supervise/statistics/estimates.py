"""From counted batches to the market: the design's estimate by domain, or the plain share where no design is known.

Only random sampling speaks for the market. Where every counted batch of a year has its stratum and weight, one call
gives estimate, error, interval, design effect, n, degrees of freedom and a reliability flag for every domain. Where a
weight is missing the share of the batches is given with the exact binomial interval, and says that it is unweighted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from qualipolis.city.supervise.models import StratumSize
from qualipolis.city.supervise.statistics import rates
from qualipolis.city.supervise.statistics.rates import Row
from qualipolis.law.supervision.pass_rate import PURPOSES
from qualipolis.methods.problems import InputError
from qualipolis.methods.sampling.estimation import REASONS
from qualipolis.methods.sampling.estimation.binomial import binomial_interval
from qualipolis.methods.sampling.rates import Rates, rate_by_domain
from qualipolis.methods.sampling.small_areas import beta_binomial

LEVEL = 0.95
INTERVAL = "design_bayes"
LEAST = 30


@dataclass(frozen=True)
class Estimate:
    """One domain: counts, share of the batches, and the estimate with its interval.

    ``weighted`` says whether the estimate comes from the design; ``flag`` is reliable, caution, unreliable or none, with
    ``reasons`` in words. ``se`` and ``deff`` are None where there is none.
    """

    label: str
    passed: int
    n: int
    estimate: float
    low: float | None
    high: float | None
    weighted: bool
    se: float | None = None
    deff: float | None = None
    df: int | None = None
    effective: float | None = None
    flag: str = "reliable"
    reasons: tuple[str, ...] = ()

    @property
    def share(self) -> float:
        return self.passed / self.n

    @property
    def failed(self) -> int:
        return self.n - self.passed


@dataclass(frozen=True)
class Market:
    """All domains of one purpose and year, and what they stand on."""

    purpose: str
    year: int
    domains: tuple[Estimate, ...]
    weighted: bool
    market: bool
    without_weight: int = 0
    unseen: tuple[tuple[str, int], ...] = ()
    covered: float | None = None

    @property
    def whole(self) -> Estimate | None:
        return self.domains[0] if self.domains else None


@dataclass(frozen=True)
class Pooled:
    """A small area drawn towards the others: the estimate that borrows strength, and how much is its own."""

    label: str
    estimate: float
    low: float | None
    high: float | None
    own: float


def market(found: Sequence[Row], purpose: str, year: int, by: str = "", finite: bool = True) -> Market:
    """Return the estimates of a purpose in a year, for the whole or for each value of the column ``by``.

    Parameters
    ----------
    found : rows of :func:`~qualipolis.city.supervise.statistics.rates.rows`
    by : ``town``, ``cluster``, ``category``, ``stage`` or empty
    finite : False where years are compared: the question is then about the process
    """
    here = rates.counted([row for row in found if row["year"] == year], purpose)
    speaks = PURPOSES[purpose].market
    if not here:
        return Market(purpose, year, (), False, speaks)
    without = sum(1 for row in here if not row["weight"] or not row["stratum"])
    labels = [str(row[by] or "") for row in here] if by else ["all"] * len(here)
    if without or not speaks:
        return Market(purpose, year, _plain(here, labels), False, speaks, without if speaks else 0)
    made = designed(here, purpose, year, labels if by else None, finite)
    return Market(purpose, year, _weighted(here, labels, made), True, True, 0, made.unseen, made.covered)


def designed(
    here: Sequence[Row], purpose: str, year: int, labels: Sequence[str] | None = None, finite: bool = True
) -> Rates:
    """Return the design-based estimate of counted rows; the strata's sizes are those kept for the year."""
    sizes = dict(StratumSize.objects.filter(year=year, purpose=purpose).values_list("stratum", "units"))
    return rate_by_domain(
        [row["passed"] for row in here],
        [row["stratum"] for row in here],
        [row["weight"] for row in here],
        units=[row["psu"] or row["id"] for row in here],
        sizes=sizes or None,
        by=labels,
        finite=finite,
        level=LEVEL,
        method=INTERVAL,
    )


def _counts(here: Sequence[Row], labels: Sequence[str]) -> dict[str, list[int]]:
    tally: dict[str, list[int]] = {}
    for row, label in zip(here, labels, strict=True):
        one = tally.setdefault(label, [0, 0])
        one[0] += bool(row["passed"])
        one[1] += 1
    return tally


def _plain(here: Sequence[Row], labels: Sequence[str]) -> tuple[Estimate, ...]:
    made = []
    for label, (passed, n) in sorted(_counts(here, labels).items()):
        low, high = (float(end) for end in binomial_interval(passed, n, LEVEL))
        why = (REASONS["few_rows"],) if n < LEAST else ()
        flag = "unreliable" if high - low >= 0.3 else "caution" if why else "reliable"
        made.append(Estimate(label, passed, n, passed / n, low, high, False, flag=flag, reasons=why))
    return tuple(made)


def _weighted(here: Sequence[Row], labels: Sequence[str], made: Rates) -> tuple[Estimate, ...]:
    tally = _counts(here, labels)
    known: Callable[[float], float | None] = partial(_or_none)
    found = []
    for row in made.estimates:
        label = str(row["domain"])
        passed, n = tally[label]
        found.append(
            Estimate(
                label, passed, n, row["estimate"], known(row["low"]), known(row["high"]), True, known(row["se"]),
                known(row["deff"]), row["df"], known(row["effective"]), row["flag"],
                tuple(REASONS[one] for one in row["reasons"]),
            )
        )  # fmt: skip
    return tuple(sorted(found, key=lambda one: one.label))


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) or np.isinf(value) else float(value)


def pooled(domains: Sequence[Estimate]) -> tuple[Pooled, ...]:
    """Return small areas with partial pooling: each draws on the others as far as its own cases are few.

    Under a design the counts are the effective ones. Where the areas differ no more than chance would have it, every
    area gets the pooled share. Fewer than two areas give nothing.
    """
    sizes = [_worth(one) for one in domains]
    if len(domains) < 2:
        return ()
    hits = [one.estimate * n for one, n in zip(domains, sizes, strict=True)]
    try:
        fit = beta_binomial(hits, sizes, LEVEL)
    except InputError as error:
        if error.problems[0].code != "no_spread":
            return ()
        share = sum(hits) / sum(sizes)
        return tuple(Pooled(one.label, share, None, None, 0.0) for one in domains)
    ends = zip(fit.estimate, fit.low, fit.high, fit.own, strict=True)
    return tuple(Pooled(one.label, *(float(x) for x in row)) for one, row in zip(domains, ends, strict=True))


def _worth(one: Estimate) -> float:
    """Effective cases of a domain; a domain seen whole counts its cases."""
    return float(one.effective) if one.weighted and one.effective else float(one.n)
