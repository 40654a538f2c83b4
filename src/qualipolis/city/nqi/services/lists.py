"""The lists of the one-stop service that can be taken along."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.listings import listing, table
from qualipolis.city.core.moves import state_words
from qualipolis.city.nqi.services import figures, queries
from qualipolis.city.nqi.services.visibility import READERS

Params = Mapping[str, str]
DEMAND_SHOWS = {
    "new": gettext_lazy("to be accepted"),
    "match": gettext_lazy("to be matched"),
    "quotes": gettext_lazy("quotes running"),
    "orders": gettext_lazy("services ordered"),
    "up": gettext_lazy("nobody found"),
    "delivered": gettext_lazy("delivered"),
    "late": gettext_lazy("past its day"),
    "over": gettext_lazy("completed"),
}
ORDER_SHOWS = {
    "placed": gettext_lazy("to be confirmed"),
    "running": gettext_lazy("running"),
    "blocked": gettext_lazy("blocked"),
    "late": gettext_lazy("past its day"),
    "over": gettext_lazy("completed"),
}
COMPLAINT_SHOWS = {
    "open": gettext_lazy("open"),
    "late": gettext_lazy("past its day"),
    "over": gettext_lazy("completed"),
}


def _describe(shows: Mapping[str, Any]) -> Callable[[Params], list[str]]:
    def describe(params: Params) -> list[str]:
        found = [str(shows[show])] if (show := params.get("show", "")) in shows else []
        if text := params.get("q", "").strip()[:60]:
            found.append(_("search: %(text)s") % {"text": text})
        return found

    return describe


@listing("nqi-demands", gettext_lazy("Demands for service"), roles=READERS, describe=_describe(DEMAND_SHOWS))
def demand_list(actor: Any, params: Params) -> pl.DataFrame:
    """Return the demands somebody sees, one line each."""
    rows, text = list(queries.demands(actor, params)), pl.String
    return table(
        {
            _("Number"): (text, [row.number for row in rows]),
            _("State"): (text, [state_words(row) for row in rows]),
            _("Firm"): (text, [row.enterprise.name for row in rows]),
            _("Town"): (text, [row.unit.name for row in rows]),
            _("With"): (text, [row.point.name if row.point else None for row in rows]),
            _("Kind of need"): (text, [row.get_need_type_display() or None for row in rows]),
            _("Product"): (text, [row.product_name or None for row in rows]),
            _("Handed in on"): (pl.Date, [row.made_on for row in rows]),
            _("Accepted on"): (pl.Date, [row.accepted_on for row in rows]),
            _("Next day"): (pl.Date, [row.due_on for row in rows]),
            _("Outcome"): (text, [row.get_outcome_display() or None for row in rows]),
            _("Ended on"): (pl.Date, [row.ended_on for row in rows]),
        }
    )


@listing("nqi-orders", gettext_lazy("Orders of services"), roles=READERS, describe=_describe(ORDER_SHOWS))
def order_list(actor: Any, params: Params) -> pl.DataFrame:
    """Return the orders somebody sees, one line each."""
    rows, text = list(queries.orders(actor, params)), pl.String
    return table(
        {
            _("Number"): (text, [row.number for row in rows]),
            _("State"): (text, [state_words(row) for row in rows]),
            _("Firm"): (text, [row.demand.enterprise.name for row in rows]),
            _("Institution"): (text, [row.institution.name for row in rows]),
            _("Product"): (text, [row.demand.product_name or None for row in rows]),
            _("Price, CNY"): (pl.Float64, [float(row.price) for row in rows]),
            _("Ordered on"): (pl.Date, [row.placed_on for row in rows]),
            _("Begun on"): (pl.Date, [row.begun_on for row in rows]),
            _("Promised for"): (pl.Date, [row.promised_on for row in rows]),
            _("Delivered on"): (pl.Date, [row.delivered_on for row in rows]),
            _("Next day"): (pl.Date, [row.due_on for row in rows]),
        }
    )


@listing(
    "nqi-complaints", gettext_lazy("Complaints about services"), roles=READERS, describe=_describe(COMPLAINT_SHOWS)
)
def complaint_list(actor: Any, params: Params) -> pl.DataFrame:
    """Return the complaints about services somebody sees, one line each."""
    rows, text = list(queries.complaints(actor, params)), pl.String
    return table(
        {
            _("Number"): (text, [row.number for row in rows]),
            _("State"): (text, [state_words(row) for row in rows]),
            _("Firm"): (text, [row.demand.enterprise.name for row in rows]),
            _("About"): (text, [row.order.institution.name if row.order else _("the station") for row in rows]),
            _("Handed in on"): (pl.Date, [row.made_on for row in rows]),
            _("Next day"): (pl.Date, [row.due_on for row in rows]),
            _("Ended on"): (pl.Date, [row.ended_on for row in rows]),
        }
    )


QUOTE_SHOWS = {"open": gettext_lazy("to be answered"), "given": gettext_lazy("quoted")}


@listing("nqi-quotes", gettext_lazy("Quotes asked for"), roles=("laboratory",), describe=_describe(QUOTE_SHOWS))
def quote_list(actor: Any, params: Params) -> pl.DataFrame:
    """Return the quotes that one's own institution is asked for, one line each."""
    rows, text = list(queries.asked_quotes(actor, params)), pl.String
    return table(
        {
            _("Number"): (text, [row.number for row in rows]),
            _("State"): (text, [state_words(row) for row in rows]),
            _("Firm"): (text, [row.demand.enterprise.name for row in rows]),
            _("Product"): (text, [row.demand.product_name or None for row in rows]),
            _("Asked on"): (pl.Date, [row.invited_on for row in rows]),
            _("Answer due"): (pl.Date, [row.due_on if row.status == "invited" else None for row in rows]),
            _("Quoted on"): (pl.Date, [row.quoted_on for row in rows]),
            _("Working days"): (pl.Int64, [row.days for row in rows]),
            _("Stands until"): (pl.Date, [row.valid_until for row in rows]),
        }
    )


MONTHS = figures.month_list
