"""What a pass rate counts: a table of states, a table of purposes, and one pure function over rows.

Only final results count. What has not ended keeps the rate provisional. Purposes are never pooled, and only a random
sample speaks for the market. "Pass" means that no nonconformity was found in the inspected sample, no more.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from qualipolis.law.flow import fact
from qualipolis.methods.problems import InputError, Problem, msg

Place = Literal["counted", "open", "out"]
PASS_WORDS = msg("no nonconformity found in the inspected sample")

_WAITS = msg("no result yet")
_NOT_FINAL = msg("not final yet")
_NOT_SAMPLED = msg("not sampled")
_REFUSED = msg("sampling refused: counted as a refusal, never as a failure")
_UNLAWFUL = msg("stopped for unlawful facts")
_VOIDED = msg("voided")
_UNTESTABLE = msg("the test was impossible")
_NO_SAMPLE = msg("no sound sample reached the laboratory")
COUNTED = msg("counts in the rate")

# the state of a row is that of its result; before there is one, that of its sample; before that, of its task
STATES: dict[str, tuple[Place, str]] = {
    "final": ("counted", COUNTED),
    **dict.fromkeys(("notified", "objection_window", "under_objection"), ("open", _NOT_FINAL)),
    **dict.fromkeys(("under_recheck", "upheld", "reversed"), ("open", _NOT_FINAL)),
    **dict.fromkeys(("drawn", "assigned", "on_site", "sampled", "returned", "sealed"), ("open", _WAITS)),
    **dict.fromkeys(("left_with_firm", "in_transit", "received", "testing", "reported"), ("open", _WAITS)),
    **dict.fromkeys(("completed", "disposed"), ("open", _WAITS)),
    **dict.fromkeys(("not_sampled", "replaced", "closed"), ("out", _NOT_SAMPLED)),
    **dict.fromkeys(("refused", "refusal_reported"), ("out", _REFUSED)),
    **dict.fromkeys(("stopped_unlawful", "unlawful_reported", "stopped"), ("out", _UNLAWFUL)),
    **dict.fromkeys(("rejected_at_lab", "spoiled", "lost"), ("out", _NO_SAMPLE)),
    "untestable": ("out", _UNTESTABLE),
    "voided": ("out", _VOIDED),
}
OTHER_PURPOSE = msg("another purpose; purposes are never pooled")
VOIDED_FOR_SIDE = msg("voided for this side: not the producer's product")
ELSEWHERE = msg("the producer is in another area: counted for the seller only")
_REVIEW = msg("a review sample belongs to the handling of one firm")
_BY_HAND = msg("chosen by hand: it has no probability of being drawn")


@dataclass(frozen=True)
class Purpose:
    """What a purpose leaves out besides its states (fact of a row -> reason), and whether it speaks for the market."""

    code: str
    label: str
    market: bool
    leaves_out: Mapping[str, str]


PURPOSES: dict[str, Purpose] = {
    one.code: one
    for one in (
        Purpose("random", msg("random"), True, {"review": _REVIEW, "chosen_by_hand": _BY_HAND}),
        Purpose("risk", msg("by risk"), False, {"review": _REVIEW}),
        Purpose("follow_up", msg("follow-up"), False, {}),
        Purpose("emergency", msg("emergency"), False, {"review": _REVIEW}),
        Purpose("online", msg("online purchase"), False, {"review": _REVIEW}),
    )
}
SIDES = ("batch", "producer", "seller")
UNITS = {"batch": "", "product": "product", "firm": "firm"}


@dataclass(frozen=True)
class Excluded:
    """A row outside the rate, and why. ``open`` when it may still enter."""

    id: str
    why: str
    open: bool = False


@dataclass(frozen=True)
class Correction:
    """A verdict that a recheck changed: what it was, what it is, since when, and why."""

    id: str
    was: str
    now: str
    on: dt.date | None
    why: str


@dataclass(frozen=True)
class PassRateParts:
    """Numerator and denominator of one purpose, with the reason of everything that is outside.

    ``unit`` says what is counted; a product or firm with any failed batch failed. ``market`` is whether it may be read
    as an estimate for the market; the estimate itself needs the weights of the design.
    """

    purpose: str
    side: str
    unit: str
    passed: int
    failed: int
    batches: int
    outcomes: tuple[tuple[str, str], ...]
    excluded: tuple[Excluded, ...]
    corrections: tuple[Correction, ...]
    market: bool

    @property
    def n(self) -> int:
        return self.passed + self.failed

    @property
    def rate(self) -> float | None:
        """Return passed / n; None, not zero, when nothing counts."""
        return self.passed / self.n if self.n else None

    @property
    def open(self) -> tuple[str, ...]:
        return tuple(row.id for row in self.excluded if row.open)

    @property
    def provisional(self) -> bool:
        return bool(self.open)

    def reasons(self) -> dict[str, int]:
        """Return how many rows are outside, by reason."""
        counts: dict[str, int] = {}
        for row in self.excluded:
            counts[row.why] = counts.get(row.why, 0) + 1
        return counts


def pass_rate_parts(samples: Iterable[Any], purpose: str, *, side: str = "batch", unit: str = "batch") -> PassRateParts:
    """Return what counts in the pass rate of one purpose, and why the rest does not.

    Parameters
    ----------
    samples : mappings or objects with the facts ``id``, ``purpose``, ``state`` (key of ``STATES``) and, when it is final, ``verdict``
        ("pass" or "fail"); also ``product``, ``firm`` (for these units), ``voided_for`` (sides), ``producer_elsewhere``,
        ``review``, ``chosen_by_hand``, ``first_verdict``, ``reversed_on``, ``reversal_reason``
    purpose : key of ``PURPOSES``
    side : "batch" for everything, "producer" or "seller" for the statistics of that side
    unit : "batch", "product" or "firm"

    Raises
    ------
    InputError : unknown purpose, state, side or unit; a final row without a verdict; a repeated id

    >>> rows = [{"id": 1, "purpose": "random", "state": "final", "verdict": "pass"},
    ...         {"id": 2, "purpose": "random", "state": "final", "verdict": "fail"},
    ...         {"id": 3, "purpose": "random", "state": "untestable"},
    ...         {"id": 4, "purpose": "random", "state": "under_objection", "verdict": "fail"},
    ...         {"id": 5, "purpose": "risk", "state": "final", "verdict": "fail"}]
    >>> parts = pass_rate_parts(rows, "random")
    >>> parts.passed, parts.n, parts.provisional, len(parts.excluded)
    (1, 2, True, 3)
    """
    rows = list(samples)
    _check(rows, purpose, side, unit)
    inside: list[Any] = []
    excluded: list[Excluded] = []
    for row in rows:
        place, why = _place(row, PURPOSES[purpose], side)
        if place == "counted":
            inside.append(row)
        else:
            excluded.append(Excluded(str(fact(row, "id")), why, place == "open"))
    verdicts = _by_unit(inside, unit)
    failed = sum(1 for verdict in verdicts.values() if verdict == "fail")
    return PassRateParts(
        purpose,
        side,
        unit,
        len(verdicts) - failed,
        failed,
        len(inside),
        tuple(sorted((str(fact(row, "id")), str(fact(row, "verdict"))) for row in inside)),
        tuple(excluded),
        tuple(c for row in inside if (c := _correction(row)) is not None),
        PURPOSES[purpose].market,
    )


def _place(row: Any, purpose: Purpose, side: str) -> tuple[Place, str]:
    if fact(row, "purpose") != purpose.code:
        return "out", OTHER_PURPOSE
    for name, why in purpose.leaves_out.items():
        if fact(row, name):
            return "out", why
    if side in (fact(row, "voided_for") or ()):
        return "out", VOIDED_FOR_SIDE
    if side == "producer" and fact(row, "producer_elsewhere"):
        return "out", ELSEWHERE
    return STATES[fact(row, "state")]


def _by_unit(rows: list[Any], unit: str) -> dict[str, str]:
    verdicts: dict[str, str] = {}
    for row in rows:
        key = str(fact(row, UNITS[unit] or "id"))
        verdicts[key] = "fail" if "fail" in (verdicts.get(key), fact(row, "verdict")) else "pass"
    return verdicts


def _correction(row: Any) -> Correction | None:
    first, now = fact(row, "first_verdict"), fact(row, "verdict")
    if first in (None, now):
        return None
    reason = fact(row, "reversal_reason") or ""
    return Correction(str(fact(row, "id")), str(first), str(now), fact(row, "reversed_on"), str(reason))


def _check(rows: list[Any], purpose: str, side: str, unit: str) -> None:
    found = []
    asked = (("purpose", purpose, PURPOSES), ("side", side, SIDES), ("unit", unit, UNITS))
    for name, value, known in asked:
        if value not in known:
            params = {"value": value, "known": ", ".join(known)}
            found.append(Problem(f"unknown_{name}", msg("%(value)s is none of %(known)s."), "", params))
    seen: set[str] = set()
    for row in rows:
        found += _row_problems(row, UNITS.get(unit, ""), seen)
    if found:
        raise InputError(found)


def _row_problems(row: Any, key: str, seen: set[str]) -> list[Problem]:
    name, state, found = str(fact(row, "id")), fact(row, "state"), []
    params = {"id": name, "state": state}
    if fact(row, "id") is None or name in seen:
        found.append(Problem("repeated_id", msg("The row %(id)s stands twice or has no name."), "", params))
    seen.add(name)
    if state not in STATES:
        found.append(Problem("unknown_state", msg("The row %(id)s has the unknown state %(state)s."), "", params))
    if fact(row, "purpose") not in PURPOSES:
        found.append(Problem("unknown_purpose", msg("The row %(id)s has no known purpose."), "", params))
    if state == "final" and fact(row, "verdict") not in ("pass", "fail"):
        found.append(Problem("no_verdict", msg("The row %(id)s is final without a verdict."), "", params))
    if key and state == "final" and fact(row, key) is None:
        found.append(Problem("no_key", msg("The row %(id)s does not say which product or firm it is."), "", params))
    return found


@dataclass(frozen=True)
class Change:
    """One row whose part in the rate changed; "—" when it was or is outside."""

    id: str
    was: str
    now: str


@dataclass(frozen=True)
class Revision:
    """What a later look changed in a period already told: old and new counts, and every row behind the difference."""

    purpose: str
    period: str
    on: dt.date
    before: tuple[int, int]
    after: tuple[int, int]
    changes: tuple[Change, ...]


def revision(before: PassRateParts, after: PassRateParts, period: str, on: dt.date) -> Revision | None:
    """Return the record of what changed between two looks at one period, or None when nothing did.

    >>> row = {"id": 1, "purpose": "random", "state": "final", "verdict": "fail"}
    >>> old, new = (pass_rate_parts([r], "random") for r in (row, row | {"verdict": "pass", "first_verdict": "fail"}))
    >>> revision(old, new, "2026-Q1", dt.date(2026, 9, 1)).after
    (1, 1)
    """
    if (before.purpose, before.side, before.unit) != (after.purpose, after.side, after.unit):
        raise ValueError("a revision compares the same purpose, side and unit")
    old, new = dict(before.outcomes), dict(after.outcomes)
    changes = tuple(
        Change(one, old.get(one, "—"), new.get(one, "—"))
        for one in sorted({*old, *new})
        if old.get(one) != new.get(one)
    )
    if not changes:
        return None
    return Revision(after.purpose, period, on, (before.passed, before.n), (after.passed, after.n), changes)


@dataclass(frozen=True)
class Share:
    """A count out of a count; ``rate`` is None when there is nothing to divide by."""

    part: int
    whole: int

    @property
    def rate(self) -> float | None:
        return self.part / self.whole if self.whole else None


def refusals(tasks: Iterable[Any]) -> Share:
    """Return refused / (refused + sampled) over the states of tasks; one voided after its sample was sampled.

    >>> refusals([{"state": "refusal_reported"}, {"state": "completed"}, {"state": "replaced"}])
    Share(part=1, whole=2)
    """
    states = [fact(task, "state") for task in tasks]
    refused = sum(1 for s in states if s in ("refused", "refusal_reported"))
    return Share(refused, refused + sum(1 for s in states if s in ("sampled", "returned", "completed", "voided")))


def closures(cases: Iterable[Any], today: dt.date) -> Share:
    """Return reviews passed in time / orders due by ``today`` (facts ``review_by``, ``passed_on``, ``state``).

    Cancelled cases, and those of firms that ceased to exist, are not due.
    """
    aside = ("cancelled", "firm_ceased", "closed_ceased")
    asked = [c for c in cases if fact(c, "state") not in aside and fact(c, "review_by") is not None]
    due = [c for c in asked if fact(c, "review_by") <= today]
    passed = sum(1 for c in due if (day := fact(c, "passed_on")) is not None and day <= fact(c, "review_by"))
    return Share(passed, len(due))
