"""The clocks of supervision sampling: when a term ends, when a window is over for every party, when a page comes down.

A clock starts with proof of service. What has not been served has not begun; it is not over either.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from qualipolis.law.calendar import Deadline, add_days, add_months
from qualipolis.law.rules import rule_on
from qualipolis.law.terms import Calendar, deadline, length
from qualipolis.methods.problems import msg

ONE_DAY = dt.timedelta(days=1)

NOT_SERVED = msg("not served with proof yet")
RUNNING = msg("the window is running")
WAIVED = msg("waived in writing")
OVER = msg("the window is over")
CEASED = msg("the firm has ceased to exist and has no successor")


@dataclass(frozen=True)
class Service:
    """The service of one document to one party.

    Parameters
    ----------
    party : who must receive it: the seller, the labelled producer, the platform ...
    served_on : day of receipt, None while it is on its way
    proved : whether a proof of service is on file; without it the clock does not start
    waived_on : day on which the party gave up its objection in writing
    ceased_on : day on which the party was deregistered without a successor
    """

    party: str
    served_on: dt.date | None = None
    proved: bool = True
    waived_on: dt.date | None = None
    ceased_on: dt.date | None = None


@dataclass(frozen=True)
class Window:
    """The window of one party: first day after it (``over_on``), its last day, and why it stands as it does."""

    party: str
    last_day: dt.date | None
    over_on: dt.date | None
    why: str
    provisional: bool = False


@dataclass(frozen=True)
class Finality:
    """``day`` is the first day on which no party can object any more; None while a window has not even begun."""

    day: dt.date | None
    windows: tuple[Window, ...]
    provisional: bool = False

    def is_final(self, today: dt.date) -> bool:
        return self.day is not None and self.day <= today

    def last_day(self, party: str) -> dt.date | None:
        """Return the last day of the window of ``party``; None while it has not begun."""
        return next((w.last_day for w in self.windows if w.party == party), None)


def final_on(
    services: Iterable[Service], rule: str = "supervision.objection", calendar: Calendar = add_days
) -> Finality:
    """Return from which day a result is final: the day after the last window of all parties.

    Each party has its own window from its own service; a written waiver ends it on its day. Served twice, the first
    proved service counts. A party that ceased to exist without a successor has no window left. No party at all, or one
    not served with proof, and there is no such day.

    >>> seller, producer = Service("seller", dt.date(2026, 3, 2)), Service("producer", dt.date(2026, 3, 9))
    >>> final_on([seller, producer]).day, final_on([seller, Service("producer")]).day
    (datetime.date(2026, 3, 25), None)
    """
    windows = tuple(_window(party, rule, calendar) for party in _by_party(services))
    if not windows or any(w.over_on is None for w in windows):
        return Finality(None, windows)
    last = max(w.over_on for w in windows if w.over_on is not None)
    return Finality(last, windows, any(w.provisional and w.over_on == last for w in windows))


def _by_party(services: Iterable[Service]) -> list[list[Service]]:
    parties: dict[str, list[Service]] = {}
    for service in services:
        parties.setdefault(service.party, []).append(service)
    return list(parties.values())


def _window(services: list[Service], rule: str, calendar: Calendar) -> Window:
    party = services[0].party
    served = min((s.served_on for s in services if s.served_on is not None and s.proved), default=None)
    waived = min((s.waived_on for s in services if s.waived_on is not None), default=None)
    ceased = min((s.ceased_on for s in services if s.ceased_on is not None), default=None)
    end = deadline(rule, served, calendar=calendar) if served is not None else None
    ways = [(waived, WAIVED), (ceased, CEASED), (end.due + ONE_DAY if end else None, OVER)]
    days = [(day, why) for day, why in ways if day is not None]
    if not days:
        return Window(party, None, None, NOT_SERVED)
    day, why = min(days, key=lambda found: found[0])
    provisional = end is not None and end.provisional and why == OVER
    return Window(party, end.due if end else None, day, why, provisional)


def objection_is_late(service: Service, received_on: dt.date, rule: str = "supervision.objection") -> bool:
    """Return whether an objection came after the window of its party; before a proved service none is late.

    >>> served = Service("seller", dt.date(2026, 9, 16))
    >>> objection_is_late(served, dt.date(2026, 10, 8)), objection_is_late(served, dt.date(2026, 10, 9))
    (False, True)
    """
    if service.served_on is None or not service.proved:
        return False
    return received_on > deadline(rule, service.served_on).due


def second_review_window(announced_on: dt.date) -> tuple[dt.date, dt.date]:
    """Return first and last day of the second review: after day 60 and before day 90, neither moved by holidays.

    >>> second_review_window(dt.date(2026, 3, 1))
    (datetime.date(2026, 5, 1), datetime.date(2026, 5, 29))
    """
    after, before = (length(rule_on(f"supervision.second_review_{end}", announced_on)) for end in ("after", "before"))
    return announced_on + dt.timedelta(days=after + 1), announced_on + dt.timedelta(days=before - 1)


SAME_PRODUCT = ("producer", "standard", "brand", "model")
MAY_REPEAT = ("follow_up", "emergency")


def same_product_until(earlier: Iterable[dt.date], planned_on: dt.date, purpose: str = "random") -> dt.date | None:
    """Return the day until which the same product may not be sampled again, or None when it may be on ``planned_on``.

    ``earlier`` are the days on which the product of the same ``SAME_PRODUCT`` keys was sampled by the same or, as the
    firm may show, by a higher authority. Follow-up checks of failed products and emergencies may repeat.

    >>> same_product_until([dt.date(2026, 1, 31)], dt.date(2026, 7, 31)), same_product_until(
    ...     [dt.date(2026, 1, 31)], dt.date(2026, 8, 1))
    (datetime.date(2026, 7, 31), None)
    """
    if purpose in MAY_REPEAT:
        return None
    blocked = [deadline("supervision.same_product", day).due for day in earlier if day <= planned_on]
    last = max(blocked, default=None)
    return last if last is not None and planned_on <= last else None


PenaltyKind = Literal["warning_only", "light", "ordinary"]


def penalty_publish_by(decided_on: dt.date, *, same_province: bool, kind: PenaltyKind = "ordinary") -> Deadline | None:
    """Return the last day to publish a penalty, or to pass it on to another province; a mere warning is not published.

    >>> penalty_publish_by(dt.date(2026, 9, 30), same_province=False).due
    datetime.date(2026, 10, 20)
    """
    if kind == "warning_only":
        return None
    return deadline("penalty.publish" if same_province else "penalty.push", decided_on)


def take_down_on(published_on: dt.date, kind: PenaltyKind, banned_until: dt.date | None = None) -> dt.date:
    """Return the first day on which a penalty is no longer shown: a ban longer than the term is waited for.

    >>> take_down_on(dt.date(2026, 11, 30), "light"), take_down_on(dt.date(2026, 11, 30), "ordinary")
    (datetime.date(2027, 3, 1), datetime.date(2029, 12, 1))
    """
    if kind == "warning_only":
        raise ValueError("a mere warning is not published")
    last = deadline("penalty.shown_light" if kind == "light" else "penalty.shown", published_on).due
    if banned_until is not None and banned_until > add_months(published_on, 36):
        last = banned_until
    return last + ONE_DAY
