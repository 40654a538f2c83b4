"""The list of clues that can be taken along; nothing in it tells who gave one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.listings import listing, table
from qualipolis.city.core.moves import state_words
from qualipolis.city.govern import shown
from qualipolis.city.govern.bodies import REPRESENTATIVES, SECRETARY
from qualipolis.city.govern.clues import queries


@listing("federation-clues", gettext_lazy("Clues to the federation"), roles=(*SECRETARY, *REPRESENTATIVES), describe=shown.describe(shown.CLUES))  # fmt: skip
def clue_list(actor: Any, params: Mapping[str, str]) -> pl.DataFrame:
    """Return the clues somebody sees, one line each."""
    rows, text = list(queries.clues(actor, params)), pl.String
    return table(
        {
            _("Number"): (text, [row.reference for row in rows]),
            _("About whom"): (text, [row.respondent_name for row in rows]),
            _("Town"): (text, [row.unit.name if row.unit else None for row in rows]),
            _("Received on"): (pl.Date, [row.raised_on for row in rows]),
            _("Risk"): (text, [row.get_risk_display() or None for row in rows]),
            _("State"): (text, [state_words(row) for row in rows]),
            _("Answer due on"): (pl.Date, [row.due_on for row in rows]),
            _("Answered on"): (pl.Date, [row.answered_on for row in rows]),
        }
    )
