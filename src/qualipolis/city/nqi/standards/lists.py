"""The lists of standards and declarations that can be taken along."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.listings import listing, table
from qualipolis.city.core.moves import state_words
from qualipolis.city.core.roles import STAFF
from qualipolis.city.nqi.licences.lists import describing
from qualipolis.city.nqi.standards import queries
from qualipolis.city.registry.models import Standard

Params = Mapping[str, str]
STANDARD_SHOWS = dict(Standard.Status.choices)
SHOWS = {
    "declared": gettext_lazy("declared in public"),
    "to_check": gettext_lazy("to be checked by the firm"),
    "late": gettext_lazy("past its day"),
    "replaced": gettext_lazy("replaced by a new declaration"),
    "withdrawn": gettext_lazy("withdrawn"),
}


@listing("nqi-standards", gettext_lazy("Catalogue of standards"), roles=STAFF, describe=describing(STANDARD_SHOWS))
def standard_list(actor: Any, params: Params) -> pl.DataFrame:
    """Return the catalogue, one line for each standard."""
    rows, text = list(queries.standards(params)), pl.String
    counted = queries.counts([row.number for row in rows])
    return table(
        {
            _("Standard"): (text, [row.number for row in rows]),
            _("Title"): (text, [row.name for row in rows]),
            _("State"): (text, [row.get_status_display() for row in rows]),
            _("Published on"): (pl.Date, [row.published_on for row in rows]),
            _("In force on"): (pl.Date, [row.in_force_on for row in rows]),
            _("No longer in force on"): (pl.Date, [row.ended_on for row in rows]),
            _("Replaced by"): (text, [row.replaced_by or None for row in rows]),
            _("Declarations that stand"): (pl.Int64, [counted.get(row.number, 0) for row in rows]),
        }
    )


@listing("nqi-declarations", gettext_lazy("Declared standards"), roles=STAFF, describe=describing(SHOWS))
def declaration_list(actor: Any, params: Params) -> pl.DataFrame:
    """Return the declarations somebody sees, one line each."""
    rows, text = list(queries.declarations(actor, params)), pl.String
    return table(
        {
            _("Number"): (text, [row.number for row in rows]),
            _("Firm"): (text, [row.enterprise.name for row in rows]),
            _("Town"): (text, [row.enterprise.unit.name for row in rows]),
            _("Product"): (text, [row.product_name for row in rows]),
            _("Standard"): (text, [row.standard_no for row in rows]),
            _("Level"): (text, [row.get_level_display() for row in rows]),
            _("State"): (text, [state_words(row) for row in rows]),
            _("Declared on"): (pl.Date, [row.declared_on for row in rows]),
            _("Ended on"): (pl.Date, [row.ended_on for row in rows]),
            _("To be checked by"): (pl.Date, [row.due_on for row in rows]),
        }
    )
