"""Results from a file: first what was understood and everything wrong, then all of it or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from io import BytesIO
from typing import Any

from django import forms
from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from qualipolis.city.core.policy import page
from qualipolis.city.supervise.laboratory import report_import
from qualipolis.city.supervise.laboratory.report_import import LIMITS, Understood
from qualipolis.city.supervise.laboratory.report_items import Entry
from qualipolis.faces.desk.rooms.laboratory.home import STAGE, crumbs
from qualipolis.faces.desk.rooms.measure.pieces import words_of
from qualipolis.faces.desk.rooms.upload import Bounded
from qualipolis.lake.tables import write_csv, write_xlsx
from qualipolis.methods.problems import InputError

SALT, HOUR = "laboratory-import", 3600
SHOWN = 100
LAYOUTS = {
    "long": gettext_lazy("long: one row for each item"),
    "wide": gettext_lazy("wide: one column for each item"),
    "joined": gettext_lazy("joined: item, result and limit in one column"),
}
MEANINGS = {
    "code": gettext_lazy("blind code"), "item": gettext_lazy("item"), "value": gettext_lazy("result"),
    "unit": gettext_lazy("unit"), "uncertainty": gettext_lazy("expanded uncertainty"), "k": gettext_lazy("coverage factor"),
    "conforms": gettext_lazy("judged conforming"), "limit": gettext_lazy("limit, compared only"),
    "other": gettext_lazy("not read"), "joined": gettext_lazy("items, joined"),
}  # fmt: skip


class ResultsFile(Bounded, forms.Form):
    """A file of results."""

    MOST, TOO_LARGE = LIMITS.bytes, gettext_lazy("The file is over 4 MB. Split it and import the parts.")

    file = forms.FileField(
        label=gettext_lazy("File"), help_text=gettext_lazy("xlsx or csv (UTF-8 or GB18030), at most 4 MB.")
    )


@dataclass(frozen=True)
class Shown:
    """One sample of the preview: its values in words, and how many of its items the file says nothing of."""

    code: str
    values: list[tuple[str, str]]
    left_open: int


@page("laboratory")
def import_results(request: HttpRequest) -> HttpResponse:
    """Look through a file of results, then take it."""
    if request.method == "POST" and "take" in request.POST:
        return _take(request)
    form = ResultsFile(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"stage": STAGE, "form": form, "crumbs": crumbs((_("Import results"), ""))}
    context["open_samples"] = len(report_import.open_samples(request.user))
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                found = report_import.understand(request.user, file.read(), file.name)
            except InputError as error:
                context["problems"] = _words(error.problems)
                context["problem_count"] = len(error.problems)
            else:
                context |= _preview(request, found)
                status = 400 if found.errors else 200
    return render(request, "laboratory/import.html", context, status=status)


def _words(problems: Any) -> list[str]:
    return [problem.text(_) for problem in problems][:SHOWN]


def _preview(request: HttpRequest, found: Understood) -> dict[str, Any]:
    here = report_import.open_samples(request.user)
    shown = []
    for code, entries in found.rows.items():
        names = {item.position: item.name for item in here[code].by_name.values()}
        values = [(names[position], _entry_words(entry)) for position, entry in sorted(entries.items())]
        shown.append(Shown(code, values, found.left_open.get(code, 0)))
    warnings = [one for one in found.problems if one.severity != "error"]
    return {
        "found": found,
        "layout": LAYOUTS[found.layout],
        "columns": [(title, _meaning(key)) for title, key in found.columns],
        "samples": shown[:SHOWN],
        "sample_count": len(shown),
        "values": sum(len(entries) for entries in found.rows.values()),
        "silent": sorted(set(found.left_open) - set(found.rows)),
        "problems": _words(found.errors),
        "problem_count": len(found.errors),
        "warnings": _words(warnings),
        "token": "" if found.errors else _token(request, found),
    }


def _meaning(key: str) -> str:
    start, _colon, name = key.partition(":")
    if start in ("item", "u") and name:
        return _("item") if start == "item" else _("expanded uncertainty")
    return str(MEANINGS[key])


def _entry_words(entry: Entry) -> str:
    parts = [entry.value, f"U {entry.uncertainty}" if entry.uncertainty else "", entry.conforms]
    return _(", ").join(part for part in parts if part)


def _token(request: HttpRequest, found: Understood) -> str:
    """Return the values as they were understood, signed for this person, so that the file need not come again."""
    rows = {code: {p: list(asdict(e).values()) for p, e in entries.items()} for code, entries in found.rows.items()}
    said = {"by": request.user.pk, "file": found.file[:120], "sha256": found.sha256, "rows": rows}
    return signing.dumps(said, salt=SALT, compress=True)


def _take(request: HttpRequest) -> HttpResponse:
    problems: list[str] = []
    try:
        said = signing.loads(request.POST["take"], salt=SALT, max_age=HOUR)
    except signing.BadSignature:
        said = {}
    if said.get("by") != request.user.pk:
        problems = [_("The preview is older than an hour or not yours. Send the file again.")]
    else:
        try:
            counts = report_import.import_items(
                request.user, None, _rows(said["rows"]), file=said["file"], sha256=said["sha256"]
            )
        except (InputError, PermissionDenied) as error:
            problems = words_of(error)
        else:
            words = _("%(items)s values of %(samples)s samples were taken and judged.") % counts
            messages.success(request, words)
            return redirect("desk:lab")
    context = {"stage": STAGE, "form": ResultsFile(), "problems": problems, "problem_count": len(problems)}
    return render(
        request, "laboratory/import.html", context | {"crumbs": crumbs((_("Import results"), ""))}, status=400
    )


def _rows(said: Mapping[str, Mapping[str, list[str]]]) -> dict[str, dict[int, Entry]]:
    return {code: {int(p): Entry(*parts) for p, parts in entries.items()} for code, entries in said.items()}


@page("laboratory")
@require_safe
def template(request: HttpRequest, layout: str, form: str) -> HttpResponse:
    """The open items of one's laboratory as a table to fill in, free of formulas."""
    if layout not in ("long", "wide") or form not in ("xlsx", "csv"):
        raise Http404
    frame, buffer = report_import.template(request.user, layout), BytesIO()
    if form == "csv":
        write_csv(buffer, frame)
    else:
        notes = [_("Write < and the limit of detection where nothing was detected; leave open what was not tested.")]
        write_xlsx(buffer, {_("Results"): frame}, notes)
    buffer.seek(0)
    return FileResponse(buffer, as_attachment=True, filename=f"results-{layout}.{form}")
