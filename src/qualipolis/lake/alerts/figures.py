"""How many units and how many injured, as far as the words of a notice give a figure."""

from __future__ import annotations

import re

_SCALES = {"million": 1_000_000, "thousand": 1_000, "万": 10_000, "亿": 100_000_000, "千": 1_000}
_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_FIGURE = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?\s*(million|thousand|万|亿|千)?", re.I)
_COUNT = rf"(\d[\d,]*|{'|'.join(_WORDS)}|an?)"
_NO_INJURY = re.compile(
    r"^(?:none|none reported|no (?:incidents?|injur)|无$|无人员伤亡|无伤亡)|\bno (?:\w+ ){0,3}?injur", re.I
)
_INJURY = re.compile(rf"\b{_COUNT}\s+(?:\w+\s+){{0,2}}?injur(?:y|ies)", re.I)
_REPORTED = re.compile(rf"\b{_COUNT}\s+reports?\s+of\s+(?:\w+\s+){{0,2}}?injur", re.I)
_HURT = re.compile(r"(\d+)\s*(?:人|名)[^，。；]{0,6}?(?:受伤|伤)")
MOST = 10**12


def units(text: str) -> int | None:
    """Return the first figure of a statement of units; what was sold in addition elsewhere is not added.

    >>> units("About 1.16 million (in addition, 81,000 were sold in Canada)"), units("1.2万辆"), units("Unknown")
    (1160000, 12000, None)
    """
    found = _FIGURE.search(text[:400])
    if not found:
        return None
    value = float(found[1].replace(",", "") + (found[2] or "")) * _SCALES.get((found[3] or "").lower(), 1)
    return round(value) if value < MOST else None


def injuries(text: str) -> int | None:
    """Return the number of injuries a statement gives; ``None`` where it gives none that is sure.

    >>> injuries("None reported"), injuries("16 reports of falls, resulting in 15 reports of injuries")
    (0, 15)
    >>> injuries("one report of overheating. No injuries have been reported."), injuries("A girl died"), injuries("3人受伤")
    (0, None, 3)
    """
    said = " ".join(text[:2000].split())
    if said.isascii() and said.isdigit():
        return int(said[:9])
    for pattern in (_REPORTED, _INJURY, _HURT):
        if found := pattern.search(said):
            word = found[1].lower().replace(",", "")
            return 1 if word in ("a", "an") else _WORDS.index(word) if word in _WORDS else int(word[:9])
    return 0 if _NO_INJURY.search(said) else None
