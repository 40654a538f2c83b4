"""Fields and steps beside the tables: what an officer or a firm gives with a service, a waiver, an objection."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from qualipolis.city.core.policy import can
from qualipolis.city.supervise.models import Objection, Result, ServedResult, Verdict
from qualipolis.faces.desk.rooms.cycle.town import FILES
from qualipolis.faces.desk.rooms.flow_page import Act, FileOfLimit, Offer, StepForm, day_field
from qualipolis.faces.desk.rooms.supervise.result_words import PARTY
from qualipolis.law.flow import Due, Step
from qualipolis.methods.problems import msg

MOST = 8
GROUNDS = (
    ("process", gettext_lazy("the process was flawed")),
    ("not_theirs", gettext_lazy("the sample is nobody's of them")),
    ("backup_lost", gettext_lazy("the backup sample was lost")),
)


def beside(
    request: HttpRequest, row: Any, act: Act, label: str, law: str, *, due: Due | None = None, blocked: str = ""
) -> list[Offer]:
    """Return a step that changes no state of the table as a page offers it, to whom may take its verb."""
    if not can(request.user, act.verb, row):
        return []
    step = Step(act.step, (row.status,), row.status, "system", law=law, label=label, due=due, irreversible=True)
    return [Offer(act, step, StepForm(act, step, request), blocked)]


def line(label: Any, most: int = 200, *, required: bool = True, hint: Any = "") -> Callable[[], forms.Field]:
    """Return a field of one line."""
    return lambda: forms.CharField(label=label, max_length=most, required=required, help_text=hint)


def text(label: Any, most: int = 2000, rows: int = 4, *, required: bool = True, hint: Any = "") -> Callable[[], Any]:
    """Return a field of several lines."""
    area = forms.Textarea(attrs={"rows": rows})
    return lambda: forms.CharField(label=label, max_length=most, widget=area, required=required, help_text=hint)


def choice(label: Any, options: Any, *, required: bool = True, blank: Any = "") -> Callable[[], forms.Field]:
    """Return a field to choose one of few."""
    listed = [("", blank or "—"), *options] if not required or blank else list(options)
    return lambda: forms.ChoiceField(label=label, choices=listed, required=required)


def named_day(label: Any) -> Callable[[], forms.Field]:
    """Return a field for a day under another name."""

    def make() -> forms.Field:
        found = day_field()
        found.label = label
        return found

    return make


def file(label: Any, *, required: bool = False, hint: Any = "") -> Callable[[], forms.Field]:
    """Return a field for one file."""
    return lambda: FileOfLimit(label=label, required=required, help_text=hint)


class ManyFiles(forms.FileInput):
    """An input that takes several files."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Return all files of the name."""
        return files.getlist(name) if hasattr(files, "getlist") else []


class FilesOfLimit(FileOfLimit):
    """Several files, each within the limit of evidence files."""

    def __init__(self, **kwargs: Any) -> None:
        forms.FileField.__init__(self, widget=ManyFiles(attrs={"accept": FILES, "multiple": True}), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Check each file."""
        many = data if isinstance(data, list) else [data] if data else []
        if len(many) > MOST:
            raise forms.ValidationError(gettext_lazy("Hand in at most %(n)s files.") % {"n": MOST})
        if not many and self.required:
            raise forms.ValidationError(self.error_messages["required"])
        return [super(FilesOfLimit, self).clean(one) for one in many]


def parties(row: Result, *, served: bool | None = None) -> list[tuple[str, str]]:
    """Return the parties of a result to choose from."""
    rows = [one for one in row.services.all() if served is None or bool(one.served_on and one.proved) == served]
    return [(one.party, f"{PARTY[one.party]} {one.name}") for one in rows if one.ceased_on is None]


def serving(row: Result) -> Mapping[str, Callable[[], forms.Field]]:
    """Return what the officer gives with a service."""
    return {
        "party": choice(gettext_lazy("Party"), parties(row, served=False) or parties(row)),
        "served_on": named_day(gettext_lazy("Received on")),
        "way": choice(gettext_lazy("How"), ServedResult.Way.choices),
        "proof": file(gettext_lazy("Proof of service"), hint=gettext_lazy("The receipt as a picture or PDF, or its number below.")),
        "proof_words": line(gettext_lazy("Number of the receipt or mail"), required=False),
    }  # fmt: skip


def letter(row: Result) -> Mapping[str, Callable[[], forms.Field]]:
    """Return what the officer gives with an objection that came as a letter."""
    return {
        "party": choice(gettext_lazy("Party"), parties(row, served=True)),
        "received_on": named_day(gettext_lazy("Letter received on")),
        "kind": choice(gettext_lazy("Objects to"), Objection.Kind.choices, required=False),
        "words": text(gettext_lazy("Words of the letter"), 4000, 5),
        "files": lambda: FilesOfLimit(label=gettext_lazy("The letter and its files"), required=False),
    }


def waiver(row: Result) -> Mapping[str, Callable[[], forms.Field]]:
    """Return what the officer gives with a written waiver."""
    return {
        "party": choice(gettext_lazy("Party"), parties(row, served=True)),
        "waived_on": named_day(gettext_lazy("Date of the waiver")),
        "proof": file(gettext_lazy("The waiver in writing")),
        "words": line(gettext_lazy("Remarks"), 400, required=False),
    }


def order() -> Mapping[str, Callable[[], forms.Field]]:
    """Return what is given with the conclusion of a superior authority."""
    return {
        "verdict": choice(gettext_lazy("Conclusion"), Verdict.choices),
        "document_no": line(gettext_lazy("Number of the document"), 80),
        "reason": text(gettext_lazy("Reason"), required=False),
    }


SENDS = msg("Send the notices to the parties")
LETTER = msg("Register an objection that came as a letter")
WAIVER = msg("Record a written waiver")
AGAIN = msg("Record a service on another day")
ORDER = msg("Conclude by the order")
