"""What the pages of results ask: lists under filters, the windows of parties as days, the failed items, the firm's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, F, Prefetch, Q, QuerySet, When
from django.utils import timezone

from qualipolis.city.core.policy import visible
from qualipolis.city.supervise.models import Objection, Recheck, Result, ServedResult, TestItem
from qualipolis.city.supervise.results.clocks import clock, rule_of
from qualipolis.city.supervise.results.visibility import sent_to
from qualipolis.law.calendar import working_days_between
from qualipolis.law.supervision.clocks import final_on

RELATED = (
    "sample__task__campaign__rule",
    "sample__task__enterprise",
    "sample__task__unit",
    "sample__task__form",
    "report",
)
SHOWS = ("serve", "window", "objected", "recheck", "due", "late", "final", "voided")
OPEN_OBJECTIONS = ("received", "studying", "recheck_ordered")
OPEN_RECHECKS = ("ordered", "applied", "ready", "designated", "testing")


@dataclass(frozen=True)
class PartyWindow:
    """One party of a result: its service and its window, with the days that are left of it today."""

    service: ServedResult
    last_day: date | None
    over_on: date | None
    why: str
    provisional: bool
    left: int | None
    total: int
    working: bool

    @property
    def running(self) -> bool:
        """Whether the party may still object today."""
        return self.over_on is not None and timezone.localdate() < self.over_on

    @property
    def spent(self) -> int:
        """How many days of the window are over."""
        return max(0, min(self.total, self.total - (self.left or 0))) if self.over_on else 0


def windows(result: Result, services: Sequence[ServedResult] | None = None) -> list[PartyWindow]:
    """Return the window of every party, counted in the days its law counts."""
    rule, today = rule_of(result), timezone.localdate()
    working, found = rule.startswith("food"), []
    for one in services if services is not None else result.services.select_related("enterprise", "proof"):
        window = final_on([clock(one)], rule).windows[0]
        left = total = 0
        if window.last_day is not None and one.served_on is not None:
            total = _days(one.served_on, window.last_day, working)
            left = _days(today, window.last_day, working) if today < window.last_day else 0
        shown = left if window.over_on is not None and today < window.over_on else None
        found.append(
            PartyWindow(one, window.last_day, window.over_on, window.why, window.provisional, shown, total, working)
        )
    return found


def _days(first: date, last: date, working: bool) -> int:
    return working_days_between(first, last) if working else (last - first).days


def results(actor: Any, params: Mapping[str, str] | None = None) -> QuerySet[Result]:
    """Return the results somebody sees under the filters of the list: ``show``, ``campaign``, ``verdict``, ``q``."""
    given = params or {}
    services = Prefetch("services", ServedResult.objects.select_related("enterprise").order_by("pk"))
    rows = visible(actor, Result.objects.all()).select_related(*RELATED).prefetch_related(services)
    rows = rows.filter(shown(given.get("show", "")))
    if given.get("verdict") in ("pass", "fail"):
        rows = rows.filter(verdict=given["verdict"])
    if number := given.get("campaign", ""):
        rows = rows.filter(sample__task__campaign__number=number)
    if text := given.get("q", "").strip()[:60]:
        names = ("number", "services__name", "services__enterprise__credit_code", "sample__task__form__product_name")
        found = Q()
        for name in names:
            found |= Q(**{f"{name}__icontains": text})
        rows = rows.filter(Q(pk__in=Result.objects.filter(found).values("pk")))
    if given.get("show") == "final":
        return rows.order_by("-final_on", "-pk")
    ended = Case(When(status__in=("final", "voided"), then=1), default=0)
    return rows.alias(ended=ended).order_by("ended", F("due_on").asc(nulls_last=True), "-pk")


def shown(show: str) -> Q:
    """Return the condition of a filter of the list."""
    today = timezone.localdate()
    waiting = ServedResult.objects.filter(Q(served_on=None) | Q(proof=None, proof_words=""), ceased_on=None)
    unserved = Q(status__in=("reported", "notified"), pk__in=waiting.values("result"))
    over = Q(status__in=("objection_window", "upheld", "reversed"), due_on__lt=today)
    return {
        "serve": unserved,
        "window": Q(status="objection_window", due_on__gte=today),
        "objected": Q(status="under_objection"),
        "recheck": Q(status="under_recheck"),
        "due": over,
        "late": unserved & Q(due_on__lt=today),
        "final": Q(status="final"),
        "voided": Q(status="voided"),
    }.get(show, Q())


def counts(actor: Any) -> dict[str, int]:
    """Return how many results somebody sees under each filter."""
    rows = visible(actor, Result.objects.all())
    return {"": rows.count()} | {show: rows.filter(shown(show)).count() for show in SHOWS}


def objections_of(actor: Any, result: Result) -> QuerySet[Objection]:
    """Return the objections to a result that somebody sees, the first one first."""
    return visible(actor, Objection.objects.filter(result=result)).select_related("service__enterprise").order_by("pk")


def rechecks_of(actor: Any, result: Result) -> QuerySet[Recheck]:
    """Return the rechecks of a result that somebody sees."""
    rows = visible(actor, Recheck.objects.filter(result=result))
    return rows.select_related("laboratory", "objection__service", "report").order_by("pk")


def open_objections(actor: Any) -> QuerySet[Objection]:
    """Return the objections that wait for their answer, the nearest term first."""
    rows = visible(actor, Objection.objects.filter(status__in=OPEN_OBJECTIONS))
    return rows.select_related("result", "service__enterprise").order_by("due_on", "pk")


def open_rechecks(actor: Any) -> QuerySet[Recheck]:
    """Return the rechecks that have not ended, the nearest term first."""
    rows = visible(actor, Recheck.objects.filter(status__in=OPEN_RECHECKS))
    return rows.select_related("result", "laboratory", "objection__service").order_by("due_on", "pk")


def failed_items(result: Result) -> QuerySet[TestItem]:
    """Return the items of the report that failed, in its order."""
    return TestItem.objects.filter(report=result.report, outcome=TestItem.Outcome.FAIL).order_by("position")


def items(result: Result) -> QuerySet[TestItem]:
    """Return all items of the report, in its order."""
    return TestItem.objects.filter(report=result.report).order_by("position")


def own_services(actor: Any) -> QuerySet[ServedResult]:
    """Return the notices of the firms for which somebody acts, the latest first."""
    related = [f"result__{name}" for name in RELATED]
    return sent_to(actor).select_related("enterprise", "result", *related).order_by("-sent_on", "-pk")


def late_report(result: Result) -> bool:
    """Whether an amended report came after the result was final and was not followed."""
    versions = result.sample.reports.filter(version__gt=result.report.version, issued_on__isnull=False)
    return result.ended and versions.exclude(status="amending").exists()
