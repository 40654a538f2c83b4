"""The tasks as a list to take along."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.listings import describing, listing, table
from qualipolis.city.supervise.field.queries import tasks
from qualipolis.law.flows import ALL
from qualipolis.law.supervision.guards import NOT_SAMPLED

READERS = ("leader", "planner", "department", "inspector", "auditor", "admin", "town_officer")
SHOWS = (
    ("", gettext_lazy("all tasks")),
    ("open", gettext_lazy("to be visited")),
    ("decide", gettext_lazy("to be decided")),
    ("sampled", gettext_lazy("sampled")),
    ("none", gettext_lazy("without a sample")),
    ("refused", gettext_lazy("refused or stopped")),
)

describe = describing(SHOWS, "campaign", "town")


@listing("sampling_tasks", gettext_lazy("Sampling tasks"), roles=READERS, describe=describe)
def sampling_tasks(actor: Any, params: Mapping[str, str]) -> pl.DataFrame:
    """The tasks that the actor sees, with what came of them."""
    labels = ALL["sampling_task"].labels
    rows = list(tasks(actor, params).prefetch_related("assignments"))
    return table(
        {
            _("Number"): (pl.String, [row.number for row in rows]),
            _("Campaign"): (pl.String, [row.campaign.number for row in rows]),
            _("Firm"): (pl.String, [row.enterprise.name for row in rows]),
            _("Credit code"): (pl.String, [row.enterprise.credit_code for row in rows]),
            _("Town"): (pl.String, [row.unit.name for row in rows]),
            _("State"): (pl.String, [_(labels[row.status]) for row in rows]),
            _("Reason"): (
                pl.String,
                [_(NOT_SAMPLED[c]) if (c := row.reason_code) in NOT_SAMPLED else "" for row in rows],
            ),
            _("Inspectors"): (pl.Int64, [len(row.assignments.all()) for row in rows]),
            _("Sampled on"): (pl.Date, [row.sampled_on for row in rows]),
            _("Due on"): (pl.Date, [row.due_on for row in rows]),
        }
    )
