"""Who is checked on site: some by named risks, some by lot. The lots can be drawn again by anyone.

A ticket is the SHA-256 of the seed, a bar and the key that the real world gives (the code of a unit; of a unit and an
indicator). The smallest tickets are drawn. The seed is written down before, so nobody can choose it by its outcome.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from qualipolis.city.assess.models import Adjustment
from qualipolis.city.assess.self_queries import gaps, latest_run
from qualipolis.city.core.models import Attachment
from qualipolis.city.measure.models import CollectionRound, Observation
from qualipolis.city.registry.models import Unit
from qualipolis.law.rules import rule_on
from qualipolis.methods.problems import msg

LARGE_CHANGE = 0.3
SHARE_CHANGED = 0.25
SHARE_MISSING = 0.1
LOWEST = 0.1
SAMPLED = "PQ01"
REASONS = {
    "gap": msg("Own and computed score lie %(points)s points apart."),
    "change": msg("%(count)s indicators changed by more than 30 %% against the year before."),
    "late": msg("%(count)s files of evidence came after the last day."),
    "missing": msg("%(count)s values are missing."),
    "low_pass": msg("The random-sampling pass rate, %(value)s %%, is among the lowest tenth."),
    "record": msg("Falsified data or a veto in the year before."),
}
Reason = dict[str, Any]


def ticket(seed: str, *keys: str) -> str:
    """Return the ticket of a real-world key under a seed.

    >>> ticket("20220315", "441900003")[:16] == hashlib.sha256(b"20220315|441900003").hexdigest()[:16]
    True
    """
    return hashlib.sha256("|".join((seed, *keys)).encode()).hexdigest()


def reason_text(reason: Reason, translate: Any = str) -> str:
    """Return a stored reason in the language of ``translate``."""
    words = REASONS.get(str(reason.get("code")), "")
    return str(translate(words)) % reason.get("params", {}) if words else ""


@dataclass(frozen=True)
class Value:
    """One observation that may be drawn: its key, its value, the relative change, whether records computed it."""

    pk: int
    code: str
    value: float | None
    change: float
    computed: bool
    missing: str


@dataclass(frozen=True)
class Candidate:
    """One unit that may be drawn, with the reasons that speak for a check."""

    pk: int
    code: str
    values: tuple[Value, ...]
    reasons: tuple[Reason, ...] = field(default=())


@dataclass(frozen=True)
class Drawn:
    """A unit that was drawn, how, with its ticket and the values to look at: (observation id, ticket, value)."""

    candidate: Candidate
    chosen: str
    ticket: str
    values: tuple[tuple[int, str, float | None], ...]


def candidates(round_: CollectionRound) -> list[Candidate]:
    """Return every assessed unit with its values and risks, in a fixed number of queries."""
    values = _values(round_)
    reasons = _reasons(round_, values)
    units = Unit.objects.filter(assessed=True).order_by("code").values_list("pk", "code")
    return [Candidate(pk, code, tuple(values.get(pk, ())), tuple(reasons.get(pk, ()))) for pk, code in units]


def _values(round_: CollectionRound) -> dict[int, list[Value]]:
    before = _year_before(round_)
    last: dict[tuple[int, str], float] = {}
    if before is not None:
        rows = Observation.objects.filter(round=before, value__isnull=False).order_by()
        last = {(unit, code): value for unit, code, value in rows.values_list("unit_id", "indicator__code", "value")}
    found: dict[int, list[Value]] = defaultdict(list)
    rows = Observation.objects.filter(round=round_).order_by("unit_id", "indicator__position")
    names = ("unit_id", "pk", "indicator__code", "value", "computed", "missing")
    for unit, pk, code, value, computed, missing in rows.values_list(*names).iterator(chunk_size=20_000):
        was = last.get((unit, code))
        change = abs(value - was) / max(abs(was), 1e-9) if value is not None and was is not None else 0.0
        found[unit].append(Value(pk, code, value, change, computed, missing))
    return found


def _year_before(round_: CollectionRound) -> CollectionRound | None:
    rows = CollectionRound.objects.filter(set__year__lt=round_.set.year)
    return rows.order_by("-set__year", "-set__version").first()


def _reasons(round_: CollectionRound, values: Mapping[int, list[Value]]) -> dict[int, list[Reason]]:
    found: dict[int, list[Reason]] = defaultdict(list)
    for unit, code, params in (
        *_gap_reasons(round_),
        *_value_reasons(values),
        *_late_reasons(round_, values),
        *_low_pass(values),
        *_record_reasons(round_),
    ):
        found[unit].append({"code": code, "params": params})
    return found


Found = Iterator[tuple[int, str, dict[str, Any]]]


def _gap_reasons(round_: CollectionRound) -> Found:
    most = float(str(rule_on("site_check.gap", round_.due_on).value))
    for unit, line in gaps(round_, latest_run(round_)).items():
        if line.gap is not None and abs(line.gap) >= most:
            yield unit, "gap", {"points": f"{line.gap:+.1f}"}


def _value_reasons(values: Mapping[int, list[Value]]) -> Found:
    for unit, rows in values.items():
        changed = sum(1 for row in rows if row.change > LARGE_CHANGE)
        missing = sum(1 for row in rows if row.value is None and row.missing != Observation.Missing.NOT_APPLICABLE)
        if rows and changed / len(rows) >= SHARE_CHANGED:
            yield unit, "change", {"count": changed}
        if rows and missing / len(rows) >= SHARE_MISSING:
            yield unit, "missing", {"count": missing}


def _late_reasons(round_: CollectionRound, values: Mapping[int, list[Value]]) -> Found:
    files = Attachment.objects.filter(
        thing__startswith="measure.observation:", uploaded_at__date__gt=round_.due_on
    ).values_list("thing", flat=True)
    late = {int(thing.rpartition(":")[2]) for thing in files}
    for unit, rows in values.items() if late else ():
        if count := sum(1 for row in rows if row.pk in late):
            yield unit, "late", {"count": count}


def _low_pass(values: Mapping[int, list[Value]]) -> Found:
    rates = {unit: row.value for unit, rows in values.items() for row in rows if row.code == SAMPLED}
    known = {unit: rate for unit, rate in rates.items() if rate is not None}
    if len(known) < 1 / LOWEST:
        return
    edge = float(np.quantile(list(known.values()), LOWEST))
    for unit, rate in known.items():
        if rate <= edge:
            yield unit, "low_pass", {"value": f"{rate:.1f}"}


def _record_reasons(round_: CollectionRound) -> Found:
    before = _year_before(round_)
    if before is not None:
        kinds = (Adjustment.Kind.VETO, Adjustment.Kind.FALSIFIED)
        rows = Adjustment.objects.filter(round=before, kind__in=kinds).order_by("unit_id")
        for unit in rows.values_list("unit_id", flat=True).distinct():
            yield unit, "record", {}


def draw(seed: str, pool: Sequence[Candidate], by_risk: int, at_random: int, values_each: int) -> list[Drawn]:
    """Return the units drawn: those with most reasons first (ties by ticket), then the smallest tickets of the rest."""
    lots = {one.pk: ticket(seed, one.code) for one in pool}
    risky = sorted((one for one in pool if one.reasons), key=lambda one: (-len(one.reasons), lots[one.pk]))[:by_risk]
    taken = {one.pk for one in risky}
    rest = sorted((one for one in pool if one.pk not in taken), key=lambda one: lots[one.pk])[:at_random]
    pairs = [(one, "risk") for one in risky] + [(one, "lot") for one in rest]
    return [Drawn(one, how, lots[one.pk], _drawn_values(seed, one, values_each)) for one, how in pairs]


def _drawn_values(seed: str, one: Candidate, count: int) -> tuple[tuple[int, str, float | None], ...]:
    """Half by the largest change, half by lot; what was handed in goes before what records computed."""
    lots = {row.pk: ticket(seed, one.code, row.code) for row in one.values}
    known = [row for row in one.values if row.value is not None]
    moved = sorted((row for row in known if not row.computed), key=lambda row: (-row.change, lots[row.pk]))
    first = moved[: count // 2]
    taken = {row.pk for row in first}
    rest = sorted((row for row in known if row.pk not in taken), key=lambda row: (row.computed, lots[row.pk]))
    return tuple((row.pk, lots[row.pk], row.value) for row in (*first, *rest[: count - len(first)]))
