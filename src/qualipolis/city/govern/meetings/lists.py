"""The lists of meetings and joint tasks that can be taken along."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.listings import listing, table
from qualipolis.city.core.moves import state_words
from qualipolis.city.govern import shown
from qualipolis.city.govern.bodies import READERS, SECRETARY
from qualipolis.city.govern.mediation import entrusted
from qualipolis.city.govern.meetings import queries

Params = Mapping[str, str]


@listing(
    "federation-meetings",
    gettext_lazy("Meetings of the federation"),
    roles=READERS,
    describe=shown.describe(shown.MEETINGS),
)
def meeting_list(actor: Any, params: Params) -> pl.DataFrame:
    """Return the meetings somebody sees, one line each."""
    rows, text = list(queries.meetings(actor, params)), pl.String
    return table(
        {
            _("Number"): (text, [row.number for row in rows]),
            _("Title"): (text, [row.name for row in rows]),
            _("Day of the meeting"): (pl.Date, [row.meets_on for row in rows]),
            _("Committee"): (text, [row.committee.name if row.committee else None for row in rows]),
            _("State"): (text, [state_words(row) for row in rows]),
            _("In the chair"): (text, [row.chair.name if row.chair else None for row in rows]),
        }
    )


@listing("federation-tasks", gettext_lazy("Joint tasks"), roles=READERS, describe=shown.describe(shown.TASKS))
def task_list(actor: Any, params: Params) -> pl.DataFrame:
    """Return the joint tasks somebody sees, one line each; numbers not counted are missing, not zero."""
    rows, text = list(queries.tasks(actor, params)), pl.String
    return table(
        {
            _("Number"): (text, [row.number for row in rows]),
            _("Topic"): (text, [row.name for row in rows]),
            _("Led by"): (text, [row.lead.name if row.lead else None for row in rows]),
            _("State"): (text, [state_words(row) for row in rows]),
            _("Until"): (pl.Date, [row.until for row in rows]),
            _("Firms reached"): (pl.Int64, [row.firms_reached for row in rows]),
            _("Products checked"): (pl.Int64, [row.products_checked for row in rows]),
        }
    )


@listing("federation-mediation", gettext_lazy("Mediation entrusted to the federation"), roles=(*SECRETARY, "mediator"))
def mediation_list(actor: Any, params: Params) -> pl.DataFrame:
    """Return the mediations entrusted to the federation by number and day; nothing of the parties."""
    rows, text = list(entrusted(actor, params.get("show", ""))), pl.String
    return table(
        {
            _("Complaint"): (text, [row.number for row in rows]),
            _("State"): (text, [state_words(row) for row in rows]),
            _("Mediation ends on"): (pl.Date, [row.due_on for row in rows]),
            _("Town"): (text, [row.unit.name if row.unit else None for row in rows]),
            _("Mediator"): (text, [str(row.mediator_person) if row.mediator_person else None for row in rows]),
        }
    )
