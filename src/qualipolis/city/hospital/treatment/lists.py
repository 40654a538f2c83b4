"""The lists of the treatment that can be taken along: items of a case, follow-ups, failure modes, control plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.listings import describing, listing, table
from qualipolis.city.core.moves import state_words
from qualipolis.city.core.parameters import whole
from qualipolis.city.core.policy import visible
from qualipolis.city.hospital.models import Case, FollowUp
from qualipolis.city.hospital.treatment.eight_d import parts_of
from qualipolis.city.hospital.treatment.failure_modes import analysis
from qualipolis.city.hospital.treatment.scope import current_items

Params = Mapping[str, str]
PARTIES = ("enterprise", "expert", "hospital_desk", "hospital_manager")
DESK = ("hospital_desk", "hospital_manager")
SHOW_WORDS = {
    "due": gettext_lazy("due now"),
    "planned": gettext_lazy("still to come"),
    "done": gettext_lazy("recorded"),
    "recurred": gettext_lazy("it has come back"),
}


def case_of(actor: Any, params: Params) -> Case | None:
    """Return the case that the parameters name, if the person sees it."""
    return visible(actor, Case.objects.filter(pk=whole(params.get("case", "")))).first()


def describe_case(params: Params) -> list[str]:
    """Return the number of the case that a list is of."""
    number = Case.objects.filter(pk=whole(params.get("case", ""))).values_list("number", flat=True).first()
    return [str(number)] if number else []


def follow_ups(actor: Any, params: Params) -> QuerySet[FollowUp]:
    """Return the follow-ups somebody sees, under the filters of the list: what is to be done first, then the latest."""
    rows = visible(actor, FollowUp.objects.exclude(status="cancelled"))
    show, today = params.get("show", ""), timezone.localdate()
    wanted = {
        "due": {"status": "planned", "planned_on__lte": today},
        "planned": {"status": "planned", "planned_on__gt": today},
        "done": {"status": "done"},
        "recurred": {"verdict": "recurred"},
    }.get(show, {})
    rows = rows.filter(**wanted).select_related("case__enterprise", "case__unit", "officer")
    return rows.order_by(F("done_on").desc(nulls_first=True), "planned_on", "pk")


@listing("hospital-follow-ups", gettext_lazy("Follow-ups"), roles=DESK, describe=describing(SHOW_WORDS))
def follow_up_list(actor: Any, params: Params) -> pl.DataFrame:
    """Return the follow-ups, one line each."""
    rows = list(follow_ups(actor, params))
    text, real = pl.String, pl.Float64
    return table(
        {
            _("Case"): (text, [str(row.case) for row in rows]),
            _("Product"): (text, [row.case.product_name for row in rows]),
            _("Firm"): (text, [row.case.enterprise.name for row in rows]),
            _("Days after the cure"): (pl.Int64, [row.days for row in rows]),
            _("Planned for"): (pl.Date, [row.planned_on for row in rows]),
            _("Done on"): (pl.Date, [row.done_on for row in rows]),
            _("Method"): (text, [row.get_method_display() for row in rows]),
            _("Finding of the follow-up"): (text, [row.get_verdict_display() for row in rows]),
            _("Measured"): (text, [row.metric for row in rows]),
            _("Before"): (real, [row.metric_before for row in rows]),
            _("Now"): (real, [row.metric_after for row in rows]),
            _("Cost saved, yuan"): (
                real,
                [float(row.saved_cost) if row.saved_cost is not None else None for row in rows],
            ),
            _("State"): (text, [state_words(row) for row in rows]),
        }
    )


@listing("hospital-items", gettext_lazy("Items of the prescription"), roles=PARTIES, describe=describe_case)
def item_list(actor: Any, params: Params) -> pl.DataFrame:
    """Return the items in force of one case."""
    case = case_of(actor, params)
    rows = list(current_items(case)) if case else []
    text = pl.String
    return table(
        {
            _("No."): (pl.Int64, list(range(1, len(rows) + 1))),
            _("Kind"): (text, [row.get_kind_display() for row in rows]),
            _("What is done"): (text, [row.action for row in rows]),
            _("Responsible"): (text, [row.owner for row in rows]),
            _("To be done until"): (pl.Date, [row.finish_on for row in rows]),
            _("Estimated cost, yuan"): (
                pl.Float64,
                [float(row.cost) if row.cost is not None else None for row in rows],
            ),
            _("Criterion"): (text, [row.criterion for row in rows]),
            _("Measured by"): (text, [row.get_measure_display() for row in rows]),
            _("Direction"): (text, [row.get_direction_display() for row in rows]),
            _("Value to be reached"): (pl.Float64, [row.target for row in rows]),
            _("Unit of measure"): (text, [row.unit for row in rows]),
            _("Done on"): (pl.Date, [row.done_on for row in rows]),
            _("What the firm reports"): (text, [row.report for row in rows]),
            _("State"): (text, [state_words(row) for row in rows]),
        }
    )


@listing("hospital-failure-modes", gettext_lazy("Failure mode analysis"), roles=PARTIES, describe=describe_case)
def failure_mode_list(actor: Any, params: Params) -> pl.DataFrame:
    """Return the failure modes of one case with their action priority."""
    case = case_of(actor, params)
    rows = analysis(case) if case else []
    text, count = pl.String, pl.Int64
    return table(
        {
            _("Process step"): (text, [row.step for row, _p in rows]),
            _("Failure mode"): (text, [row.mode for row, _p in rows]),
            _("Effect"): (text, [row.effect for row, _p in rows]),
            _("Cause"): (text, [row.cause for row, _p in rows]),
            _("Prevention today"): (text, [row.prevention for row, _p in rows]),
            _("Detection today"): (text, [row.detection_by for row, _p in rows]),
            _("Severity"): (count, [row.severity for row, _p in rows]),
            _("Occurrence"): (count, [row.occurrence for row, _p in rows]),
            _("Detection"): (count, [row.detection for row, _p in rows]),
            _("Action priority (table to be checked against the handbook)"): (text, [p for _row, p in rows]),
            _("Action"): (text, [row.action for row, _p in rows]),
        }
    )


@listing("hospital-control-plan", gettext_lazy("Control plan"), roles=PARTIES, describe=describe_case)
def control_plan_list(actor: Any, params: Params) -> pl.DataFrame:
    """Return the control plan of one case."""
    case = case_of(actor, params)
    rows = list(case.control_plan.all()) if case else []
    heads = (
        (_("Process step"), "step"),
        (_("Characteristic"), "characteristic"),
        (_("Specification"), "specification"),
        (_("Measured with"), "gauge"),
        (_("Sample size and frequency"), "sample"),
        (_("Control method"), "method"),
        (_("What to do when it fails"), "reaction"),
    )
    return table({head: (pl.String, [getattr(row, name) for row in rows]) for head, name in heads})


@listing("hospital-eight-d", gettext_lazy("8D report"), roles=PARTIES, describe=describe_case)
def eight_d_list(actor: Any, params: Params) -> pl.DataFrame:
    """Return the parts of the 8D report of one case; an empty cell is a part that is missing."""
    case = case_of(actor, params)
    rows = parts_of(case) if case else []
    text = pl.String
    return table(
        {
            _("Discipline"): (text, [f"{one.code} {one.title}" for one in rows]),
            _("It asks for"): (text, [one.asks for one in rows]),
            _("What the case says"): (text, [one.text for one in rows]),
        }
    )
