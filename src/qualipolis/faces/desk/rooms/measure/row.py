"""One line of a sheet: an observation with its form, its evidence, and what may be done to it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.models import Attachment, Event
from qualipolis.city.core.policy import can, visible
from qualipolis.city.measure import service
from qualipolis.city.measure.models import CollectionRound, Indicator, Observation
from qualipolis.city.registry.models import Unit
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.measure.pieces import (
    NumberField,
    deadline,
    measured,
    problem_words,
    state_chip,
    words_of,
)
from qualipolis.faces.desk.rooms.measure.tree import bilingual
from qualipolis.lake.cells import plain
from qualipolis.methods.problems import InputError

OPEN = ("open", "checking", "reopened")
WRITABLE = ("empty", "draft", "returned")
REASONS = [
    ("", gettext_lazy("There is a value")),
    ("not_applicable", gettext_lazy("Does not apply (denominator is zero)")),
    ("not_collected", gettext_lazy("Was not collected")),
    ("withdrawn", gettext_lazy("Withdrawn as wrong")),
]


class RowForm(forms.Form):
    """What is typed for one indicator; a ratio asks for its two parts and never for the quotient."""

    numerator = NumberField(label=gettext_lazy("Numerator"))
    denominator = NumberField(label=gettext_lazy("Denominator"))
    value = NumberField(label=gettext_lazy("Value"))
    document = forms.CharField(label=gettext_lazy("Number of the document"), max_length=80, required=False)
    evidence = forms.FileField(
        label=gettext_lazy("Evidence file"),
        required=False,
        help_text=gettext_lazy("PDF, picture or table, at most 20 MB."),
    )
    missing = forms.ChoiceField(label=gettext_lazy("If there is none"), choices=REASONS, required=False)
    note = forms.CharField(
        label=gettext_lazy("Explanation"), max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, row: Observation, initial: dict[str, Any], data: Any = None, files: Any = None) -> None:
        super().__init__(data, files, prefix=f"o{row.pk}", initial=initial)
        kind = row.indicator.kind
        needless = {
            Indicator.Kind.COUNT: ("denominator", "value"),
            Indicator.Kind.MEDIAN: ("numerator",),
        }.get(kind, ("value",))
        for name in needless:
            del self.fields[name]
        for name in ("numerator", "denominator"):
            if name in self.fields and (words := bilingual(row.indicator, name)):
                self.fields[name].help_text = words

    def clean(self) -> dict[str, Any]:
        """A reason and a figure exclude each other; a reason needs an explanation."""
        said = super().clean() or {}
        if said.get("missing"):
            if any(said.get(name) is not None for name in ("numerator", "denominator", "value")):
                self.add_error("missing", _("There is a figure too. Keep the figure or the reason, not both."))
            if not said.get("note"):
                self.add_error("note", _("Explain why the value is missing."))
        return said


@dataclass
class Line:
    """An observation on the sheet."""

    row: Observation
    form: RowForm
    writable: bool
    submittable: bool
    files: list[Attachment] = field(default_factory=list)
    reason: str = ""
    refused: list[str] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        """Where on the page it stands."""
        return f"o{self.row.pk}"

    @property
    def chip(self) -> parts.Chip:
        """Its state; a returned value says so whatever was typed since."""
        row = self.row
        if row.missing and row.status not in WRITABLE:
            return parts.Chip("idle", str(row.get_missing_display()))
        return state_chip(row)

    @property
    def value(self) -> str:
        """The value as it is read, with its unit."""
        if self.row.value is None:
            return "—"
        return measured(self.row.value, self.unit)

    @property
    def unit(self) -> str:
        """The unit in the language of the page."""
        return bilingual(self.row.indicator, "unit")

    @property
    def formula(self) -> str:
        """How the value follows from its parts."""
        return bilingual(self.row.indicator, "formula")

    @property
    def evidence_rule(self) -> str:
        """What has to be handed in."""
        return bilingual(self.row.indicator, "evidence")

    @property
    def complete(self) -> bool:
        """Whether it can be handed in: a value with its evidence, or a reason."""
        row = self.row
        if row.missing:
            return row.missing != Observation.Missing.LATE
        proved = not row.indicator.evidence_required or row.document or self.files
        return row.value is not None and bool(proved)

    @property
    def lacks(self) -> str:
        """What is still missing, in words."""
        if self.complete or not self.writable:
            return ""
        if self.row.value is None:
            return _("Figure missing")
        return _("Evidence missing: a file or the number of a document")

    @property
    def due(self) -> parts.Deadline | None:
        """The term to answer a return."""
        return deadline(self.row.due_on)

    @property
    def wrong(self) -> bool:
        """Whether something has to be corrected here."""
        return bool(self.refused or (self.form.is_bound and self.form.errors))

    def keep(self, user: Any) -> bool:
        """Save what changed; problems go to the fields they name."""
        if not self.form.is_valid():
            return False
        said = self.form.cleaned_data
        try:
            with transaction.atomic():
                if said.get("evidence"):
                    service.attach_evidence(user, self.row, said["evidence"].name, said["evidence"].chunks())
                self._write(user, said)
        except (InputError, PermissionDenied) as error:
            self._told(error)
            return False
        return True

    def _write(self, user: Any, said: dict[str, Any]) -> None:
        if set(self.form.changed_data) == {"evidence"}:
            return
        if said.get("missing"):
            service.mark_missing(user, self.row, said["missing"], said["note"])
            return
        numbers = [said.get(name) for name in ("numerator", "denominator", "value")]
        service.save_draft(user, self.row, *numbers, note=said["note"], document=said["document"])

    def _told(self, error: Exception) -> None:
        if not isinstance(error, InputError):
            self.form.add_error(None, words_of(error))
            return
        for problem in error.problems:
            name = str(problem.place).rpartition(" ")[2]
            key = "evidence" if problem.code in {"too_large", "empty", "unknown_type"} else name
            self.form.add_error(key if key in self.form.fields else None, problem_words(problem))

    def errors(self) -> list[tuple[str, str]]:
        """Return (id of the field, words) for the summary."""
        if not self.form.is_bound or not self.writable:
            return []
        code = self.row.indicator.code
        found = []
        for name, words in self.form.errors.items():
            target = self.anchor if name == "__all__" else self.form[name].id_for_label
            label = "" if name == "__all__" else self.form[name].label
            found += [(target, f"{code} {label}{_(': ')}{one}") for one in words]
        return found


def draft_key(row: CollectionRound, unit: Unit) -> str:
    """Return the name under which the text of a sheet is kept."""
    return f"measure.sheet:{row.pk}:{unit.pk}"


def lines_of(user: Any, row: CollectionRound, unit: Unit, data: Any = None, files: Any = None) -> list[Line]:
    """Return the lines of a sheet in the order of the set, in a fixed number of queries."""
    rows = visible(user, Observation.objects.filter(round=row, unit=unit))
    found = list(
        rows.select_related("indicator__dimension__parent", "indicator__owner", "unit").order_by("indicator__position")
    )
    open_ = row.status in OPEN
    evidence = _evidence(found)
    reasons = _reasons([one for one in found if one.status == "returned"])
    lines = []
    for one in found:
        typed = open_ and one.status in WRITABLE and not one.indicator.metric
        writable = typed and can(user, "measure.save_draft", one)
        reason = reasons.get(one.pk, "")
        form = RowForm(one, _initial(one, reason), data if writable else None, files if writable else None)
        submittable = writable and one.status in ("draft", "returned") and can(user, "measure.submit", one)
        lines.append(Line(one, form, writable, submittable, evidence.get(one.pk, []), reason))
    return lines


def renewed(user: Any, row: CollectionRound, unit: Unit, before: list[Line]) -> list[Line]:
    """Return fresh lines, but keep what is wrong as it was typed."""
    wrong = {line.row.pk: line for line in before if line.wrong}
    lines = lines_of(user, row, unit)
    for line in lines:
        if old := wrong.get(line.row.pk):
            line.refused = old.refused
            line.form = old.form if old.form.errors else line.form
    return lines


def _initial(one: Observation, reason: str) -> dict[str, Any]:
    late = one.missing == Observation.Missing.LATE
    note = "" if one.note == reason else one.note
    return {
        "numerator": plain(one.numerator),
        "denominator": plain(one.denominator),
        "value": plain(one.value),
        "document": one.document,
        "missing": "" if late else one.missing,
        "note": "" if late else note,
    }


def _evidence(found: list[Observation]) -> dict[int, list[Attachment]]:
    names = {f"measure.observation:{one.pk}": one.pk for one in found}
    files: dict[int, list[Attachment]] = {}
    for one in Attachment.objects.filter(thing__in=names).order_by("pk"):
        files.setdefault(names[one.thing], []).append(one)
    return files


def _reasons(returned: list[Observation]) -> dict[int, str]:
    """Why each value came back: the words of the last return."""
    names = {f"measure.observation:{one.pk}": one.pk for one in returned}
    if not names:
        return {}
    events = Event.objects.filter(thing__in=names, verb="measure.return").order_by("seq")
    return {names[event.thing]: _said(event.payload).get("reason", "") for event in events}


def _said(payload: str) -> Mapping[str, Any]:
    try:
        found = json.loads(payload)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def grouped(lines: list[Line]) -> list[tuple[Any, list[Line], int]]:
    """Return the lines by dimension, each with how many still wait."""
    groups: dict[int, tuple[Any, list[Line]]] = {}
    for line in lines:
        dimension = line.row.indicator.dimension
        groups.setdefault(dimension.pk, (dimension, []))[1].append(line)
    return [(node, part, sum(one.writable and not one.complete for one in part)) for node, part in groups.values()]
