"""One served document on the page of its unit: what it says, until when the unit may object, and its acknowledgement."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from qualipolis.city.assess import queries as assess
from qualipolis.city.assess.models import Assessment, NodeScore, Notice, ScoreCard
from qualipolis.city.core.parameters import whole
from qualipolis.city.core.policy import can, page, visible
from qualipolis.city.core.roles import STAFF
from qualipolis.city.measure import service
from qualipolis.city.measure.models import Dimension, Observation, Served
from qualipolis.city.measure.serving import OPEN, window_of
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.assess.frame import whole as rank_end
from qualipolis.faces.desk.rooms.cycle.serve import read_by, told_plainly
from qualipolis.faces.desk.rooms.cycle.town import STAGE, Ask, attempt, crumbs, cycle_law, days_left, score
from qualipolis.faces.desk.rooms.measure.pieces import day, deadline, history, measured, state_chip, undo_offer
from qualipolis.faces.desk.rooms.measure.tree import bilingual
from qualipolis.law.flows import ALL

Status = Observation.Status
NEEDS: dict[str, tuple[str, ...]] = {"read": (), "content": ()}
SORTED = {Status.DISPUTED: 0, Status.VERIFIED: 1, Status.CORRECTED: 2}


@dataclass(frozen=True)
class Result:
    """What the preview says of one unit."""

    card: ScoreCard
    interval: str
    groups: list[tuple[str, str, str]]
    url: str


@page(*STAFF)
def served(request: HttpRequest, pk: int) -> HttpResponse:
    """One served document; the unit acknowledges it here, and objects value by value while its term runs."""
    rows = Served.objects.select_related("unit__government", "round__set", "acknowledged_by", "served_by")
    row = get_object_or_404(visible(request.user, rows), pk=pk)
    preview = row.kind == Served.Kind.PREVIEW
    until = window_of(row.served_on) if preview else read_by(row.served_on)
    open_ = preview and _window_open(row, until)
    form = _ask(request, row)
    if form is not None and form.is_bound and _acknowledged(request, row, form):
        return redirect("desk:served", pk)
    values = _values(request.user, row, open_) if preview else []
    context = {
        "stage": STAGE,
        "row": row,
        "preview": preview,
        "until": until,
        "open": open_,
        "due": deadline(until) if open_ else None,
        "closed_why": _closed(row, until) if preview and not open_ else "",
        "state": _chip(row),
        "steps": _steps(request.user, row, until, open_, values),
        "box": _box(row, form, until, open_) if form is not None else None,
        "result": _result(request.user, row) if preview else None,
        "notice": _notice(request.user, row),
        "values": values,
        "objected": sum(one["row"].status == Status.DISPUTED for one in values),
        "law": cycle_law(ALL["assessment"].find("run", "preview")) if preview else cycle_law(ALL["notice"].find("draft", "issue")),
        "history": told_plainly([replace(one, what=one.what.replace(row.unit.code, row.unit.name)) for one in history(row)]),
        "undo": undo_offer(request.user),
        "crumbs": crumbs(
            row.round,
            (_("Service on the units"), f"{reverse('desk:served_list', args=[row.round_id])}?kind={row.kind}"),
            (row.unit.name, ""),
        ),
    }  # fmt: skip
    return render(request, "cycle/served.html", context, status=400 if form and form.is_bound else 200)


def _behind(row: Served) -> tuple[str, int]:
    label, _colon, key = row.thing.rpartition(":")
    return label, whole(key) or 0


def _notice(user: Any, row: Served) -> Notice | None:
    label, key = _behind(row)
    return assess.notices(user).filter(pk=key).first() if label == "assess.notice" else None


def _window_open(row: Served, until: Any) -> bool:
    running = until is not None and timezone.localdate() <= until
    return running and row.ended_on is None and not row.no_objection and row.round.status in OPEN


def _closed(row: Served, until: Any) -> str:
    if row.ended_on is not None:
        return _("This preview counts no longer; a newer one has been served.")
    if row.no_objection:
        return _("The unit has said that it does not object; its term ended with that.")
    if row.round.status not in OPEN:
        return _("The round is locked: values change only when two people reopen it.")
    return _("The term for objections ended on %(day)s.") % {"day": day(until)}


def _chip(row: Served) -> parts.Chip:
    if row.ended_on is not None:
        return parts.Chip("idle", _("counts no longer"), "history")
    if row.no_objection:
        return parts.Chip("ok", _("does not object"))
    if row.acknowledged_at:
        return parts.Chip("ok", _("acknowledged"))
    return parts.Chip("wait", _("to be acknowledged"), "hourglass")


def _ask(request: HttpRequest, row: Served) -> Ask | None:
    if row.ended_on is not None or row.acknowledged_at or not can(request.user, "measure.acknowledge", row):
        return None
    preview = row.kind == Served.Kind.PREVIEW
    data = request.POST if request.method == "POST" else None
    return Ask("acknowledge", (), data, NEEDS if preview else {"": ()})


def _acknowledged(request: HttpRequest, row: Served, form: Ask) -> bool:
    return attempt(
        request,
        form,
        lambda said: service.acknowledge(request.user, row, no_objection=form.chosen == "content"),
        _("Acknowledged. The office sees it now."),
    )


def _box(row: Served, form: Ask, until: Any, open_: bool) -> parts.NextStep:
    preview = row.kind == Served.Kind.PREVIEW
    choices: tuple[tuple[str, str, str], ...] = ()
    if preview:
        choices = (
            ("read", _("We have read it"), _("Objections stay possible until the term ends.")),
            ("content", _("We have read it and do not object"), _("The term of this unit ends at once.")),
        )
    step = ALL["assessment"].find("run", "preview") if preview else ALL["notice"].find("draft", "issue")
    return parts.NextStep(
        _("Acknowledge the preview") if preview else _("Acknowledge the notice"),
        _("Acknowledge"),
        reverse("desk:served", args=[row.pk]),
        _("yours"),
        deadline(until),
        choices=choices,
        chosen=form.chosen,
        form=form,
        undo=_("You can undo this for 10 minutes."),
        law=cycle_law(step),
    )


def _steps(user: Any, row: Served, until: Any, open_: bool, values: list[dict[str, Any]]) -> list[parts.Step]:
    """Served, acknowledged, and for a preview the term for objections and the decision."""
    mine = can(user, "measure.acknowledge", row)
    who, when = str(row.acknowledged_by or ""), day(row.acknowledged_at)
    now = "begun" if mine else "waiting"
    how = str(row.get_method_display())
    found = [
        parts.Step(_("Served"), "done", how, day(row.served_on)),
        parts.Step(_("Acknowledged"), "done" if row.acknowledged_at else now, who, when),
    ]
    if row.kind != Served.Kind.PREVIEW:
        return found
    objected = sum(one["row"].status == Status.DISPUTED for one in values)
    said = _("%(n)s objections without a reply") % {"n": objected} if objected else ""
    term = now if open_ else ("waiting" if objected else "done")
    found.append(parts.Step(_("Term for objections"), term, said, day(until), days_left(until) if open_ else ""))
    made = _assessment(row)
    decided = made is not None and made.decision_doc
    kind = "done" if decided else ("todo" if term != "done" else "waiting")
    found.append(
        parts.Step(_("Decision"), kind, made.decision_doc if made else "", day(made.meeting_on) if made else "")
    )
    return found


def _assessment(row: Served) -> Assessment | None:
    label, key = _behind(row)
    if label == "assess.assessment":
        return Assessment.objects.select_related("round__set", "set").filter(pk=key).first()
    return None


def _result(user: Any, row: Served) -> Result | None:
    """The card of the unit as far as the person may see it, with its interval and the groups of the tree."""
    made = _assessment(row)
    if made is None:
        return None
    cards = visible(user, ScoreCard.objects.filter(assessment=made, unit=row.unit_id)).select_related("unit")
    card = cards.first()
    if card is None:
        return None
    dims = {one.code: one for one in Dimension.objects.filter(set=made.scored_set)}
    nodes = sorted(
        NodeScore.objects.filter(card=card, node__in=dims), key=lambda one: (-one.level, dims[one.node].position)
    )
    root = nodes[0] if nodes else None
    interval = f"{rank_end(root.rank_p05)}–{rank_end(root.rank_p95)}" if root and root.rank_p05 is not None else ""
    groups = [(dims[one.node].name, score(one.score), str(one.rank or "—")) for one in nodes[1:]]
    release = getattr(made, "release", None)
    url = f"{reverse('desk:town', args=[row.unit.code])}?year={made.round.set.year}" if release else ""
    return Result(card, interval, groups, url)


def _values(user: Any, row: Served, open_: bool) -> list[dict[str, Any]]:
    """The values of the unit, those it has objected to first; each leads to the page where it objects."""
    cells = Observation.objects.filter(round=row.round_id, unit=row.unit_id).filter(
        ~Q(status=Status.EMPTY) | ~Q(missing="")
    )
    found = visible(user, cells).select_related("indicator").order_by("indicator__position")
    lines = [
        {
            "row": one,
            "value": measured(one.value, bilingual(one.indicator, "unit"))
            if one.value is not None
            else str(one.get_missing_display() or "—"),
            "chip": state_chip(one),
            "may": open_ and one.status == Status.VERIFIED and can(user, "measure.dispute", one),
        }
        for one in found
    ]
    return sorted(lines, key=lambda line: SORTED.get(Status(line["row"].status), 3))
