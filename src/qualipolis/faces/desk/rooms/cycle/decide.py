"""The decision of the leading group: what is decided, what holds it up, and the words on single units."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from qualipolis.city.assess import service
from qualipolis.city.assess.lists import rank_word
from qualipolis.city.assess.models import Adjustment, Assessment, NodeScore, ScoreCard
from qualipolis.city.assess.queries import assessments
from qualipolis.city.assess.run import inputs_hash
from qualipolis.city.core.policy import page, roles_of, visible
from qualipolis.city.measure.models import Observation
from qualipolis.city.measure.service import may_take, open_windows
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.assess.frame import whole as rank_end
from qualipolis.faces.desk.rooms.cycle.town import STAGE, attempt, crumbs, cycle_law, line_of_steps, score
from qualipolis.faces.desk.rooms.measure.pieces import history
from qualipolis.law.flows import ALL
from qualipolis.methods.problems import InputError, Problem, msg

FLOW = "assessment"
PER_PAGE = 100
REMARKS = 4
GRADES = {
    "A": gettext_lazy("90 and above"), "B": gettext_lazy("from 80, below 90"),
    "C": gettext_lazy("from 60, below 80"), "D": gettext_lazy("below 60"),
}  # fmt: skip
STEPS = (
    (gettext_lazy("Computed"), ("assess.run",)),
    (gettext_lazy("Preview served"), ("assess.preview",)),
    (gettext_lazy("Decision"), ("assess.decide",)),
    (gettext_lazy("Publication"), ("assess.publish",)),
)
AT = {"run": 1, "previewed": 2, "decided": 3}
OWNER = {"run": "planner", "decided": "planner"}
Status = Observation.Status


@dataclass(frozen=True)
class Condition:
    """One thing that has to hold before the decision, in words, and where to see to it."""

    holds: bool
    words: str
    url: str = ""

    @property
    def chip(self) -> parts.Chip:
        """Whether it holds, as a chip."""
        return parts.Chip("ok", _("holds")) if self.holds else parts.Chip("bad", _("holds it up"), "alert-octagon")


class DecisionForm(forms.Form):
    """Number and day of the decision, and a few words on single units, each named by its name or code."""

    do = forms.CharField(widget=forms.HiddenInput, initial="decide")
    document = forms.CharField(label=gettext_lazy("Number of the decision"), max_length=80)
    meeting_on = forms.DateField(
        label=gettext_lazy("Day of the meeting"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="id_decide_%s")
        self.fields["meeting_on"].initial = timezone.localdate()
        self.rows = [(f"unit_{n}", f"words_{n}") for n in range(1, REMARKS + 1)]
        for number, (unit, words) in enumerate(self.rows, start=1):
            named = forms.TextInput(attrs={"list": "units", "autocomplete": "off"})
            label = _("Remark %(n)s: unit") % {"n": number}
            self.fields[unit] = forms.CharField(label=label, required=False, max_length=80, widget=named)
            label = _("Remark %(n)s: words") % {"n": number}
            self.fields[words] = forms.CharField(label=label, required=False, max_length=400)

    def clean(self) -> dict[str, Any]:
        """A remark has its unit and its words."""
        said = super().clean() or {}
        for unit, words in self.rows:
            if bool(said.get(unit)) != bool(said.get(words)):
                self.add_error(words if said.get(unit) else unit, _("A remark names a unit and says something."))
        return said

    def remarks(self, codes: dict[str, str]) -> dict[str, str]:
        """Return unit code -> words; an unknown name stays as it was typed and is refused with it."""
        found = {}
        for unit, words in self.rows:
            name = self.cleaned_data[unit].strip()
            if name:
                found[codes.get(name, name)] = self.cleaned_data[words]
        return found


@page("leader", "planner", "auditor")
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    """What the leading group decides on; the leader enters number, day and remarks here."""
    made = get_object_or_404(assessments(request.user).select_related("run_by", "decided_by", "set"), pk=pk)
    facts = facts_of(made)
    cards = visible(request.user, ScoreCard.objects.filter(assessment=made)).select_related("unit")
    form = DecisionForm(request.POST if request.method == "POST" else None) if _may(request.user, made, facts) else None
    if form is not None and form.is_bound and _decided(request, made, form):
        return redirect("desk:decision", pk)
    paged = Paginator(cards.order_by("rank", "unit__code"), PER_PAGE).get_page(request.GET.get("page"))
    told = history(made)
    context = {
        "stage": STAGE,
        "made": made,
        "release": getattr(made, "release", None),
        "state": str(made.get_status_display()),
        "steps": line_of_steps(STEPS, AT.get(made.status, 4), told, mine=form is not None or OWNER.get(made.status) in roles_of(request.user)),
        "conditions": conditions(request.user, made, facts) if made.status in ("run", "previewed") else [],
        "grades": _grades(made),
        "adjusted": list(Adjustment.objects.filter(round=made.round_id).select_related("unit").order_by("kind", "unit__code")),
        "table": _table(made, paged),
        "paged": paged,
        "box": _box(made, form) if form else None,
        "units": cards.order_by("unit__code") if form else (),
        "remarks": list(cards.exclude(remark="").order_by("unit__code")),
        "law": cycle_law(ALL[FLOW].find("previewed", "decide")),
        "waits": waits_for(request.user, made, facts),
        "history": told,
        "crumbs": crumbs(made.round, (_("Decision"), "")),
    }  # fmt: skip
    return render(request, "cycle/decision.html", context, status=400 if form and form.errors else 200)


def facts_of(made: Assessment) -> dict[str, Any]:
    """Return what the table of law asks before a decision."""
    rows = Observation.objects.filter(round=made.round_id)
    return {
        "open_items": rows.filter(status__in=(Status.SUBMITTED, Status.REOPENED)).count(),
        "open_disputes": rows.filter(status=Status.DISPUTED).count(),
        "open_windows": open_windows(made.round),
        "run_by": made.run_by_id,
    }


def _may(user: Any, made: Assessment, facts: dict[str, Any]) -> bool:
    told = {"actor": getattr(user, "pk", None), "document_no": "?", "meeting_on": "?"}
    ready = made.status == "previewed" and may_take(user, FLOW, "decide", made.status, facts | told)
    return ready and _same_data(made).holds


def conditions(user: Any, made: Assessment, facts: dict[str, Any]) -> list[Condition]:
    """Return what has to hold before the decision, each in words."""
    round_ = reverse("desk:round", args=[made.round_id])
    served = f"{reverse('desk:served_list', args=[made.round_id])}?kind=preview"
    n = facts["open_items"]
    one, many = "%(n)s value is neither verified nor corrected", "%(n)s values are neither verified nor corrected"
    values = ngettext(one, many, n) % {"n": n} if n else _("Every value is verified or corrected")
    n = facts["open_disputes"]
    one, many = "%(n)s objection has no reply yet", "%(n)s objections have no reply yet"
    replies = ngettext(one, many, n) % {"n": n} if n else _("Every objection has its reply")
    n = facts["open_windows"]
    one, many = "%(n)s unit may still object", "%(n)s units may still object"
    terms = ngettext(one, many, n) % {"n": n} if n else _("No term for objections is running")
    previewed = made.status != "run"
    return [
        Condition(previewed, _("The preview has been served on the units") if previewed else _("The preview has not been served yet"), served),
        Condition(not facts["open_items"], values, f"{round_}?show=undecided"),
        Condition(not facts["open_disputes"], replies, f"{served}&show=disputed"),
        Condition(not facts["open_windows"], terms, f"{served}&show=open"),
        _two_people(user, made),
        _same_data(made),
    ]  # fmt: skip


def _same_data(made: Assessment) -> Condition:
    """Whether the run still says what the values say; a corrected value asks for a new run."""
    if inputs_hash(made.round, made.set) == made.inputs_hash:
        return Condition(True, _("Nothing has changed since the run was computed"))
    words = _("Values or adjustments have changed since this run: compute again and preview the new one")
    return Condition(False, words, f"{reverse('desk:releases')}#runs")


def _two_people(user: Any, made: Assessment) -> Condition:
    who = str(made.run_by) if made.run_by else _("the system")
    own = made.run_by_id is not None and made.run_by_id == getattr(user, "pk", None)
    if own:
        return Condition(
            False, _("You computed this assessment yourself: somebody else has to decide, that takes two people")
        )
    return Condition(True, _("Two people: computed by %(who)s, decided by somebody else") % {"who": who})


def waits_for(user: Any, made: Assessment, facts: dict[str, Any]) -> str:
    """Return in words why there is nothing to do for this person, or nothing."""
    if made.status in ("run", "previewed") and any(not one.holds for one in conditions(user, made, facts)):
        return _("The decision cannot be taken yet; what holds it up stands beside.")
    if made.status == "previewed" and "leader" not in roles_of(user):
        return _("Ready for the decision. It waits for the leader.")
    if made.status == "decided":
        return _("Decided. Next the release is published from the page of the run.")
    return ""


def _grades(made: Assessment) -> list[dict[str, Any]]:
    counts = Counter(ScoreCard.objects.filter(assessment=made).order_by().values_list("grade", flat=True))
    total = sum(counts.values())
    rows = [{"grade": grade, "span": span, "n": counts.get(grade, 0)} for grade, span in GRADES.items()]
    if counts.get(""):
        rows.append({"grade": _("without a grade"), "span": "—", "n": counts[""]})
    return [row | {"share": f"{100 * row['n'] / total:.0f}%" if total else "—"} for row in rows]


def _spans(paged: Any) -> dict[int, str]:
    """The 90 % interval of the composite's rank by card."""
    rows = NodeScore.objects.filter(card__in=[card.pk for card in paged], rank_p05__isnull=False).order_by("-level")
    spans: dict[int, str] = {}
    for card, low, high in rows.values_list("card_id", "rank_p05", "rank_p95"):
        spans.setdefault(card, f"{rank_end(low)}–{rank_end(high)}")
    return spans


def _tied(made: Assessment, paged: Any) -> set[int | None]:
    """The ranks of a page that several units share, also across its edge."""
    rows = ScoreCard.objects.filter(assessment=made, rank__in=[card.rank for card in paged]).order_by()
    return {rank for rank, n in rows.values_list("rank").annotate(n=Count("pk")) if n > 1}


def _table(made: Assessment, paged: Any) -> parts.Table:
    """The ranking of a page with its 90 % interval; ties are written as ties."""
    spans, tied = _spans(paged), _tied(made, paged)
    columns = [
        parts.Column("rank", _("Rank"), numeric=True),
        parts.Column("span", _("90 % interval"), numeric=True),
        parts.Column("unit", _("Unit"), title=True),
        parts.Column("final", _("Final score"), numeric=True),
        parts.Column("tier", _("Tier"), numeric=True),
        parts.Column("grade", _("Grade")),
        parts.Column("note", _("Veto or remark")),
    ]
    lines = [
        {
            "rank": rank_word(card.rank, card.rank in tied),
            "span": spans.get(card.pk),
            "unit": card.unit.name,
            "final": score(card.final_score, 2),
            "tier": card.tier,
            "grade": card.grade or None,
            "note": card.veto or card.remark or None,
        }
        for card in paged
    ]
    note = _("Within a tier, do not read an order into these.")
    return parts.Table(_("What is decided"), columns, lines, note=note)  # fmt: skip


def _box(made: Assessment, form: DecisionForm) -> parts.NextStep:
    return parts.NextStep(
        _("Decide for the leading group"),
        _("Enter the decision"),
        reverse("desk:decision", args=[made.pk]),
        _("yours"),
        form=form,
        undo=_("A decision is not taken back. A newer assessment can replace it, and both stay in the ledger."),
        missing=_("Ranking, grades, vetoes and bonuses are decided as they stand on this page."),
        law=cycle_law(ALL[FLOW].find("previewed", "decide")),
    )


def _decided(request: HttpRequest, made: Assessment, form: DecisionForm) -> bool:
    def act(said: dict[str, Any]) -> None:
        cards = ScoreCard.objects.filter(assessment=made).values_list("unit__code", "unit__name_zh", "unit__name_en")
        codes = {name: code for code, *names in cards for name in names if name}
        given = form.remarks(codes)
        unknown = sorted(set(given) - {code for code, *_names in cards})
        if unknown:
            what = msg("There is no unit called %(name)s.")
            raise InputError([Problem("unknown_unit", what, "", {"name": name}) for name in unknown])
        service.decide(request.user, made, said["document"], said["meeting_on"], given)

    return attempt(request, form, act, _("Decided. The release can be published now."))
