"""What signals propose: the list, and one proposal with the step of the office that answers it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.policy import can, page
from qualipolis.city.listen.models import Proposal
from qualipolis.city.listen.signals import queries
from qualipolis.city.listen.signals.visibility import HOSPITAL, READERS
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.flow_page import offers, page_of, take
from qualipolis.faces.desk.rooms.listen import signal_words as words
from qualipolis.faces.desk.rooms.listen.signal_acts import proposal_acts
from qualipolis.faces.desk.rooms.measure.pieces import deadline, history, undo_offer
from qualipolis.faces.desk.rooms.supervise import after

SHOW = (("", gettext_lazy("All")), ("open", gettext_lazy("waiting for an answer")))


class FromProposal(forms.Form):
    """Tells the page of a new campaign which proposal it answers."""

    proposal = forms.IntegerField(widget=forms.HiddenInput)


def _columns() -> list[parts.Column]:
    return [
        parts.Column("about", _("Signal"), title=True),
        parts.Column("kind", _("Proposed")),
        parts.Column("state", _("State")),
        parts.Column("due", _("Answer due")),
        parts.Column("became", _("What it became")),
    ]


def _cells(row: Proposal) -> Mapping[str, Any]:
    return {
        "about": words.title(row.signal),
        "kind": row.get_kind_display(),
        "state": after.state_cell(row),
        "due": after.due_cell(row),
        "became": row.became or None,
        "url": reverse("desk:listen_proposal", args=[row.pk]),
    }


LIST = after.ListPage(
    gettext_lazy("Proposals of signals"),
    gettext_lazy("A signal proposes; the office that is asked takes it up or declines with its reason."),
    _columns, _cells, SHOW, "listen-proposals",
    (gettext_lazy("Nothing is proposed"), gettext_lazy("Proposals appear when somebody has looked at a signal.")),
)  # fmt: skip


@page(*READERS, *HOSPITAL)
def proposals(request: HttpRequest) -> HttpResponse:
    """The proposals somebody sees."""
    rows = queries.proposals(request.user, request.GET.dict())
    return after.list_page(request, LIST, rows, stage="listen", crumbs=[*above(request.user), (_("Proposals"), "")])


def above(user: Any) -> list[tuple[str, str]]:
    """Return the crumb of the board, for those who may open it."""
    from qualipolis.faces.desk.loop import open_to

    board = reverse("desk:listen_signals")
    return [(_("Early-warning signals"), board)] if open_to(user, board) else []


@page(*READERS, *HOSPITAL)
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """One proposal, with what the office that answers may do."""
    row = get_object_or_404(queries.proposals(request.user), pk=pk)
    found = offers(request, row, proposal_acts(request, row), {})
    if request.method == "POST" and take(request, row, found):
        return redirect("desk:listen_proposal", pk)
    context = page_of(request, row, found, "desk:listen_proposal")
    if (box := _campaign(request.user, row)) is not None:
        context |= {"box": box, "beside": [one for one in found if not one.blocked]}
    elif context["box"] is not None and found[0].act.step != "take_up":
        context |= {"box": None, "beside": [one for one in found if not one.blocked]}
    told = history(row)
    context |= {
        "stage": "listen",
        "signal": row.signal,
        "title": words.title(row.signal),
        "what": words.what(row.signal),
        "why": words.why(row.signal),
        "sure": words.sure(row.signal),
        "waits": _("The office that is asked answers.") if row.status == "proposed" else _("It was answered."),
        "group": _group(request.user, row),
        "history": told,
        "undo": undo_offer(request.user),
        "crumbs": [*above(request.user), (_("Proposals"), reverse("desk:listen_proposals")),
                   (row.signal.number, "")],
    }  # fmt: skip
    return render(request, "listen/signal_proposal.html", context, status=400 if request.method == "POST" else 200)


def _campaign(user: Any, row: Proposal) -> parts.NextStep | None:
    """For who plans campaigns: the page of a new campaign, with this proposal filled in."""
    mine = queries.to_answer(user).filter(pk=row.pk).exists()
    if row.kind != Proposal.Kind.SAMPLE or not mine or not can(user, "supervise.create_campaign"):
        return None
    form = FromProposal(initial={"proposal": row.pk})
    return parts.NextStep(
        _("Begin a campaign"), _("Begin a campaign"), reverse("desk:campaign_new"), _("yours"), deadline(row.due_on),
        form=form, method="get", missing=_("Class, purpose and size are filled in; the proposal is answered with its number."),
    )  # fmt: skip


def _group(user: Any, row: Proposal) -> Any:
    """Return the group disease that the hospital opened for this proposal, for those who see it."""
    if row.kind != Proposal.Kind.HOSPITAL:
        return None
    from qualipolis.city.core.policy import visible
    from qualipolis.city.hospital.models import GroupDisease

    return visible(user, GroupDisease.objects.filter(signal_no=row.signal.number)).order_by("-pk").first()
