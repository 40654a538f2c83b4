"""What revised statistics would do to a locked round: before and after, nothing official changed, and how to reopen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from django.core.cache import cache
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from qualipolis.city.assess.queries import RevisionEffect, effect_of_revision
from qualipolis.city.core.listings import listing
from qualipolis.city.core.parameters import whole
from qualipolis.city.core.policy import can, page
from qualipolis.city.measure import queries
from qualipolis.city.measure.models import CollectionRound, Indicator, Observation, StatisticRevision
from qualipolis.city.registry.models import Unit
from qualipolis.faces.desk.rooms.assess.frame import exports
from qualipolis.faces.desk.rooms.cycle import versions_rows as beside
from qualipolis.faces.desk.rooms.cycle.late import statistic_word
from qualipolis.faces.desk.rooms.cycle.town import STAGE, crumbs, cycle_law, round_name
from qualipolis.faces.desk.rooms.measure.pieces import figure
from qualipolis.law.flows import ALL

PER_PAGE = 60
KEPT = 3600
VIEWERS = ("leader", "planner", "auditor")


@page(*VIEWERS)
@require_safe
def effect(request: HttpRequest, pk: int) -> HttpResponse:
    """Scores and ranks before and after the revisions of a round's year."""
    round_ = get_object_or_404(queries.rounds(request.user), pk=pk)
    found = effect_of(round_)
    rows = [row for row in found.rows if beside.changed(row)]
    paged = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "stage": STAGE,
        "round": round_,
        "found": found,
        "revisions": [(one, statistic_word(one.statistic.key), figure(one.old_value), figure(one.new_value)) for one in found.revisions],
        "values": _values(found)[:PER_PAGE],
        "values_total": len(found.values),
        "numbers": beside.summary(found.rows),
        "paged": paged,
        "table": beside.table(list(paged), _("before"), _("after"), _("Units that the revision would move")),
        "may_ask": can(request.user, "measure.reopen_round", round_),
        "is_locked": round_.status == CollectionRound.Status.LOCKED,
        "law": cycle_law(ALL["collection_round"].find("locked", "reopen")),
        "exports": exports("revision-effect", f"round={pk}", len(found.rows)),
        "crumbs": crumbs(round_, (_("Late and revised data"), reverse("desk:late", args=[pk])), (_("Effect of the revision"), "")),
    }  # fmt: skip
    return render(request, "cycle/effect.html", context)


def effect_of(round_: CollectionRound) -> RevisionEffect:
    """Return the effect, kept for an hour while neither a revision nor a value of the round is new."""
    last = (
        StatisticRevision.objects.filter(statistic__year=round_.set.year)
        .order_by("-pk")
        .values_list("pk", flat=True)
        .first()
    )
    cell = Observation.objects.filter(round=round_).order_by("-changed_at").values_list("changed_at", flat=True).first()
    stamp = cell.timestamp() if cell else 0
    key = f"effect-of-revision:{round_.pk}:{last or 0}:{stamp:.3f}"
    kept: RevisionEffect | None = cache.get(key)
    if kept is None:
        kept = effect_of_revision(round_)
        cache.set(key, kept, KEPT)
    return kept


def _values(found: RevisionEffect) -> list[dict[str, Any]]:
    units = Unit.objects.in_bulk({one.unit for one in found.values})
    leaves = Indicator.objects.filter(set=found.round.set_id, code__in={one.indicator for one in found.values})
    names = {leaf.code: leaf.name for leaf in leaves}
    return [
        {
            "unit": units[one.unit].name,
            "code": one.indicator,
            "name": names.get(one.indicator, ""),
            "below": (figure(one.denominator_before), figure(one.denominator_after)),
            "value": (figure(one.value_before), figure(one.value_after)),
        }
        for one in found.values
    ]


def _in_words(params: Mapping[str, str]) -> list[str]:
    name = round_name(params)
    return [*name, str(_("a preview; nothing official is changed"))] if name else []


@listing("revision-effect", gettext_lazy("Effect of the revision"), roles=VIEWERS, describe=_in_words)
def effect_frame(actor: Any, params: Mapping[str, str]) -> pl.DataFrame:
    """Return every unit before and after the revision."""
    round_ = queries.rounds(actor).filter(pk=whole(params.get("round")) or 0).first()
    return beside.frame(effect_of(round_).rows if round_ else ())
