"""One observation through its life: value, parts, evidence, history, and the next step of whoever looks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.models import Attachment
from qualipolis.city.core.policy import can, page, visible
from qualipolis.city.core.roles import STAFF
from qualipolis.city.measure import facts, service
from qualipolis.city.measure.models import Observation
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.measure.life import life_of, lines_of_life
from qualipolis.faces.desk.rooms.measure.pieces import (
    NEEDS,
    STAGE,
    NumberField,
    deadline,
    figure,
    law_of,
    refuse,
    state_chip,
    undo_offer,
)
from qualipolis.faces.desk.rooms.measure.tree import bilingual
from qualipolis.lake.metrics import METRICS
from qualipolis.law.flows import ALL
from qualipolis.methods.problems import InputError
from qualipolis.methods.sampling.proportion import wilson

FLOW = ALL["observation"]
OPEN = ("open", "checking", "reopened")
SHOWN_RECORDS = 20


class DecisionForm(forms.Form):
    """What goes with a decision; a choice says which fields it needs."""

    def __init__(self, kind: str, row: Observation, data: Any = None) -> None:
        super().__init__(data)
        self.kind, self.row = kind, row
        self.fields["kind"] = forms.CharField(widget=forms.HiddenInput, initial=kind)
        if kind in {"check", "dispute", "reopen"}:
            self.fields["reason"] = NEEDS["reason"]()
            self.fields["reason"].required = kind != "check"
        if kind == "check":
            self.fields["reason"].help_text = gettext_lazy("Needed when you return it.")
        if kind == "decide":
            self.fields["reply"] = NEEDS["reply"]()
            for name in _parts_of(row):
                self.fields[name] = NumberField(label=LABELS[name], help_text=gettext_lazy("Only for a correction."))
        self.choice = (data or {}).get("choice", "")

    def clean(self) -> dict[str, Any]:
        """Returning needs its reason, correcting its figure."""
        said = super().clean() or {}
        if self.kind == "check" and self.choice not in {"verify", "return"}:
            self.add_error(None, _("Choose whether the value matches its source."))
        if self.choice == "return" and not said.get("reason"):
            self.add_error("reason", _("Write why it goes back; the town answers to this."))
        if self.kind == "decide" and self.choice not in {"keep", "correct"}:
            self.add_error(None, _("Choose whether the value stays."))
        if self.choice == "correct" and all(said.get(name) is None for name in _parts_of(self.row)):
            self.add_error(_parts_of(self.row)[0], _("Give the corrected figure."))
        return said


LABELS = {
    "numerator": gettext_lazy("Numerator"),
    "denominator": gettext_lazy("Denominator"),
    "value": gettext_lazy("Value"),
}


def _parts_of(row: Observation) -> tuple[str, ...]:
    return {"count": ("numerator",), "median": ("value", "denominator")}.get(
        row.indicator.kind, ("numerator", "denominator")
    )


@page(*STAFF)
def observation(request: HttpRequest, pk: int) -> HttpResponse:
    """One observation; posting takes the step that this person may take."""
    rows = Observation.objects.select_related(
        "indicator__dimension", "indicator__owner", "unit__government", "round__set", "submitted_by", "verified_by"
    )
    row = get_object_or_404(visible(request.user, rows), pk=pk)
    bound = None
    if request.method == "POST":
        bound = DecisionForm(request.POST.get("kind", ""), row, request.POST)
        if bound.is_valid() and _take(request, row, bound):
            return redirect("desk:observation", row.pk)
    box, beside = boxes(request.user, row, bound)
    told = life_of(row)
    context = {
        "stage": STAGE,
        "row": row,
        "state": state_chip(row),
        "value": figure(row.value),
        "unit_of": bilingual(row.indicator, "unit"),
        "facts": _facts(row),
        "interval": _interval(row),
        "steps": lines_of_life(row, told, box is not None),
        "box": box,
        "beside": beside,
        "evidence": Attachment.objects.filter(thing=f"measure.observation:{row.pk}").order_by("pk"),
        "trace": _trace(row),
        "years": _years(request.user, row),
        "history": told,
        "undo": undo_offer(request.user),
        "sheet": f"{reverse('desk:collect', args=[row.round_id])}?unit={row.unit.code}#o{row.pk}",
        "crumbs": [
            (_("Collection rounds"), reverse("desk:rounds")),
            (row.round.period, reverse("desk:round", args=[row.round_id])),
            (row.unit.name, f"{reverse('desk:collect', args=[row.round_id])}?unit={row.unit.code}"),
            (row.indicator.code, ""),
        ],
    }
    return render(request, "measure/observation.html", context, status=400 if bound is not None else 200)


def _facts(row: Observation) -> list[tuple[str, str]]:
    one = row.indicator
    found = [(_("Numerator"), in_brackets(figure(row.numerator), bilingual(one, "numerator")))]
    if row.denominator is not None or one.kind in {"ratio", "mean"}:
        found.append((_("Denominator"), in_brackets(figure(row.denominator), bilingual(one, "denominator"))))
    if one.kind == "median":
        found = found[1:]
    if row.missing:
        found.append((_("Why missing"), str(row.get_missing_display())))
    if row.note:
        found.append((_("Explanation"), row.note))
    found.append((_("Number of the document"), row.document or "—"))
    found.append((_("Owner department"), one.owner.name if one.owner else "—"))
    found.append((_("Formula"), bilingual(one, "formula")))
    found.append((_("Source"), bilingual(one, "source")))
    found.append((_("Evidence"), bilingual(one, "evidence") or "—"))
    found.append((_("Origin"), bilingual(one, "origin") or "—"))
    return found


def in_brackets(number: str, words: str) -> str:
    """Return a number with what it counts in brackets."""
    return _("%(number)s (%(words)s)") % {"number": number, "words": words} if words else number


def _interval(row: Observation) -> str:
    """The 95 % interval of a proportion of counted cases."""
    if not row.indicator.is_proportion or row.value is None or not row.denominator or row.numerator is None:
        return ""
    found = wilson(int(row.numerator), int(row.denominator))
    low, high, factor = found.low, found.high, row.indicator.factor
    words = {"low": figure(factor * low), "high": figure(factor * high), "n": figure(row.denominator)}
    return _("95 %% interval %(low)s to %(high)s, n = %(n)s") % words


def _trace(row: Observation) -> Any:
    if not row.computed or row.indicator.metric not in METRICS:
        return None
    try:
        return facts.trace(row.round, row.indicator, row.unit.code, SHOWN_RECORDS)
    except (InputError, OSError):
        return None


def _years(user: Any, row: Observation) -> list[tuple[str, str, str]]:
    rows = visible(user, Observation.objects.filter(unit=row.unit_id, indicator__code=row.indicator.code))
    found = rows.exclude(pk=row.pk).select_related("round").order_by("-round__period")[:6]
    return [
        (one.round.period, figure(one.value), str(one.get_missing_display()) if one.missing else "") for one in found
    ]


def _box(row: Observation, kind: str, title: str, button: str, bound: Any, **more: Any) -> parts.NextStep:
    form = bound if bound is not None and bound.kind == kind else DecisionForm(kind, row)
    action = reverse("desk:observation", args=[row.pk])
    return parts.NextStep(
        title, button, action, whose=_("yours"), form=form, chosen=form.choice, choice_name="choice", **more
    )


def boxes(user: Any, row: Observation, bound: Any) -> tuple[parts.NextStep | None, parts.NextStep | None]:
    """Return the next step of this person, and a step beside it."""
    if row.round.status not in OPEN:
        return None, _reopening(user, row, bound)
    if row.status == "submitted" and can(user, "measure.verify", row):
        return _checking(row, bound), None
    if row.status in ("draft", "returned", "empty") and can(user, "measure.submit", row) and not row.indicator.metric:
        return _filling(row), None
    if row.status in ("disputed", "reopened") and can(user, "measure.decide_dispute", row):
        return _deciding(row, bound), None
    if row.status == "verified" and can(user, "measure.dispute", row):
        return _disputing(row, bound), None
    return None, None


def _checking(row: Observation, bound: Any) -> parts.NextStep:
    choices = (
        ("verify", _("Verify"), _("It matches the source or its evidence.")),
        ("return", _("Return"), _("With the reason; the town has 5 working days to answer.")),
    )
    law = law_of(FLOW.find("submitted", "return"))
    undo = _("You can take this back for 10 minutes.")
    due = deadline(row.due_on)
    return _box(
        row,
        "check",
        _("Does the value match its source?"),
        _("Save the decision"),
        bound,
        choices=choices,
        law=law,
        undo=undo,
        deadline=due,
    )


def _filling(row: Observation) -> parts.NextStep:
    action = reverse("desk:collect", args=[row.round_id])
    title = _("Answer the return") if row.status == "returned" else _("Fill in and hand in")
    law = law_of(FLOW.find("submitted", "return")) if row.status == "returned" else law_of(None)
    form = _UnitForm(initial={"unit": row.unit.code})
    return parts.NextStep(
        title,
        _("Open the sheet"),
        action,
        _("yours"),
        deadline(row.due_on or row.round.due_on),
        form=form,
        law=law,
        method="get",
    )


class _UnitForm(forms.Form):
    unit = forms.CharField(widget=forms.HiddenInput)


def _deciding(row: Observation, bound: Any) -> parts.NextStep:
    choices = (
        ("keep", _("Keep the value"), _("The town gets the reply.")),
        ("correct", _("Correct the value"), _("Give the corrected figure below; the old one stays in the history.")),
    )
    law = law_of(FLOW.find("verified", "dispute"))
    return _box(
        row,
        "decide",
        _("Answer in writing"),
        _("Save the reply"),
        bound,
        choices=choices,
        law=law,
        deadline=deadline(row.due_on),
    )


def _disputing(row: Observation, bound: Any) -> parts.NextStep | None:
    until = service.dispute_until(row.round, row.unit_id)
    if until is None or until < timezone.localdate():
        return None
    missing = _("Only if the value is wrong. Without an objection it stays as it is.")
    return _box(
        row,
        "dispute",
        _("Object to this value"),
        _("Object"),
        bound,
        deadline=deadline(until),
        law=law_of(FLOW.find("verified", "dispute")),
        missing=missing,
    )


def _reopening(user: Any, row: Observation, bound: Any) -> parts.NextStep | None:
    if row.status != "locked" or row.round.reopening or not can(user, "measure.reopen_round", row.round):
        return None
    missing = _("The planner or the auditor has to agree; everything is scored again afterwards.")
    return _box(
        row,
        "reopen",
        _("Ask to reopen this value"),
        _("Ask a second person"),
        bound,
        law=law_of(FLOW.find("locked", "reopen")),
        missing=missing,
    )


def _take(request: HttpRequest, row: Observation, form: DecisionForm) -> bool:
    said, user = form.cleaned_data, request.user
    try:
        if form.kind == "check" and form.choice == "verify":
            service.verify(user, row)
        elif form.kind == "check":
            service.return_(user, row, said["reason"])
        elif form.kind == "dispute":
            service.dispute(user, row, said["reason"])
        elif form.kind == "decide":
            numbers = {name: said.get(name) for name in _parts_of(row)}
            keep = form.choice == "keep"
            service.decide_dispute(user, row, said["reply"], keep=keep, **({} if keep else numbers))
        elif form.kind == "reopen":
            service.reopen_round(user, row.round, said["reason"], [row.pk])
        else:
            form.add_error(None, _("This step cannot be taken in the present state."))
            return False
    except (InputError, PermissionDenied) as error:
        refuse(form, error)
        return False
    messages.success(request, _("Done. It stands in the history below."))
    return True
