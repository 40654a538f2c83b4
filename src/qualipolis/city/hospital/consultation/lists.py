"""The lists of the consultation that can be taken along."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.listings import listing, table
from qualipolis.city.core.models import Organisation
from qualipolis.city.core.moves import state_words
from qualipolis.city.core.policy import organisations_of, visible
from qualipolis.city.hospital.consultation.examinations import OPEN
from qualipolis.city.hospital.models import Examination

Params = Mapping[str, str]
SHOWS = {
    "": gettext_lazy("open orders"),
    "reported": gettext_lazy("reported orders"),
    "all": gettext_lazy("all orders"),
}


def of_laboratory(actor: Any) -> QuerySet[Examination]:
    """Return the orders to the laboratories for which somebody acts; they name no firm."""
    codes = Organisation.objects.filter(pk__in=organisations_of(actor, ("laboratory",))).values("code")
    return visible(actor, Examination.objects.filter(laboratory__code__in=codes))


def orders(actor: Any, params: Params) -> QuerySet[Examination]:
    """Return the orders of a list, the latest first."""
    mine, show = of_laboratory(actor), params.get("show", "")
    narrowed = {"reported": mine.filter(status="reported"), "all": mine}
    return narrowed.get(show, mine.filter(status__in=OPEN)).order_by("-pk")


def describe(params: Params) -> list[str]:
    """Return the filter in words."""
    return [str(SHOWS.get(params.get("show", ""), SHOWS[""]))]


@listing("hospital-orders", gettext_lazy("Orders of the product hospital"), roles=("laboratory",), describe=describe)
def order_list(actor: Any, params: Params) -> pl.DataFrame:
    """Return the orders to a laboratory, one line for each item."""
    lines = [(row, item) for row in orders(actor, params) for item in row.items]
    text = pl.String
    return table(
        {
            _("Order number"): (text, [row.number for row, _item in lines]),
            _("Product"): (text, [row.product_name for row, _item in lines]),
            _("Mark on the sample"): (text, [row.sample_mark for row, _item in lines]),
            _("Item"): (text, [item["name"] for _row, item in lines]),
            _("Standard or method"): (text, [item.get("standard", "") for _row, item in lines]),
            _("Required value"): (text, [item.get("requirement", "") for _row, item in lines]),
            _("Unit of the value"): (text, [item.get("unit", "") for _row, item in lines]),
            _("Ordered on"): (pl.Date, [row.ordered_on for row, _item in lines]),
            _("State"): (text, [state_words(row) for row, _item in lines]),
            _("Number of the report"): (text, [row.report_no for row, _item in lines]),
        }
    )
