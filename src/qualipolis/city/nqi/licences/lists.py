"""The lists of qualifications, change filings and certificates that can be taken along."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.listings import listing, table
from qualipolis.city.core.moves import state_words
from qualipolis.city.nqi.licences import queries
from qualipolis.city.nqi.licences.visibility import READERS

Params = Mapping[str, str]
TAKERS = (*READERS, "laboratory")
LICENCE_SHOWS = {
    "soon": gettext_lazy("ends within 180 days"),
    "applied": gettext_lazy("renewal applied for"),
    "asked": gettext_lazy("cancellation asked for"),
    "suspended": gettext_lazy("suspended"),
    "expired": gettext_lazy("expired"),
    "over": gettext_lazy("ended"),
}
FILING_SHOWS = {
    "owed": gettext_lazy("to be filed"),
    "filed": gettext_lazy("to be decided"),
    "late": gettext_lazy("past its day"),
    "over": gettext_lazy("decided"),
}
CERTIFICATE_SHOWS = {
    "valid": gettext_lazy("valid"),
    "soon": gettext_lazy("ends within 180 days"),
    "suspended": gettext_lazy("suspended"),
    "asked": gettext_lazy("cancellation asked for"),
    "follow_up": gettext_lazy("surveillance overdue"),
    "over": gettext_lazy("ended"),
}


def describing(shows: Mapping[str, Any]) -> Callable[[Params], list[str]]:
    """Return what says the filters of a list in words."""

    def describe(params: Params) -> list[str]:
        found = [str(shows[show])] if (show := params.get("show", "")) in shows else []
        if text := params.get("q", "").strip()[:60]:
            found.append(_("search: %(text)s") % {"text": text})
        return found

    return describe


@listing("nqi-licences", gettext_lazy("CMA certificates"), roles=TAKERS, describe=describing(LICENCE_SHOWS))
def licence_list(actor: Any, params: Params) -> pl.DataFrame:
    """Return the CMA certificates somebody sees, one line each."""
    rows, text = list(queries.licences(actor, params)), pl.String
    days = [queries.days_of(row) for row in rows]
    return table(
        {
            _("Certificate"): (text, [str(row) for row in rows]),
            _("Institution"): (text, [row.institution.name for row in rows]),
            _("Town"): (text, [row.institution.unit.name for row in rows]),
            _("State"): (text, [state_words(row) for row in rows]),
            _("Valid from"): (pl.Date, [row.qualification.valid_from for row in rows]),
            _("Valid to"): (pl.Date, [row.qualification.valid_to for row in rows]),
            _("Renewal until"): (pl.Date, [one["renewal_until"] for one in days]),
            _("Renewal applied for on"): (pl.Date, [row.applied_on for row in rows]),
            _("Late filings and suspensions"): (pl.Int64, [one["blemishes"] for one in days]),
            _("Ended on"): (pl.Date, [row.qualification.ended_on for row in rows]),
        }
    )


@listing("nqi-filings", gettext_lazy("Changes of laboratories"), roles=TAKERS, describe=describing(FILING_SHOWS))
def filing_list(actor: Any, params: Params) -> pl.DataFrame:
    """Return the change filings somebody sees, one line each."""
    rows, text = list(queries.filings(actor, params)), pl.String
    return table(
        {
            _("Number"): (text, [row.number for row in rows]),
            _("Institution"): (text, [row.licence.institution.name for row in rows]),
            _("Kind of change"): (text, [row.get_kind_display() for row in rows]),
            _("How it became known"): (text, [row.get_origin_display() for row in rows]),
            _("State"): (text, [state_words(row) for row in rows]),
            _("Changed on"): (pl.Date, [row.changed_on for row in rows]),
            _("To be filed by"): (pl.Date, [row.file_by for row in rows]),
            _("Filed on"): (pl.Date, [row.filed_on for row in rows]),
            _("Late"): (pl.Boolean, [row.late for row in rows]),
            _("Old standard"): (text, [row.old_standard or None for row in rows]),
            _("New standard"): (text, [row.new_standard or None for row in rows]),
            _("Next step due"): (pl.Date, [row.due_on for row in rows]),
        }
    )


@listing(
    "nqi-certificates", gettext_lazy("Certificates of certification bodies"), roles=(*TAKERS, "enterprise"),
    describe=describing(CERTIFICATE_SHOWS),
)  # fmt: skip
def certificate_list(actor: Any, params: Params) -> pl.DataFrame:
    """Return the certificates somebody sees, one line each."""
    rows, text = list(queries.certificates(actor, params)), pl.String
    return table(
        {
            _("Certificate"): (text, [row.number for row in rows]),
            _("Kind"): (text, [row.get_kind_display() for row in rows]),
            _("Scheme"): (text, [row.scheme for row in rows]),
            _("Holder"): (text, [row.holder.name if row.holder else row.holder_name for row in rows]),
            _("Certification body"): (text, [row.certifier.name for row in rows]),
            _("Covers"): (text, [row.covers for row in rows]),
            _("Standard"): (text, [row.standard or None for row in rows]),
            _("State"): (text, [state_words(row) for row in rows]),
            _("Issued on"): (pl.Date, [row.issued_on for row in rows]),
            _("Valid to"): (pl.Date, [row.valid_to for row in rows]),
            _("Next surveillance by"): (pl.Date, [row.follow_up_on for row in rows]),
            _("Ended on"): (pl.Date, [row.ended_on for row in rows]),
        }
    )
