"""The lists of this part, with their filters and exports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.listings import describing, listing, table
from qualipolis.city.core.moves import state_words
from qualipolis.city.listen.alerts import queries
from qualipolis.city.listen.alerts.visibility import ANALYSTS, READERS
from qualipolis.city.listen.statistics.naming import PRODUCT, name_of
from qualipolis.lake.alerts import NONE_FOUND, NOT_STATED

Params = Mapping[str, str]
SHOWS = {
    "linked": gettext_lazy("about firms here"),
    "unclassed": gettext_lazy("without a class of product"),
    "hurt": gettext_lazy("with injuries"),
}
PAIR_SHOWS = {
    "found": gettext_lazy("to be reviewed"),
    "same": gettext_lazy("found to be the same"),
    "different": gettext_lazy("found to be different"),
}
SAID = {NOT_STATED: gettext_lazy("not stated"), NONE_FOUND: gettext_lazy("none found")}
KINDS = {"firm": gettext_lazy("firm"), "brand": gettext_lazy("brand"), "product": gettext_lazy("product")}


def hazard_words(hazards: list[str]) -> str:
    """Return the dangers of an alert; that none is named is said in words."""
    return "; ".join(str(SAID.get(one, one)) for one in hazards)


describe = describing(SHOWS, source=gettext_lazy("source: %(text)s"))
describe_pairs = describing(PAIR_SHOWS)


@listing("listen-alerts", gettext_lazy("Alerts of other authorities"), roles=READERS, describe=describe)
def alert_list(actor: Any, params: Params) -> pl.DataFrame:
    """Return the alerts somebody sees, one line each."""
    rows, text = list(queries.alerts(actor, params)), pl.String
    return table(
        {
            _("Source"): (text, [row.source for row in rows]),
            _("Its number"): (text, [row.reference for row in rows]),
            _("Day of the alert"): (pl.Date, [row.alerted_on for row in rows]),
            _("Product"): (text, [row.product for row in rows]),
            _("Category of the source"): (text, [row.category or None for row in rows]),
            _("Class of product"): (text, [name_of(PRODUCT, row.product_class) or None for row in rows]),
            _("Dangers"): (text, [hazard_words(row.hazards) for row in rows]),
            _("Firm"): (text, [row.firm or None for row in rows]),
            _("Firm here"): (text, [row.enterprise.name if row.enterprise else None for row in rows]),
            _("Country of origin"): (text, [row.origin or None for row in rows]),
            _("Notified by"): (text, [row.notified_by or None for row in rows]),
            _("Measure"): (text, [row.measure or None for row in rows]),
            _("Pieces affected"): (pl.Int64, [row.units_affected for row in rows]),
            _("Injuries"): (pl.Int64, [row.injuries for row in rows]),
        }
    )


@listing("listen-pairs", gettext_lazy("Records that may be one"), roles=(*ANALYSTS, "auditor"), describe=describe_pairs)
def pair_list(actor: Any, params: Params) -> pl.DataFrame:
    """Return the pairs somebody sees, one line each."""
    rows, text = list(queries.pairs(actor, params)), pl.String
    return table(
        {
            _("Kind"): (text, [str(KINDS.get(row.kind, row.kind)) for row in rows]),
            _("One record"): (text, [row.left for row in rows]),
            _("Other record"): (text, [row.right for row in rows]),
            _("Probability that they are the same"): (pl.Float64, [row.probability for row in rows]),
            _("State"): (text, [state_words(row) for row in rows]),
            _("Decided on"): (pl.Date, [row.decided_on for row in rows]),
        }
    )


@listing("listen-alert-batches", gettext_lazy("Imports of alerts"), roles=READERS)
def batch_list(actor: Any, params: Params) -> pl.DataFrame:
    """Return the imports somebody sees, one line each."""
    rows, text = list(queries.batches(actor)), pl.String
    return table(
        {
            _("Source"): (text, [row.source for row in rows]),
            _("File"): (text, [row.attachment.name for row in rows]),
            _("Taken in on"): (pl.Date, [timezone.localdate(row.imported_at) for row in rows]),
            _("Rows of the table"): (pl.Int64, [row.rows for row in rows]),
            _("New"): (pl.Int64, [row.added for row in rows]),
            _("Known already"): (pl.Int64, [row.known for row in rows]),
        }
    )
