"""The list of reviewers that can be taken along."""

from __future__ import annotations

from typing import Any

import polars as pl
from django.db.models import Avg, Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.listings import Params, listing, table
from qualipolis.city.core.moves import state_words
from qualipolis.city.core.policy import visible
from qualipolis.city.talent.models import Reviewer
from qualipolis.city.talent.reviewers.models import LEVELS
from qualipolis.city.talent.reviewers.visibility import READERS

SHOWS = {
    "listed": gettext_lazy("On the list"),
    "applied": gettext_lazy("Not yet appointed"),
    "suspended": gettext_lazy("Suspended"),
    "over": gettext_lazy("No longer on the list"),
}


def reviewers(actor: Any, params: Params | None = None) -> QuerySet[Reviewer]:
    """Return the reviewers somebody sees with reviews and rating."""
    said = params or {}
    rows = visible(actor, Reviewer.objects.select_related("person")).annotate(
        reviews=Count("sheets", filter=Q(sheets__status="handed_in"), distinct=True), rating=Avg("ratings__score")
    )
    shows = {"listed": Q(status__in=LEVELS), "applied": Q(status__in=("applied", "trained", "exam_passed")),
             "suspended": Q(status="suspended"), "over": Q(status__in=("removed", "left", "refused"))}  # fmt: skip
    rows = rows.filter(shows.get(said.get("show", ""), Q()))
    if text := said.get("q", "").strip():
        rows = rows.filter(
            Q(number__icontains=text) | Q(person__display_name__icontains=text) | Q(fields__icontains=text)
        )
    return rows.order_by("number")


@listing("talent-reviewers", gettext_lazy("Reviewers of performance excellence"), roles=READERS)
def reviewer_list(actor: Any, params: Params) -> pl.DataFrame:
    """Return the reviewers, one line each."""
    rows, text = list(reviewers(actor, params)), pl.String
    return table(
        {
            _("Number"): (text, [row.number for row in rows]),
            _("Name"): (text, [str(row.person) for row in rows]),
            _("Employer"): (text, [row.employer for row in rows]),
            _("Fields"): (text, [row.fields for row in rows]),
            _("Level"): (text, [state_words(row) for row in rows]),
            _("Reviews"): (pl.Int64, [row.reviews for row in rows]),
            _("Mean rating (1 to 5)"): (pl.Float64, [row.rating for row in rows]),
            _("Appointed on"): (pl.Date, [row.appointed_on for row in rows]),
        }
    )
