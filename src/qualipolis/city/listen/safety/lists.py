"""The lists of incidents, recalls and warnings that can be taken along; nothing in them names who was hurt."""

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
from qualipolis.city.listen.investigations.visibility import READERS
from qualipolis.city.listen.safety import clocks, queries
from qualipolis.city.listen.safety.effect import effect_of
from qualipolis.city.listen.statistics.naming import class_words

Params = Mapping[str, str]
TAKERS = (*READERS, "enterprise")
INCIDENT_SHOWS = {
    "new": gettext_lazy("to be verified"),
    "upward": gettext_lazy("to report upward"),
    "serious": gettext_lazy("dead or seriously hurt"),
    "unknown": gettext_lazy("harm not known"),
    "firm_late": gettext_lazy("firm reported late"),
    "late": gettext_lazy("past its day"),
    "over": gettext_lazy("closed"),
}
RECALL_SHOWS = {
    "assessing": gettext_lazy("being assessed"),
    "plan": gettext_lazy("plan to come"),
    "running": gettext_lazy("being carried out"),
    "effect": gettext_lazy("effect to be seen"),
    "ordered": gettext_lazy("recall ordered by the authority"),
    "late": gettext_lazy("past its day"),
    "over": gettext_lazy("closed"),
}
WARNING_SHOWS = {
    "draft": gettext_lazy("being written"),
    "review": gettext_lazy("under review"),
    "published": gettext_lazy("published"),
    "over": gettext_lazy("no longer shown"),
}


def product_words(row: Any) -> str:
    """Return brand, model and name of a product as one line; the class where no product is named."""
    if row.product is None:
        return class_words("product_class", getattr(row, "product_class", ""))
    found = row.product
    words = found.name if found.brand in found.name else f"{found.brand} {found.name}"
    return words if found.model in words else f"{words} {found.model}"


@listing("listen-incidents", gettext_lazy("Injuries and damages"), roles=TAKERS, describe=describing(INCIDENT_SHOWS))
def incident_list(actor: Any, params: Params) -> pl.DataFrame:
    """Return the incidents somebody sees, one line each."""
    rows, text = list(queries.incidents(actor, params)), pl.String
    return table(
        {
            _("Number"): (text, [row.number for row in rows]),
            _("State"): (text, [state_words(row) for row in rows]),
            _("Who reported"): (text, [row.get_source_display() for row in rows]),
            _("Happened on"): (pl.Date, [row.happened_on for row in rows]),
            _("Reported on"): (pl.Date, [row.reported_on for row in rows]),
            _("Product"): (text, [product_words(row) or None for row in rows]),
            _("Kind of danger"): (text, [class_words("hazard", row.hazard) or None for row in rows]),
            _("Firm"): (text, [row.enterprise.name if row.enterprise else None for row in rows]),
            _("Town"): (text, [row.unit.name if row.unit else None for row in rows]),
            _("Harm"): (text, [row.get_harm_display() if row.harm is not None else None for row in rows]),
            _("People hurt"): (pl.Int64, [row.people for row in rows]),
            _("Firm learned on"): (pl.Date, [row.learned_on for row in rows]),
            _("Firm reports until"): (pl.Date, [row.firm_due_on for row in rows]),
            _("Firm reported on"): (pl.Date, [row.firm_reported_on for row in rows]),
            _("Next day"): (pl.Date, [row.due_on for row in rows]),
        }
    )


@listing("listen-recalls", gettext_lazy("Recalls"), roles=TAKERS, describe=describing(RECALL_SHOWS))
def recall_list(actor: Any, params: Params) -> pl.DataFrame:
    """Return the recalls somebody sees, one line each, with rate and sample of the effect."""
    rows, text = list(queries.recalls(actor, params)), pl.String
    effects = [effect_of(row) for row in rows]
    return table(
        {
            _("Number"): (text, [row.number for row in rows]),
            _("State"): (text, [state_words(row) for row in rows]),
            _("Product"): (text, [product_words(row) for row in rows]),
            _("Batches"): (text, [row.batches or None for row in rows]),
            _("Producer"): (text, [row.producer_name for row in rows]),
            _("Ordered"): (pl.Boolean, [row.ordered for row in rows]),
            _("Announced on"): (pl.Date, [row.announced_on for row in rows]),
            _("Runs until"): (pl.Date, [row.until for row in rows]),
            _("Pieces"): (pl.Int64, [row.units for row in rows]),
            _("Corrected"): (pl.Int64, [row.corrected for row in rows]),
            _("Share corrected"): (pl.Float64, [one.rate for one in effects]),
            _("Owners checked"): (pl.Int64, [one.checked for one in effects]),
            _("Of these reached"): (pl.Int64, [one.reached for one in effects]),
            _("Share reached, from (95 %)"): (pl.Float64, [one.low for one in effects]),
            _("Share reached, to (95 %)"): (pl.Float64, [one.high for one in effects]),
            _("Next day"): (pl.Date, [row.due_on for row in rows]),
        }
    )


@listing("listen-warnings", gettext_lazy("Public warnings"), roles=READERS, describe=describing(WARNING_SHOWS))
def warning_list(actor: Any, params: Params) -> pl.DataFrame:
    """Return the warnings somebody sees, one line each."""
    rows, text = list(queries.warnings(actor, params)), pl.String
    return table(
        {
            _("Number"): (text, [row.number for row in rows]),
            _("State"): (text, [state_words(row) for row in rows]),
            _("Title"): (text, [row.title_zh for row in rows]),
            _("Products"): (text, [row.products or None for row in rows]),
            _("Risk level"): (text, [row.level or None for row in rows]),
            _("Recall"): (text, [row.recall.number if row.recall else None for row in rows]),
            _("Replaces"): (text, [row.replaces.number if row.replaces else None for row in rows]),
            _("Published on"): (pl.Date, [row.published_on for row in rows]),
            _("Shown until"): (pl.Date, [row.due_on for row in rows]),
            _("Ended on"): (pl.Date, [row.ended_on for row in rows]),
            _("Why it ended"): (text, [row.end_reason or None for row in rows]),
        }
    )


@listing("listen-duty-clocks", gettext_lazy("Duty clocks of incidents and recalls"), roles=READERS)
def clock_list(actor: Any, params: Params) -> pl.DataFrame:
    """Return every duty clock of the incidents and recalls somebody sees, as the ledger tells it."""
    happened, recalled = list(queries.incidents(actor)), list(queries.recalls(actor))
    first, second = clocks.of_incidents(happened), clocks.of_recalls(recalled)
    lines = [(row.number, one) for row in happened for one in first[row.pk]]
    lines += [(row.number, one) for row in recalled for one in second[row.pk]]
    return clock_table(lines, timezone.localdate())
