"""What the pages of the town processes share: states as chips, forms of a step, the line of steps, refusals at fields."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from qualipolis.city.core.attachments import LIMIT
from qualipolis.city.core.models import Attachment
from qualipolis.city.core.parameters import whole
from qualipolis.city.measure.models import CollectionRound
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.measure.pieces import Told, day, deadline, history, law_of, problem_words, refuse
from qualipolis.law.flow import Step
from qualipolis.methods.problems import InputError

STAGE = "assess"
CHIPS = {
    "draft": ("idle", "pencil"),
    "submitted": ("wait", "hourglass"),
    "returned": ("warn", "arrow-back-up"),
    "accepted": ("ok", "circle-check"),
    "planned": ("idle", "calendar"),
    "running": ("wait", "list-check"),
    "objected": ("warn", "message"),
    "signed": ("wait", "pencil"),
    "concluded": ("ok", "circle-check"),
    "open": ("idle", "pencil"),
    "reported": ("wait", "hourglass"),
    "closed": ("ok", "circle-check"),
}
Shows = Sequence[tuple[str, Any]]
FILES = ".pdf,.jpg,.jpeg,.png,.xlsx,.docx,.csv,.zip"


def chip_for(row: Any, overdue: bool = False) -> parts.Chip:
    """Return the state of a row as a chip; overdue is said beside the state and is none itself."""
    words = str(row.get_status_display())
    if overdue:
        return parts.Chip("bad", _("%(state)s, overdue") % {"state": words}, "alert-octagon")
    kind, icon = CHIPS[row.status]
    return parts.Chip(kind, words, icon)


def crumbs(round_: CollectionRound, *more: tuple[str, str]) -> list[tuple[str, str]]:
    """Return the way here: the rounds, the round, then what is said."""
    above = [
        (_("Collection rounds"), reverse("desk:rounds")),
        (round_.period, reverse("desk:round", args=[round_.pk])),
    ]
    return [*above, *more]


def _area(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def _date() -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


FIELDS: dict[str, tuple[Any, Callable[[], forms.Field]]] = {
    "reason": (gettext_lazy("Reason"), lambda: forms.CharField(max_length=2000, widget=_area())),
    "reply": (gettext_lazy("Written reply to the unit"), lambda: forms.CharField(max_length=2000, widget=_area())),
    "action": (gettext_lazy("What follows from it"), lambda: forms.CharField(max_length=2000, widget=_area())),
    "document": (gettext_lazy("Document number"), lambda: forms.CharField(max_length=80)),
    "signatory": (gettext_lazy("Signed by (name and office)"), lambda: forms.CharField(max_length=80)),
    "due_on": (gettext_lazy("Last day"), _date),
    "visited_on": (gettext_lazy("Day of the visit"), _date),
    "words": (gettext_lazy("What was seen"), lambda: forms.CharField(max_length=2000, widget=_area())),
    "plan": (
        gettext_lazy("Plan: what, by whom, by when"),
        lambda: forms.CharField(max_length=4000, widget=_area(8)),
    ),
}


class Ask(forms.Form):
    """What a person gives with a step. ``needs`` names fields by choice (``""``: always); others may stay empty."""

    do = forms.CharField(widget=forms.HiddenInput)

    def __init__(
        self, do: str, names: Sequence[str], data: Any = None, needs: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        mine = data if data is not None and data.get("do") == do else None
        super().__init__(mine, initial={"do": do}, auto_id=f"id_{do.replace(':', '_')}_%s")
        self.needs = {"": names} if needs is None else needs
        self.chosen = (mine or {}).get("choice", "")
        for name in names:
            label, make = FIELDS[name]
            field = make()
            field.label, field.required = label, name in self.needs.get("", ())
            self.fields[name] = field

    def clean(self) -> dict[str, Any]:
        """A choice is made, and what it needs is there."""
        said = super().clean() or {}
        if set(self.needs) - {""} and self.chosen not in self.needs:
            self.add_error(None, _("Choose one of the answers."))
        for name in self.needs.get(self.chosen, ()) if self.chosen else ():
            if name not in self.errors and not said.get(name):
                self.add_error(name, _("Needed for this answer."))
        return said


def attempt(request: HttpRequest, form: forms.Form, act: Callable[[dict[str, Any]], Any], words: str = "") -> bool:
    """Take a step with what a valid form says; a refusal goes to the fields it names, and nothing is half done."""
    if not form.is_valid():
        return False
    try:
        with transaction.atomic():
            act(form.cleaned_data)
    except InputError as error:
        for problem in error.problems:
            form.add_error(problem.place if problem.place in form.fields else None, problem_words(problem))
        return False
    except PermissionDenied as error:
        refuse(form, error)
        return False
    messages.success(request, words or _("Done. It stands in the history below."))
    return True


def line_of_steps(
    names: Sequence[tuple[str, Sequence[str]]], at: int, told: Sequence[Told], *, mine: bool, due: Any = None
) -> list[parts.Step]:
    """Return what is done one after the other, each with the verbs that end it; ``at`` is under way, all before is done."""
    found = []
    for position, (name, verbs) in enumerate(names):
        now = "begun" if mine else "waiting"
        kind = "done" if position < at else (now if position == at else "todo")
        event = next((line for line in told if line.verb in verbs), None) if kind == "done" else None
        who, when = (event.who, day(event.at)) if event else ("", "")
        found.append(parts.Step(name, kind, who, when, days_left(due) if position == at else ""))
    return found


def told_of(thing: Any, unit: Any, *more: Told) -> list[Told]:
    """Return the history of a thing of one unit, with the name of the unit where the ledger has its code."""
    return [replace(line, what=line.what.replace(unit.code, unit.name)) for line in (*history(thing), *more)]


def cycle_law(step: Step | None) -> parts.Law:
    """Return what a step of the year rests on: the city's own rules for its assessment, and the term it starts."""
    return replace(law_of(step), title=_("Rules of this city for its yearly assessment"))


def days_left(until: Any) -> str:
    """Return the working days of a term in words."""
    due = deadline(until)
    if due is None or due.days is None:
        return ""
    if due.days < 0:
        return _("%(n)s working days late") % {"n": -due.days}
    return _("%(n)s working days left") % {"n": due.days}


def too_large(file: Any) -> str:
    """Return the words for a file over the limit, or nothing."""
    if file.size <= LIMIT:
        return ""
    return _("The file %(name)s is larger than %(limit)s MB.") % {"name": file.name, "limit": LIMIT // 2**20}


class EvidenceForm(forms.Form):
    """A form that takes one file of evidence."""

    file = forms.FileField(
        label=gettext_lazy("Evidence file"), required=False, widget=forms.FileInput(attrs={"accept": FILES})
    )

    def clean_file(self) -> Any:
        """Refuse a file over the limit."""
        file = self.cleaned_data["file"]
        if file and (words := too_large(file)):
            raise forms.ValidationError(words)
        return file


def files_behind(things: Mapping[int, str]) -> dict[int, list[Attachment]]:
    """Return the files by key, for things given as key -> their name in the ledger; one query."""
    keys = {name: key for key, name in things.items()}
    found: dict[int, list[Attachment]] = {key: [] for key in things}
    for file in Attachment.objects.filter(thing__in=keys).order_by("uploaded_at", "pk"):
        found[keys[file.thing]].append(file)
    return found


def listed(words: Iterable[Any]) -> str:
    """Return words one after the other with the comma of lists of the language."""
    chinese = (get_language() or "zh").startswith("zh")
    return ("、" if chinese else ", ").join(str(one) for one in words)


def score(value: float | None, digits: int = 1) -> str:
    """Return a score with one place; nothing is —."""
    return "—" if value is None else f"{value:.{digits}f}"


def gap_words(value: float | None) -> str:
    """Return a difference of two scores with its sign."""
    if value is None:
        return "—"
    return "0.0" if abs(value) < 0.05 else f"{value:+.1f}".replace("-", "−")


def round_name(params: Mapping[str, str]) -> list[str]:
    """Return the name of the round a list speaks of, if there is one."""
    row = CollectionRound.objects.filter(pk=whole(params.get("round")) or 0).first()
    return [row.name] if row else []


def filter_name(params: Mapping[str, str], shows: Shows) -> list[str]:
    """Return the words of the filter that is on, if one is."""
    return [str(words) for key, words in shows if key and key == params.get("show")]


def described(shows: Shows = ()) -> Callable[[Mapping[str, str]], list[str]]:
    """Return what says round and filter of a list in words."""
    return lambda params: [*round_name(params), *filter_name(params, shows)]
