"""Which instrument: one question at a time, each step with its reason; alone, or with what a measurement file says itself.

The answers stand in the address, so that the way back is the browser's own and nothing is lost when a phone sleeps.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from qualipolis.city.core.policy import can, page, visible
from qualipolis.city.core.roles import STAFF
from qualipolis.city.hospital.measurements import filing
from qualipolis.city.hospital.measurements.study import known_facts
from qualipolis.city.hospital.models import MeasurementFile
from qualipolis.faces.desk.rooms.measure.pieces import words_of
from qualipolis.lake.cells import number, plain
from qualipolis.methods.problems import InputError
from qualipolis.methods.spc.decisions import FACTS, INSTRUMENTS, Fact
from qualipolis.methods.spc.instrument import Recommendation, Taken, Value, checked, recommend

UNKNOWN = "?"
MOODS = {
    "go": ("ok", gettext_lazy("go on")),
    "warn": ("warn", gettext_lazy("take care")),
    "stop": ("bad", gettext_lazy("first this")),
}
Answers = dict[str, Value]


@dataclass(frozen=True)
class Line:
    """One step that was taken: what was asked, what is known, and what follows from it."""

    question: str
    answer: str
    words: str
    chip: tuple[str, Any]
    change: str
    from_file: bool


@page(*STAFF)
@require_safe
def instrument(request: HttpRequest) -> HttpResponse:
    """Find an instrument without a case."""
    here = reverse("desk:hospital_instrument")
    context = _context(request, {}, here) | {"crumbs": [(_("Which instrument"), "")]}
    return render(request, "hospital/instrument.html", context, status=400 if context["problems"] else 200)


@page("enterprise", "expert", "hospital_desk", "hospital_manager")
def instrument_of_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Find the instrument for a measurement file; what the file says itself is not asked."""
    rows = MeasurementFile.objects.select_related("case__enterprise", "case__unit", "attachment", "companion")
    row = get_object_or_404(visible(request.user, rows), pk=pk)
    here = reverse("desk:hospital_file_instrument", args=[pk])
    try:
        known = dict(known_facts(row))
    except InputError as error:
        messages.error(request, " ".join(words_of(error)))
        return redirect("desk:hospital_case", row.case_id)
    context = _context(request, known, here)
    if request.method == "POST":
        return _choose(request, row, context)
    crumbs = [(str(row.case), reverse("desk:hospital_case", args=[row.case_id]))]
    crumbs += [(str(row.attachment.name), reverse("desk:hospital_chart", args=[pk])), (_("Which instrument"), "")]
    may = can(request.user, "hospital.choose_instrument", row)
    context |= {"row": row, "crumbs": crumbs, "may_choose": may and not row.case.ended}
    return render(request, "hospital/instrument.html", context, status=400 if context["problems"] else 200)


def _choose(request: HttpRequest, row: MeasurementFile, context: Mapping[str, Any]) -> HttpResponse:
    """Keep the answers and the instrument they lead to."""
    found: Recommendation | None = context["found"]
    if found is None or found.ask is not None or found.instrument is None:
        messages.error(request, _("A question is still open."))
        return redirect(request.get_full_path())
    try:
        filing.choose_instrument(request.user, row, context["given"], found.instrument.code)
    except (InputError, PermissionDenied) as error:
        messages.error(request, " ".join(words_of(error)))
        return redirect(request.get_full_path())
    messages.success(request, _("Chosen: %(name)s") % {"name": _(found.instrument.name)})
    return redirect("desk:hospital_chart", row.pk)


def _context(request: HttpRequest, known: Answers, here: str) -> dict[str, Any]:
    """Return the page of this moment: the way so far, the next question or the instrument."""
    given, problems = answers(request.GET)
    try:
        found = recommend({**known, **given})
    except InputError as error:
        problems += [problem.text(_) for problem in error.problems]
        given, found = {}, recommend(known)
    asked = [name for name in given if name != "goal"] or list(given)
    return {
        "stage": "diagnose",
        "found": found,
        "given": given,
        "problems": problems,
        "lines": [_line(one, given, known, here) for one in found.steps if one.question],
        "ask": found.ask,
        "question": _(found.ask.question) % {} if found.ask else "",
        "answers": _choices(found.ask),
        "kept": [(name, _kept(value)) for name, value in given.items()],
        "back": f"{here}?{urlencode(_without(given, asked[-1]))}" if given else "",
        "here": here,
        "unknown": UNKNOWN,
        "instrument": _(found.instrument.name) if found.instrument and found.ask is None else "",
        "also": [_(one.name) for one in found.also],
        "changes": [one.text(_) for one in found.changes],
        "stopped": found.stopped.text(_) if found.stopped else "",
    }


def answers(said: Mapping[str, str]) -> tuple[Answers, list[str]]:
    """Return the answers of an address in their order, and what cannot be read in it."""
    given: Answers = {}
    problems: list[str] = []
    for name, text in said.items():
        if name not in FACTS or not str(text).strip():
            continue
        fact = FACTS[name]
        try:
            value = _value(fact, str(text)[:40])
            given.update(checked({name: value}))
        except InputError as error:
            problems += [f"{_(fact.question) % {}} {problem.text(_)}" for problem in error.problems]
    return given, problems


def _value(fact: Fact, text: str) -> Value:
    if text == UNKNOWN:
        return None
    if fact.answers:
        return text
    found = number(text)
    return int(found) if found is not None and fact.whole else found


def _kept(value: Value) -> str:
    return UNKNOWN if value is None else value if isinstance(value, str) else plain(value)


def _without(given: Answers, name: str) -> dict[str, str]:
    return {key: _kept(value) for key, value in given.items() if key != name}


def _before(given: Answers, name: str) -> dict[str, str]:
    """Return the answers that were given before this one."""
    names = list(given)
    return {key: _kept(given[key]) for key in names[: names.index(name)]}


def _choices(fact: Fact | None) -> list[tuple[str, str]]:
    return [(code, _(words) % {}) for code, words in fact.answers.items()] if fact else []


def _line(one: Taken, given: Answers, known: Answers, here: str) -> Line:
    fact = FACTS[one.fact]
    value = given.get(one.fact, known.get(one.fact))
    words = _(fact.answers[value]) % {} if isinstance(value, str) and value in fact.answers else _shown(value)
    change = f"{here}?{urlencode(_before(given, one.fact))}" if one.fact in given else ""
    said = {"value": _shown(one.value), "limit": _shown(one.threshold)}
    outcome = " ".join(_(part) % said for part in (one.outcome, one.reason) if part)
    return Line(_(one.question) % {}, words, outcome, MOODS[one.mood], change, one.fact not in given)


def _shown(value: Value) -> str:
    if value is None:
        return _("not known")
    return value if isinstance(value, str) else f"{value:.4g}"


def instrument_name(code: str) -> str:
    """Return the name of an instrument; ``auto`` is chosen from the data."""
    return _(INSTRUMENTS[code].name) if code in INSTRUMENTS else _("chosen from the data")
