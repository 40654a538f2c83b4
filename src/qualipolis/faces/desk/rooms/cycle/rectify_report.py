"""The items of a rectification and the report on them: results, words, evidence, and what is still missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.assess import queries, service
from qualipolis.city.assess.models import Rectification, RectificationItem
from qualipolis.city.core import drafts
from qualipolis.city.core.policy import can
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.cycle.town import EvidenceForm
from qualipolis.faces.desk.rooms.measure.pieces import NumberField, measured, problem_words, words_of
from qualipolis.faces.desk.rooms.measure.tree import bilingual
from qualipolis.lake.cells import plain
from qualipolis.methods.problems import InputError

Status = Rectification.Status


class ResultForm(forms.Form):
    """What came of one item."""

    result = NumberField(label=gettext_lazy("Result reached"))
    words = forms.CharField(
        label=gettext_lazy("What was done"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class ReportForm(EvidenceForm):
    """The report as a whole, and one more file of evidence."""

    field_order = ("report", "file")

    report = forms.CharField(
        label=gettext_lazy("Report"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("What was done, what it brought, what is left."),
    )


@dataclass(frozen=True)
class Line:
    """One item on the page."""

    item: RectificationItem
    form: ResultForm | None

    @property
    def name(self) -> str:
        """The indicator, or what the item is about without one."""
        leaf = self.item.indicator
        return f"{leaf.code} {leaf.name}" if leaf else _("Without an indicator")

    @property
    def required(self) -> str:
        """The number that is required, with unit and period."""
        if self.item.required is None:
            return _("in words, see the problem")
        said = {"number": self._with_unit(self.item.required), "period": self.item.period}
        return _("%(number)s for %(period)s") % said if self.item.period else str(said["number"])

    @property
    def result(self) -> str:
        """The result that the unit reports."""
        return "" if self.item.result is None else self._with_unit(self.item.result)

    def _with_unit(self, value: float) -> str:
        leaf = self.item.indicator
        return measured(value, bilingual(leaf, "unit") if leaf else "")

    @property
    def chip(self) -> parts.Chip:
        """Whether it was found to be fulfilled."""
        if self.item.fulfilled is None:
            return parts.Chip("idle", _("not checked"), "circle-dashed")
        if self.item.fulfilled:
            return parts.Chip("ok", _("fulfilled"), "circle-check")
        return parts.Chip("bad", _("not fulfilled"), "square-x")


def draft_key(row: Rectification) -> str:
    """Return the name under which the text is kept."""
    return f"assess.rectify:{row.pk}"


def lines_of(row: Rectification, data: Any, writable: bool) -> list[Line]:
    """Return the items, each with its form where the unit reports."""
    found = []
    for item in queries.rectification_items(row):
        initial = {"result": plain(item.result), "words": item.result_words}
        form = ResultForm(data, prefix=f"r{item.pk}", initial=initial) if writable else None
        found.append(Line(item, form))
    return found


def reporting(data: Any) -> bool:
    return data is not None and data.get("do") in ("save", "report")


def report_form(request: HttpRequest, row: Rectification) -> ReportForm | None:
    """The report is written while it is planned or was returned, by the unit."""
    if row.status not in (Status.PLANNED, Status.RETURNED) or not can(request.user, "assess.report_rectification", row):
        return None
    mine = reporting(request.POST if request.method == "POST" else None)
    data, files = (request.POST, request.FILES) if mine else (None, None)
    return ReportForm(data, files, initial={"report": row.report})


def take_report(
    request: HttpRequest, row: Rectification, lines: list[Line], report: ReportForm
) -> tuple[bool, list[tuple[str, str]]]:
    """Keep the file; hand the report in when that is asked. The text in between is kept as a draft."""
    valid = [line.form.is_valid() for line in lines if line.form] + [report.is_valid()]
    if not all(valid):
        return False, _form_errors(lines, report)
    if report.cleaned_data["file"] and not _attached(request.user, row, report):
        return False, _form_errors(lines, report)
    if request.POST.get("do") == "save":
        drafts.save(request.user, draft_key(row), _typed(request))
        messages.success(request, _("Saved."))
        return True, []
    results = {line.item.pk: _result(line) for line in lines if line.form}
    errors = _lacking(row, lines, report, results)
    if errors:
        return False, errors
    try:
        service.report_rectification(request.user, row, report.cleaned_data["report"], results)
    except (InputError, PermissionDenied) as error:
        return False, [("", words) for words in words_of(error)]
    drafts.discard(request.user, draft_key(row))
    messages.success(request, _("Handed in. The departments check each item now."))
    return True, []


def _typed(request: HttpRequest) -> dict[str, str]:
    return {
        name: str(value)
        for name, value in request.POST.items()
        if name == "report" or (name.startswith("r") and "-" in name)
    }


def _attached(user: Any, row: Rectification, report: ReportForm) -> bool:
    file = report.cleaned_data["file"]
    try:
        with transaction.atomic():
            service.attach_rectification(user, row, file.name, file.chunks())
    except (InputError, PermissionDenied) as error:
        words = [problem_words(one) for one in error.problems] if isinstance(error, InputError) else words_of(error)
        for one in words:
            report.add_error("file", one)
        return False
    return True


def _result(line: Line) -> tuple[float | None, str]:
    said = line.form.cleaned_data if line.form else {}
    return said.get("result"), said.get("words", "")


def _form_errors(lines: list[Line], report: ReportForm) -> list[tuple[str, str]]:
    found = []
    for line in lines:
        for name, words in (line.form.errors if line.form else {}).items():
            found += [(line.form[name].id_for_label, f"{line.name}{_(': ')}{one}") for one in words]  # type: ignore[index]
    for name, words in report.errors.items():
        found += [(report[name].id_for_label, f"{report.fields[name].label}{_(': ')}{one}") for one in words]
    return found


def _lacking(
    row: Rectification, lines: list[Line], report: ReportForm, results: Mapping[int, tuple[float | None, str]]
) -> list[tuple[str, str]]:
    """What the report still lacks, with the field where it is put right."""
    found = []
    for line in lines:
        number, words = results[line.item.pk]
        if line.item.required is not None and number is None:
            found.append((line.form["result"].id_for_label, f"{line.name}{_(': ')}{_('the result is missing')}"))  # type: ignore[index]
        if not words.strip():
            found.append((line.form["words"].id_for_label, f"{line.name}{_(': ')}{_('say what was done')}"))  # type: ignore[index]
    if not report.cleaned_data["report"].strip():
        found.append((report["report"].id_for_label, _("The report is still empty.")))
    if not queries.files_of(row):
        found.append((report["file"].id_for_label, _("At least one file of evidence is needed.")))
    return found
