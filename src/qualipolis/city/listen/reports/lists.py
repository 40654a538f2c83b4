"""The list of reports that can be taken along; nothing in it tells who informed, or whether a name was given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.listings import describing, listing, table
from qualipolis.city.core.moves import state_words
from qualipolis.city.listen.reports import queries
from qualipolis.law.listening.grounds import order_on
from qualipolis.law.listening.rules import ORDER_121

Params = Mapping[str, str]
HANDLERS = ("complaint_desk", "inspector")
SHOWS = {
    "new": gettext_lazy("new"),
    "checking": gettext_lazy("being checked"),
    "tell": gettext_lazy("decided, to be told or closed"),
    "late": gettext_lazy("past its day"),
    "open": gettext_lazy("open"),
    "ended": gettext_lazy("closed"),
}


def order_word(received_on: Any) -> str:
    """Return the order in force on a day in two words."""
    return _("Order 121") if order_on(received_on) == ORDER_121 else _("Order 20")


describe = describing(SHOWS)


@listing("listen-reports", gettext_lazy("Reports of violations"), roles=HANDLERS, describe=describe)
def report_list(actor: Any, params: Params) -> pl.DataFrame:
    """Return the reports somebody sees, one line each."""
    rows, text = list(queries.reports(actor, params)), pl.String
    return table(
        {
            _("Number"): (text, [row.number for row in rows]),
            _("About whom"): (text, [row.respondent_name for row in rows]),
            _("Town"): (text, [row.unit.name if row.unit else None for row in rows]),
            _("Received on"): (pl.Date, [row.received_on for row in rows]),
            _("Order in force"): (text, [order_word(row.received_on) for row in rows]),
            _("State"): (text, [state_words(row) for row in rows]),
            _("Next day"): (pl.Date, [row.due_on for row in rows]),
            _("Case"): (text, [row.case_no or None for row in rows]),
            _("Decided on"): (pl.Date, [row.decided_on for row in rows]),
        }
    )
