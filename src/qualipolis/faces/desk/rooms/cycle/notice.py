"""The notices of results (通报): the register, and the notices of one release with the draft as next step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.assess import queries, service
from qualipolis.city.assess.models import Notice, Release
from qualipolis.city.core.listings import listing, table
from qualipolis.city.core.policy import can, page
from qualipolis.city.core.roles import INSIDE
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.assess.frame import exports
from qualipolis.faces.desk.rooms.cycle.town import STAGE, cycle_law
from qualipolis.faces.desk.rooms.measure.pieces import words_of
from qualipolis.law.flows import ALL
from qualipolis.methods.problems import InputError

CHIPS = {
    Notice.Status.DRAFT: ("idle", "pencil"),
    Notice.Status.ISSUED: ("ok", "circle-check"),
    Notice.Status.WITHDRAWN: ("bad", "ban"),
}


def chip_of(row: Notice) -> parts.Chip:
    """Return the state of a notice as a chip."""
    kind, icon = CHIPS[Notice.Status(row.status)]
    return parts.Chip(kind, str(row.get_status_display()), icon)


@page(*INSIDE)
def register(request: HttpRequest) -> HttpResponse:
    """Every notice, the latest first, withdrawn ones with their reason."""
    rows = [(one, chip_of(one)) for one in queries.notices(request.user)]
    latest = queries.latest_release()
    context = {
        "stage": STAGE,
        "rows": rows,
        "release": None,
        "box": _box(latest) if latest and _may_draft(request.user, latest) else None,
        "exports": exports("notices", "", len(rows)),
        "crumbs": [(_("Notices"), "")],
    }
    return render(request, "cycle/notices.html", context)


@page(*INSIDE)
def of_release(request: HttpRequest, number: str) -> HttpResponse:
    """The notices of one release; posting writes the draft."""
    release = get_object_or_404(Release.objects.select_related("assessment__round__set"), number=number)
    if request.method == "POST":
        try:
            made = service.draft_notice(request.user, release)
        except (InputError, PermissionDenied) as error:
            for words in words_of(error):
                messages.error(request, words)
        else:
            messages.success(request, _("The draft is written from the release. Look through its words."))
            return redirect("desk:notice", made.pk)
    rows = [(one, chip_of(one)) for one in queries.notices(request.user, release)]
    context = {
        "stage": STAGE,
        "rows": rows,
        "release": release,
        "box": _box(release) if _may_draft(request.user, release) else None,
        "exports": exports("notices", f"release={number}", len(rows)),
        "crumbs": [(_("Notices"), reverse("desk:notice_register")), (number, "")],
    }
    return render(request, "cycle/notices.html", context)


def _may_draft(user: Any, release: Release) -> bool:
    stands = release.withdrawn_at is None and release.assessment.status == "published"
    free = not release.notices.exclude(status=Notice.Status.WITHDRAWN).exists()
    return stands and free and can(user, "assess.draft_notice", release)


def _box(release: Release) -> parts.NextStep:
    return parts.NextStep(
        _("Write the notice of release %(number)s") % {"number": release.number},
        _("Write the draft"),
        reverse("desk:notices", args=[release.number]),
        _("yours"),
        missing=_("Counts, vetoes, remarks and rectifications are taken from the release; the words can be changed."),
        undo=_("A draft is seen by the office only."),
        law=cycle_law(ALL["notice"].find("draft", "issue")),
    )


def _in_words(params: Mapping[str, str]) -> list[str]:
    return [params["release"]] if params.get("release") else []


@listing("notices", gettext_lazy("Notices of results"), roles=INSIDE, describe=_in_words)
def notices_frame(actor: Any, params: Mapping[str, str]) -> pl.DataFrame:
    """Return the notices that the person sees."""
    rows = queries.notices(actor)
    found = list(rows.filter(release__number=params["release"]) if params.get("release") else rows)
    kinds = {
        _("Year"): (pl.Int64, [one.release.assessment.round.set.year for one in found]),
        _("Release"): (pl.String, [one.release.number for one in found]),
        _("Document number"): (pl.String, [one.document or None for one in found]),
        _("Issued on"): (pl.Date, [one.issued_on for one in found]),
        _("State"): (pl.String, [str(one.get_status_display()) for one in found]),
        _("Reason of the withdrawal"): (pl.String, [one.withdrawal_reason or None for one in found]),
    }
    return table(kinds)
