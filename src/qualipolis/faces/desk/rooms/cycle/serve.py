"""What was served on the units (送达): the preview or the notice, how, when, and who has acknowledged it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
from django import forms
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from qualipolis.city.core.listings import listing, table
from qualipolis.city.core.parameters import whole
from qualipolis.city.core.policy import can, page
from qualipolis.city.core.roles import STAFF
from qualipolis.city.measure import queries, service
from qualipolis.city.measure.models import CollectionRound, Observation, Served
from qualipolis.city.measure.queries import ServiceLine
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.assess.frame import address, exports
from qualipolis.faces.desk.rooms.cycle.town import STAGE, attempt, crumbs, cycle_law, filter_name, round_name
from qualipolis.faces.desk.rooms.measure.pieces import Told, day, deadline, history
from qualipolis.law.calendar import add_days
from qualipolis.law.flows import ALL
from qualipolis.law.rules import rule_on

PER_PAGE = 60
ALL_WAITING = "*"
SHOWS: tuple[tuple[str, Any], ...] = (
    ("", gettext_lazy("All units")),
    ("waiting", gettext_lazy("Not acknowledged")),
    ("open", gettext_lazy("Term running")),
    ("disputed", gettext_lazy("Objected")),
    ("content", gettext_lazy("Do not object")),
)
THING = re.compile(r"( ?)assess\.(notice|assessment):\d+( ?)")
VERBS = ("measure.preview_round", "measure.serve")


class ServeForm(forms.Form):
    """Service outside this system: on whom, how, on which day, with which proof."""

    do = forms.CharField(widget=forms.HiddenInput, initial="serve")
    unit = forms.ChoiceField(label=gettext_lazy("On whom"))
    method = forms.ChoiceField(label=gettext_lazy("How"))
    served_on = forms.DateField(
        label=gettext_lazy("Day of service"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    proof = forms.CharField(
        label=gettext_lazy("Proof of service"),
        help_text=gettext_lazy("Number of the receipt, of the mail or of the public notice."),
        max_length=200,
    )

    def __init__(self, waiting: Sequence[ServiceLine], data: Any = None) -> None:
        super().__init__(data, initial={"served_on": timezone.localdate(), "do": "serve"}, auto_id="id_serve_%s")
        n = len(waiting)
        every = ngettext("the %(n)s unit that has not acknowledged", "all %(n)s units that have not acknowledged", n)
        choices = [(one.row.unit.code, one.row.unit.name) for one in waiting]
        self.fields["unit"].choices = [*choices, (ALL_WAITING, every % {"n": n})]
        ways = [pair for pair in Served.Method.choices if pair[0] != Served.Method.ELECTRONIC]
        self.fields["method"].choices = ways


@page(*STAFF)
def served(request: HttpRequest, pk: int) -> HttpResponse:
    """The service of the preview or of the notice of a round, one line for each unit."""
    round_ = get_object_or_404(queries.rounds(request.user), pk=pk)
    kind = kind_of(request.GET.get("kind", ""))
    found = queries.services(request.user, round_, kind)
    waiting = [line for line in found if line.row.acknowledged_at is None]
    form = None
    if waiting and can(request.user, "measure.serve", round_):
        form = ServeForm(waiting, request.POST if request.method == "POST" else None)
        if form.is_bound and _served(request, round_, kind, waiting, form):
            return redirect(f"{reverse('desk:served_list', args=[pk])}?kind={kind}")
    objected = objections(round_) if kind == Served.Kind.PREVIEW else {}
    only = request.GET.get("show", "")
    shown = [line for line in found if fits(line, only, objected)]
    paged = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "stage": STAGE,
        "round": round_,
        "kind": kind,
        "kinds": _kinds(request, kind),
        "numbers": _numbers(found, objected),
        "said": _said(found, waiting, kind),
        "ended": queries.ended_service(request.user, round_, kind) if not found else None,
        "filters": _filters(request, found, objected, kind, only),
        "paged": paged,
        "lines": [_shown(line, objected) for line in paged],
        "box": _box(round_, kind, form) if form else None,
        "law": cycle_law(ALL["assessment"].find("run", "preview")) if kind == Served.Kind.PREVIEW else None,
        "history": told_plainly(history(round_, verbs=VERBS)),
        "exports": exports("service", f"round={pk}&kind={kind}&show={only}", len(shown)),
        "crumbs": crumbs(round_, (_("Service on the units"), "")),
    }
    return render(request, "cycle/served_list.html", context, status=400 if form and form.errors else 200)


def read_by(served_on: date) -> date:
    """Return the last day on which a notice should be acknowledged, from the day it was served."""
    days = int(str(rule_on("notice.acknowledge", served_on).value))
    return add_days(served_on, days, "working").due


def told_plainly(lines: list[Told]) -> list[Told]:
    """Return the history with documents called what people call them, not by their name in the ledger."""
    words = {"notice": _("the notice"), "assessment": _("the preview")}
    spaced = not (get_language() or "zh").startswith("zh")

    def plain(found: re.Match[str]) -> str:
        return f"{found[1]}{words[found[2]]}{found[3]}" if spaced else words[found[2]]

    return [replace(line, what=THING.sub(plain, line.what)) for line in lines]


def kind_of(text: str) -> str:
    """Return which document is meant: the preview unless the notice is asked for."""
    return Served.Kind.NOTICE.value if text == Served.Kind.NOTICE else Served.Kind.PREVIEW.value


def objections(round_: CollectionRound) -> dict[int, int]:
    """Return how many values each unit has objected to and that have no reply yet; one query."""
    rows = Observation.objects.filter(round=round_, status=Observation.Status.DISPUTED).order_by()
    return dict(rows.values_list("unit").annotate(n=Count("pk")))


def fits(line: ServiceLine, show: str, objected: Mapping[int, int]) -> bool:
    """Whether a line belongs under a filter."""
    found = {
        "waiting": line.row.acknowledged_at is None,
        "open": line.open,
        "disputed": line.row.unit_id in objected,
        "content": line.row.no_objection,
    }
    return found.get(show, True)


def _kinds(request: HttpRequest, kind: str) -> list[parts.Segment]:
    words = {Served.Kind.PREVIEW: _("Preview"), Served.Kind.NOTICE: _("Notice")}
    return [parts.Segment(label, f"?kind={key.value}", key == kind) for key, label in words.items()]


def _numbers(found: list[ServiceLine], objected: Mapping[int, int]) -> dict[str, int]:
    return {
        "total": len(found),
        "acknowledged": sum(line.row.acknowledged_at is not None for line in found),
        "open": sum(line.open for line in found),
        "objected": sum(objected.values()),
        "content": sum(line.row.no_objection for line in found),
    }


def _said(found: list[ServiceLine], waiting: list[ServiceLine], kind: str) -> str:
    if not found:
        return _("Nothing has been served.")
    if not waiting:
        return _("All %(n)s units have acknowledged it.") % {"n": len(found)}
    one, many = "%(n)s unit has not acknowledged it yet", "%(n)s units have not acknowledged it yet"
    return ngettext(one, many, len(waiting)) % {"n": len(waiting)}


def _filters(
    request: HttpRequest, found: list[ServiceLine], objected: Mapping[int, int], kind: str, only: str
) -> list[parts.Segment]:
    shows = SHOWS if kind == Served.Kind.PREVIEW else SHOWS[:2]
    return [
        parts.Segment(
            str(words),
            address(request, show=key, page=None),
            key == only,
            sum(fits(one, key, objected) for one in found),
        )
        for key, words in shows
    ]


def _shown(line: ServiceLine, objected: Mapping[int, int]) -> dict[str, Any]:
    row = line.row
    chip = parts.Chip("wait", _("not acknowledged"), "hourglass")
    if row.no_objection:
        chip = parts.Chip("ok", _("does not object"))
    elif row.acknowledged_at:
        chip = parts.Chip("ok", _("acknowledged"))
    return {
        "row": row,
        "chip": chip,
        "until": line.until,
        "due": deadline(line.until) if line.open else None,
        "objections": objected.get(row.unit_id, 0),
        "by": str(row.acknowledged_by or ""),
        "at": day(row.acknowledged_at),
    }


def _box(round_: CollectionRound, kind: str, form: ServeForm) -> parts.NextStep:
    why = _(
        "In this system the document is served already. Record here who got it another way; the term then runs from that day."
    )
    return parts.NextStep(
        _("Record service in person or by post"),
        _("Record the service"),
        f"{reverse('desk:served_list', args=[round_.pk])}?kind={kind}",
        _("yours"),
        form=form,
        missing=why,
        undo=_("This cannot be taken back; recording it again replaces it."),
        law=cycle_law(ALL["assessment"].find("run", "preview") if kind == Served.Kind.PREVIEW else None),
    )


def _served(
    request: HttpRequest, round_: CollectionRound, kind: str, waiting: list[ServiceLine], form: ServeForm
) -> bool:
    def act(said: dict[str, Any]) -> None:
        chosen = [line for line in waiting if said["unit"] in (ALL_WAITING, line.row.unit.code)]
        for thing in {line.row.thing for line in chosen}:
            service.serve(
                request.user,
                round_,
                thing,
                [line.row.unit for line in chosen if line.row.thing == thing],
                method=said["method"],
                served_on=said["served_on"],
                proof=said["proof"],
                kind=kind,
            )

    return attempt(request, form, act, _("The service is recorded."))


def _in_words(params: Mapping[str, str]) -> list[str]:
    kind = _("Notice") if kind_of(params.get("kind", "")) == Served.Kind.NOTICE else _("Preview")
    return [*round_name(params), kind, *filter_name(params, SHOWS)]


@listing("service", gettext_lazy("Service on the units"), roles=STAFF, describe=_in_words)
def service_frame(actor: Any, params: Mapping[str, str]) -> pl.DataFrame:
    """Return the lines of service that the person sees, under the filter of the page."""
    round_ = queries.rounds(actor).filter(pk=whole(params.get("round")) or 0).first()
    found = queries.services(actor, round_, kind_of(params.get("kind", ""))) if round_ else []
    objected = objections(round_) if round_ else {}
    lines = [line for line in found if fits(line, params.get("show", ""), objected)]
    kinds = {
        _("Unit code"): (pl.String, [one.row.unit.code for one in lines]),
        _("Unit"): (pl.String, [one.row.unit.name for one in lines]),
        _("Served on"): (pl.Date, [one.row.served_on for one in lines]),
        _("How"): (pl.String, [str(one.row.get_method_display()) for one in lines]),
        _("Proof of service"): (pl.String, [one.row.proof or None for one in lines]),
        _("Acknowledged by"): (pl.String, [str(one.row.acknowledged_by or "") or None for one in lines]),
        _("Acknowledged on"): (pl.Date, [one.row.acknowledged_at and timezone.localdate(one.row.acknowledged_at) for one in lines]),
        _("Does not object"): (pl.String, [_("yes") if one.row.no_objection else _("no") for one in lines]),
        _("Objections until"): (pl.Date, [one.until for one in lines]),
        _("Objections without a reply"): (pl.Int64, [objected.get(one.row.unit_id, 0) for one in lines]),
    }  # fmt: skip
    return table(kinds)
