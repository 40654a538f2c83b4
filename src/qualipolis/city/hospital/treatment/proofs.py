"""The proof of effect: before against after by the method that the criterion asks for, its verdict and its figures.

A proof is computed here from its source and never typed in. It counts for the cure while its item is in force, belongs to
the present treatment (``loop``) and round, and is the latest of its item.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import Any

import numpy as np

from qualipolis.city.core.days import given_day
from qualipolis.city.core.ledger import record
from qualipolis.city.core.policy import person_of, verb
from qualipolis.city.hospital.consultation.parties import parties
from qualipolis.city.hospital.models import Case, PrescriptionItem, Proof
from qualipolis.city.hospital.treatment.items import item_of
from qualipolis.city.hospital.treatment.phases import Counts, Series, Source, series_of
from qualipolis.city.hospital.treatment.scope import current_items, measured_items, treated_by
from qualipolis.methods.problems import InputError, Problem, msg, refuse
from qualipolis.methods.spc.comparison import Effect, before_after, before_after_counts

PROVING = ("treating", "verifying", "improved")
VERDICTS = {
    "proven": "proven",
    "not proven": "not_proven",
    "worse": "worse",
    "insufficient data": "not_enough_data",
}
WORST_FIRST = ("worse", "not_enough_data", "not_proven", "proven")
VERDICT_WORDS = {
    "proven": msg("proven"),
    "not_proven": msg("not proven"),
    "worse": msg("worse"),
    "not_enough_data": msg("not enough data"),
}
LEAST, FEWEST = 20, 10  # points of a phase unless the criterion says fewer, and the fewest it may say
MOST_DRAWN = 300
Measure = PrescriptionItem.Measure


@dataclass(frozen=True)
class Found:
    """What a comparison found, in plain numbers."""

    verdict: str
    reason: str
    params: dict[str, Any]
    before: float
    after: float
    figures: dict[str, Any]


@verb("hospital.prove", roles=("expert",), scope=parties)
def prove(actor: Any, thing: PrescriptionItem, source: Source, effect_on: date | None = None) -> Proof:
    """Compare before and after for the criterion of an item and keep what was found, whatever it says.

    ``effect_on`` is the first day of the measurements after; days in the file or the examination stand above it.

    Raises
    ------
    InputError
        the item is not in force or not measured, the source does not fit, the effect was measured too early
    """
    case = treated_by(actor, thing.case)
    item = item_of(thing)
    refuse([_not_now(case, item)])
    numbers = series_of(case, source)
    day = numbers.first_after or effect_on
    refuse([*given_day(day, "effect_on", case.registered_on), _overlap(numbers)])
    found = compared(item, numbers)
    made = Proof.objects.create(
        case=case, item=item, loop=case.loops, verdict=found.verdict, before=found.before, after=found.after,
        measurements=numbers.measurements, effect_on=day, made_by=person_of(actor),
        figures=found.figures | {"reason": found.reason, "params": found.params, "origin": dict(numbers.origin)},
    )  # fmt: skip
    told = {"of": str(case), "position": item.position, "verdict": found.verdict, "treatment": case.loops}
    record(actor, "hospital.prove", made, told | {"effect_on": day})
    return made


def _not_now(case: Case, item: PrescriptionItem) -> Problem | None:
    if case.status not in PROVING:
        return Problem("wrong_state", msg("The effect is compared while the treatment runs and is judged."))
    if item.measure == Measure.WORDS:
        return Problem("not_measured", msg("This item is judged on a document; there is nothing to compare."))
    if not current_items(case).filter(pk=item.pk).exists():
        return Problem(
            "not_in_force", msg("This item is not in force: the prescription is not accepted or was replaced.")
        )
    return None


def _overlap(numbers: Series | Counts) -> Problem | None:
    before, after = numbers.last_before, numbers.first_after
    if before is None or after is None or before <= after:
        return None
    return Problem("wrong_order", msg("What is called after was measured before the other: choose the phases again."))


def compared(item: PrescriptionItem, numbers: Series | Counts) -> Found:
    """Return what the comparison that belongs to the criterion finds."""
    counted = item.measure in (Measure.SHARE, Measure.COUNT)
    if isinstance(numbers, Counts):
        if not counted:
            raise InputError([Problem("needs_values", msg("This criterion needs the single values, not counts."))])
        return _of_counts(item, numbers)
    if item.measure == Measure.COUNT:
        raise InputError([Problem("needs_counts", msg("This criterion needs counts: defects and units."))])
    if item.measure == Measure.SHARE:
        return _of_counts(item, _outside(numbers))
    return _of_values(item, numbers)


def _outside(numbers: Series) -> Counts:
    """Return how many values lie outside the limits, and how many there are."""
    if numbers.lower is None and numbers.upper is None:
        what = msg("A share of values outside needs the limits: set them for the file, or give the counts.")
        raise InputError([Problem("no_limits", what)])
    low = -np.inf if numbers.lower is None else numbers.lower
    high = np.inf if numbers.upper is None else numbers.upper
    found = []
    for values in (numbers.before, numbers.after):
        known = values[~np.isnan(values)]
        found.append((float(((known < low) | (known > high)).sum()), float(known.size)))
    return Counts(found[0], found[1], origin=numbers.origin)


def _of_counts(item: PrescriptionItem, numbers: Counts) -> Found:
    kind = "share" if item.measure == Measure.SHARE else "rate"
    least = max(1, item.least_n or LEAST)
    made = before_after_counts(numbers.before, numbers.after, kind, reach=item.target, least=LEAST)
    state, before = made.after_state, numbers.before[0] / numbers.before[1]
    figures = {
        "method": kind, "improvement": _effect(made.improvement), "detectable": _plain(made.detectable),
        "after_state": _effect(state), "n_before": numbers.before[1], "n_after": numbers.after[1],
        "events_before": numbers.before[0], "events_after": numbers.after[0], "needed": made.units_needed,
        "per_cent": kind == "rate", "stability": made.stability,
    }  # fmt: skip
    params = _params(made.params) if kind == "rate" else _in_per_cent(_params(made.params))
    return _enough(item, Found(VERDICTS[made.verdict], made.reason, params, before, state.value, figures), least)


def _in_per_cent(params: dict[str, Any]) -> dict[str, Any]:
    """Return the places of a reason with shares written in per cent, as everywhere else on the page."""
    shares = {name: f"{100 * float(params[name]):.3g}%" for name in ("reach", "low", "high", "by") if name in params}
    return params | shares


def _of_values(item: PrescriptionItem, numbers: Series) -> Found:
    aim, least = _aim(item), max(FEWEST, min(item.least_n or LEAST, LEAST))
    _long_enough(numbers)
    made = before_after(
        numbers.before, numbers.after, aim, lower=numbers.lower, upper=numbers.upper, reach=item.target, least=least
    )  # type: ignore[call-overload, unused-ignore]
    value = made.after_state.value
    before = _before(made, aim)
    figures = {
        "method": aim, "improvement": _effect(made.improvement), "detectable": _plain(made.detectable),
        "after_state": _effect(made.after_state), "n_before": made.before.n, "n_after": made.after.n,
        "points_before": made.before.points, "points_after": made.after.points, "per_cent": aim == "spread",
        "signals_after": made.after.signals, "allowed_after": made.after.allowed, "shifted": made.shifted,
        "chart": _drawn(made, numbers), "unit": numbers.unit,
    }  # fmt: skip
    return _enough(
        item,
        Found(VERDICTS[made.verdict], made.reason, _params(made.params), before, value, figures),
        item.least_n or 0,
    )


def _long_enough(numbers: Series) -> None:
    """Refuse phases of so few values that nothing at all can be computed, in words of the case."""
    wrong = []
    for place, values in (("before", numbers.before), ("after", numbers.after)):
        if np.isfinite(values).sum() < 5:
            what = msg("Fewer than five single values: nothing can be compared yet.")
            wrong.append(Problem("few_values", what, place=place))
    if wrong:
        raise InputError(wrong)


def _aim(item: PrescriptionItem) -> Any:
    if item.measure == Measure.MEAN:
        return "higher" if item.direction == PrescriptionItem.Direction.AT_LEAST else "lower"
    return {Measure.SD: "spread", Measure.PPK: "Ppk"}[Measure(item.measure)]


def _before(made: Any, aim: str) -> float:
    if aim == "spread":
        return float(made.before.sd)
    if aim == "Ppk":
        return float(made.after_state.value - made.effects["Ppk"].value)
    return float(made.before.mean)


def _enough(item: PrescriptionItem, found: Found, least: int) -> Found:
    """A proof needs as many readings after as the criterion asks for, however good they look."""
    n = found.figures["n_after"]
    if found.verdict != "proven" or n >= least:
        return found
    what = msg("After, there are %(n)s readings; the criterion asks for %(least)s.")
    return Found("not_enough_data", what, {"n": f"{n:g}", "least": least}, found.before, found.after, found.figures)


def _effect(effect: Effect) -> dict[str, Any]:
    numbers = {name: _plain(getattr(effect, name)) for name in ("value", "low", "high")}
    return numbers | {"confidence": effect.confidence, "method": effect.method}


def _plain(value: float) -> float | None:
    return float(value) if isfinite(value) else None


def _params(params: Any) -> dict[str, Any]:
    return {name: v if isinstance(v, int | float | str) else str(v) for name, v in params.items()}


def _drawn(made: Any, numbers: Series) -> dict[str, Any]:
    """Return the points of a picture: the values or means of subgroups, thinned evenly, with the frozen limits."""
    phases = []
    for values in (numbers.before, numbers.after):
        points = values if values.ndim == 1 else np.nanmean(values, axis=1)
        points = points[~np.isnan(points)]
        step = max(1, -(-len(points) // MOST_DRAWN))
        phases.append([round(float(v), 6) for v in points[::step]])
    chart = made.chart
    limits = {name: _plain(float(np.ravel(getattr(chart, name))[0])) for name in ("center", "lower", "upper")}
    return {"before": phases[0], "after": phases[1], **limits, "least": numbers.lower, "most": numbers.upper,
            "mean_after": _plain(made.after.mean), "subgroups": numbers.before.ndim == 2}  # fmt: skip


def current(case: Case) -> dict[int, Proof]:
    """Return the latest proof of each measured item in force, of the present treatment."""
    items = measured_items(case).values("pk")
    rows = Proof.objects.filter(case=case, loop=case.loops, item__in=items).order_by("pk")
    return {row.item_id: row for row in rows if row.item_id is not None}


def verdict_of(case: Case) -> str | None:
    """Return the verdict of the case: proven when every measured item is, else the worst; None when one was not compared."""
    items = list(measured_items(case).values_list("pk", flat=True))
    proofs = current(case)
    found = {proofs[pk].verdict for pk in items if pk in proofs}
    if not items or not found:
        return None
    worst = next((one for one in WORST_FIRST if one in found), "not_proven")
    return "not_enough_data" if worst == "proven" and len(proofs) < len(items) else worst


def facts(case: Case) -> dict[str, Any]:
    """Return what the guards of the verification read."""
    items = list(current_items(case))
    days = [one.effect_on for one in current(case).values()]
    done = [one.done_on for one in items if one.done_on]
    return {
        "open_items": sum(one.status in ("open", "returned") for one in items) if items else None,
        "unaccepted_items": sum(one.status != "accepted" for one in items) if items else None,
        "verdict": verdict_of(case),
        "effect_on": min(days, default=None),
        "last_action_on": max(done, default=None),
        "loops": case.loops,
    }
