"""The lists of this part, with their filters and exports: signals, what they proposed, the weeks that were looked at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.listings import describing, listing, table
from qualipolis.city.core.moves import state_words
from qualipolis.city.listen.models import Signal
from qualipolis.city.listen.signals import queries
from qualipolis.city.listen.signals.outcomes import ends_of
from qualipolis.city.listen.signals.visibility import HOSPITAL, READERS
from qualipolis.city.listen.statistics.naming import class_words

Params = Mapping[str, str]
SHOWS = {
    "open": gettext_lazy("to be looked at"),
    "acted": gettext_lazy("something was proposed"),
    "confirmed": gettext_lazy("found to be true"),
    "dismissed": gettext_lazy("nothing to do, or found to be false"),
}
VOICES = {
    "series": gettext_lazy("this week against the half-year before"),
    "share": gettext_lazy("its share of all records grew"),
    "pairs": gettext_lazy("product and danger together more often than expected"),
    "space": gettext_lazy("records gather in these towns"),
    "abroad": gettext_lazy("an alert from elsewhere"),
}
ENDED = {
    "confirmed": gettext_lazy("confirmed"),
    "refuted": gettext_lazy("found to be false"),
    "dismissed": gettext_lazy("nothing to do"),
}

describe = describing(SHOWS, week=gettext_lazy("week of %(text)s"))


def voices_of(row: Signal) -> str:
    """Return in words what spoke."""
    return "; ".join(str(VOICES.get(name, name)) for name, _p in row.evidence)


@listing("listen-signals", gettext_lazy("Early-warning signals"), roles=(*READERS, *HOSPITAL), describe=describe)
def signal_list(actor: Any, params: Params) -> pl.DataFrame:
    """Return the signals somebody sees, one line each."""
    rows, text = list(queries.signals(actor, params)), pl.String
    ended = ends_of(rows)
    return table(
        {
            _("Number"): (text, [row.number for row in rows]),
            _("Week from"): (pl.Date, [row.week for row in rows]),
            _("Class of product"): (text, [class_words("product_class", row.product_class) or None for row in rows]),
            _("Danger"): (text, [class_words("hazard", row.hazard) or None for row in rows]),
            _("Town"): (text, [row.unit.name if row.unit else None for row in rows]),
            _("Kind"): (text, [str(row.get_kind_display()) for row in rows]),
            _("Records in four weeks"): (pl.Int64, [row.count for row in rows]),
            _("Expected"): (pl.Float64, [row.expected for row in rows]),
            _("False-discovery rate (q)"): (pl.Float64, [row.q_value for row in rows]),
            _("What spoke"): (text, [voices_of(row) or None for row in rows]),
            _("State"): (text, [state_words(row) for row in rows]),
            _("How it ended"): (text, [str(ENDED[ended[row.pk]]) if row.pk in ended else None for row in rows]),
            _("What was found"): (text, [row.finding or None for row in rows]),
        }
    )


def _describe_open(params: Params) -> list[str]:
    return [_("waiting for an answer")] if params.get("show") == "open" else []


@listing("listen-proposals", gettext_lazy("Proposals of signals"), roles=(*READERS, *HOSPITAL), describe=_describe_open)
def proposal_list(actor: Any, params: Params) -> pl.DataFrame:
    """Return the proposals somebody sees, one line each."""
    rows, text = list(queries.proposals(actor, params)), pl.String
    return table(
        {
            _("Signal"): (text, [row.signal.number for row in rows]),
            _("Proposed"): (text, [str(row.get_kind_display()) for row in rows]),
            _("Proposed on"): (pl.Date, [row.proposed_on for row in rows]),
            _("What is proposed and why"): (text, [row.words for row in rows]),
            _("State"): (text, [state_words(row) for row in rows]),
            _("Answer due on"): (pl.Date, [row.due_on for row in rows]),
            _("Answered on"): (pl.Date, [row.answered_on for row in rows]),
            _("What it became"): (text, [row.became or None for row in rows]),
            _("Answer"): (text, [row.answer or None for row in rows]),
        }
    )


@listing("listen-signal-weeks", gettext_lazy("Weeks that were looked at"), roles=READERS)
def week_list(actor: Any, params: Params) -> pl.DataFrame:
    """Return the weeks that were looked at, one line each."""
    rows = list(queries.runs(actor))
    return table(
        {
            _("Week from"): (pl.Date, [row.week for row in rows]),
            _("Records counted"): (pl.Int64, [row.records for row in rows]),
            _("Series looked at"): (pl.Int64, [row.series for row in rows]),
            _("Signals raised"): (pl.Int64, [row.raised for row in rows]),
            _("Hash of the counts"): (pl.String, [row.content_hash for row in rows]),
        }
    )
