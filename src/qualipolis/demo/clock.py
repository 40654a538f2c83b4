"""The clock of the synthetic city: a story of months is told through the verbs, each on its own day.

The verbs ask Django what time it is. While a story is told, Django answers with the moment at which it stands; every
answer is a second later than the one before, so that the ledger keeps its order. Nothing else is changed, and the
process that builds a demo does nothing else meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from django.utils import timezone


class Clock:
    """A clock that is set to a day and hour of the city and runs on from there by the second."""

    def __init__(self) -> None:
        self.moment = datetime.now(tz=UTC)

    def to(self, day: date, hour: int = 9, minute: int = 0) -> None:
        """Set the clock to a local time that is not ahead of the real one; it never runs backward within a story."""
        local = datetime.combine(day, time(hour, minute), tzinfo=timezone.get_default_timezone())
        self.moment = max(self.moment, min(local.astimezone(UTC), datetime.now(tz=UTC)))

    def tick(self) -> datetime:
        """Return the time, and let a second go by."""
        self.moment += timedelta(seconds=1)
        return self.moment


@contextmanager
def telling(first: date) -> Iterator[Clock]:
    """Let Django read a clock that begins on the day ``first``; afterwards it reads the real one again."""
    clock, real = Clock(), timezone.datetime
    clock.moment = datetime.combine(first, time(0), tzinfo=UTC)

    class Kind(type(datetime)):  # type: ignore[misc]
        def __instancecheck__(cls, other: Any) -> bool:
            return isinstance(other, datetime)

    class Told(datetime, metaclass=Kind):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Any:
            return clock.tick().astimezone(tz) if tz else clock.tick().replace(tzinfo=None)

    timezone.datetime = Told  # type: ignore[attr-defined]
    try:
        yield clock
    finally:
        timezone.datetime = real  # type: ignore[attr-defined]
