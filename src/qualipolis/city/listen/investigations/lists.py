"""The lists of investigations that can be taken along: numbers, states and days; words only where the list is about them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.listings import describing, listing, table
from qualipolis.city.core.moves import state_words
from qualipolis.city.core.policy import visible
from qualipolis.city.listen.intake.suggesting import name_of
from qualipolis.city.listen.investigations import queries
from qualipolis.city.listen.investigations.visibility import READERS
from qualipolis.city.listen.models import InvestigationProduct, RiskAssessment
from qualipolis.methods.signal.risk import LEVEL_NAMES

Params = Mapping[str, str]
SHOWS = {
    "mine": gettext_lazy("ours to work on"),
    "open": gettext_lazy("being investigated"),
    "late": gettext_lazy("something is overdue"),
    "grave": gettext_lazy("high or serious risk"),
    "restricted": gettext_lazy("restricted"),
    "over": gettext_lazy("ended"),
}

describe = describing(SHOWS)


def levels_of(actor: Any, keys: list[int]) -> dict[int, str]:
    """Return the latest level of risk of each investigation, as somebody sees it."""
    rows = visible(actor, RiskAssessment.objects.filter(investigation__in=keys)).order_by("pk")
    return dict(rows.values_list("investigation", "level"))


@listing("listen-investigations", gettext_lazy("Investigations"), roles=READERS, describe=describe)
def investigation_list(actor: Any, params: Params) -> pl.DataFrame:
    """Return the investigations somebody sees, one line each."""
    rows, text = list(queries.investigations(actor, params)), pl.String
    levels = levels_of(actor, [row.pk for row in rows])
    return table(
        {
            _("Number"): (text, [row.number for row in rows]),
            _("Title"): (text, [row.title for row in rows]),
            _("Owned by"): (text, [row.owner.name for row in rows]),
            _("Town"): (text, [row.unit.name if row.unit else None for row in rows]),
            _("State"): (text, [state_words(row) for row in rows]),
            _("Opened on"): (pl.Date, [row.opened_on for row in rows]),
            _("Closed on"): (pl.Date, [row.closed_on for row in rows]),
            _("Products"): (pl.Int64, [row.products_now for row in rows]),
            _("Open actions"): (pl.Int64, [row.actions_open for row in rows]),
            _("Risk level"): (text, [_(LEVEL_NAMES[levels[row.pk]]) if row.pk in levels else None for row in rows]),
            _("Restricted"): (text, [_("yes") if row.restricted else _("no") for row in rows]),
        }
    )


@listing("listen-products", gettext_lazy("Products under observation"), roles=READERS, describe=describe)
def product_list(actor: Any, params: Params) -> pl.DataFrame:
    """Return the products somebody sees, one line for each investigation and batch in which they stand."""
    rows = list(queries.products(actor, params))
    inside: dict[int, list[InvestigationProduct]] = {}
    for one in visible(actor, InvestigationProduct.objects.filter(product__in=rows, removed_on=None)).select_related("investigation"):  # fmt: skip
        inside.setdefault(one.product_id, []).append(one)
    lines = [(row, one) for row in rows for one in inside.get(row.pk, [None])]  # type: ignore[list-item]
    text = pl.String
    return table(
        {
            _("Product"): (text, [row.name for row, _one in lines]),
            _("Brand"): (text, [row.brand or None for row, _one in lines]),
            _("Model"): (text, [row.model or None for row, _one in lines]),
            _("Barcode"): (text, [row.barcode or None for row, _one in lines]),
            _("Class of product"): (
                text,
                [name_of("product_class", row.product_class) if row.product_class else None for row, _one in lines],
            ),
            _("Country of origin"): (text, [row.origin or None for row, _one in lines]),
            _("Investigation"): (text, [one.investigation.number if one else None for _row, one in lines]),
            _("Batch"): (text, [(one.batch or None) if one else None for _row, one in lines]),
            _("Customs number"): (text, [(one.customs_code or None) if one else None for _row, one in lines]),
            _("Pieces affected"): (pl.Int64, [one.units_affected if one else None for _row, one in lines]),
        }
    )


@listing("listen-actions", gettext_lazy("Corrective actions"), roles=READERS, describe=describe)
def action_list(actor: Any, params: Params) -> pl.DataFrame:
    """Return the corrective actions somebody sees, one line each."""
    rows, text = list(queries.actions(actor, params)), pl.String
    return table(
        {
            _("Investigation"): (text, [row.investigation.number for row in rows]),
            _("Kind"): (text, [str(row.get_kind_display()) for row in rows]),
            _("What must be done"): (text, [row.words for row in rows]),
            _("Firm"): (text, [row.business.called if row.business else None for row in rows]),
            _("Product"): (text, [str(row.product) if row.product else None for row in rows]),
            _("Legal basis"): (text, [row.legal_basis or None for row in rows]),
            _("Of the firm’s own accord"): (text, [_("yes") if row.voluntary else _("no") for row in rows]),
            _("Ordered on"): (pl.Date, [row.ordered_on for row in rows]),
            _("Next day"): (pl.Date, [row.due_on for row in rows]),
            _("State"): (text, [state_words(row) for row in rows]),
        }
    )
