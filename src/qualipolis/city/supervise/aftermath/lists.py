"""What follows failed results as lists to take along: cases, transfers, publications, penalties, meetings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.listings import describing, listing, table
from qualipolis.city.core.moves import state_words
from qualipolis.city.core.roles import INSIDE
from qualipolis.city.supervise.aftermath import queries
from qualipolis.city.supervise.aftermath.scope import responsible

Params = Mapping[str, str]
CASE_SHOWS = (
    ("", gettext_lazy("All")),
    ("open", gettext_lazy("Under way")),
    ("late", gettext_lazy("Overdue")),
    ("firm", gettext_lazy("With the firm")),
    ("review", gettext_lazy("To review")),
    ("escalated", gettext_lazy("Failed")),
    ("ceased", gettext_lazy("Firm ceased")),
    ("ended", gettext_lazy("Ended")),
)
TRANSFER_SHOWS = (("", gettext_lazy("All")), ("open", gettext_lazy("Under way")))
PUBLICATION_SHOWS = (
    ("", gettext_lazy("All")),
    ("newest", gettext_lazy("Newest version only")),
    ("draft", gettext_lazy("Draft")),
    ("approved", gettext_lazy("Approved")),
    ("published", gettext_lazy("Shown")),
    ("taken_down", gettext_lazy("Taken down")),
)
PENALTY_SHOWS = (
    ("", gettext_lazy("All")),
    ("check", gettext_lazy("To check")),
    ("decided", gettext_lazy("To publish")),
    ("published", gettext_lazy("Shown")),
    ("annulled", gettext_lazy("Changed or revoked")),
)


@listing(
    "handling", gettext_lazy("Handling of failed results"), roles=INSIDE, describe=describing(CASE_SHOWS, "handler")
)
def handling_frame(actor: Any, params: Params) -> pl.DataFrame:
    """Return the cases somebody sees under the filters."""
    rows = list(queries.cases(actor, params))
    words = {
        _("Number"): [row.number for row in rows],
        _("Sampling result"): [row.result.number for row in rows],
        _("Firm"): [responsible(row).name for row in rows],
        _("Town"): [row.unit.name for row in rows],
        _("Handled by"): [row.handler.name for row in rows],
        _("State"): [state_words(row) for row in rows],
    }
    days = {
        _("Order received on"): "order_served_on", _("Correct by"): "correct_by", _("Review by"): "review_by",
        _("Review passed on"): "passed_on", _("Announced on"): "announced_on", _("Second review from"): "second_from",
        _("Second review until"): "second_until", _("Next step due on"): "due_on",
    }  # fmt: skip
    columns: dict[Any, Any] = {head: (pl.String, cells) for head, cells in words.items()}
    columns |= {head: (pl.Date, [getattr(row, field) for row in rows]) for head, field in days.items()}
    return table(columns)


@listing(
    "transfers", gettext_lazy("Transfers to other areas"), roles=INSIDE, describe=describing(TRANSFER_SHOWS, "handler")
)
def transfers_frame(actor: Any, params: Params) -> pl.DataFrame:
    """Return the transfers somebody sees."""
    rows = list(queries.transfers(actor, params))
    return table(
        {
            _("Number"): (pl.String, [row.number for row in rows]),
            _("Sampling result"): (pl.String, [row.result.number for row in rows]),
            _("Authority"): (pl.String, [row.authority or None for row in rows]),
            _("State"): (pl.String, [state_words(row) for row in rows]),
            _("Sent on"): (pl.Date, [row.sent_on for row in rows]),
            _("Next step due on"): (pl.Date, [row.due_on for row in rows]),
            _("What they did"): (pl.String, [row.answer or None for row in rows]),
        }
    )


@listing(
    "publications",
    gettext_lazy("Publications of results"),
    roles=INSIDE,
    describe=describing(PUBLICATION_SHOWS, "handler"),
)
def publications_frame(actor: Any, params: Params) -> pl.DataFrame:
    """Return the publications somebody sees, version by version."""
    rows = list(queries.publications(actor, params))
    return table(
        {
            _("Number"): (pl.String, [row.number for row in rows]),
            _("Version"): (pl.Int64, [row.version for row in rows]),
            _("Campaign"): (pl.String, [row.campaign.name for row in rows]),
            _("State"): (pl.String, [state_words(row) for row in rows]),
            _("Results"): (pl.Int64, [len(row.rows) for row in rows]),
            _("Nonconforming"): (pl.Int64, [sum(one["verdict"] == "fail" for one in row.rows) for row in rows]),
            _("Published on"): (
                pl.Date,
                [row.published_at and timezone.localtime(row.published_at).date() for row in rows],
            ),
            _("First day no longer shown"): (pl.Date, [row.take_down_on for row in rows]),
            _("Hash of the rows"): (pl.String, [row.sha256 or None for row in rows]),
            _("Reason"): (pl.String, [row.reason or None for row in rows]),
        }
    )


@listing("penalties", gettext_lazy("Penalties"), roles=INSIDE, describe=describing(PENALTY_SHOWS, "handler"))
def penalties_frame(actor: Any, params: Params) -> pl.DataFrame:
    """Return the penalties somebody sees."""
    rows = list(queries.penalties(actor, params))
    return table(
        {
            _("Number"): (pl.String, [row.number for row in rows]),
            _("Firm"): (pl.String, [row.case.enterprise.name for row in rows]),
            _("Penalty decision"): (pl.String, [row.document_no for row in rows]),
            _("Decided on"): (pl.Date, [row.decided_on for row in rows]),
            _("Kind"): (pl.String, [str(row.get_kind_display()) for row in rows]),
            _("State"): (pl.String, [state_words(row) for row in rows]),
            _("Next step due on"): (pl.Date, [row.due_on for row in rows]),
            _("Published on"): (pl.Date, [row.published_on for row in rows]),
        }
    )


@listing("meetings", gettext_lazy("Quality analysis meetings"), roles=INSIDE)
def meetings_frame(actor: Any, params: Params) -> pl.DataFrame:
    """Return the meetings somebody sees."""
    rows = list(queries.meetings(actor))
    return table(
        {
            _("Campaign"): (pl.String, [row.campaign.name for row in rows]),
            _("Held on"): (pl.Date, [row.held_on for row in rows]),
            _("Place"): (pl.String, [row.place or None for row in rows]),
            _("Firms present"): (pl.Int64, [row.firms if row.agreed else None for row in rows]),
            _("Problem of the trade"): (pl.String, [row.problem for row in rows]),
            _("What was agreed"): (pl.String, [row.agreed or None for row in rows]),
        }
    )
