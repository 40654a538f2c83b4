"""The lists of the directory that can be taken along."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.listings import listing, table
from qualipolis.city.core.moves import state_words
from qualipolis.city.core.roles import STAFF
from qualipolis.city.nqi.directory import queries
from qualipolis.city.nqi.directory.visibility import READERS
from qualipolis.city.registry.models import Institution

Params = Mapping[str, str]
SHOWS = {
    "open": gettext_lazy("Open"),
    "planned": gettext_lazy("In the plan"),
    "building": gettext_lazy("Being built"),
    "filled": gettext_lazy("Filled"),
    "dropped": gettext_lazy("Not to be built"),
}


def describe(params: Params) -> list[str]:
    """Return the filters of the list of institutions in words."""
    found = (
        [str(dict(Institution.Kind.choices)[kind])]
        if (kind := params.get("kind", "")) in Institution.Kind.values
        else []
    )
    if text := params.get("q", "").strip()[:60]:
        found.append(_("search: %(text)s") % {"text": text})
    return found


@listing("nqi-institutions", gettext_lazy("Institutions"), roles=STAFF, describe=describe)
def institution_list(actor: Any, params: Params) -> pl.DataFrame:
    """Return the institutions, one line each."""
    rows, text = list(queries.institutions(params)), pl.String
    return table(
        {
            _("Code"): (text, [row.code for row in rows]),
            _("Institution"): (text, [row.name for row in rows]),
            _("Kind"): (text, [str(row.get_kind_display()) for row in rows]),
            _("Town"): (text, [row.unit.name for row in rows]),
            _("Certificates"): (text, ["; ".join(one.number for one in row.qualifications.all()) for row in rows]),
            _("Address"): (text, [row.address for row in rows]),
            _("Telephone"): (text, [row.phone for row in rows]),
        }
    )


def describe_gaps(params: Params) -> list[str]:
    """Return the filter of the list of gaps in words."""
    return [str(SHOWS[show])] if (show := params.get("show", "")) in SHOWS else []


@listing("nqi-gaps", gettext_lazy("Gaps in capability"), roles=READERS, describe=describe_gaps)
def gap_list(actor: Any, params: Params) -> pl.DataFrame:
    """Return the gaps somebody sees: product by item, how often met, in how many towns, and what is planned."""
    rows, text = list(queries.gaps(actor, params)), pl.String
    return table(
        {
            _("Number"): (text, [row.number for row in rows]),
            _("Product"): (text, [row.product for row in rows]),
            _("Item"): (text, [row.parameter for row in rows]),
            _("Standard number"): (text, [row.standard for row in rows]),
            _("Times met"): (pl.Int64, [row.asked for row in rows]),
            _("Towns"): (pl.Int64, [row.towns for row in rows]),
            _("State"): (text, [state_words(row) for row in rows]),
            _("Year of the plan"): (pl.Int64, [row.year for row in rows]),
            _("Who builds it"): (text, [row.builder for row in rows]),
        }
    )
