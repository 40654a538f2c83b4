"""Grounds on which a complaint is refused or its mediation ends: which of them the order in force knows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from qualipolis.law.listening.rules import ORDER_20, ORDER_121, ORDER_121_FROM
from qualipolis.methods.problems import msg


@dataclass(frozen=True)
class Ground:
    """One ground: its number in the official form, its words, and from which day it may be given."""

    number: int
    words: str
    since: dt.date | None = None

    def holds_on(self, received_on: dt.date) -> bool:
        return self.since is None or self.since <= received_on


REFUSALS = {
    "out_of_power": Ground(1, msg("not within our duties, or not ours to decide")),
    "elsewhere": Ground(
        2, msg("a court, an arbitrator, an authority or a consumer association has already taken it up")
    ),
    "no_dispute": Ground(3, msg("not bought for daily life, or no dispute over consumer rights is shown")),
    "three_years": Ground(4, msg("the right was harmed more than three years ago")),
    "materials": Ground(5, msg("the materials are missing or false")),
    "identity": Ground(6, msg("a false identity, or the check of identity is refused"), ORDER_121_FROM),
    "other": Ground(7, msg("another case that law or regulation names")),
}
ENDINGS = {
    "settled": Ground(1, msg("the complaint was withdrawn, or the parties settled by themselves")),
    "absent": Ground(2, msg("a party stays away without reason, or refuses mediation")),
    "no_agreement": Ground(3, msg("a party says that no agreement can be reached")),
    "test_fee": Ground(4, msg("the parties cannot agree who pays for a test")),
    "out_of_time": Ground(5, msg("no agreement within the term of mediation")),
    "found_later": Ground(6, msg("a ground for refusal was found after acceptance")),
    "ceased": Ground(7, msg("a party died, or ceased to exist")),
    "other": Ground(8, msg("another case that law or regulation names")),
}
NOT_FILED = {
    "no_facts": Ground(1, msg("no facts of a violation were found")),
    "slight": Ground(2, msg("slight, corrected in time, without harm")),
    "first_time": Ground(3, msg("a first violation with slight harm, corrected in time")),
    "out_of_power": Ground(4, msg("not within our duties")),
    "out_of_time": Ground(5, msg("the violation is too long ago to be punished")),
    "other": Ground(6, msg("another case that law or regulation names")),
}


def order_on(received_on: dt.date) -> str:
    """Return the order that governs a letter received on that day.

    >>> order_on(dt.date(2026, 4, 14)) == ORDER_20, order_on(dt.date(2026, 4, 15)) == ORDER_121
    (True, True)
    """
    return ORDER_121 if received_on >= ORDER_121_FROM else ORDER_20


def grounds_on(grounds: dict[str, Ground], received_on: dt.date) -> dict[str, Ground]:
    """Return the grounds that may be given for a letter received on that day.

    >>> "identity" in grounds_on(REFUSALS, dt.date(2026, 4, 14)), "identity" in grounds_on(REFUSALS, dt.date(2026, 4, 15))
    (False, True)
    """
    return {code: ground for code, ground in grounds.items() if ground.holds_on(received_on)}
