"""A measurement file for a case: first what was understood and how to mend it, then it is kept."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from qualipolis.city.core.ledger import name_of
from qualipolis.city.core.policy import page, visible
from qualipolis.city.hospital.measurements import arrivals, filing
from qualipolis.city.hospital.measurements.arrivals import Arrived
from qualipolis.city.hospital.measurements.reading import Listed, Reading, chosen, listed
from qualipolis.city.hospital.models import Case
from qualipolis.faces.desk.rooms.hospital.measurement_forms import How, Sent, Understanding, choices_of
from qualipolis.lake.cells import plain
from qualipolis.lake.factory import Characteristic, Measurements
from qualipolis.methods.problems import InputError

FIRST, SHOWN, MOST_ERRORS = 6, 60, 50
KINDS = {"table": "csv, txt, xlsx", "aqdef": "Q-DAS AQDEF", "qif": "QIF", "dcc": "DCC"}
PARTS = ("characteristic", "lower", "upper", "target", "subgroup", "unit", "rules")


@dataclass(frozen=True)
class Preview:
    """A file that was read, with what can be mended."""

    found: Measurements
    one: Characteristic
    rows: list[Listed]
    how: How
    understanding: Understanding
    token: str


@page("enterprise", "expert", "hospital_desk", "hospital_manager")
def measurement_upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand in a measurement file of a case."""
    rows = Case.objects.select_related("enterprise", "unit")
    case = get_object_or_404(visible(request.user, rows), pk=pk)
    crumbs = [(str(case), reverse("desk:hospital_case", args=[case.pk])), (_("Measurement file"), "")]
    context: dict[str, Any] = {"stage": "diagnose", "case": case, "crumbs": crumbs, "sent": Sent()}
    if request.method != "POST":
        return render(request, "hospital/measurement_upload.html", context)
    try:
        answer = _posted(request, case, context)
    except InputError as error:
        problems = [problem.text(_) for problem in error.problems]
        context |= {"problems": problems[:MOST_ERRORS], "problem_count": len(problems)}
        context["understanding"] = Understanding(request.POST) if "token" in context else None
    else:
        if answer is not None:
            return answer
    status = 200 if "preview" in context and not context.get("problems") else 400
    return render(request, "hospital/measurement_upload.html", context, status=status)


def _posted(request: HttpRequest, case: Case, context: dict[str, Any]) -> HttpResponse | None:
    """Take what was posted: a file, another way to read it, or the word to keep it."""
    thing = name_of(case)
    token = request.POST.get("token", "")
    if token:
        files = arrivals.waiting(request.user, thing, token)
    else:
        context["sent"] = sent = Sent(request.POST, request.FILES)
        if not sent.is_valid():
            return None
        given = [sent.cleaned_data[name] for name in ("file", "other") if sent.cleaned_data.get(name)]
        files, token = arrivals.receive(request.user, thing, given)
    context["token"] = token
    context["file_names"] = [file.name for file in files]
    found = filing.open_arrived(files, Reading.of(request.POST))
    preview = _preview(request, found, token)
    context |= {"preview": preview} | _shown(preview)
    if request.POST.get("do") == "keep" and preview.how.is_valid():
        return _keep(request, case, files, preview)
    return None


def _preview(request: HttpRequest, found: Measurements, token: str) -> Preview:
    rows = listed(found)
    asked = request.POST.get("characteristic", "")
    one = chosen(found, asked if asked in found.by_key else "")
    mine = next((row for row in rows if row.key == one.key), None)
    same = request.POST.get("was") == one.key
    known: dict[str, Any] = {"characteristic": one.key, "was": one.key, "rules": request.POST.get("rules") or "nelson"}
    for part in ("lower", "upper", "target"):
        known[part] = plain(getattr(mine, part)) if mine and getattr(mine, part) is not None else ""
    known |= {"subgroup": (mine and mine.subgroup) or "", "unit": one.unit[:20]}
    how = How(request.POST if same else known, choices=choices_of(rows))
    understanding = Understanding(initial=asdict(Reading.of(request.POST)))
    return Preview(found, one, rows, how, understanding, token)


def _keep(request: HttpRequest, case: Case, files: list[Arrived], preview: Preview) -> HttpResponse:
    reading = Reading.of(request.POST)
    made = filing.upload(request.user, case, files, reading, understood=preview.found, **preview.how.reading())
    messages.success(request, _("The file is kept with %(n)s values.") % {"n": f"{preview.found.count:,}"})
    return redirect("desk:hospital_chart", made.pk)


def _shown(preview: Preview) -> dict[str, Any]:
    """Return the preview in words and figures."""
    found = preview.found
    notes = {kind: [n.text(_) for n in found.understood if n.about == kind] for kind in ("read", "assumed", "ignored")}
    origin = found.origin
    return {
        "kind": KINDS.get(origin.kind, origin.kind),
        "origin": origin,
        "notes": notes,
        "warnings": [warning.text(_) for warning in found.warnings[:MOST_ERRORS]],
        "rows": preview.rows[:SHOWN],
        "total": len(found.characteristics),
        "values": found.count,
        "first": _first(preview.one),
        "certificate": found.certificate,
    }


def _first(one: Characteristic) -> list[tuple[int, str, str]]:
    """Return the first readings: row, value as it was read, and the subgroup or batch it belongs to."""
    readings = one.readings
    made = []
    for i in range(min(FIRST, len(readings))):
        value = float(readings.value[i])
        sign = {-1: "<", 1: ">"}.get(int(readings.censored[i]), "")
        words = "—" if value != value else f"{sign}{plain(value)}"
        group = next((labels[i] for labels in (readings.subgroup, readings.batch) if labels is not None), "")
        made.append((int(readings.row[i]), words, group))
    return made
