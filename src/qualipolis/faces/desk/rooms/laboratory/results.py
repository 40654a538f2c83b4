"""The grid in which results are written: one row for each item, judged by the server whenever it is saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from qualipolis.city.core import drafts
from qualipolis.city.core.policy import page
from qualipolis.city.supervise.laboratory import queries, reports
from qualipolis.city.supervise.laboratory.queries import LabItem, LabReport, LabSample, LabValue
from qualipolis.city.supervise.laboratory.report_items import Entry
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.laboratory.home import STAGE, crumbs
from qualipolis.faces.desk.rooms.laboratory.sample import sample_or_404
from qualipolis.faces.desk.rooms.measure.pieces import deadline, problem_words, words_of
from qualipolis.faces.report.test_report_city import limit_words
from qualipolis.lake.cells import plain
from qualipolis.methods.problems import InputError
from qualipolis.methods.sampling.conformity import STATEMENTS

PARTS = ("value", "uncertainty", "k", "conforms")


@dataclass(frozen=True)
class Line:
    """One item in the grid: what is typed, what is wrong with it, and how it was judged when last saved."""

    item: LabItem
    limit: str
    numeric: bool
    typed: Mapping[str, str]
    wrong: Mapping[str, str]
    chip: parts.Chip
    why: str
    risk: str


@page("laboratory")
def results(request: HttpRequest, code: str) -> HttpResponse:
    """Write the results of one sample; nothing is lost, and nothing is taken that cannot be read."""
    sample = sample_or_404(request, code)
    versions = queries.lab_reports(request.user, [sample.code]).get(sample.code, [])
    report = next(iter(versions), None)
    if not (sample.under_test if report is None else report.writable):
        return redirect("desk:lab_sample", sample.code)
    wrong: dict[str, str] = {}
    others: list[str] = []
    if request.method == "POST":
        wrong, others = _save(request, sample)
        if not wrong and not others:
            return _onward(request, sample)
    values = {value.item.position: value for value in report.values} if report else {}
    posted = request.POST if request.method == "POST" else None
    lines = [_line(item, values.get(item.position), posted, wrong) for item in _items(sample, report)]
    open_items = sum(1 for line in lines if line.chip.kind == "idle")
    context = {
        "stage": STAGE,
        "sample": sample,
        "report": report,
        "lines": lines,
        "errors": [(f"id_{place}", words) for place, words in wrong.items()] + [("", words) for words in others],
        "tested_on": request.POST.get("tested_on") or (report and report.tested_on) or timezone.localdate(),
        "remarks": request.POST.get("words", report.words if report else ""),
        "today": timezone.localdate(),
        "open_items": open_items,
        "due": deadline(sample.due_on) if sample.under_test else None,
        "draft_key": f"lab:{sample.code.lower()}:{report.version if report else 1}",
        "crumbs": crumbs((sample.code, reverse("desk:lab_sample", args=[sample.code])), (_("Results"), "")),
    }
    return render(request, "laboratory/results.html", context, status=400 if request.method == "POST" else 200)


def _items(sample: LabSample, report: LabReport | None) -> list[LabItem]:
    return [value.item for value in report.values] if report else list(sample.items)


def _save(request: HttpRequest, sample: LabSample) -> tuple[dict[str, str], list[str]]:
    """Write what was posted, and submit when that was asked; return the words of what is wrong by field, and the rest."""
    said = request.POST
    entries = {
        position: Entry(*(said.get(f"{position}-{part}", "")[:200] for part in PARTS))
        for position in (item.position for item in sample.items)
        if f"{position}-value" in said
    }
    day = _day(said.get("tested_on", ""))
    if day is None:
        return {"tested_on": _("Give the day of the test.")}, []
    try:
        with transaction.atomic():
            made = reports.enter_items(request.user, sample, entries, tested_on=day, words=said.get("words", "")[:2000])
            if said.get("do") == "submit":
                reports.submit(request.user, made)
    except InputError as error:
        placed = {str(p.place): problem_words(p) for p in error.problems if p.place}
        return placed, [problem_words(p) for p in error.problems if not p.place]
    except PermissionDenied as error:
        return {}, words_of(error)
    return {}, []


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _onward(request: HttpRequest, sample: LabSample) -> HttpResponse:
    found = queries.lab_reports(request.user, [sample.code])[sample.code][0]
    drafts.discard(request.user, f"lab:{sample.code.lower()}:{found.version}")
    if request.POST.get("do") == "submit":
        messages.success(request, _("Submitted for signature. Somebody else signs it."))
        return redirect("desk:lab_report", sample.code, found.version)
    judged = sum(1 for value in found.values if value.outcome)
    messages.success(request, _("Saved: %(n)s of %(all)s items are judged.") % {"n": judged, "all": len(found.values)})
    return redirect("desk:lab_results", sample.code)


def _line(item: LabItem, value: LabValue | None, posted: Any, wrong: Mapping[str, str]) -> Line:
    numeric = item.lower is not None or item.upper is not None
    typed = _typed(value) if posted is None else {p: posted.get(f"{item.position}-{p}", "")[:200] for p in PARTS}
    mine = {part: words for part in PARTS if (words := wrong.get(f"{item.position}-{part}"))}
    decision = value.decision if value else None
    started = value is not None and (value.outcome or value.measured is not None)
    return Line(
        item=item,
        limit=limit_words(item),
        numeric=numeric,
        typed=typed,
        wrong=mine,
        chip=outcome_chip(value),
        why=_(decision.why) % decision.params if decision and started else "",
        risk=risk_words(value),
    )


def _typed(value: LabValue | None) -> dict[str, str]:
    if value is None:
        return dict.fromkeys(PARTS, "")
    tested = value.outcome != "not_tested"
    shown = f"{value.censored}{plain(value.measured)}" if tested and value.measured is not None else value.observed
    in_words = value.item.lower is None and value.item.upper is None
    conforms = value.outcome if not tested or in_words else ""
    return {
        "value": shown,
        "uncertainty": plain(value.uncertainty),
        "k": "" if value.uncertainty is None else plain(value.k),
        "conforms": conforms,
    }


def outcome_chip(value: LabValue | None) -> parts.Chip:
    """Return the outcome of one item in a word; what is not judged says so."""
    outcome = value.outcome if value else ""
    if outcome == "pass":
        return parts.Chip("ok", _("conforming"))
    if outcome == "fail":
        return parts.Chip("bad", _("nonconforming"))
    if outcome == "not_tested":
        return parts.Chip("warn", _("not tested"))
    if value is not None and value.measured is not None:
        return parts.Chip("warn", _("not decidable"), "alert-triangle")
    return parts.Chip("idle", _("not judged yet"))


def risk_words(value: LabValue | None) -> str:
    """Return where the value stands and the risk that the decision is false, in words."""
    if value is None or value.decision.risk is None:
        return ""
    decision, risk = value.decision, value.decision.risk
    words = (
        _("risk of false acceptance %(share)s")
        if decision.outcome == "pass"
        else _("risk of false rejection %(share)s")
    )
    share = "< 0.1\u00a0%" if risk < 0.001 else f"{100 * risk:.1f}\u00a0%"
    near = decision.statement.startswith("conditional") and value.item.decision == "simple"
    statement = _(STATEMENTS[decision.statement]) if near else ""
    said = _("; ").join(part for part in (statement, words % {"share": share}) if part)
    return _(" (%(words)s)") % {"words": said}
