"""Refusals and follow-up by year: how often sampling was refused, how often what failed was put right in time."""

from __future__ import annotations

from dataclasses import dataclass

from qualipolis.city.supervise.statistics import rates
from qualipolis.law.supervision.pass_rate import Share
from qualipolis.methods.sampling.estimation.binomial import binomial_interval


@dataclass(frozen=True)
class Part:
    """A share with its exact interval; all None when there is nothing to divide by."""

    share: Share
    low: float | None
    high: float | None


@dataclass(frozen=True)
class FollowYear:
    """One year: refused of refused and sampled, closed in time of orders due, passed of reviews due."""

    year: int
    refused: Part
    closed: Part
    passed: Part


def part(share: Share) -> Part:
    """Return a share with its exact interval."""
    if not share.whole:
        return Part(share, None, None)
    low, high = (float(end) for end in binomial_interval(share.part, share.whole))
    return Part(share, low, high)


def follow(most: int = 6) -> list[FollowYear]:
    """Return the last years, first to last; every purpose counts, for a refusal is one whatever the purpose."""
    return [
        FollowYear(
            year,
            part(rates.refused(rates.rows(years=[year]))),
            part(rates.marked(year, "order_due", "order_in_time")),
            part(rates.marked(year, "review_due", "review_passed")),
        )
        for year in rates.years()[-most:]
    ]
