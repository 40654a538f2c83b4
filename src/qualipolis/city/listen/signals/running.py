"""One look over all series at the end of a week: what the engine calls a signal becomes a row that a person looks at."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from qualipolis.city.core.ledger import record
from qualipolis.city.core.moves import locked, move
from qualipolis.city.core.numbering import next_number
from qualipolis.city.core.policy import System, verb
from qualipolis.city.core.steps import term
from qualipolis.city.core.subscriptions import tell
from qualipolis.city.core.sweeps import sweep
from qualipolis.city.listen.models import Letter, Signal, SignalRun
from qualipolis.city.listen.signals.back_test import back_test
from qualipolis.city.listen.signals.hearing import (
    NOT_STATED,
    Record,
    foreign_records,
    local_records,
    places,
    reports_of,
)
from qualipolis.city.listen.signals.visibility import ANALYSTS
from qualipolis.city.registry.models import Product, Unit
from qualipolis.law.terms import due
from qualipolis.methods.problems import InputError, Problem, msg, refuse

SYSTEM = System("listen")
LOOK = due("signal.look")
WEEK = timedelta(days=7)
LEAST_WEEKS = 12
ALPHA, LEAST, RECENT, SEED = 0.05, 3, 4, 20260101
MOST_MISSED = 8
QUIET = timedelta(days=56)  # a key called again within eight weeks is the same signal


def monday_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def config() -> Any:
    """Return how the city listens: each week against the half-year before, the share, clusters; false discoveries bounded."""
    from qualipolis.lake.signals.config import Columns, Config, Judging, Space

    judging = Judging(alpha=ALPHA, least=LEAST, recent=RECENT, levels=("pair", "hazard", "product", "place"))
    return Config(
        Columns(hazard="hazard", place="place"),
        signals=judging,
        space=Space(x="x", y="y", model="poisson", share=0.3),
        seed=SEED,
    )


@verb("listen.hear", roles=ANALYSTS)
def hear(actor: Any, monday: date) -> SignalRun:
    """Look over all series at the end of the week that begins on ``monday``, knowing only what came until then.

    A week is looked at once; the hash of what was counted is kept, so that anyone can see whether it changed since.
    """
    until = monday + timedelta(days=6)
    refuse(
        [
            None if monday.weekday() == 0 else Problem("no_monday", msg("Give the Monday of a week."), place="week"),
            None if until < timezone.localdate() else Problem("week_running", msg("This week is not over yet."), place="week"),
            Problem("week_done", msg("This week was looked at already."), place="week")
            if SignalRun.objects.filter(week=monday).exists()
            else None,
        ]
    )  # fmt: skip
    records = local_records(until)
    if not records or min(one.day for one in records) > monday - LEAST_WEEKS * WEEK:
        what = msg("At least %(weeks)s weeks of records are needed before a week can be judged.")
        raise InputError([Problem("too_short", what, "", {"weeks": LEAST_WEEKS}, "week")])
    heard = _heard(records, until)
    run = SignalRun.objects.create(
        week=monday, records=len(records), series=heard.latest.tests, raised=0, content_hash=_hash(records),
        parameters={"alpha": ALPHA, "least": LEAST, "recent": RECENT, "method": "bayes", "across": "by", "seed": SEED},
    )  # fmt: skip
    run.raised = sum(_raise(run, heard, verdict) for verdict in heard.latest.verdicts(("signal",)))
    run.raised += _foreign(run, until)
    run.back_test = back_test(heard, ALPHA)
    run.save(update_fields=["raised", "back_test"])
    told = {
        "week": monday,
        "records": run.records,
        "series": run.series,
        "raised": run.raised,
        "hash": run.content_hash,
    }
    record(actor, "listen.hear", run, told)
    return run


def _heard(records: list[Record], until: date) -> Any:
    from qualipolis.lake.signals import listen

    return listen(reports_of(records, until), config(), places(records))


def _hash(records: list[Record]) -> str:
    lines = sorted(f"{one.day}|{one.product}|{';'.join(one.hazards)}|{one.place}" for one in records)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def key_text(key: tuple[str, str, str]) -> str:
    """Return the key of a series as it is stored."""
    return json.dumps(key, ensure_ascii=False)[:200]


def _raise(run: SignalRun, heard: Any, verdict: Any) -> int:
    """Raise a signal, or raise an earlier one of the same key again; return how many are new to somebody."""
    product, hazard, place = verdict.key
    row = heard.keys.index(verdict.key)
    values = {
        "run": run, "week": run.week, "count": int(heard.counts[row, -RECENT:].sum()),
        "expected": _finite(heard.expected[row] * RECENT), "q_value": _finite(verdict.q),
        "evidence": [[name, p] for name, p in verdict.spoke], "units": _cluster(heard, row),
    }  # fmt: skip
    kind = Signal.Kind.PLACE if place else Signal.Kind.SERIES
    return raise_signal(
        kind, verdict.key, {"product_class": _told(product), "hazard": _told(hazard), "unit": _unit(place)}, values
    )


def raise_signal(kind: str, key: tuple[str, str, str], about: dict[str, Any], values: dict[str, Any]) -> int:
    """Raise a signal with its numbers; an open one of the same key takes the new numbers, a settled one comes back."""
    kept, week = key_text(key), values["week"]
    earlier = Signal.objects.filter(kind=kind, key=kept, week__gte=week - QUIET).order_by("-week", "-pk").first()
    if earlier is None:
        return _new(kind, kept, about, values)
    row = locked(earlier)
    if row.status in ("raised", "looking", "acted", "merged"):
        Signal.objects.filter(pk=row.pk).update(**values)
        return 0
    if row.status == "dismissed" and values["count"] <= row.count:
        return 0  # what somebody found to be nothing comes back only when it grows
    move(SYSTEM, row, "raise_again", "listen.raise_again", {"count": values["count"]}, for_good=True, **values)
    return 1


def _new(kind: str, key: str, about: dict[str, Any], values: dict[str, Any]) -> int:
    today = timezone.localdate()
    made = Signal.objects.create(
        number=next_number("SG", today.year), kind=kind, key=key, due_on=term(LOOK, today), **about | values
    )
    record(SYSTEM, "listen.raise_signal", made, {"week": made.week, "count": made.count, "q": made.q_value})
    tell(SYSTEM, "listen.signal_raised", made)
    return 1


def _foreign(run: SignalRun, until: date) -> int:
    """Raise a signal for each class of product made here about which others alerted in the week."""
    made_here = set(Product.objects.order_by().values_list("category", flat=True).distinct())
    of_ours = Letter.objects.exclude(enterprise=None).exclude(product_class="").order_by()
    made_here |= set(of_ours.values_list("product_class", flat=True).distinct())
    raised = 0
    fresh = [one for one in foreign_records(run.week, until) if one.product in made_here]
    for product in sorted({one.product for one in fresh}):
        mine = [one for one in fresh if one.product == product]
        hazards = sorted({hazard for one in mine for hazard in one.hazards})
        about = {"product_class": product, "hazard": hazards[0] if len(hazards) == 1 else "", "unit": None}
        values = {"run": run, "week": run.week, "count": len(mine), "expected": None, "q_value": None,
                  "evidence": [["abroad", None]], "units": []}  # fmt: skip
        raised += raise_signal(Signal.Kind.ABROAD, (product, about["hazard"], "abroad"), about, values)
    return raised


def _told(word: str) -> str:
    return "" if word == NOT_STATED else word


def _unit(place: str) -> Unit | None:
    return Unit.objects.filter(code=place).first() if place else None


def _finite(value: float) -> float | None:
    return float(value) if value == value and abs(value) != float("inf") else None


def _cluster(heard: Any, row: int) -> list[str]:
    product, hazard, place = heard.keys[row]
    near = (one for left, right, one in heard.clusters.found if (left, right) == (product, hazard) and place in one.ids)
    return [str(code) for one in near for code in one.ids][:40]


@sweep("listen.signals")
def sweep_signals(now: datetime) -> int:
    """Look at the last week that is over, once, and at weeks before it that were missed; too few records: nothing."""
    last = monday_of(timezone.localdate(now)) - WEEK
    latest = SignalRun.objects.order_by("-week").values_list("week", flat=True).first()
    missed = min((last - latest).days // 7, MOST_MISSED) if latest else 1
    raised = 0
    for back in range(missed - 1, -1, -1):
        try:
            raised += hear(SYSTEM, last - back * WEEK).raised
        except InputError:
            continue
    return raised
