"""Times in the forms that factory files write them, read by column so that one way of writing serves all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

_TIME = r"(?:[ T/._]+(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.,](\d{1,9}))?)?(?:\s*(Z|[+-]\d\d:?\d\d))?)?"
_POINTS = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.(\d{2}|\d{4})" + _TIME)
_SLASH = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{2}|\d{4})" + _TIME)
_YEAR = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?" + _TIME)
_SHORT = re.compile(r"(\d{2})-(\d{1,2})-(\d{1,2})" + _TIME)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:[ T_]?(\d\d)(\d\d)(\d\d)?)?")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
EPOCH = datetime(1899, 12, 30)


def time_of(text: str, day_first: bool = False, serial: bool = False) -> datetime | None:
    """Return the moment that ``text`` writes, or None. A zone is left out: the time on the clock is kept.

    >>> str(time_of("12.03.2024/08:15:00")), str(time_of("3/12/24 8:15")), str(time_of("2024-03-12T08:15:00+08:00"))
    ('2024-03-12 08:15:00', '2024-03-12 08:15:00', '2024-03-12 08:15:00')
    >>> str(time_of("45363.34375", serial=True)), time_of("99.99.2024")
    ('2024-03-12 08:15:00', None)
    """
    text = text.strip()
    if len(text) > 40:
        return None
    if serial and _SERIAL.fullmatch(text):
        return EPOCH + timedelta(seconds=round(float(text) * 86_400, 3))
    for pattern, order in ((_YEAR, "ymd"), (_POINTS, "dmy"), (_SLASH, "dmy" if day_first else "mdy"), (_SHORT, "ymd")):
        if found := pattern.fullmatch(text):
            return _built(found.groups(), order)
    found = _COMPACT.fullmatch(text)
    return _built((*found.groups(), None, None), "ymd") if found else None


def _built(groups: Sequence[str | None], order: str) -> datetime | None:
    parts = dict(zip(order, groups[:3], strict=True))
    year = int(parts["y"] or 0)
    year += (2000 if year < 70 else 1900) if year < 100 else 0
    hour, minute, second = (int(g or 0) for g in groups[3:6])
    micro = int((groups[6] or "0")[:6].ljust(6, "0")) if len(groups) > 6 else 0
    try:
        return datetime(year, int(parts["m"] or 0), int(parts["d"] or 0), hour, minute, second, micro)
    except ValueError:
        return None


def day_first(texts: Sequence[str]) -> bool | None:
    """Return whether dates with slashes begin with the day; None when they could be either.

    >>> day_first(["13/02/2024"]), day_first(["02/13/2024"]), day_first(["02/03/2024"])
    (True, False, None)
    """
    pairs = [(int(f[1]), int(f[2])) for f in map(_SLASH.fullmatch, texts) if f]
    if any(first > 12 for first, _ in pairs):
        return True
    return False if not pairs or any(second > 12 for _, second in pairs) else None


def times_of(
    texts: Sequence[str | None], day_first: bool = False, serial: bool = False
) -> tuple[NDArray[np.datetime64], dict[int, str]]:
    """Return the times of a column and, by index, the texts that are none; each way of writing is read once."""
    known: dict[str, np.datetime64] = {"": np.datetime64("NaT", "us")}
    wrong: dict[int, str] = {}
    bad: set[str] = set()
    out = np.full(len(texts), np.datetime64("NaT", "us"), dtype="datetime64[us]")
    for index, text in enumerate(texts):
        if not text:
            continue
        if text not in known:
            moment = time_of(text, day_first, serial)
            known[text] = np.datetime64("NaT", "us") if moment is None else np.datetime64(moment, "us")
            if moment is None:
                bad.add(text)
        out[index] = known[text]
        if text in bad:
            wrong[index] = text
    return out, wrong
