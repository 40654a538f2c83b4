"""The processes of a year beside its round and beside a town: ``{% load cycle %}``."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _

from qualipolis.city.assess.models import Rectification, SelfEvaluation, SiteVisit
from qualipolis.city.core.policy import can, visible
from qualipolis.city.measure.models import CollectionRound

register = template.Library()


@register.inclusion_tag("cycle/parts/of_round.html", takes_context=True)
def cycle_of_round(context: Any, round_: CollectionRound) -> dict[str, Any]:
    """Links to the self-evaluations, checks and rectifications of a round: those that this person sees some of."""
    user = context["request"].user
    office = can(user, "assess.call_self_evaluations", round_)
    kinds = (
        (_("Self-evaluations"), "desk:self_evaluations", SelfEvaluation.objects.filter(round=round_)),
        (_("Checks on site"), "desk:site_checks", SiteVisit.objects.filter(check_plan__round=round_)),
        (_("Rectifications"), "desk:rectifications", Rectification.objects.filter(round=round_)),
    )
    found = [(label, reverse(name, args=[round_.pk]), visible(user, rows).count()) for label, name, rows in kinds]
    return {"links": [line for line in found if line[2] or office]}


@register.inclusion_tag("cycle/parts/of_town.html", takes_context=True)
def cycle_of_town(context: Any, code: str, year: int) -> dict[str, Any]:
    """The self-evaluation, the check and the rectification of one unit in one year, as far as this person sees them."""
    from qualipolis.faces.desk.rooms.cycle.town import chip_for

    user, year = context["request"].user, int(year)
    own = SelfEvaluation.objects.filter(unit__code=code, round__set__year=year)
    visits = SiteVisit.objects.filter(unit__code=code, check_plan__round__set__year=year)
    mended = Rectification.objects.filter(unit__code=code, round__set__year=year)
    found = [
        *((_("Self-evaluation"), "desk:self_evaluation", row, row.overdue) for row in visible(user, own)),
        *((_("Check on site"), "desk:site_visit", row, False) for row in visible(user, visits)),
        *((_("Rectification"), "desk:rectification", row, row.overdue) for row in visible(user, mended)),
    ]
    return {"lines": [(label, reverse(name, args=[row.pk]), chip_for(row, late)) for label, name, row, late in found]}
