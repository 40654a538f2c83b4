"""What the public reads of a final result: product, firms, failed items, laboratory, verdict, objection; no person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import QuerySet

from qualipolis.city.core.ledger import canonical
from qualipolis.city.registry.models import Enterprise
from qualipolis.city.supervise.laboratory.models import TestItem
from qualipolis.city.supervise.planning.models import Campaign
from qualipolis.city.supervise.results.models import Result
from qualipolis.lake.canonical import sha256

Row = dict[str, Any]


def results_of(campaign: Campaign) -> QuerySet[Result]:
    """Return the results of a campaign with all that a row is made of."""
    rows = Result.objects.filter(sample__task__campaign=campaign).order_by("number")
    related = ("sample__task__campaign__rule", "sample__task__form__producer", "sample__task__enterprise")
    rows = rows.select_related(*related, "sample__task__unit", "report__laboratory")
    return rows.prefetch_related(
        "report__items", "objections", "handling", "rechecks__report__items", "rechecks__report__laboratory"
    )


def rows_of(results: Iterable[Result]) -> list[Row]:
    """Return the rows of a publication, in the order of the results."""
    return [row_of(result) for result in results]


def hash_of(rows: list[Row]) -> str:
    """Return the SHA-256 of the rows in canonical JSON."""
    return sha256(canonical(rows).encode())


def row_of(result: Result) -> Row:
    """Return one result as the public reads it."""
    task, campaign = result.sample.task, result.sample.task.campaign
    form = getattr(task, "form", None)
    report = _report(result)
    state = shown_state(result)
    stands = state in ("final", "reversed")
    ceased = {case.enterprise_id for case in result.handling.all() if case.ceased_on}
    return {
        "result": result.number,
        "state": state,
        "objection": objection_state(result),
        "verdict": result.verdict if stands else None,
        "reason": result.reversal_reason,
        "voided_for": sorted(result.voided_for),
        "product": _said(form, "product_name") or (task.product.name_zh if task.product else ""),
        **{name: _said(form, name) for name in ("model", "brand", "batch", "standard", "platform")},
        "made_on": _day(getattr(form, "made_on", None)),
        "producer": _producer(result, form),
        "producer_state": _state(form.producer if form is not None else None, ceased),
        "producer_elsewhere": result.producer_elsewhere,
        "firm": {"zh": task.enterprise.name_zh, "en": task.enterprise.name_en},
        "firm_state": _state(task.enterprise, ceased),
        "unit": {"zh": task.unit.name_zh, "en": task.unit.name_en},
        "stage": campaign.stage,
        "purpose": campaign.purpose,
        "category": campaign.rule.category,
        "sampled_on": _day(task.sampled_on),
        "final_on": _day(result.final_on),
        "laboratory": {"zh": report.laboratory.name_zh, "en": report.laboratory.name_en},
        "report": report.number,
        "items": list(_failed(report.items.all())) if stands and result.verdict == "fail" else [],
    }


def _report(result: Result) -> Any:
    """The report that the verdict rests on: that of the recheck once there is one."""
    found = [one.report for one in result.rechecks.all() if one.report is not None and one.verdict]
    return found[-1] if found else result.report


def _said(form: Any, name: str) -> str:
    return str(getattr(form, name, "") or "")


def _day(day: Any) -> str | None:
    return day.isoformat() if day else None


def _state(firm: Enterprise | None, ceased: set[int]) -> str:
    if firm is None:
        return ""
    return "closed" if firm.closed_on or firm.pk in ceased else "open"


def _producer(result: Result, form: Any) -> dict[str, str]:
    # a product that is not theirs is not published under their name
    if form is None or "producer" in result.voided_for:
        return {"zh": "", "en": ""}
    known = form.producer
    zh = form.producer_name or (known.name_zh if known else "")
    return {"zh": zh, "en": known.name_en if known else ""}


def _failed(items: Iterable[TestItem]) -> Iterator[Row]:
    for item in items:
        if item.outcome == "fail":
            yield {
                "zh": item.name_zh,
                "en": item.name_en,
                "measured": item.measured,
                "censored": item.censored,
                "observed": item.observed,
                "unit": item.unit,
                "lower": item.lower,
                "upper": item.upper,
                "requirement": item.requirement,
                "clause": item.clause,
                "safety": item.safety,
            }


def shown_state(result: Result) -> str:
    """Return final, reversed, voided, or open: a failure counts for nobody before it is final, a reversal at once."""
    turned = result.verdict != result.first_verdict
    if result.status == "voided":
        return "voided"
    if result.status == "final":
        return "reversed" if turned else "final"
    return "reversed" if result.status == "reversed" and result.verdict == "pass" else "open"


def objection_state(result: Result) -> str:
    """Return what became of objections: none, dismissed, upheld (the recheck agreed), partly, reversed, voided, open."""
    state = shown_state(result)
    if state != "final":
        return state
    if result.voided_for:
        return "partly"
    if any(one.verdict for one in result.rechecks.all()):
        return "upheld"
    answered = any(one.status in ("dismissed", "answered") for one in result.objections.all())
    return "dismissed" if answered else "none"
