"""The lists of what is learned that can be taken along."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.listings import describing, listing, table
from qualipolis.city.core.moves import state_words
from qualipolis.city.core.policy import visible
from qualipolis.city.core.roles import STAFF
from qualipolis.city.hospital.learning import outcomes
from qualipolis.city.hospital.models import GroupDisease, KnowledgeCase
from qualipolis.city.hospital.reception.defects import words as defect_words

Params = Mapping[str, str]
GROUP_READERS = ("leader", "planner", "department", "expert", "hospital_desk", "hospital_manager")
SHOW_WORDS = {
    "mine": gettext_lazy("not published yet"),
    "public": gettext_lazy("published"),
}


def knowledge(actor: Any, params: Params) -> QuerySet[KnowledgeCase]:
    """Return the knowledge cases somebody sees, under the filters ``show`` and ``q``."""
    rows = visible(actor, KnowledgeCase.objects.select_related("department")).distinct()
    if params.get("show") == "public":
        rows = rows.filter(status="published")
    elif params.get("show") == "mine":
        rows = rows.exclude(status="published")
    if text := params.get("q", "").strip()[:60]:
        spots = ("title_zh", "title_en", "symptom_zh", "symptom_en", "product_class", "number")
        wanted = Q()
        for spot in spots:
            wanted |= Q(**{f"{spot}__icontains": text})
        rows = rows.filter(wanted)
    return rows.order_by("-published_on", "-pk")


def groups(actor: Any, params: Params) -> QuerySet[GroupDisease]:
    """Return the group diseases somebody sees; ``show=open`` those that wait or are taken up."""
    rows = visible(actor, GroupDisease.objects.prefetch_related("cases")).distinct()
    if params.get("show") == "open":
        rows = rows.filter(status__in=("proposed", "taken_up"))
    return rows.order_by("-found_on", "-pk")


@listing(
    "hospital-knowledge", gettext_lazy("Knowledge cases of the hospital"), roles=STAFF, describe=describing(SHOW_WORDS)
)
def knowledge_list(actor: Any, params: Params) -> pl.DataFrame:
    """Return the knowledge cases somebody sees, one line each."""
    rows = list(knowledge(actor, params))
    text = pl.String
    return table(
        {
            _("Number"): (text, [row.number for row in rows]),
            _("Title"): (text, [row.title_zh for row in rows]),
            _("Department"): (text, [row.department.name for row in rows]),
            _("Product class"): (text, [row.product_class for row in rows]),
            _("Defects"): (text, ["; ".join(defect_words(row.defect_codes or [])) for row in rows]),
            _("Root cause"): (text, [row.get_root_cause_display() for row in rows]),
            _("Treatment"): (text, [row.treatment_zh for row in rows]),
            _("Effect"): (text, [row.effect_zh for row in rows]),
            _("State"): (text, [state_words(row) for row in rows]),
            _("Published on"): (pl.Date, [row.published_on for row in rows]),
        }
    )


@listing("hospital-groups", gettext_lazy("Group diseases"), roles=GROUP_READERS)
def group_list(actor: Any, params: Params) -> pl.DataFrame:
    """Return the group diseases somebody sees: numbers, no case."""
    rows = list(groups(actor, params))
    text = pl.String
    return table(
        {
            _("Number"): (text, [row.number for row in rows]),
            _("Product class"): (text, [row.product_class for row in rows]),
            _("Defect"): (text, [defect_words([row.defect_code])[0] for row in rows]),
            _("Cases"): (pl.Int64, [row.cases.count() for row in rows]),
            _("Firms"): (pl.Int64, [row.firms for row in rows]),
            _("First case on"): (pl.Date, [row.first_on for row in rows]),
            _("Last case on"): (pl.Date, [row.last_on for row in rows]),
            _("State"): (text, [state_words(row) for row in rows]),
        }
    )


@listing("hospital-outcomes", gettext_lazy("Outcomes of the hospital by department"), roles=STAFF)
def outcome_list(actor: Any, params: Params) -> pl.DataFrame:
    """Return cases and cure rates by department; what is held back is missing, never zero."""
    year = params.get("year", "")
    rows = outcomes.by_department(int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None)
    share = [row.cure for row in rows]
    return table(
        {
            _("Department"): (pl.String, [str(row.name) for row in rows]),
            _("Cases"): (pl.Int64, [row.cases for row in rows]),
            _("Firms"): (pl.Int64, [row.firms for row in rows]),
            _("Judged cases"): (pl.Int64, [row.judged for row in rows]),
            _("Cured, share"): (pl.Float64, [one.estimate if one else None for one in share]),
            _("95 % interval from"): (pl.Float64, [one.low if one else None for one in share]),
            _("to"): (pl.Float64, [one.high if one else None for one in share]),
        }
    )
