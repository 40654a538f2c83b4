"""The lists of officers and their acts that can be taken along."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.listings import listing, table
from qualipolis.city.core.moves import state_words
from qualipolis.city.talent.officers import queries
from qualipolis.city.talent.officers.visibility import READERS

Params = Mapping[str, str]
OFFICER_SHOWS = {
    "to_file": gettext_lazy("to be filed"),
    "to_train": gettext_lazy("to be trained"),
    "to_certify": gettext_lazy("certificate or post to come"),
    "active": gettext_lazy("in post"),
    "lapsing": gettext_lazy("training runs out"),
    "lapsed": gettext_lazy("lapsed"),
    "refiling": gettext_lazy("successor to come"),
    "late": gettext_lazy("past its day"),
    "over": gettext_lazy("ended"),
}
ACT_SHOWS = {"veto": gettext_lazy("vetoes"), "standing": gettext_lazy("vetoes that stand")}


def describe(shows: Mapping[str, Any]) -> Callable[[Params], list[str]]:
    """Return what says the filters of a list in words."""

    def words(params: Params) -> list[str]:
        found = [str(shows[show])] if (show := params.get("show", "")) in shows else []
        if text := params.get("q", "").strip()[:60]:
            found.append(_("search: %(text)s") % {"text": text})
        return found

    return words


@listing(
    "talent-officers",
    gettext_lazy("Chief quality officers"),
    roles=(*READERS, "enterprise"),
    describe=describe(OFFICER_SHOWS),
)
def officer_list(actor: Any, params: Params) -> pl.DataFrame:
    """Return the officers somebody sees, one line each."""
    rows, text = list(queries.officers(actor, params)), pl.String
    return table(
        {
            _("Number"): (text, [row.number for row in rows]),
            _("State"): (text, [state_words(row) for row in rows]),
            _("Firm"): (text, [row.enterprise.name for row in rows]),
            _("Credit code"): (text, [row.enterprise.credit_code for row in rows]),
            _("Town"): (text, [row.enterprise.unit.name for row in rows]),
            _("Size of the firm"): (text, [row.get_size_display() for row in rows]),
            _("Quality officer"): (text, [row.learner.name for row in rows]),
            _("Appointed on"): (pl.Date, [row.appointed_on for row in rows]),
            _("Filed on"): (pl.Date, [row.filed_on for row in rows]),
            _("Filing number"): (text, [row.filing.number if row.filing else None for row in rows]),
            _("Last trained on"): (pl.Date, [row.trained_on for row in rows]),
            _("Training holds until"): (pl.Date, [queries.holds_until(row) for row in rows]),
            _("Next step due"): (pl.Date, [row.due_on for row in rows]),
        }
    )


@listing(
    "talent-acts",
    gettext_lazy("Vetoes and acts of officers"),
    roles=(*READERS, "enterprise"),
    describe=describe(ACT_SHOWS),
)
def act_list(actor: Any, params: Params) -> pl.DataFrame:
    """Return the acts somebody sees, one line each."""
    rows, text = list(queries.acts(actor, params)), pl.String
    return table(
        {
            _("Number"): (text, [row.number for row in rows]),
            _("Kind"): (text, [row.get_kind_display() for row in rows]),
            _("Day"): (pl.Date, [row.on for row in rows]),
            _("Firm"): (text, [row.officer.enterprise.name for row in rows]),
            _("Town"): (text, [row.officer.enterprise.unit.name for row in rows]),
            _("Product"): (text, [row.product or None for row in rows]),
            _("Batch"): (text, [row.batch or None for row in rows]),
            _("Pieces held back"): (pl.Int64, [row.quantity for row in rows]),
            _("What was decided and why"): (text, [row.said for row in rows]),
            _("Earlier line"): (text, [row.about.number if row.about else None for row in rows]),
        }
    )
