"""The rate of the city year by year, with intervals, what has changed and whether there is a trend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from qualipolis.city.supervise.statistics import estimates, rates
from qualipolis.city.supervise.statistics.estimates import Estimate
from qualipolis.city.supervise.statistics.rates import RateOf, Row
from qualipolis.methods.problems import InputError
from qualipolis.methods.sampling.rates import Change, Trend, change, trend

YEARS = 6


@dataclass(frozen=True)
class YearFigure:
    """One year: the counts, the estimate for the market (or the plain share), and the change since the year before."""

    year: int
    rate: RateOf
    estimate: Estimate | None
    covered: float | None
    change: Change | None = None
    comparable: bool = True


@dataclass(frozen=True)
class Series:
    """The years of one purpose, first to last, and the trend over those of one kind."""

    purpose: str
    years: tuple[YearFigure, ...]
    trend: Trend | None

    @property
    def last(self) -> YearFigure | None:
        return self.years[-1] if self.years else None


def series(purpose: str = "random", until: int | None = None, most: int = YEARS) -> Series:
    """Return the last years of a purpose.

    A change is tested between years of one kind only: an estimate of the market with another one, a plain share with
    another one. The test asks about the process, so it takes no correction for the part of the frame that was sampled.
    """
    wanted = [year for year in rates.years() if until is None or year <= until][-most:]
    found = rates.rows(years=wanted, purpose=purpose)
    made = [_year(found, purpose, year) for year in wanted]
    made = [one for one in made if one.estimate is not None or one.rate.parts.excluded]
    process = {one.year: _process(found, purpose, one) for one in made}
    shown = tuple(_with_change(process, before, one) for before, one in pairwise([None, *made]) if one is not None)
    return Series(purpose, shown, _trend(process))


def _year(found: Sequence[Row], purpose: str, year: int) -> YearFigure:
    market = estimates.market(found, purpose, year)
    return YearFigure(year, rates.rate_of(found, purpose, year), market.whole, market.covered)


def _process(found: Sequence[Row], purpose: str, one: YearFigure) -> Estimate | None:
    if one.estimate is None or not one.estimate.weighted:
        return one.estimate
    return estimates.market(found, purpose, one.year, finite=False).whole


def _with_change(process: dict[int, Estimate | None], before: YearFigure | None, one: YearFigure) -> YearFigure:
    old, new = process.get(before.year) if before else None, process[one.year]
    if old is None or new is None:
        return one
    if old.weighted != new.weighted:
        return YearFigure(one.year, one.rate, one.estimate, one.covered, None, False)
    if None in (old.low, old.high, new.low, new.high):
        return one
    made = change((old.estimate, old.low, old.high), (new.estimate, new.low, new.high))  # type: ignore[arg-type]
    return YearFigure(one.year, one.rate, one.estimate, one.covered, made)


def _trend(process: dict[int, Estimate | None]) -> Trend | None:
    known = {year: one for year, one in process.items() if one is not None and error_of(one) > 0}
    if not known or len({one.weighted for one in known.values()}) > 1:
        return None
    try:
        return trend(list(known), [one.estimate for one in known.values()], [error_of(one) for one in known.values()])
    except InputError:
        return None


def error_of(one: Estimate) -> float:
    """Return the standard error of an estimate, from its interval where the error itself says nothing."""
    if one.se:
        return one.se
    return 0.0 if one.low is None or one.high is None else (one.high - one.low) / 3.92
