"""The list of letters that can be taken along: what, about whom, where; never who wrote, and no words of theirs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.listings import describing, listing, table
from qualipolis.city.listen.intake import queries
from qualipolis.city.listen.intake.models import Letter
from qualipolis.city.listen.statistics.naming import class_words

Params = Mapping[str, str]
TRACKS = {
    "complaint": gettext_lazy("complaint"),
    "report": gettext_lazy("report"),
    "both": gettext_lazy("complaint and report"),
}
SHOWS = {"unplaced": gettext_lazy("town not known")}


def track_of(letter: Letter) -> str:
    """Return which tracks a letter opened."""
    both = hasattr(letter, "complaint") and hasattr(letter, "report")
    return "both" if both else "report" if hasattr(letter, "report") else "complaint"


describe = describing(SHOWS)


@listing("listen-letters", gettext_lazy("Letters received"), roles=("complaint_desk",), describe=describe)
def letter_list(actor: Any, params: Params) -> pl.DataFrame:
    """Return the letters somebody sees, one line each."""
    rows, text = list(queries.letters(actor, params)), pl.String
    return table(
        {
            _("Number"): (text, [row.reference for row in rows]),
            _("Received on"): (pl.Date, [row.received_on for row in rows]),
            _("How it came"): (text, [str(row.get_channel_display()) for row in rows]),
            _("What it opened"): (text, [str(TRACKS[track_of(row)]) for row in rows]),
            _("About whom"): (text, [row.respondent_name for row in rows]),
            _("Town"): (text, [row.unit.name if row.unit else None for row in rows]),
            _("Product"): (text, [row.product_name or None for row in rows]),
            _("Class of product"): (text, [class_words("product_class", row.product_class) or None for row in rows]),
            _("Danger"): (text, [class_words("hazard", row.hazard) or None for row in rows]),
        }
    )
