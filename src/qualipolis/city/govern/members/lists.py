"""The lists of members and pledges that can be taken along."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.listings import listing, table
from qualipolis.city.core.moves import state_words
from qualipolis.city.govern import shown
from qualipolis.city.govern.bodies import READERS
from qualipolis.city.govern.members import queries

Params = Mapping[str, str]


@listing(
    "federation-members",
    gettext_lazy("Members of the federation"),
    roles=READERS,
    describe=shown.describe(shown.MEMBERS),
)
def member_list(actor: Any, params: Params) -> pl.DataFrame:
    """Return the members somebody sees, one line each."""
    rows, text = list(queries.members(actor, params)), pl.String
    return table(
        {
            _("Number"): (text, [row.number for row in rows]),
            _("Name"): (text, [row.name for row in rows]),
            _("Kind of member"): (text, [row.get_kind_display() for row in rows]),
            _("State"): (text, [state_words(row) for row in rows]),
            _("Town"): (text, [row.unit.name if row.unit else None for row in rows]),
            _("Votes"): (pl.Int64, [row.votes for row in rows]),
            _("Applied on"): (pl.Date, [row.applied_on for row in rows]),
            _("Member since"): (pl.Date, [row.joined_on for row in rows]),
            _("Ended on"): (pl.Date, [row.ended_on for row in rows]),
        }
    )


@listing("federation-pledges", gettext_lazy("Pledges of firms"), roles=READERS, describe=shown.describe(shown.PLEDGES))
def pledge_list(actor: Any, params: Params) -> pl.DataFrame:
    """Return the pledges somebody sees, one line each."""
    rows, text = list(queries.pledges(actor, params)), pl.String
    return table(
        {
            _("Number"): (text, [row.number for row in rows]),
            _("Firm"): (text, [row.enterprise.name for row in rows]),
            _("State"): (text, [state_words(row) for row in rows]),
            _("What the firm pledges"): (text, [row.words for row in rows]),
            _("Published on"): (pl.Date, [row.published_on for row in rows]),
            _("Holds until"): (pl.Date, [row.valid_to for row in rows]),
        }
    )
