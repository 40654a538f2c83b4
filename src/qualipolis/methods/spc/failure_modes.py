"""Failure modes and effects: severity, occurrence, detection, and the action priority they lead to.

Action priority (high, medium, low) looks at severity first, then at occurrence, then at detection; unlike the product of the
three it never lets good detection hide a grave effect. The table of design and process FMEA is held here in its compact
form. **Caveat:** it restates the table of the AIAG and VDA handbook (2019) from knowledge; public copies disagree. Hold it
against the handbook before it decides anything (:data:`CAVEAT`). FMEA-MSR uses another table and is not covered.

Source: AIAG and VDA (2019), *FMEA Handbook*, 1st ed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from qualipolis.methods.problems import InputError, Problem, msg

Priority = Literal["H", "M", "L"]
PRIORITIES: Mapping[Priority, str] = {
    "H": msg("High: act, or show in writing why what is done is enough."),
    "M": msg("Medium: one should act, or say why not."),
    "L": msg("Low: one may act."),
}
CAVEAT = msg(
    "The table of action priorities is restated from knowledge: check it against your copy of the handbook before use."
)
_OCCURRENCE = ((8, 10), (6, 7), (4, 5), (2, 3), (1, 1))
_DETECTION = ((7, 10), (5, 6), (2, 4), (1, 1))
# for each severity: one row for each occurrence band, one letter for each detection band
TABLE: Mapping[tuple[int, int], tuple[str, str, str, str, str]] = {
    (9, 10): ("HHHH", "HHHH", "HHHM", "HMLL", "LLLL"),
    (7, 8): ("HHHH", "HHHM", "HMMM", "MMLL", "LLLL"),
    (4, 6): ("HHMM", "MMML", "MLLL", "LLLL", "LLLL"),
    (2, 3): ("MMLL", "LLLL", "LLLL", "LLLL", "LLLL"),
    (1, 1): ("LLLL", "LLLL", "LLLL", "LLLL", "LLLL"),
}


def action_priority(severity: int, occurrence: int, detection: int) -> Priority:
    """Return the action priority of ratings from 1 (best) to 10 (worst).

    Raises
    ------
    InputError
        A rating that is no whole number from 1 to 10; all of them are named.

    >>> action_priority(9, 4, 3), action_priority(3, 8, 2)
    ('H', 'L')
    """
    given = {"severity": severity, "occurrence": occurrence, "detection": detection}
    wrong = [name for name, value in given.items() if isinstance(value, bool) or value not in range(1, 11)]
    if wrong:
        what = msg("A rating is a whole number from 1 to 10.")
        raise InputError([Problem("bad_rating", what, place=name) for name in wrong])
    rows = next(rows for (low, high), rows in TABLE.items() if low <= severity <= high)
    row = next(row for (low, high), row in zip(_OCCURRENCE, rows, strict=True) if low <= occurrence <= high)
    letter = next(one for (low, high), one in zip(_DETECTION, row, strict=True) if low <= detection <= high)
    found: dict[str, Priority] = {"H": "H", "M": "M", "L": "L"}
    return found[letter]


@dataclass(frozen=True)
class FailureMode:
    """One line of an FMEA: what can fail, its effect and cause, what prevents and detects it, and the three ratings."""

    function: str
    failure: str
    effect: str
    cause: str
    severity: int
    occurrence: int
    detection: int
    prevention: str = ""
    detecting: str = ""

    @property
    def priority(self) -> Priority:
        """The action priority of the ratings."""
        return action_priority(self.severity, self.occurrence, self.detection)


def ranked(modes: Iterable[FailureMode]) -> list[FailureMode]:
    """Return failure modes by action priority, within it by severity, occurrence and detection.

    >>> a, b = FailureMode("", "a", "", "", 3, 8, 2), FailureMode("", "b", "", "", 9, 4, 3)
    >>> [mode.failure for mode in ranked([a, b])]
    ['b', 'a']
    """
    order = {"H": 0, "M": 1, "L": 2}
    return sorted(modes, key=lambda m: (order[m.priority], -m.severity, -m.occurrence, -m.detection))
