"""The lists of pacts and breaches that can be taken along."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.listings import listing, table
from qualipolis.city.core.moves import state_words
from qualipolis.city.govern import shown
from qualipolis.city.govern.bodies import MEMBERS, READERS, SECRETARY
from qualipolis.city.govern.pacts import queries

Params = Mapping[str, str]


@listing("federation-pacts", gettext_lazy("Pacts"), roles=READERS, describe=shown.describe(shown.PACTS))
def pact_list(actor: Any, params: Params) -> pl.DataFrame:
    """Return the pacts somebody sees, one line each."""
    rows, text = list(queries.pacts(actor, params)), pl.String
    return table(
        {
            _("Number"): (text, [row.number for row in rows]),
            _("Title"): (text, [row.name for row in rows]),
            _("Committee"): (text, [row.committee.name if row.committee else None for row in rows]),
            _("State"): (text, [state_words(row) for row in rows]),
            _("Next day"): (pl.Date, [row.due_on for row in rows]),
            _("Signatures"): (pl.Int64, [row.signed for row in rows]),
            _("Published on"): (pl.Date, [row.published_on for row in rows]),
            _("Ended on"): (pl.Date, [row.ended_on for row in rows]),
        }
    )


@listing("federation-breaches", gettext_lazy("Breaches of pacts"), roles=(*SECRETARY, *MEMBERS), describe=shown.describe(shown.BREACHES))  # fmt: skip
def breach_list(actor: Any, params: Params) -> pl.DataFrame:
    """Return the breaches somebody sees, one line each."""
    rows, text = list(queries.breaches(actor, params)), pl.String
    return table(
        {
            _("Number"): (text, [row.number for row in rows]),
            _("Pact"): (text, [row.pact.name for row in rows]),
            _("Member"): (text, [row.member.name for row in rows]),
            _("State"): (text, [state_words(row) for row in rows]),
            _("Reported on"): (pl.Date, [row.raised_on for row in rows]),
            _("Next day"): (pl.Date, [row.due_on for row in rows]),
            _("Ended on"): (pl.Date, [row.ended_on for row in rows]),
        }
    )
