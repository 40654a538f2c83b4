"""The lists of the award that can be taken along."""

from __future__ import annotations

from typing import Any

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.listings import Params, listing, table
from qualipolis.city.core.moves import state_words
from qualipolis.city.talent.awards import queries
from qualipolis.city.talent.awards.parties import READERS
from qualipolis.city.talent.awards.visibility import public_holders
from qualipolis.city.talent.models import AwardObjection, ScoreSheet
from qualipolis.law.talent.excellence import ITEMS

APPLICATION_SHOWS = {
    "running": gettext_lazy("Running"),
    "held": gettext_lazy("On hold"),
    "holders": gettext_lazy("Holders"),
    "concern": gettext_lazy("With an open concern"),
}
ROUND_SHOWS = {"running": gettext_lazy("Running"), "over": gettext_lazy("Over")}


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


@listing("talent-award-rounds", gettext_lazy("Award rounds"), roles=READERS)
def round_list(actor: Any, params: Params) -> pl.DataFrame:
    """Return the rounds, one line each."""
    rows, text = list(queries.rounds(actor, params)), pl.String
    return table(
        {
            _("Number"): (text, [row.number for row in rows]),
            _("Round"): (text, [row.name for row in rows]),
            _("Year"): (pl.Int64, [row.year for row in rows]),
            _("State"): (text, [state_words(row) for row in rows]),
            _("Applications until"): (pl.Date, [row.apply_until for row in rows]),
            _("Applicants"): (pl.Int64, [row.n for row in rows]),
            _("Public notice until"): (pl.Date, [row.notice_until for row in rows]),
            _("Granted on"): (pl.Date, [row.granted_on for row in rows]),
        }
    )


@listing("talent-award-applications", gettext_lazy("Applicants for the award"), roles=READERS)
def application_list(actor: Any, params: Params) -> pl.DataFrame:
    """Return the applicants with their totals, one line each."""
    rows, text = list(queries.applications(actor, params)), pl.String
    return table(
        {
            _("Number"): (text, [row.number for row in rows]),
            _("Round"): (text, [row.round.number for row in rows]),
            _("Firm"): (text, [row.enterprise.name for row in rows]),
            _("Town"): (text, [row.enterprise.unit.name for row in rows]),
            _("State"): (text, [state_words(row) for row in rows]),
            _("Sheets that count"): (pl.Int64, [row.sheets_in for row in rows]),
            _("Items open"): (pl.Int64, [row.open_items for row in rows]),
            _("Total (of 1000)"): (pl.Float64, [_number(row.total) for row in rows]),
            _("Proposed for"): (text, [row.get_tier_display() or None for row in rows]),
            _("Granted on"): (pl.Date, [row.granted_on for row in rows]),
            _("Revoked on"): (pl.Date, [row.revoked_on for row in rows]),
        }
    )


@listing("talent-award-scores", gettext_lazy("Independent scores"), roles=READERS)
def score_list(actor: Any, params: Params) -> pl.DataFrame:
    """Return every independent score of a round, one line each; dropped ones say so."""
    rows = ScoreSheet.objects.filter(handed_in_at__isnull=False, application__round__number=params.get("round", ""))
    rows = rows.select_related("application", "reviewer").order_by("pk")
    lines = [(row, item) for row in rows for item in ITEMS]
    text = pl.String
    return table(
        {
            _("Applicant"): (text, [row.application.number for row, _item in lines]),
            _("Reviewer"): (text, [row.reviewer.number for row, _item in lines]),
            _("Item"): (text, [item.code for _row, item in lines]),
            _("Points"): (pl.Int64, [item.points for _row, item in lines]),
            _("Score, %"): (pl.Int64, [row.scores.get(item.code) for row, item in lines]),
            _("State"): (text, [state_words(row) for row, _item in lines]),
        }
    )


@listing("talent-award-objections", gettext_lazy("Objections to proposals"), roles=READERS)
def objection_list(actor: Any, params: Params) -> pl.DataFrame:
    """Return the objections without who sent them."""
    rows = list(AwardObjection.objects.select_related("round", "application__enterprise").order_by("-pk"))
    text = pl.String
    return table(
        {
            _("Number"): (text, [row.number for row in rows]),
            _("Round"): (text, [row.round.number for row in rows]),
            _("Firm"): (text, [row.application.enterprise.name if row.application else None for row in rows]),
            _("State"): (text, [state_words(row) for row in rows]),
            _("Received on"): (pl.Date, [row.received_on for row in rows]),
            _("Answered on"): (pl.Date, [row.answered_on for row in rows]),
        }
    )


def holder_table(year: int | None = None) -> pl.DataFrame:
    """Return the holders of awards as open data: what was revoked says so, with day and reason."""
    rows, text = list(public_holders(year)), pl.String
    return table(
        {
            _("Year"): (pl.Int64, [row.round.year for row in rows]),
            _("Round"): (text, [row.round.name for row in rows]),
            _("Firm"): (text, [row.enterprise.name for row in rows]),
            _("Town"): (text, [row.enterprise.unit.name for row in rows]),
            _("Award"): (text, [row.get_tier_display() for row in rows]),
            _("Granted on"): (pl.Date, [row.granted_on for row in rows]),
            _("Decision"): (text, [row.round.grant_no or None for row in rows]),
            _("Revoked on"): (pl.Date, [row.revoked_on for row in rows]),
            _("Why revoked"): (text, [row.reason if row.revoked_on else None for row in rows]),
        }
    )
