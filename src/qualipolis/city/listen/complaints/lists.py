"""The lists of complaints that can be taken along: numbers, days and states; never who complains, and no words of theirs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.clocks import clock_table
from qualipolis.city.core.listings import describing, listing, table
from qualipolis.city.core.moves import state_words
from qualipolis.city.listen.complaints import clocks, queries
from qualipolis.city.listen.complaints.models import Complaint
from qualipolis.law.listening.grounds import ENDINGS, REFUSALS, order_on

Params = Mapping[str, str]
SHOWS = {
    "new": gettext_lazy("to accept or refuse"),
    "mediation": gettext_lazy("in mediation"),
    "tell": gettext_lazy("parties to be told"),
    "late": gettext_lazy("past its day"),
    "order_20": gettext_lazy("under Order 20"),
    "order_121": gettext_lazy("under Order 121"),
    "over": gettext_lazy("complaints that are over"),
}
HANDLING = ("complaint_desk", "mediator")

describe = describing(SHOWS)


def ground_words(row: Complaint) -> str:
    """Return the ground of a refusal or an ending in words; empty where there is none."""
    known = REFUSALS if row.status == "refused" else ENDINGS
    ground = known.get(row.reason_code)
    return _(ground.words) if ground else ""


@listing("listen-complaints", gettext_lazy("Complaints"), roles=HANDLING, describe=describe)
def complaint_list(actor: Any, params: Params) -> pl.DataFrame:
    """Return the complaints somebody sees, one line each."""
    rows, text = list(queries.complaints(actor, params)), pl.String
    return table(
        {
            _("Number"): (text, [row.number for row in rows]),
            _("Received on"): (pl.Date, [row.received_on for row in rows]),
            _("Order in force"): (text, [_(order_on(row.received_on)) for row in rows]),
            _("Product"): (text, [row.letter.product_name or None for row in rows]),
            _("Firm"): (text, [row.enterprise.name if row.enterprise else row.letter.respondent_name for row in rows]),
            _("Town"): (text, [row.unit.name if row.unit else None for row in rows]),
            _("State"): (text, [state_words(row) for row in rows]),
            _("Next day"): (pl.Date, [row.due_on for row in rows]),
            _("Accepted on"): (pl.Date, [row.accepted_on for row in rows]),
            _("Ended on"): (pl.Date, [row.ended_on for row in rows]),
            _("Ground"): (text, [ground_words(row) or None for row in rows]),
        }
    )


@listing("listen-complaint-clocks", gettext_lazy("Clocks of complaints"), roles=HANDLING, describe=describe)
def clock_list(actor: Any, params: Params) -> pl.DataFrame:
    """Return every clock of the complaints somebody sees, as the ledger tells it."""
    rows, today = list(queries.complaints(actor, params)), timezone.localdate()
    found = clocks.of_complaints(rows, today)
    return clock_table([(row.number, one) for row in rows for one in found[row.pk]], today)
