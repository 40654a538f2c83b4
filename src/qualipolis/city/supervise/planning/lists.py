"""Plans, campaigns, what was drawn and the roster as lists to take along."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.listings import describing, listing, table
from qualipolis.city.core.parameters import whole
from qualipolis.city.core.policy import visible
from qualipolis.city.core.roles import INSIDE
from qualipolis.city.supervise.models import DrawnUnit, DrawRun, PlanLine, Purpose, SamplingPlan
from qualipolis.city.supervise.planning import queries as plan_queries
from qualipolis.law.flows import ALL

Params = Mapping[str, str]
CAMPAIGN_SHOWS = (
    ("", gettext_lazy("all campaigns")),
    ("prepare", gettext_lazy("in preparation")),
    ("ready", gettext_lazy("rules public")),
    ("sampling", gettext_lazy("sampling")),
    ("testing", gettext_lazy("testing and objections")),
    ("done", gettext_lazy("settled")),
    ("cancelled", gettext_lazy("cancelled")),
)


def _of_campaigns(params: Params) -> list[str]:
    purpose = [str(label) for value, label in Purpose.choices if value == params.get("purpose")]
    return purpose + describing(CAMPAIGN_SHOWS, "year")(params)


@listing("campaigns", gettext_lazy("Campaigns of supervision sampling"), roles=INSIDE, describe=_of_campaigns)
def campaign_frame(actor: Any, params: Params) -> pl.DataFrame:
    """Return the campaigns under the filters of their page."""
    rows = list(plan_queries.with_progress(plan_queries.campaigns(actor, params)))
    labels = ALL["campaign"].labels
    return table(
        {
            _("Number"): (pl.String, [row.number for row in rows]),
            _("Campaign"): (pl.String, [row.name for row in rows]),
            _("Product class"): (pl.String, [row.rule.category for row in rows]),
            _("Purpose"): (pl.String, [str(row.get_purpose_display()) for row in rows]),
            _("Sampled where"): (pl.String, [str(row.get_stage_display()) for row in rows]),
            _("State"): (pl.String, [_(labels[row.status]) for row in rows]),
            _("Batches planned"): (pl.Int64, [row.size for row in rows]),
            _("Tasks"): (pl.Int64, [row.task_count for row in rows]),
            _("Sampled"): (pl.Int64, [row.sampled_count for row in rows]),
            _("Results"): (pl.Int64, [row.result_count for row in rows]),
            _("Failed, final or not"): (pl.Int64, [row.failed_count for row in rows]),
            _("Sampling body"): (pl.String, [row.sampling_body.name if row.sampling_body else None for row in rows]),
            _("Laboratory"): (pl.String, [row.laboratory.name if row.laboratory else None for row in rows]),
            _("Begins on"): (pl.Date, [row.begins_on for row in rows]),
            _("Ends on"): (pl.Date, [row.ends_on for row in rows]),
            _("Budget, CNY"): (pl.Float64, [float(row.budget) for row in rows]),
        }
    )


def _of_plan(params: Params) -> list[str]:
    row = SamplingPlan.objects.filter(pk=whole(params.get("plan")) or 0).first()
    return [f"{row.name} v{row.version}"] if row else []


@listing("sampling-plan-lines", gettext_lazy("Lines of a sampling plan"), roles=INSIDE, describe=_of_plan)
def line_frame(actor: Any, params: Params) -> pl.DataFrame:
    """Return the lines of a plan with what their numbers can say."""
    found = visible(actor, PlanLine.objects.filter(plan=whole(params.get("plan")) or 0)).select_related("plan")
    rows = [(row, plan_queries.precision(row)) for row in found.order_by("position")]
    return table(
        {
            _("Line"): (pl.Int64, [row.position for row, _p in rows]),
            _("Product class"): (pl.String, [row.category for row, _p in rows]),
            _("Standard"): (pl.String, [row.standard or None for row, _p in rows]),
            _("Purpose"): (pl.String, [str(row.get_purpose_display()) for row, _p in rows]),
            _("Sampled where"): (pl.String, [str(row.get_stage_display()) for row, _p in rows]),
            _("Quarter"): (pl.Int64, [row.quarter for row, _p in rows]),
            _("Batches"): (pl.Int64, [row.batches for row, _p in rows]),
            _("Budget, CNY"): (pl.Float64, [float(row.budget) for row, _p in rows]),
            _("Pass rate expected"): (pl.Float64, [p.expected for _row, p in rows]),
            _("Half width of the 95 % interval"): (pl.Float64, [p.half_width for _row, p in rows]),
            _("Batches the margin needs"): (pl.Int64, [p.needed for _row, p in rows]),
            _("Chance of at least one failure"): (pl.Float64, [p.finds_one for _row, p in rows]),
            _("Power against a drop of 3 points"): (pl.Float64, [p.power for _row, p in rows]),
        }
    )


def _of_draw(params: Params) -> list[str]:
    row = DrawRun.objects.filter(pk=whole(params.get("draw")) or 0).first()
    return [str(row), row.frame_sha256] if row else []


@listing("drawn-units", gettext_lazy("Units of a draw"), roles=INSIDE, describe=_of_draw)
def unit_frame(actor: Any, params: Params) -> pl.DataFrame:
    """Return the units of a draw in their order with ticket and probability."""
    rows = list(
        visible(actor, DrawnUnit.objects.filter(draw=whole(params.get("draw")) or 0))
        .select_related("enterprise")
        .order_by("position")
    )
    return table(
        {
            _("Place"): (pl.Int64, [row.position for row in rows]),
            _("How"): (pl.String, [str(row.get_kind_display()) for row in rows]),
            _("Stratum"): (pl.String, [row.stratum or None for row in rows]),
            _("Key"): (pl.String, [row.key for row in rows]),
            _("Firm"): (pl.String, [row.enterprise.name for row in rows]),
            _("Measure of size"): (pl.Float64, [row.size for row in rows]),
            _("Inclusion probability"): (pl.Float64, [row.probability for row in rows]),
            _("Ticket"): (pl.String, [row.ticket for row in rows]),
        }
    )


ROSTER = ("planner", "leader", "department", "auditor", "admin")


@listing("sampling-inspectors", gettext_lazy("Inspectors for sampling"), roles=ROSTER)
def inspector_frame(actor: Any, params: Params) -> pl.DataFrame:
    """Return the roster of inspectors."""
    rows = list(plan_queries.inspectors(actor))
    return table(
        {
            _("Certificate"): (pl.String, [row.certificate_no for row in rows]),
            _("Inspector"): (pl.String, [str(row.person) for row in rows]),
            _("Certified until"): (pl.Date, [row.certified_until for row in rows]),
            _("Regions"): (pl.String, [" ".join(unit.name for unit in row.regions.all()) or None for row in rows]),
            _("Firms kept out of"): (pl.Int64, [len(row.recusals.all()) for row in rows]),
            _("Tasks this year"): (pl.Int64, [row.load for row in rows]),
        }
    )
