"""Publications of results: the list with what waits to be drafted, and one publication with its versions side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.parameters import whole
from qualipolis.city.core.policy import can, page
from qualipolis.city.core.roles import INSIDE
from qualipolis.city.supervise import service
from qualipolis.city.supervise.aftermath import publication_queries, queries
from qualipolis.city.supervise.aftermath.lists import PUBLICATION_SHOWS
from qualipolis.city.supervise.aftermath.publication_queries import Change
from qualipolis.city.supervise.aftermath.publications import publication_facts
from qualipolis.city.supervise.models import Campaign, Publication
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.flow_page import Act, chip_of, offers, page_of, progress, take
from qualipolis.faces.desk.rooms.measure.pieces import deadline, history, undo_offer, words_of
from qualipolis.faces.desk.rooms.supervise import after as after
from qualipolis.faces.desk.rooms.supervise.changes import change_lines
from qualipolis.faces.desk.rooms.supervise.items import shown
from qualipolis.methods.problems import InputError

ACTS = (
    Act("approve", "supervise.approve_publication",
        lambda actor, row, said: service.approve_publication(actor, row, said["document_no"])),
    Act("publish", "supervise.publish_results", lambda actor, row, said: service.publish_results(actor, row)),
    Act("take_down", "supervise.take_down_publication",
        lambda actor, row, said: service.take_down_publication(actor, row)),
)  # fmt: skip
ASIDE = (
    Act("revise", "supervise.revise_publication",
        lambda actor, row, said: service.revise_publication(actor, row, said["reason"])),
    Act("correct", "supervise.correct_publication",
        lambda actor, row, said: service.correct_publication(actor, row, said["reason"]),
        help=gettext_lazy("The next version is made from the results as they stand now; this one stays to be read.")),
    Act("withdraw", "supervise.withdraw_publication",
        lambda actor, row, said: service.withdraw_publication(actor, row, said["reason"])),
)  # fmt: skip
PATH = (
    (gettext_lazy("Draft"), ("draft",), ("supervise.approve_publication",)),
    (gettext_lazy("Publish"), ("approved",), ("supervise.publish_results",)),
    (gettext_lazy("Shown"), ("published", "corrected"), ("supervise.take_down_publication",)),
)
WAITS = {
    "draft": gettext_lazy("The leader approves the draft."),
    "approved": gettext_lazy("The organiser publishes it."),
    "published": gettext_lazy("It is shown to everyone until its day."),
    "corrected": gettext_lazy("A newer version took its place; both are shown."),
    "withdrawn": gettext_lazy("It was withdrawn; the public reads that it was, and why."),
    "taken_down": gettext_lazy("It was shown long enough and came down."),
}


def _columns() -> list[parts.Column]:
    return [
        parts.Column("number", _("Number"), title=True),
        parts.Column("campaign", _("Campaign")),
        parts.Column("n", _("Results"), numeric=True),
        parts.Column("bad", _("Nonconforming"), numeric=True),
        parts.Column("state", _("State")),
        parts.Column("published", _("Published on")),
    ]


def _cells(row: Publication) -> Mapping[str, Any]:
    return {
        "number": str(row),
        "campaign": row.campaign.name,
        "n": len(row.rows),
        "bad": sum(one["verdict"] == "fail" for one in row.rows),
        "state": after.state_cell(row),
        "published": after.day_cell(row.published_at) or after.due_cell(row),
        "url": reverse("desk:publication", args=[row.pk]),
    }


LIST = after.ListPage(
    gettext_lazy("Publications of results"),
    gettext_lazy("Only final results are published. A version is never changed: a correction is the next one."),
    _columns,
    _cells,
    PUBLICATION_SHOWS,
    "publications",
    (
        gettext_lazy("No publication yet"),
        gettext_lazy("A publication is drafted from the final results of a campaign."),
    ),
)


@page(*INSIDE)
def publications(request: HttpRequest) -> HttpResponse:
    """The publications somebody sees; the organiser drafts one from the final results of a campaign."""
    if request.method == "POST":
        made = _draft(request)
        return redirect("desk:publication", made.pk) if made else redirect("desk:publications")
    cards = []
    if can(request.user, "supervise.draft_publication"):
        waiting = [one for one in publication_queries.to_draft(request.user) if _may(request, one.campaign)]
        rows = [
            {
                "words": _("%(name)s: %(n)s final results, publish by %(day)s")
                % {"name": one.campaign.name, "n": one.results, "day": one.due_on},
                "act": "draft",
                "pk": one.campaign.pk,
                "button": _("Write the draft"),
            }
            for one in waiting
        ]
        if rows:
            cards.append((_("Waiting to be published"), _("Final results that no publication holds yet."), rows))
    rows_seen = queries.publications(request.user, request.GET.dict())
    return after.list_page(request, LIST, rows_seen, cards=cards)


def _may(request: HttpRequest, campaign: Campaign) -> bool:
    return can(request.user, "supervise.draft_publication", campaign)


def _draft(request: HttpRequest) -> Publication | None:
    campaign = get_object_or_404(Campaign, pk=whole(request.POST.get("pk")) or 0)
    try:
        made: Publication = service.draft_publication(request.user, campaign)
    except (InputError, PermissionDenied) as error:
        for words in words_of(error):
            messages.error(request, words)
        return None
    messages.success(request, _("The draft is written from the results. Look through its rows."))
    return made


@page(*INSIDE)
def publication(request: HttpRequest, pk: int) -> HttpResponse:
    """One version: its rows, its way, and what it changed against the version before."""
    row = get_object_or_404(queries.publications(request.user), pk=pk)
    known = publication_facts(row)
    found, aside = offers(request, row, ACTS, known), offers(request, row, ASIDE, known)
    if request.method == "POST" and (_refreshed(request, row) or take(request, row, [*found, *aside])):
        return redirect("desk:publication", pk)
    told, context = history(row), page_of(request, row, found, "desk:publication")
    newer = getattr(row, "corrected_by", None)
    context["beside"] += [one for one in aside if not one.blocked and not (one.act.step == "correct" and newer)]
    context["blocked"] = [one for one in context["blocked"] if one.act.step != "take_down"]
    versions = queries.publications(request.user).filter(number=row.number).order_by("version")
    context |= {
        "shown": [shown(one) for one in row.rows],
        "versions": [(one, chip_of(one)) for one in versions],
        "changes": change_lines(_changes(row)),
        "steps": progress(row, PATH, told, mine=context["box"] is not None) if row.status != "withdrawn" else [],
        "refresh": row.status == "draft" and can(request.user, "supervise.refresh_publication", row),
        "due": deadline(row.due_on) if row.status in ("draft", "approved") else None,
        "waits": after.with_whom(WAITS, row),
        "history": told,
        "undo": undo_offer(request.user),
        "crumbs": [(str(LIST.heading), reverse("desk:publications")), (str(row), "")],
    }
    return render(request, "supervise/publication.html", context)


def _changes(row: Publication) -> Sequence[Change]:
    return publication_queries.changes(row.corrects.rows, row.rows) if row.corrects else ()


def _refreshed(request: HttpRequest, row: Publication) -> bool:
    """Write a draft anew from the results."""
    if request.POST.get("do") != "refresh":
        return False
    try:
        service.refresh_publication(request.user, row)
    except (InputError, PermissionDenied) as error:
        for words in words_of(error):
            messages.error(request, words)
    return True
