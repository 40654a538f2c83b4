"""Pages of the indicator sets: the list by year, and one set with its tree, its life and its next step."""

from __future__ import annotations

from collections.abc import Callable
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

from qualipolis.city.core.policy import can, page, roles_of, visible
from qualipolis.city.core.roles import STAFF
from qualipolis.city.measure import queries, service
from qualipolis.city.measure.models import CollectionRound, IndicatorSet
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.cycle.consult import SAID, blocked
from qualipolis.faces.desk.rooms.measure import tree as measure_tree
from qualipolis.faces.desk.rooms.measure.pieces import (
    STAGE,
    StepForm,
    Told,
    history,
    law_of,
    refuse,
    state_chip,
    steps_of,
    undo_offer,
)
from qualipolis.law.flow import Step
from qualipolis.law.flows import ALL
from qualipolis.methods.problems import InputError

FLOW = "indicator_set"
PATH = ("draft", "consulted", "approved", "published", "frozen", "closed")
REACHED = {
    "draft": ("measure.create_set", "measure.revise_set"),
    "consulted": ("measure.consult_set",),
    "approved": ("measure.approve_set",),
    "published": ("measure.publish_set",),
    "frozen": ("measure.freeze_set", "measure.amend_set"),
    "closed": ("measure.close_set",),
}
# the step that leads on, and those beside it
MAIN = {"draft": "consult", "consulted": "approve", "approved": "publish", "published": "freeze", "frozen": "close"}
BESIDE = {"consulted": ("revise",), "frozen": ("amend",)}
ACTS: dict[str, Callable[[Any, IndicatorSet, dict[str, Any]], Any]] = {
    "consult": lambda who, row, said: service.consult(who, row),
    "revise": lambda who, row, said: service.revise(who, row, said["reason"]),
    "approve": lambda who, row, said: service.approve(who, row, said["document_no"]),
    "publish": lambda who, row, said: service.publish(who, row),
    "freeze": lambda who, row, said: service.freeze(who, row),
    "close": lambda who, row, said: service.close(who, row),
}


class YearForm(forms.Form):
    """The year of a new set."""

    year = forms.IntegerField(label=gettext_lazy("Year"), min_value=2000, max_value=2100)


class RoundForm(forms.Form):
    """The days of a new collection."""

    opens_on = forms.DateField(
        label=gettext_lazy("Opens on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    due_on = forms.DateField(
        label=gettext_lazy("Last day of entry"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first."""
        said = super().clean() or {}
        if said.get("opens_on") and said.get("due_on") and said["due_on"] < said["opens_on"]:
            self.add_error("due_on", _("The last day lies before the first."))
        return said


@page(*STAFF)
def set_list(request: HttpRequest) -> HttpResponse:
    """The indicator sets by year, with their state; the planner starts the next one here."""
    form = None
    if can(request.user, "measure.create_set"):
        last = IndicatorSet.objects.order_by("-year").values_list("year", flat=True).first()
        suggested = (last or timezone.localdate().year - 1) + 1
        form = YearForm(request.POST or None, initial={"year": suggested})
        if request.method == "POST" and form.is_valid():
            try:
                made = service.create_set(request.user, None, form.cleaned_data["year"])
            except InputError as error:
                refuse(form, error)
            else:
                messages.success(request, _("The draft is made from the catalogue. Look at its weights first."))
                return redirect("desk:set", made.pk)
    rows = [(row, state_chip(row)) for row in queries.sets(request.user).select_related("amends")]
    context = {"stage": STAGE, "rows": rows, "form": form, "crumbs": [(_("Measure"), ""), (_("Indicator sets"), "")]}
    return render(request, "measure/sets.html", context, status=400 if form and form.errors else 200)


@page(*STAFF)
def set_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One set: where it stands, what comes next, its whole tree; posting takes a step."""
    row = get_object_or_404(visible(request.user, IndicatorSet.objects.select_related("amends")), pk=pk)
    bound = None
    if request.method == "POST":
        bound = _post(request, row)
        if isinstance(bound, HttpResponse):
            return bound
    tree = measure_tree.tree_of(row)
    context = {
        "stage": STAGE,
        "row": row,
        "state": state_chip(row),
        "steps": _steps(request.user, row),
        "box": next_box(request.user, row, bound),
        "beside": _beside(request.user, row, bound),
        "tree": tree,
        "rounds": row.rounds.order_by("-period"),
        "round_form": _round_form(request, row, bound),
        "may_edit": row.status == "draft" and can(request.user, "measure.edit_set"),
        "may_amend": row.status == "frozen" and can(request.user, "measure.amend_set"),
        "amendments": [(made, measure_tree.difference(row, made)) for made in row.amendments.order_by("version")],
        "own_difference": measure_tree.difference(row.amends, row) if row.amends else [],
        "history": [
            line for line in history(row) if line.verb not in SAID
        ],  # the comments have a page and rules of their own
        "exports": exports("indicator-set", f"set={row.pk}", len(tree.leaves)),
        "undo": undo_offer(request.user),
        "crumbs": [(_("Measure"), ""), (_("Indicator sets"), reverse("desk:sets")), (str(row.year), "")],
    }
    return render(request, "measure/set.html", context, status=400 if bound is not None else 200)


def exports(name: str, query: str, count: int) -> list[parts.Export]:
    """Return the export menu of a listing."""
    size = _("%(n)s rows") % {"n": count}
    return [
        parts.Export(kind, f"{reverse('report:list', args=[name, kind])}?{query}", size)
        for kind in ("xlsx", "csv", "pdf")
    ]


def _post(request: HttpRequest, row: IndicatorSet) -> HttpResponse | forms.Form:
    name = request.POST.get("step", "")
    if name == "open_round":
        return _open_round(request, row)
    step = ALL[FLOW].find(row.status, name)
    if step is None or name not in ACTS:
        messages.error(request, _("This step cannot be taken in the present state."))
        return redirect("desk:set", row.pk)
    form = StepForm(name, step.needs, request.POST)
    if form.is_valid():
        try:
            ACTS[name](request.user, row, form.cleaned_data)
        except (InputError, PermissionDenied) as error:
            refuse(form, error)
        else:
            messages.success(request, _("Done: %(step)s.") % {"step": _(step.label)})
            return redirect("desk:set", row.pk)
    return form


def _open_round(request: HttpRequest, row: IndicatorSet) -> HttpResponse | forms.Form:
    form = RoundForm(request.POST, auto_id="id_round_%s")
    if form.is_valid():
        try:
            said = form.cleaned_data
            made = service.open_round(request.user, row, said["opens_on"], said["due_on"])
        except (InputError, PermissionDenied) as error:
            refuse(form, error)
        else:
            messages.success(request, _("The collection is open. Each unit has its sheet now."))
            return redirect("desk:round", made.pk)
    return form


def _steps(user: Any, row: IndicatorSet) -> list[parts.Step]:
    told: dict[str, Told] = {}
    for line in history(row):
        for state, verbs in REACHED.items():
            if line.verb in verbs:
                told.setdefault(state, line)
    main = ALL[FLOW].find(row.status, MAIN.get(row.status, ""))
    return steps_of(FLOW, PATH, row.status, told, bool(main and roles_of(user) & set(main.roles)))


def next_box(user: Any, row: IndicatorSet, bound: Any) -> parts.NextStep | None:
    """The one next step of a set, when it is this person's."""
    step = ALL[FLOW].find(row.status, MAIN.get(row.status, ""))
    if step is None or not roles_of(user) & set(step.roles) or _wants_round(row):
        return None
    why = blocked(row, row.comments.filter(answer="", withdrawn_at=None).count())
    if why and bound is None:  # a step that would be refused is not offered as the one to take
        comments = reverse("desk:set_comments", args=[row.pk])
        label = _(step.label)
        return parts.NextStep(
            label, _("To the comments"), comments, _("waiting for others"), method="get", missing=why, law=law_of(step)
        )
    form = bound if _is(bound, step) else StepForm(step.name, step.needs)
    undo = _("This cannot be taken back.") if step.irreversible else ""
    return parts.NextStep(
        title=_(step.label),
        button=_(step.label),
        action=reverse("desk:set", args=[row.pk]),
        whose=_("yours"),
        form=form,
        undo=undo,
        missing=why,
        law=law_of(step),
    )


def _wants_round(row: IndicatorSet) -> bool:
    """A frozen set without a collection: opening one comes before closing the year."""
    return row.status == "frozen" and not CollectionRound.objects.filter(set=row).exists()


def _is(bound: Any, step: Step) -> bool:
    return isinstance(bound, StepForm) and bound.initial.get("step") == step.name


def _beside(user: Any, row: IndicatorSet, bound: Any) -> list[tuple[str, StepForm]]:
    found = []
    for name in BESIDE.get(row.status, ()):
        step = ALL[FLOW].find(row.status, name)
        if step and name in ACTS and roles_of(user) & set(step.roles):
            found.append((_(step.label), bound if _is(bound, step) else StepForm(name, step.needs)))
    return found


def _round_form(request: HttpRequest, row: IndicatorSet, bound: Any) -> forms.Form | None:
    if not _wants_round(row) or not can(request.user, "measure.open_round"):
        return None
    if isinstance(bound, RoundForm):
        return bound
    return RoundForm(initial={"opens_on": timezone.localdate()}, auto_id="id_round_%s")


@page("planner", "leader")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Weights and goalposts of a draft, or the weights of an amendment; what is typed is kept on the server."""
    row = get_object_or_404(visible(request.user, IndicatorSet.objects.all()), pk=pk)
    amending = row.status == "frozen"
    if not can(request.user, "measure.amend_set" if amending else "measure.edit_set"):
        raise PermissionDenied(_("This page is for another role."))
    if row.status not in {"draft", "frozen"}:
        messages.error(request, _("Only a draft can be edited, and only a frozen set amended."))
        return redirect("desk:set", row.pk)
    form = measure_tree.WeightsForm(row, request.POST or None, amending=amending)
    if request.method == "POST" and form.is_valid():
        try:
            made = form.keep(request.user)
        except (InputError, PermissionDenied) as error:
            form.refuse(error)
        else:
            from qualipolis.city.core import drafts

            drafts.discard(request.user, form.draft_key)
            messages.success(
                request,
                _("Version %(n)s is in force; the old one is kept.") % {"n": made.version}
                if amending
                else _("The draft is saved."),
            )
            return redirect("desk:set", made.pk)
    context = {
        "stage": STAGE,
        "row": row,
        "form": form,
        "amending": amending,
        "law": law_of(ALL[FLOW].find(row.status, "amend" if amending else "consult")),
        "crumbs": [
            (_("Indicator sets"), reverse("desk:sets")),
            (str(row.year), reverse("desk:set", args=[row.pk])),
            (_("Amend") if amending else _("Edit"), ""),
        ],
    }
    return render(request, "measure/edit.html", context, status=400 if form.errors else 200)
