"""A page of one row that moves through a table of law: its state, its way, the one next step, the steps beside it.

A room lists its steps as :class:`Act`; everything else (what may be taken now and by whom, what it asks for, why it is
not possible, the term it starts, the clause it rests on) comes from the table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.policy import can, roles_of
from qualipolis.city.core.roles import SYSTEM
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.cycle.town import FILES, attempt, days_left, line_of_steps, too_large
from qualipolis.faces.desk.rooms.measure.pieces import Told, deadline, problem_words
from qualipolis.law.flow import CITY_TERM, Refused, Step
from qualipolis.law.supervision import sources
from qualipolis.methods.problems import Problem, msg

Fields = Mapping[str, Callable[[], forms.Field]]
BAD = {"refused", "stopped_unlawful", "rejected_at_lab", "spoiled", "lost", "failed", "suspended", "licence_revoked",
       "untestable", "stopped", "backup_lost", "rejected_late"}  # fmt: skip
WARN = {"returned", "not_sampled", "under_objection", "under_recheck", "amending", "escalated", "announced", "voided",
        "firm_ceased", "superseded", "withdrawn", "cancelled"}  # fmt: skip


class SeveralOf(forms.ModelMultipleChoiceField):
    """Rows to choose from; a key larger than any row has is no choice, as anything else that was not offered."""

    def clean(self, value: Any) -> Any:
        """Refuse what no database could look for."""
        for one in value if isinstance(value, list | tuple) else ():
            if len(str(one)) > 18:
                raise forms.ValidationError(
                    self.error_messages["invalid_choice"], code="invalid_choice", params={"value": str(one)[:18]}
                )
        return super().clean(value)


class FileOfLimit(forms.FileField):
    """A file within the limit of evidence files."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.ClearableFileInput(attrs={"accept": FILES}), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Refuse a file over the limit."""
        file = super().clean(data, initial)
        if file and (words := too_large(file)):
            raise forms.ValidationError(words)
        return file


def _text(rows: int = 3, most: int = 2000) -> Callable[[], forms.Field]:
    return lambda: forms.CharField(max_length=most, widget=forms.Textarea(attrs={"rows": rows}))


def _line() -> forms.Field:
    return forms.CharField(max_length=80)


def day_field() -> forms.Field:
    """Return a field for a day, today unless another is given."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(widget=widget, initial=timezone.localdate)


ASKED: dict[str, tuple[Any, Callable[[], forms.Field]]] = {
    "reason": (gettext_lazy("Reason"), _text()),
    "reply": (gettext_lazy("Written reply"), _text(5, 4000)),
    "document_no": (gettext_lazy("Number of the document"), _line),
    "issued_on": (gettext_lazy("Date of the document"), day_field),
    "signatory": (gettext_lazy("Signed by (name and office)"), _line),
    "report": (gettext_lazy("What was done"), _text(8, 8000)),
    "proof": (gettext_lazy("Proof of service"), lambda: FileOfLimit()),
    "authority": (gettext_lazy("Authority"), lambda: forms.CharField(max_length=120)),
}


@dataclass(frozen=True)
class Act:
    """A step that a page offers.

    Parameters
    ----------
    step : its name in the table
    verb : name of the verb that takes it; who may not take the verb is not offered the step
    call : ``call(actor, row, said)`` takes it, with what the form gave
    fields : fields beyond what the table says the step needs, or in place of those
    title : heading of the box, the label of the table unless given
    help : a sentence below the button
    page : address of a page of its own on which the step is taken, where its form is too long for a box
    for_good : the verb lets nobody take it back, although the table would
    """

    step: str
    verb: str
    call: Callable[[Any, Any, dict[str, Any]], Any]
    fields: Fields = field(default_factory=dict)
    title: str = ""
    help: str = ""
    page: str = ""
    for_good: bool = False


class StepForm(forms.Form):
    """What a person gives with a step."""

    do = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, act: Act, step: Step, request: HttpRequest) -> None:
        mine = request.method == "POST" and request.POST.get("do") == act.step
        data, files = (request.POST, request.FILES) if mine else (None, None)
        super().__init__(data, files, initial={"do": act.step}, auto_id=f"id_{act.step}_%s")
        for need in (*step.needs, *act.fields):
            if need in act.fields:
                self.fields[need] = act.fields[need]()
            else:
                label, make = ASKED[need]
                self.fields[need] = made = make()
                made.label = label


@dataclass(frozen=True)
class Offer:
    """A step as the page shows it: the form, and, when the facts forbid it now, why."""

    act: Act
    step: Step
    form: StepForm
    blocked: str = ""

    @property
    def label(self) -> str:
        return _(self.step.label)


def offers(request: HttpRequest, row: Any, acts: Sequence[Act], facts: Mapping[str, Any]) -> list[Offer]:
    """Return the steps of ``row`` that this person may take, in the order of ``acts``, with what forbids them now."""
    known = {"today": timezone.localdate(), "actor": getattr(request.user, "pk", None)} | dict(facts)
    roles, found = roles_of(request.user), []
    for act in acts:
        step = row.flow.find(row.status, act.step)
        if step is None or not (SYSTEM in roles or roles & set(step.roles)) or not can(request.user, act.verb, row):
            continue
        # what the person will give with the step is not known yet and forbids nothing
        problem = step.objection(known)
        given = {*step.needs, *act.fields}
        blocked = problem_words(problem) if problem and not given & _read_by(problem) else ""
        found.append(Offer(act, step, StepForm(act, step, request), blocked))
    return found


def _read_by(problem: Any) -> set[str]:
    """Return the names of facts that the code of a problem speaks of."""
    code = str(problem.code)
    return {code, *(code.removeprefix(start) for start in ("no_", "not_", "unknown_", "uncounted_"))}


def take(request: HttpRequest, row: Any, found: Sequence[Offer]) -> bool:
    """Take the step that was posted; False when its form or the law refuses (the form then says why)."""
    name = request.POST.get("do", "")
    for offer in found:
        if offer.act.step == name and not offer.act.page:
            return attempt(request, offer.form, lambda said, act=offer.act: act.call(request.user, row, said))
    if problem := _refusal(row, name, roles_of(request.user)):
        messages.error(request, problem_words(problem))
    return False


def _refusal(row: Any, name: str, roles: set[str]) -> Problem | None:
    """Return why a step of the table was not offered: the state it is in by now, or that it is not for this person."""
    step = next((one for one in row.flow.steps if one.name == name), None)
    if step is None:
        return None
    try:
        row.flow.take(row.status, name, roles, dict.fromkeys(step.needs, "-"))
    except Refused as refused:
        return refused.problem
    return Problem("wrong_role", msg("Your role may not take this step."))


def box_of(found: Sequence[Offer], action: str, due: Any = None) -> parts.NextStep | None:
    """Return the one next step: the first that nothing forbids."""
    first = next((offer for offer in found if not offer.blocked), None)
    if first is None:
        return None
    lasting = _("You can take this back for 10 minutes.")
    if first.step.irreversible or first.act.for_good:
        lasting = _("This cannot be taken back.")
    return parts.NextStep(
        first.act.title or first.label,
        first.label,
        first.act.page or action,
        _("yours"),
        deadline=deadline(due),
        form=None if first.act.page else first.form,
        method="get" if first.act.page else "post",
        undo=lasting,
        missing=first.act.help,
        law=law_of(first.step),
    )


def law_of(step: Step | None) -> parts.Law | None:
    """Return what a step rests on, the term it starts, and whether anybody has read the clause."""
    if step is None or not step.law:
        return None
    term = ""
    if step.due and step.due.days:
        days = _("%(n)s working days") if step.due.unit == "working" else _("%(n)s days")
        term = days % {"n": step.due.days}
    own = step.law in (CITY_TERM, sources.PLATFORM)
    return parts.Law(_(step.law).rstrip(".。"), term=term, local=own and step.law == CITY_TERM)


def chip_of(row: Any) -> parts.Chip:
    """Return the state of a row as a chip."""
    return chip(row.flow_code, row.status)


def chip(flow: str, status: str) -> parts.Chip:
    """Return a state of a table as a chip: an end is calm, a trouble is said in colour and in words."""
    from qualipolis.law.flows import ALL

    table = ALL[flow]
    kind = "bad" if status in BAD else "warn" if status in WARN else "ok" if status in table.finals else "wait"
    kind = "idle" if status == table.initial else kind
    return parts.Chip(kind, _(table.labels[status]))


def progress(
    row: Any, path: Sequence[tuple[str, Sequence[str], Sequence[str]]], told: Sequence[Told], *, mine: bool
) -> list[parts.Step]:
    """Return the way of a row as (name, states in which it is under way, verbs that end it)."""
    at = next((n for n, (_name, states, _verbs) in enumerate(path) if row.status in states), len(path))
    names = [(name, verbs) for name, _states, verbs in path]
    return line_of_steps(names, at, told, mine=mine, due=row.due_on)


def page_of(request: HttpRequest, row: Any, found: Sequence[Offer], url_name: str, *args: Any) -> dict[str, Any]:
    """Return what ``supervise/flow_page.html`` needs for state, next step and the steps beside it."""
    box = box_of(found, reverse(url_name, args=args or [row.pk]), row.due_on)
    first = next((offer for offer in found if not offer.blocked), None)
    return {
        "stage": "supervise",
        "row": row,
        "state": chip_of(row),
        "due": deadline(row.due_on),
        "left": days_left(row.due_on),
        "box": box,
        "beside": [offer for offer in found if offer is not first and not offer.blocked],
        "blocked": [offer for offer in found if offer.blocked],
    }
