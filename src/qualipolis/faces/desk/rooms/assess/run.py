"""One run before it is published: its scorecards, what was noticed, and the one next step of the flow."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext
from django.views.decorators.http import require_http_methods

from qualipolis.city.assess import lists, page_queries, service
from qualipolis.city.assess.models import Assessment, NodeScore, ScoreCard
from qualipolis.city.assess.queries import assessments
from qualipolis.city.core.parameters import whole
from qualipolis.city.core.policy import page, visible
from qualipolis.city.core.roles import STAFF, Role
from qualipolis.city.measure.models import Dimension
from qualipolis.city.measure.service import may_take
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.assess.frame import moment, written
from qualipolis.faces.desk.rooms.run.frame import tabs_for
from qualipolis.law.flow import Step
from qualipolis.law.flows import ALL
from qualipolis.methods.problems import InputError, Problem

FLOW = "assessment"
ORDER = ("preview", "decide", "publish")
PER_PAGE = 100


class Take(forms.Form):
    """Names the step, so that a page left open does not take the next one by mistake."""

    step = forms.CharField(widget=forms.HiddenInput)


class Confirm(Take):
    """What cannot be undone is asked for in so many words."""

    sure = forms.BooleanField(label=gettext_lazy("I know that this cannot be undone."))


class Decide(Take):
    """The leading group decides in a meeting, by a numbered document."""

    document = forms.CharField(label=gettext_lazy("Number of the decision"), max_length=80)
    meeting_on = forms.DateField(
        label=gettext_lazy("Day of the meeting"), widget=forms.DateInput(attrs={"type": "date"})
    )


FORMS: dict[str, type[Take]] = {"decide": Decide}


@page(*STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def assessment(request: HttpRequest, pk: int) -> HttpResponse:
    """One run: look at it, then take its next step."""
    made = get_object_or_404(assessments(request.user), pk=pk)
    step = next_step_of(made)
    form = None
    if step is not None:
        kind = Confirm if step.irreversible else FORMS.get(step.name, Take)
        form = kind(request.POST or None, initial={"step": step.name})
        if request.method == "POST" and form.is_valid() and form.cleaned_data["step"] == step.name:
            done = _take(request, made, step.name, form.cleaned_data)
            if done:
                return redirect(done)
    return render(request, "assess/assessment.html", _context(request, made, step, form))


def next_step_of(made: Assessment) -> Step | None:
    """Return the step of the flow that leads on from where the run stands."""
    return next((ALL[FLOW].find(made.status, name) for name in ORDER if ALL[FLOW].find(made.status, name)), None)


def _take(request: HttpRequest, made: Assessment, name: str, said: dict[str, Any]) -> str:
    """Take the step; return where to go, or nothing when it was refused (the reason is a message)."""
    here = reverse("desk:assessment", args=[made.pk])
    try:
        if name == "publish":
            release = service.publish(request.user, made)
            messages.success(request, _("Published as release %(number)s.") % {"number": release.number})
            return reverse("desk:release", args=[release.number])
        if name == "decide":
            service.decide(request.user, made, said["document"], said["meeting_on"])
        else:
            service.preview(request.user, made)
    except InputError as error:
        for problem in error.problems:
            messages.error(request, problem.text(_))
        return ""
    done = {"preview": _("The preview is with the units."), "decide": _("Decided.")}
    messages.success(request, done[name])
    return here


def _context(request: HttpRequest, made: Assessment, step: Step | None, form: Any) -> dict[str, Any]:
    cards = visible(request.user, ScoreCard.objects.filter(assessment=made)).select_related("unit")
    on_page = Paginator(cards.order_by("rank", "unit__code"), PER_PAGE).get_page(request.GET.get("page"))
    names = {one.code: one.name for one in Dimension.objects.filter(set=made.round.set_id)}
    release = getattr(made, "release", None)
    allowed = bool(step and may_take(request.user, FLOW, step.name, made.status))
    return {
        "stage": "assess",
        "made": made,
        "release": release,
        "tabs": tabs_for(request.user, made, "run", release),
        "state": made.get_status_display(),
        "page": on_page,
        "table": _cards(on_page),
        "warnings": [*_left_out(made), *(_warning(one, names) for one in made.warnings)],
        "steps": _steps(made),
        "next": _box(made, step, form) if step and allowed else None,
        "waits_for": _waits_for(step) if step and not allowed else "",
    }


def _warning(one: dict[str, Any], names: dict[str, str]) -> str:
    """Return a warning in words; a dimension is called by its name, not its code."""
    params = {
        key: names.get(value, value) if isinstance(value, str) else value
        for key, value in one.get("params", {}).items()
    }
    return Problem(one.get("code", ""), one["what"], one.get("remedy", ""), params).text(_)


def _left_out(made: Assessment) -> list[str]:
    """The indicators of the set that no unit has a value for, so that they count for nothing."""
    card = ScoreCard.objects.filter(assessment=made).first()
    used = set(NodeScore.objects.filter(card=card).values_list("node", flat=True))
    leaves = made.scored_set.indicators.order_by("position")
    gone = [f"{leaf.code} {leaf.name}" for leaf in leaves if leaf.code not in used]
    if card is None or not gone:
        return []
    one, many = "%(n)s indicator has no value at all and does not count", "%(n)s indicators have no value at all and do not count"  # fmt: skip
    words = ngettext(one, many, len(gone)) % {"n": len(gone)}
    return [f"{words}{_(': ')}{_(', ').join(gone)}{_('. ')}".strip()]


def _steps(made: Assessment) -> list[parts.Step]:
    """Where the run stands: computed, previewed, decided, published."""
    names = [
        (_("Computed"), made.run_by),
        (_("Previewed by the units"), None),
        (_("Decided"), None),
        (_("Published"), None),
    ]
    reached = {"run": 0, "previewed": 1, "decided": 2}.get(made.status, 3)
    roles = ("planner", "planner", "leader", "planner")
    found = []
    for place, (name, who) in enumerate(names):
        state = "done" if place <= reached else "begun" if place == reached + 1 else "todo"
        when = moment(made.run_at) if place == 0 else ""
        found.append(parts.Step(name, state, str(who or Role(roles[place]).label), when))
    return found


def _waits_for(step: Step) -> str:
    roles = ", ".join(str(Role(role).label) for role in step.roles if role in Role.values)
    return _("Next: %(step)s. It waits for: %(roles)s.") % {"step": _(step.label), "roles": roles}


def _box(made: Assessment, step: Step, form: Any) -> parts.NextStep:
    term = ""
    if step.due:
        days = step.due.days
        words = ngettext("%(n)s working day for objections", "%(n)s working days for objections", days)
        term = words % {"n": days}
    undo = _("This cannot be undone.") if step.irreversible else _("Nothing is published by this step.")
    law = parts.Law(_("Yearly assessment of quality work"), "", term, local=True)
    return parts.NextStep(
        _(step.label),
        _(step.label),
        reverse("desk:assessment", args=[made.pk]),
        _("yours"),
        form=form,
        undo=undo,
        law=law,
    )


def _cards(on_page: Any) -> parts.Table:
    columns = [
        parts.Column("rank", _("Rank"), numeric=True),
        parts.Column("unit", pgettext("place", "Unit"), title=True),
        parts.Column("peer_group", _("Peer group")),
        parts.Column("score", _("Score"), numeric=True),
        parts.Column("bonus", _("Bonus"), numeric=True),
        parts.Column("final", _("Final score"), numeric=True),
        parts.Column("tier", _("Tier"), numeric=True),
        parts.Column("grade", _("Grade")),
        parts.Column("veto", _("Reason")),
        parts.Column("present", _("Indicators"), numeric=True),
    ]
    rows = [
        {
            "rank": card.rank, "unit": card.unit.name, "peer_group": lists.peer_word(card.peer_group), "score": written(card.score),
            "bonus": written(card.bonus) if card.bonus else "0", "final": written(card.final_score), "tier": card.tier, "grade": card.grade,
            "veto": card.veto, "present": card.present,
        }
        for card in on_page
    ]  # fmt: skip
    return parts.Table(_("Scorecards"), columns, rows)


@page("planner")
@require_http_methods(["GET", "HEAD", "POST"])
def assessment_run(request: HttpRequest) -> HttpResponse:
    """Compute a round now; the form stands on the page of the releases."""
    if request.method != "POST":
        return redirect(f"{reverse('desk:releases')}#runs")
    found = get_object_or_404(page_queries.rounds_to_assess(), pk=whole(request.POST.get("round")) or 0)
    try:
        made = service.run(request.user, found, seed=found.set.year)
    except InputError as error:
        for problem in error.problems:
            messages.error(request, problem.text(_))
        return redirect("desk:releases")
    return redirect("desk:assessment", made.pk)
