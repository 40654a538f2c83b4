"""The lists of the reception that can be taken along."""

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
from qualipolis.city.hospital.models import Offer
from qualipolis.city.hospital.reception import clocks, queries
from qualipolis.city.hospital.reception.defects import words
from qualipolis.city.hospital.reception.experts import load, rated

Params = Mapping[str, str]
TREATING = ("expert", "hospital_desk", "hospital_manager")
SHOWS = {
    "triage": gettext_lazy("to triage"),
    "assign": gettext_lazy("to assign"),
    "proposed": gettext_lazy("waiting for an expert"),
    "waiting": gettext_lazy("waiting for the firm"),
    "duty": gettext_lazy("to report"),
    "late": gettext_lazy("past its day"),
    "open": gettext_lazy("with an expert now"),
    "after": gettext_lazy("followed up"),
    "ended": gettext_lazy("case over"),
}

describe = describing(SHOWS)


@listing("hospital-cases", gettext_lazy("Cases of the product hospital"), roles=TREATING, describe=describe)
def case_list(actor: Any, params: Params) -> pl.DataFrame:
    """Return the cases somebody sees, one line each; the firm's words and its contact stay out of files."""
    rows = list(queries.cases(actor, params))
    text = pl.String
    return table(
        {
            _("Number"): (text, [row.number for row in rows]),
            _("Firm"): (text, [row.enterprise.name for row in rows]),
            _("Town"): (text, [row.unit.name for row in rows]),
            _("Product"): (text, [row.product_name for row in rows]),
            _("Defects"): (text, ["; ".join(words(row.defect_codes)) for row in rows]),
            _("Department"): (text, [row.department.name if row.department else None for row in rows]),
            _("Expert"): (text, [str(row.expert) if row.expert else None for row in rows]),
            _("State"): (text, [state_words(row) for row in rows]),
            _("Severity"): (pl.Int64, [row.severity for row in rows]),
            _("Urgency"): (pl.Int64, [row.urgency for row in rows]),
            _("Registered on"): (pl.Date, [row.registered_on for row in rows]),
            _("Next day"): (pl.Date, [row.due_on for row in rows]),
        }
    )


@listing("hospital-clocks", gettext_lazy("Clocks of the product hospital"), roles=TREATING, describe=describe)
def clock_list(actor: Any, params: Params) -> pl.DataFrame:
    """Return every clock of the cases somebody sees, as the ledger tells them."""
    rows, today = list(queries.cases(actor, params)), timezone.localdate()
    found = clocks.of_cases(rows, today)
    return clock_table([(str(row), one) for row in rows for one in found[row.pk]], today)


@listing(
    "hospital-experts", gettext_lazy("Experts of the product hospital"), roles=("hospital_desk", "hospital_manager")
)
def expert_list(actor: Any, params: Params) -> pl.DataFrame:
    """Return the experts with their load, and what firms say of them with the number of ratings."""
    rows = list(queries.experts(actor))
    ratings = [rated(row) for row in rows]
    return table(
        {
            _("Expert"): (pl.String, [str(row) for row in rows]),
            _("Organisation"): (pl.String, [row.organisation.name for row in rows]),
            _("Field of the expert"): (pl.String, [row.field_zh for row in rows]),
            _("Departments"): (pl.String, ["; ".join(one.name for one in row.departments.all()) for row in rows]),
            _("Open cases"): (pl.Int64, [load(row) for row in rows]),
            _("Most open cases"): (pl.Int64, [row.capacity for row in rows]),
            _("Mean rating (1 to 5)"): (pl.Float64, [one.mean for one in ratings]),
            _("Ratings"): (pl.Int64, [one.n for one in ratings]),
            _("Appointed until"): (pl.Date, [row.term_to for row in rows]),
        }
    )


@listing("hospital-offers", gettext_lazy("Offers after failed samples"), roles=("hospital_desk", "hospital_manager"))
def offer_list(actor: Any, params: Params) -> pl.DataFrame:
    """Return the offers to firms whose sample failed, with their answer."""
    rows = list(queries.offers(actor))
    return table(
        {
            _("Result"): (pl.String, [row.result.number for row in rows]),
            _("Firm"): (pl.String, [row.enterprise.name for row in rows]),
            _("Offered on"): (pl.Date, [row.offered_on for row in rows]),
            _("Answer"): (pl.String, [str(Offer.Answer(row.answer).label) for row in rows]),
            _("Answered on"): (pl.Date, [row.answered_on for row in rows]),
        }
    )


REPORT_ROLES = (
    "leader",
    "planner",
    "auditor",
    "department",
    "inspector",
    "town_officer",
    "hospital_desk",
    "hospital_manager",
)


@listing("hospital-duty-reports", gettext_lazy("Reports required by law"), roles=REPORT_ROLES)
def duty_list(actor: Any, params: Params) -> pl.DataFrame:
    """Return what law required to be reported, and whether the producer reported in time."""
    rows = list(queries.duty_reports(actor))
    return table(
        {
            _("Made on"): (pl.Date, [row.made_on for row in rows]),
            _("Ground"): (pl.String, [row.get_ground_display() for row in rows]),
            _("Firm"): (pl.String, [row.enterprise.name for row in rows]),
            _("Town"): (pl.String, [row.unit.name for row in rows]),
            _("Product"): (pl.String, [row.product_name for row in rows]),
            _("Reported"): (pl.String, [row.statement for row in rows]),
            _("Producer reports until"): (pl.Date, [row.due_on for row in rows]),
            _("Producer reported on"): (pl.Date, [row.firm_reported_on for row in rows]),
        }
    )
