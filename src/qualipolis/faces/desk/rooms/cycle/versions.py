"""An amended year: the scores under the old and under the new version of its set, both kept, beside each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import polars as pl
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.assess import service
from qualipolis.city.assess.models import Assessment, ScoreCard
from qualipolis.city.assess.queries import ByVersion, scores_by_version
from qualipolis.city.core.listings import listing
from qualipolis.city.core.parameters import whole
from qualipolis.city.core.policy import can, page, visible
from qualipolis.city.core.roles import STAFF
from qualipolis.city.measure import queries
from qualipolis.city.measure.models import CollectionRound
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.assess.frame import exports
from qualipolis.faces.desk.rooms.cycle import versions_rows as beside
from qualipolis.faces.desk.rooms.cycle.town import STAGE, crumbs, cycle_law, described
from qualipolis.faces.desk.rooms.measure.pieces import history, words_of
from qualipolis.faces.desk.rooms.measure.tree import difference
from qualipolis.law.flows import ALL
from qualipolis.methods.problems import InputError

PER_PAGE = 60


@page(*STAFF)
def versions(request: HttpRequest, pk: int) -> HttpResponse:
    """Old and new score and rank of each unit; posting computes the version that has no scores yet."""
    round_ = get_object_or_404(queries.rounds(request.user), pk=pk)
    found = seen(request.user, round_)
    missing = _missing(found)
    may = missing is not None and can(request.user, "assess.run", round_)
    if request.method == "POST" and may and _computed(request, round_, missing):
        return redirect("desk:versions", pk)
    paged = Paginator(found.rows, PER_PAGE).get_page(request.GET.get("page"))
    old, new = found.set_before, found.set_after
    names = [_("version %(n)s") % {"n": one.version if one else "—"} for one in (old, new)]
    context = {
        "stage": STAGE,
        "round": round_,
        "found": found,
        "changes": difference(old, new) if new else [],
        "numbers": beside.summary(found.rows),
        "paged": paged,
        "table": beside.table(list(paged), *names, _("Both scores of each unit")),
        "box": _box(round_, missing) if may else None,
        "history": history(new) if new else [],
        "exports": exports("both-scores", f"round={pk}", len(found.rows)),
        "crumbs": crumbs(round_, (_("Amendment"), "")),
    }
    return render(request, "cycle/versions.html", context)


def seen(user: Any, round_: CollectionRound) -> ByVersion:
    """Return both runs as far as the person may see them: a run before its preview is for the office."""
    found = scores_by_version(round_)
    keys = {run.pk for run in (found.before, found.after) if run}
    open_ = set(visible(user, Assessment.objects.filter(pk__in=keys)).values_list("pk", flat=True))
    before = found.before if found.before and found.before.pk in open_ else None
    after = found.after if found.after and found.after.pk in open_ else None
    if before is None or after is None:
        return replace(found, before=before, after=after, rows=())
    shown = [
        set(visible(user, ScoreCard.objects.filter(assessment=run)).values_list("unit_id", flat=True))
        for run in (before, after)
    ]
    rows = tuple(row for row in found.rows if row.unit.pk in shown[0] & shown[1])
    return replace(found, before=before, after=after, rows=rows)


def _missing(found: ByVersion) -> Any:
    """The version that has no scores yet, the old one first; nothing without an amendment."""
    if found.set_after is None:
        return None
    if found.before is None:
        return found.set_before
    return found.set_after if found.after is None else None


def _computed(request: HttpRequest, round_: CollectionRound, version: Any) -> bool:
    try:
        service.run(request.user, round_, seed=round_.set.year, version=version)
    except (InputError, PermissionDenied) as error:
        for words in words_of(error):
            messages.error(request, words)
        return False
    messages.success(request, _("Computed. Both scores stand beside each other now."))
    return True


def _box(round_: CollectionRound, version: Any) -> parts.NextStep:
    return parts.NextStep(
        _("Compute the year under version %(n)s") % {"n": version.version},
        _("Compute"),
        reverse("desk:versions", args=[round_.pk]),
        _("yours"),
        missing=_("The same values under other weights. The scores of the other version are kept."),
        undo=_("Every run is kept; nothing is published by it."),
        law=cycle_law(ALL["indicator_set"].find("frozen", "amend")),
    )


@listing("both-scores", gettext_lazy("Scores before and after the amendment"), roles=STAFF, describe=described())
def both_frame(actor: Any, params: Mapping[str, str]) -> pl.DataFrame:
    """Return both scores of each unit that the person sees."""
    round_ = queries.rounds(actor).filter(pk=whole(params.get("round")) or 0).first()
    return beside.frame(seen(actor, round_).rows if round_ else ())
