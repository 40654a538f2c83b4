"""Quality analysis meetings: proposed from the failures of a campaign, called, minuted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.policy import can, page
from qualipolis.city.core.roles import INSIDE
from qualipolis.city.supervise import service
from qualipolis.city.supervise.aftermath import meetings as city_meetings
from qualipolis.city.supervise.aftermath import queries
from qualipolis.city.supervise.models import QualityMeeting
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.supervise import after as after


def _columns() -> list[parts.Column]:
    return [
        parts.Column("campaign", _("Campaign"), title=True),
        parts.Column("held", _("Held on")),
        parts.Column("firms", _("Firms present"), numeric=True),
        parts.Column("problem", _("Problem of the trade")),
        parts.Column("agreed", _("What was agreed")),
    ]


def _cells(row: QualityMeeting) -> Mapping[str, Any]:
    return {
        "campaign": row.campaign.name,
        "held": after.day_cell(row.held_on) + (f" {row.place}" if row.place else ""),
        "firms": row.firms if row.agreed else None,
        "problem": row.problem,
        "agreed": row.agreed or _("not written yet"),
    }


LIST = after.ListPage(
    gettext_lazy("Quality analysis meetings"),
    gettext_lazy("When several firms of a trade fail, the trade meets and agrees what changes."),
    _columns,
    _cells,
    (),
    "meetings",
    (
        gettext_lazy("No meeting yet"),
        gettext_lazy("A meeting is proposed when at least three firms and a tenth of the batches of a campaign fail."),
    ),
)


def _call_form(proposal: Any) -> after.Mark:
    name = _("Call a meeting: %(name)s") % {"name": proposal.campaign.name}
    help_ = _("%(bad)s of %(n)s final batches failed, %(firms)s firms. The threshold is the city's own, not law.") % {
        "bad": proposal.failed,
        "n": proposal.batches,
        "firms": proposal.firms,
    }
    return after.Mark(
        f"call-{proposal.campaign.pk}",
        "supervise.call_meeting",
        name,
        {
            "held_on": after.day(gettext_lazy("Day of the meeting")),
            "place": after.line(gettext_lazy("Place"), 120, required=False),
            "problem": after.area(gettext_lazy("Problem of the trade"), 4000),
        },
        lambda actor, row, said: service.call_meeting(actor, row, said["held_on"], said["problem"], said["place"]),
        help=help_,
    )


def _minutes(row: QualityMeeting) -> after.Mark:
    return after.Mark(
        f"minute-{row.pk}",
        "supervise.minute_meeting",
        _("Minutes: %(name)s, %(day)s") % {"name": row.campaign.name, "day": row.held_on},
        {
            "firms": lambda: forms.IntegerField(label=gettext_lazy("Firms present"), min_value=0, max_value=32_000),
            "agreed": after.area(gettext_lazy("What was agreed"), 4000),
        },
        lambda actor, thing, said: service.minute_meeting(actor, thing, said["firms"], said["agreed"]),
    )


@page(*INSIDE)
def meetings(request: HttpRequest) -> HttpResponse:
    """The meetings, those proposed, and the minutes that are missing."""
    asks: list[tuple[Any, Any, Any]] = []
    if can(request.user, "supervise.call_meeting"):
        wanted = [(one.campaign, _call_form(one)) for one in city_meetings.proposals(request.user)]
        wanted += [(one, _minutes(one)) for one in queries.meetings(request.user).filter(agreed="")]
        asks = [(thing, *pair) for thing, mark in wanted for pair in after.marks(request, thing, (mark,))]
    if request.method == "POST":
        for thing, mark, form in asks:
            if after.take_mark(request, thing, [(mark, form)]):
                return redirect("desk:meetings")
    shown = [(mark, form) for _thing, mark, form in asks]
    return after.list_page(request, LIST, queries.meetings(request.user), asks=shown)
