"""The lists of instruments and of public measurement standards that can be taken along."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.listings import listing, table
from qualipolis.city.core.moves import state_words
from qualipolis.city.nqi.licences.lists import describing
from qualipolis.city.nqi.metrology import queries
from qualipolis.city.nqi.metrology.coverage import coverage, due_state, public_standards
from qualipolis.city.nqi.metrology.visibility import INSIDE
from qualipolis.city.registry.models import Unit
from qualipolis.law.nqi.instruments import BY_CODE

Params = Mapping[str, str]
TAKERS = (*INSIDE, "enterprise", "laboratory")
SHOWS = {
    "overdue": gettext_lazy("verification overdue"),
    "soon": gettext_lazy("due within 30 days"),
    "unknown": gettext_lazy("no verification known"),
    "handed_in": gettext_lazy("handed in"),
    "failed": gettext_lazy("failed, not to be used"),
    "out": gettext_lazy("out of use"),
}
DUE_WORDS = {
    "covered": gettext_lazy("verified"),
    "soon": gettext_lazy("due soon"),
    "overdue": gettext_lazy("overdue"),
    "unknown": gettext_lazy("no verification known"),
    "out": gettext_lazy("not in use"),
}


@listing(
    "nqi-instruments",
    gettext_lazy("Instruments under compulsory verification"),
    roles=TAKERS,
    describe=describing(SHOWS),
)
def instrument_list(actor: Any, params: Params) -> pl.DataFrame:
    """Return the instruments somebody sees, one line each."""
    rows, text, today = list(queries.instruments(actor, params)), pl.String, timezone.localdate()
    return table(
        {
            _("Number"): (text, [row.number for row in rows]),
            _("Firm"): (text, [row.enterprise.name for row in rows]),
            _("Town"): (text, [row.unit.name for row in rows]),
            _("Kind of instrument"): (text, [row.kind_words for row in rows]),
            _("Name"): (text, [row.name for row in rows]),
            _("Model"): (text, [row.model or None for row in rows]),
            _("Serial number"): (text, [row.serial_no for row in rows]),
            _("State"): (text, [state_words(row) for row in rows]),
            _("Last verified on"): (pl.Date, [row.last_on for row in rows]),
            _("Verification due by"): (pl.Date, [row.next_due for row in rows]),
            _("On this day"): (text, [str(DUE_WORDS[due_state(row, today)]) for row in rows]),
        }
    )


@listing("nqi-coverage", gettext_lazy("Coverage of compulsory verification"), roles=INSIDE)
def coverage_list(actor: Any, params: Params) -> pl.DataFrame:
    """Return the coverage by town and by kind, one line each."""
    names = {unit.pk: unit.name for unit in Unit.objects.all()}
    of = [(_("Town"), names.get(one.key, str(one.key)), one) for one in coverage(actor, "unit")]
    of += [
        (_("Kind of instrument"), _(BY_CODE[one.key].words) if one.key in BY_CODE else one.key, one)
        for one in coverage(actor, "kind")
    ]
    return table(
        {
            _("Counted by"): (pl.String, [how for how, _name, _one in of]),
            _("Name"): (pl.String, [name for _how, name, _one in of]),
            _("In use"): (pl.Int64, [one.used for _how, _name, one in of]),
            _("Verified on this day"): (pl.Int64, [one.covered for _how, _name, one in of]),
            _("Coverage"): (pl.Float64, [one.share for _how, _name, one in of]),
            _("Due within 30 days"): (pl.Int64, [one.soon for _how, _name, one in of]),
            _("Overdue"): (pl.Int64, [one.overdue for _how, _name, one in of]),
            _("No verification known"): (pl.Int64, [one.unknown for _how, _name, one in of]),
        }
    )


@listing("nqi-public-standards", gettext_lazy("Public measurement standards"), roles=(*TAKERS, "steward"))
def public_standard_list(actor: Any, params: Params) -> pl.DataFrame:
    """Return the public measurement standards that stand today."""
    rows = list(public_standards())
    return table(
        {
            _("Name"): (pl.String, [row.name for row in rows]),
            _("Field"): (pl.String, [row.field for row in rows]),
            _("Institution"): (pl.String, [row.institution.name for row in rows]),
            _("Certificate"): (pl.String, [row.certificate_no for row in rows]),
            _("Range and uncertainty"): (pl.String, [row.uncertainty or None for row in rows]),
            _("Issued on"): (pl.Date, [row.issued_on for row in rows]),
            _("Valid to"): (pl.Date, [row.valid_to for row in rows]),
        }
    )
