"""What the pages of measure share: states as chips, history in words, terms, forms of a step, words of a refusal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from qualipolis.city.core.ledger import name_of
from qualipolis.city.core.models import Event, Person
from qualipolis.city.core.sentences import payload_of, sentence
from qualipolis.city.core.undo import open_for
from qualipolis.city.registry.models import Unit
from qualipolis.faces.desk import parts
from qualipolis.lake.cells import number
from qualipolis.law.calendar import is_known, working_days_between
from qualipolis.law.flow import Step
from qualipolis.law.flows import ALL
from qualipolis.methods.problems import InputError, Problem

STAGE = "measure"
CHIPS = {
    "empty": ("idle", "circle-dashed"),
    "draft": ("idle", "pencil"),
    "submitted": ("wait", "hourglass"),
    "returned": ("warn", "arrow-back-up"),
    "verified": ("ok", "circle-check"),
    "disputed": ("warn", "message"),
    "corrected": ("ok", "circle-check"),
    "locked": ("idle", "lock"),
    "reopened": ("wait", "refresh"),
    "consulted": ("wait", "message"),
    "approved": ("wait", "circle-check"),
    "published": ("ok", "circle-check"),
    "frozen": ("ok", "lock"),
    "closed": ("idle", "lock"),
    "planned": ("idle", "calendar"),
    "open": ("ok", "pencil"),
    "checking": ("wait", "hourglass"),
}


def state_chip(thing: Any) -> parts.Chip:
    """Return the state of a set, a round or an observation as a chip."""
    kind, icon = CHIPS[thing.status]
    return parts.Chip(kind, str(thing.get_status_display()), icon)


def chip_of(flow: str, status: str) -> parts.Chip:
    """Return a state of a flow as a chip."""
    kind, icon = CHIPS[status]
    return parts.Chip(kind, _(ALL[flow].labels[status]), icon)


@dataclass(frozen=True)
class Told:
    """One line of the history of a thing."""

    at: datetime
    who: str
    what: str
    verb: str


def history(*things: Any, verbs: Iterable[str] | None = None) -> list[Told]:
    """Return the ledger of ``things`` in words, the latest first; who sees the thing sees its history."""
    rows = Event.objects.filter(thing__in=[name_of(thing) for thing in things])
    if verbs is not None:
        rows = rows.filter(verb__in=list(verbs))
    found = list(rows.order_by("-seq"))
    names = {p.username: str(p) for p in Person.objects.filter(username__in={event.actor for event in found})}
    system = _("the system")
    return [Told(e.at, names.get(e.actor, system), sentence(e), e.verb) for e in found]


def day(moment: date | datetime | None) -> str:
    """Return a day in the words of the page, or nothing."""
    if moment is None:
        return ""
    if isinstance(moment, datetime):
        moment = timezone.localtime(moment)
    chinese = (get_language() or "zh").startswith("zh")
    same_year = moment.year == timezone.localdate().year
    if chinese:
        return formats.date_format(moment, "n月j日" if same_year else "Y年n月j日")
    return formats.date_format(moment, "j M" if same_year else "j M Y")


def deadline(until: date | None) -> parts.Deadline | None:
    """Return a term as working days left."""
    if until is None:
        return None
    left = working_days_between(timezone.localdate(), until)
    return parts.Deadline(left, until, provisional=not is_known(until))


def law_of(step: Step | None) -> parts.Law:
    """Return what a step of measure rests on: the city's own cycle, and its term."""
    term = ""
    if step is not None and step.due:
        days = _("%(n)s working days") if step.due.unit == "working" else _("%(n)s days")
        term = days % {"n": step.due.days}
    return parts.Law(_("Rules of this city for its indicators and their collection"), term=term, local=True)


def figure(value: float | None, digits: int = 2) -> str:
    """Return a number with thousands marks and at most ``digits`` places; nothing is —."""
    if value is None:
        return "—"
    text = f"{value:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if digits and "." in text else text


def measured(value: float | None, unit: str) -> str:
    """Return a raw value with its unit; per cent stands right behind the figure."""
    return f"{figure(value)}{unit}" if unit == "%" else f"{figure(value)} {unit}".strip()


class NumberField(forms.CharField):
    """A number as people write it: thousands marks and full-width digits are read, anything else is named."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(max_length=40, widget=kwargs.pop("widget", widget), **kwargs)

    def clean(self, value: Any) -> float | None:
        """Return the number, None when nothing was written."""
        text = super().clean(value)
        try:
            return number(text)
        except InputError as error:
            raise forms.ValidationError([p.text(_) for p in error.problems]) from None


NEEDS: dict[str, Any] = {
    "reason": lambda: forms.CharField(
        label=gettext_lazy("Reason"), max_length=400, widget=forms.Textarea(attrs={"rows": 3})
    ),
    "reply": lambda: forms.CharField(
        label=gettext_lazy("Reply to the town"), max_length=400, widget=forms.Textarea(attrs={"rows": 3})
    ),
    "document_no": lambda: forms.CharField(label=gettext_lazy("Number of the document"), max_length=60),
    "due_on": lambda: forms.DateField(
        label=gettext_lazy("New last day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    ),
}


class StepForm(forms.Form):
    """What a person gives with a step; the step itself travels along unseen."""

    step = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, name: str, needs: Sequence[str], data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial={"step": name}, prefix=None, auto_id=f"id_{name}_%s")
        for need in needs:
            self.fields[need] = NEEDS[need]()


def refuse(form: forms.Form, error: Exception) -> None:
    """Put the words of a refusal on the form."""
    for words in words_of(error):
        form.add_error(None, words)


def words_of(error: Exception) -> list[str]:
    """Return what to say about bad input or a refused step."""
    if isinstance(error, InputError):
        return [problem_words(problem) for problem in error.problems]
    if isinstance(error, PermissionDenied):
        return [str(error) or _("Your role does not allow this step.")]
    raise error


def problem_words(problem: Problem) -> str:
    """Return the words of a problem without its place."""
    return " ".join(_(part) % problem.params for part in (problem.what, problem.remedy) if part)


def undo_offer(user: Any, *things: str) -> dict[str, Any] | None:
    """Return the step that can still be taken back, for ``{% undo %}``; with ``things`` only when it was done to one."""
    row = open_for(user)
    if row is None or (things and row.event.thing not in things):
        return None
    code = payload_of(row.event).get("unit")
    unit = Unit.objects.filter(code=code).first() if isinstance(code, str) else None
    told = sentence(row.event)
    text = _("Just now: %(what)s") % {"what": told.replace(unit.code, unit.name) if unit else told}
    return {"url": reverse("core:undo", args=[row.pk]), "until": row.until, "text": text}


def steps_of(flow: str, path: Sequence[str], status: str, told: Mapping[str, Told], mine: bool) -> list[parts.Step]:
    """Return a flow as its main states: who brought it there and when, and where it stands now."""
    at = path.index(status)
    final = status == path[-1]
    found = []
    for position, state in enumerate(path):
        event = told.get(state)
        now = "begun" if mine else "waiting"
        kind = "done" if position < at or final else (now if position == at else "todo")
        reached = event if position <= at or final else None  # a reopened thing has been further before
        who, when = (reached.who, day(reached.at)) if reached else ("", "")
        found.append(parts.Step(_(ALL[flow].labels[state]), kind, who, when))
    return found
