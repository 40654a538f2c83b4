"""A table of alerts: handed in, shown as it was understood, its columns confirmed or changed, then taken in whole."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from qualipolis.city.core.policy import page
from qualipolis.city.hospital.measurements import arrivals
from qualipolis.city.listen import service
from qualipolis.city.listen.alerts.imports import IMPORTERS, Understood, understand
from qualipolis.city.listen.alerts.lists import hazard_words
from qualipolis.faces.desk.rooms.supervise.after import day
from qualipolis.faces.desk.rooms.upload import Bounded
from qualipolis.lake.alerts import FIELD_WORDS, FIELDS, Column, Mapping
from qualipolis.methods.problems import InputError

THING = "listen.alerts"
SAMPLES, SHOWN, MOST_ERRORS = 3, 5, 60
ORDERS = {"": None, "day": True, "month": False}
PARTED = {
    "": gettext_lazy("nothing, one value"),
    "|": "|",
    ";": ";",
    "；": "；",
    "、": "、",
    ",": ",",
    "\n": gettext_lazy("a new line"),
}
MANY = {
    "hazards",
    "hazard_kinds",
    "brands",
    "models",
    "firms",
    "sellers",
    "origins",
    "notifying",
    "category",
    "barcodes",
}


class FileForm(Bounded, forms.Form):
    """The table itself."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx,.json,.jsonl,.gz"}),
        help_text=gettext_lazy("csv, xlsx or JSON, at most 50 MB. RASFF, Safety Gate, CPSC, NHTSA and tables of sampling results are known; others are understood by their columns."),
    )  # fmt: skip


class TakeForm(forms.Form):
    """What a person says of the table as a whole."""

    source = forms.CharField(label=gettext_lazy("Who publishes it"), max_length=80)
    order = forms.ChoiceField(
        label=gettext_lazy("Dates such as 02/03/2024"), required=False,
        choices=[("", gettext_lazy("as the dates themselves tell")), ("day", gettext_lazy("day first")), ("month", gettext_lazy("month first"))],
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["missing_day"] = day(
            _("Day of alerts that tell none"), required=False,
            help_text=_("Without it, a row that tells no day keeps the whole table out."),
        )()  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """One column as the page shows it: its name, some of its cells, what it may mean, and how sure that is."""

    number: int
    column: Column
    samples: tuple[str, ...]
    options: tuple[tuple[str, str, bool], ...]
    marks: tuple[tuple[str, Any, bool], ...]
    reason: str


@page(*IMPORTERS)
def alert_import(request: HttpRequest) -> HttpResponse:
    """Take in a table of alerts."""
    crumbs = [(_("Alerts"), reverse("desk:listen_alerts")), (_("Take in a table"), "")]
    context: dict[str, Any] = {"stage": "listen", "file_form": FileForm(), "crumbs": crumbs}
    if request.method != "POST":
        return render(request, "listen/alert_import.html", context)
    try:
        answer = _posted(request, context)
    except InputError as error:
        words = [problem.text(_) for problem in error.problems]
        context |= {"problems": words[:MOST_ERRORS], "problem_count": len(words)}
    else:
        if answer is not None:
            return answer
    bad = "seen" not in context or context.get("problems") or context["take"].errors
    return render(request, "listen/alert_import.html", context, status=400 if bad else 200)


def _posted(request: HttpRequest, context: dict[str, Any]) -> HttpResponse | None:
    """Take what was posted: a file, changed columns, or the word to take it in."""
    token = request.POST.get("token", "")
    if token:
        file = arrivals.waiting(request.user, THING, token)[0]
    else:
        context["file_form"] = form = FileForm(request.POST, request.FILES)
        if not form.is_valid():
            return None
        made, token = arrivals.receive(request.user, THING, [form.cleaned_data["file"]])
        file = made[0]
    context |= {"token": token, "file_name": file.name}
    sheet = request.POST.get("sheet") or None
    seen = understand(file.path, file.name, sheet=sheet)
    if "columns" in request.POST:
        seen = understand(
            file.path, file.name, _mapping(request, seen.shown.mapping), sheet or seen.shown.sheet or None
        )
    context |= _preview(request, seen)
    if request.POST.get("do") == "keep" and context["take"].is_valid():
        return _keep(request, file, seen, context["take"].cleaned_data)
    return None


def _mapping(request: HttpRequest, mapping: Mapping) -> Mapping:
    """Return the mapping as a person changed it; what was not changed keeps its reason."""
    for number, column in enumerate(mapping.columns):
        said = request.POST.get(f"c{number}")
        mark = request.POST.get(f"s{number}", column.separator)
        fields = tuple(one for one in (said or "").split(",") if one)
        if said is not None and (fields != column.fields or mark != column.separator):
            mapping = mapping.changed(column.header, *fields, separator=mark)
    return replace(mapping, day_first=ORDERS.get(request.POST.get("order", "")))


def _preview(request: HttpRequest, seen: Understood) -> dict[str, Any]:
    shown = seen.shown
    known = {"source": seen.source, "order": {True: "day", False: "month"}.get(shown.mapping.day_first, "")}
    posted = "columns" in request.POST
    take = (
        TakeForm(request.POST)
        if posted and request.POST.get("do") == "keep"
        else TakeForm(initial=known | _given(request))
    )
    columns = [_column(number, column, shown.sample) for number, column in enumerate(shown.mapping.columns)]
    return {
        "seen": seen, "take": take, "columns": columns, "used": [one for one in columns if one.column.fields],
        "unused": [one for one in columns if not one.column.fields],
        "warnings": [problem.text(_) for problem in shown.problems][:MOST_ERRORS],
        "rows": [(row, hazard_words(list(row.hazards))) for row in shown.rows[:SHOWN]],
        "sheets": shown.sheets if len(shown.sheets) > 1 else (),
    }  # fmt: skip


def _given(request: HttpRequest) -> dict[str, str]:
    return {name: request.POST[name] for name in ("source", "order", "missing_day") if request.POST.get(name)}


def _column(number: int, column: Column, sample: Any) -> Shown:
    cells = (row[number].strip() for row in sample)
    joined = ",".join(column.fields) if len(column.fields) > 1 else ""
    options = [("", _("is not read"), not column.fields)]
    if joined:
        options.append((joined, " + ".join(_(FIELD_WORDS[one]) for one in column.fields), True))
    options += [(one, _(FIELD_WORDS[one]), column.fields == (one,)) for one in FIELDS]
    marks = ()
    if set(column.fields) & MANY and not joined:
        marks = tuple((code, words, code == column.separator) for code, words in PARTED.items())
    samples = tuple(dict.fromkeys(cell[:60] for cell in cells if cell))[:SAMPLES]
    return Shown(number, column, samples, tuple(options), marks, _(column.reason) if column.reason else "")


def _keep(request: HttpRequest, file: arrivals.Arrived, seen: Understood, said: dict[str, Any]) -> HttpResponse:
    made = service.import_alerts(
        request.user, None, file.path, file.name, seen.shown.mapping, said["source"], missing_day=said["missing_day"],
        sheet=seen.shown.sheet or None,
    )  # fmt: skip
    arrivals.discard([file])
    words = ngettext("%(n)s new alert was taken in.", "%(n)s new alerts were taken in.", made.added)
    messages.success(request, words % {"n": f"{made.added:,}"})
    return redirect("desk:listen_alert_batch", made.pk)
