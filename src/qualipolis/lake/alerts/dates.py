"""The day of an alert in the forms that publishers write it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

import numpy as np

from qualipolis.lake.factory.dates import day_first, times_of

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"({'|'.join(MONTHS)})[a-z]*\.?"
_WEEKDAY = re.compile(r"^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+", re.I)
_ENGLISH = re.compile(rf"{_MONTH}\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})", re.I)
_DAY_MONTH = re.compile(rf"(\d{{1,2}})(?:st|nd|rd|th)?[\s-]+{_MONTH},?[\s-]+(\d{{4}})", re.I)
_DASHES = re.compile(r"(\d{1,2})-(\d{1,2})-(\d{4})(.*)", re.S)
_CLOCK = re.compile(r"\s*(?:T|\s)\d{1,2}:\d\d(?::\d\d)?(?:\.\d+)?\s*(?:Z|UTC|GMT|[+-]\d\d:?\d\d)?$")
_SERIAL = re.compile(r"[1-7]\d{4}(?:\.\d+)?")


def plain(text: str) -> str:
    """Return a date as the common reader knows it; what is no date stays as it is.

    >>> plain("Thursday, August 15, 2024"), plain("10-01-2024 12:13:45"), plain("3 Mar 2021"), plain("2024-08-15T00:00:00")
    ('2024-08-15', '10.01.2024', '2021-03-03', '2024-08-15')
    """
    text = _CLOCK.sub("", _WEEKDAY.sub("", text.strip()[:60])).strip()
    if found := _ENGLISH.fullmatch(text):
        return f"{found[3]}-{_month(found[1])}-{int(found[2]):02d}"
    if found := _DAY_MONTH.fullmatch(text):
        return f"{found[3]}-{_month(found[2])}-{int(found[1]):02d}"
    if found := _DASHES.fullmatch(text):
        return f"{found[1]}.{found[2]}.{found[3]}{found[4]}"
    return text


def _month(name: str) -> str:
    return f"{MONTHS.index(name[:3].lower()) + 1:02d}"


def days_of(texts: Sequence[str], order: bool | None = None) -> tuple[list[date | None], frozenset[int], bool]:
    """Return the days, the places of texts that are none, and whether day and month could be either way round.

    ``order`` is whether dates with slashes begin with the day; ``None`` lets the dates decide, month first in doubt.

    >>> days_of(["2024-10-30", "13/02/2024", "", "soon"])[:2]
    ([datetime.date(2024, 10, 30), datetime.date(2024, 2, 13), None, None], frozenset({3}))
    """
    said = [plain(text) for text in texts]
    seen = day_first(said) if order is None else order
    filled = [text for text in said if text]
    serial = bool(filled) and all(_SERIAL.fullmatch(text) for text in filled)
    times, wrong = times_of(said, day_first=bool(seen), serial=serial)
    slashes = any("/" in text for text in filled)
    found = [None if np.isnat(time) else time.astype("datetime64[D]").item() for time in times]
    return found, frozenset(wrong), seen is None and slashes
