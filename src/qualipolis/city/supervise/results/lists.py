"""The lists of results that can be taken along."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.listings import describing, listing, table
from qualipolis.city.core.moves import state_words
from qualipolis.city.core.roles import INSIDE
from qualipolis.city.supervise.models import Campaign, ServedResult
from qualipolis.city.supervise.results.queries import results

Params = Mapping[str, str]
SHOW_WORDS = {
    "serve": gettext_lazy("to serve"),
    "window": gettext_lazy("window running"),
    "objected": gettext_lazy("objected to"),
    "recheck": gettext_lazy("under recheck"),
    "due": gettext_lazy("windows over"),
    "late": gettext_lazy("notice overdue"),
    "final": gettext_lazy("final"),
    "voided": gettext_lazy("voided"),
}


_described = describing(SHOW_WORDS)


def describe(params: Params) -> list[str]:
    """Return the filters in words."""
    of = Campaign.objects.filter(number=params.get("campaign", "")).first()
    return [*_described(params), *([f"{of.number} {of.name}"] if of else [])]


def party_words(one: ServedResult) -> str:
    """Return one party with what is known of its service."""
    if one.ceased_on:
        return _("%(name)s (ceased)") % {"name": one.name}
    if one.served_on and one.proved:
        return _("%(name)s, received on %(day)s") % {"name": one.name, "day": one.served_on}
    return _("%(name)s, not served") % {"name": one.name}


@listing("supervision-results", gettext_lazy("Results of supervision sampling"), roles=INSIDE, describe=describe)
def result_list(actor: Any, params: Params) -> pl.DataFrame:
    """Return the results somebody sees, one line each, with every party and the day to wait for."""
    rows = list(results(actor, params))
    forms = [getattr(row.sample.task, "form", None) for row in rows]
    text = pl.String
    return table(
        {
            _("Number"): (text, [row.number for row in rows]),
            _("Campaign"): (text, [row.sample.task.campaign.number for row in rows]),
            _("Product"): (text, [form.product_name if form else "" for form in forms]),
            _("Sampled firm"): (text, [row.sample.task.enterprise.name for row in rows]),
            _("Town"): (text, [row.sample.task.unit.name for row in rows]),
            _("Verdict"): (text, [row.get_verdict_display() for row in rows]),
            _("State"): (text, [state_words(row) for row in rows]),
            _("Parties"): (text, ["; ".join(party_words(one) for one in row.services.all()) for row in rows]),
            _("Reported on"): (pl.Date, [row.reported_on for row in rows]),
            _("Next day"): (pl.Date, [row.due_on for row in rows]),
            _("Final since"): (pl.Date, [row.final_on for row in rows]),
        }
    )
